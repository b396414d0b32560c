"""Where a question is asked, and what it is answered from there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import get_args

from bot.errors import GoneError, SharedDocumentError
from bot.libraries.pointers import Pointers, Spot, checksum
from bot.libraries.publishing import Revision
from bot.store import SHARED, Sureness
from index.answering.answer import MAX_HITS, Hit
from index.answering.confidence import CHOICES
from index.answering.searcher import Searcher
from index.documents.document import Document
from index.errors import FootnoteError, UnknownDocumentError
from index.library.collection import seen_ids
from index.text.aliases import Rows

__all__ = ["Place", "Served"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question is asked: in a server, or (None) in direct messages."""

    guild_id: int | None

    @property
    def server(self) -> int:
        """The server; raises FootnoteError in direct messages."""
        if self.guild_id is None:
            raise FootnoteError("direct messages have no library of their own")
        return self.guild_id


@dataclass(frozen=True, slots=True)
class Served:
    """A searcher, and the revisions whose libraries it searches, in its order."""

    searcher: Searcher
    revisions: tuple[Revision, ...]

    def own_documents(self) -> list[Document]:
        """The server's own documents, under the ids that they are seen under here."""
        return [
            document
            for which, revision in enumerate(self.revisions)
            if revision.stored.owner != SHARED
            for document in self.searcher.collection.documents_of(which)
        ]

    def own_ids(self, kept: Collection[str] = ()) -> dict[str, str]:
        """The ids that the server's own documents are seen under, by those that the store has.

        Those of `kept` that are removed are among them, under ids that nothing else is seen under.
        """
        ids: dict[str, str] = {}
        taken: set[str] = set()
        for revision, seen in zip(self.revisions, self.searcher.collection.seen_ids, strict=True):
            taken.update(seen.values())
            if revision.stored.owner != SHARED:
                ids |= seen
        return ids | seen_ids([removed for removed in kept if removed not in ids], taken)

    def own_id(self, document: str, kept: Collection[str] = ()) -> str:
        """The id that the store has for the server's own document seen under `document`.

        Raises SharedDocumentError where a shared one is seen under it, UnknownDocumentError.
        """
        ids = self.own_ids(kept)
        for own, seen in ids.items():
            if seen == document:
                return own
        if document in {one.id for one in self.searcher.collection.documents_in_order()}:
            raise SharedDocumentError(document, ids.get(document))
        raise UnknownDocumentError(document, list(ids.values()))

    def numbers(self) -> dict[str, int]:
        """The numbers of the revisions, by library: `shared` and the server's `own`."""
        return {
            "shared" if revision.stored.owner == SHARED else "own": revision.number
            for revision in self.revisions
        }

    def would_show(self, questions: Sequence[str]) -> dict[Sureness, int]:
        """How many of the questions each choice of a server shows a passage for.

        By words alone, for speed: meaning shows some more. A look-up finds or does not, whatever is
        chosen, and is none of them.
        """
        answers = [self.searcher.answer_by_words(question, 1) for question in questions]
        weighed = [one.confidence for one in answers if one.ranked and not one.is_lookup]
        return {
            choice: sum(sure >= CHOICES[choice].closest for sure in weighed)
            for choice in get_args(Sureness)
        }

    def would_answer(self, words: Rows, questions: Sequence[str]) -> list[str]:
        """Those of the questions that get an answer only once these words mean the same.

        By words alone, for speed: meaning answers some more.
        """
        taught = self.searcher.with_words(words)
        return [
            question
            for question in questions
            if not self.searcher.answer_by_words(question, 1).answered
            and taught.answer_by_words(question, 1).answered
        ]

    def pointers(self, asker: int, hits: Sequence[Hit]) -> Pointers:
        """What finds `hits` again; at most five. Raises GoneError for one of another collection."""
        numbers = self.numbers()
        spots = tuple(self._spot(hit) for hit in hits[:MAX_HITS])
        check = checksum(hit.passage for hit in hits[:MAX_HITS])
        return Pointers(asker, numbers.get("shared", 0), numbers.get("own", 0), spots, check)

    def _spot(self, hit: Hit) -> Spot:
        if hit.position is None:
            raise GoneError
        owner = self.revisions[hit.position.library].stored.owner
        return Spot(owner != SHARED, hit.position.passage)
