"""Where a question is asked, and what it is answered from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from bot.errors import GoneError
from bot.libraries.pointers import Pointers, Spot, checksum
from bot.libraries.publishing import Revision
from bot.store import SHARED, Sureness
from index.answering.answer import MAX_HITS, Hit
from index.answering.confidence import CHOICES
from index.answering.searcher import Searcher
from index.errors import FootnoteError

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
