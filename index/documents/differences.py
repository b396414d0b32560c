"""What a new revision changes: passages compared by content, not by position."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from index.documents.document import Document
from index.documents.passages import Passage
from index.documents.reading.markers import citation_keys

__all__ = ["Differences", "DocumentDifference", "compare", "compare_documents"]

SIMILAR = 60.0
"""Per cent of rapidfuzz's ratio from which a removed and an added passage are one that changed."""
NEAR = 50
"""A changed passage stands within so many places of where it stood, among those that stayed."""

_NOT_SEEN = {"id", "file", "format", "importer", "keep", "own_title"}
"""What is said of a document and no reader of its passages sees."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Passages of the old and the new revision; `changed` pairs the old with the new wording.

    `unlisted` says how many more were added, removed and changed than are listed; `by_document` how
    many of the documents in which any were, by their ids.
    """

    added: tuple[Passage, ...]
    removed: tuple[Passage, ...]
    changed: tuple[tuple[Passage, Passage], ...]
    unchanged: int
    unlisted: tuple[int, int, int] = (0, 0, 0)
    by_document: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)

    @property
    def none(self) -> bool:
        return not any(self.counts)

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many passages were added, removed and changed."""
        listed = len(self.added), len(self.removed), len(self.changed)
        added, removed, changed = (a + b for a, b in zip(listed, self.unlisted, strict=True))
        return added, removed, changed

    def brief(self, most: int) -> Differences:
        """The same counts, with the first `most` passages of each kind."""
        added, removed, changed = self.added[:most], self.removed[:most], self.changed[:most]
        shown = len(added), len(removed), len(changed)
        more, less, other = (a - b for a, b in zip(self.counts, shown, strict=True))
        unlisted = (more, less, other)
        return Differences(added, removed, changed, self.unchanged, unlisted, self.by_document)


@dataclass(frozen=True, slots=True)
class DocumentDifference:
    """What a document that takes the place of another changes for who reads its passages.

    `lost_numbers` are citation numbers that passages carried and none carries any more. `same` is
    True where nothing differs that a reader can see: neither the passages and where they stand nor
    what is said of the document.
    """

    added: tuple[Passage, ...]
    removed: tuple[Passage, ...]
    changed: tuple[tuple[Passage, Passage], ...]
    unchanged: int
    lost_numbers: tuple[str, ...]
    same: bool

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many passages were added, removed and changed."""
        return len(self.added), len(self.removed), len(self.changed)

    @property
    def share_removed(self) -> float:
        """The share of the old passages, from 0 to 1, of which nothing like them is left."""
        old = len(self.removed) + len(self.changed) + self.unchanged
        return len(self.removed) / old if old else 0.0


def compare(old: Iterable[Passage], new: Iterable[Passage]) -> Differences:
    """Compare two revisions of a library; a passage that only moved is unchanged."""
    old_passages, new_passages = _by_document(old), _by_document(new)
    added: list[Passage] = []
    removed: list[Passage] = []
    changed: list[tuple[Passage, Passage]] = []
    unchanged, counts = 0, {}
    for document in dict.fromkeys([*old_passages, *new_passages]):
        one = _compare(old_passages[document], new_passages[document])
        added += one.added
        removed += one.removed
        changed += one.changed
        unchanged += one.unchanged
        if not one.none:
            counts[document] = one.counts
    return Differences(tuple(added), tuple(removed), tuple(changed), unchanged, by_document=counts)


def compare_documents(old: Document, new: Document) -> DocumentDifference:
    """Compare a document with what would take its place, whatever id that has."""
    found = _compare(old.passages, new.passages)
    same = (
        found.none
        and [_as_seen(one) for one in old.passages] == [_as_seen(one) for one in new.passages]
        and old.spec.model_dump(exclude=_NOT_SEEN) == new.spec.model_dump(exclude=_NOT_SEEN)
    )
    lost = _lost_numbers(old.passages, new.passages)
    return DocumentDifference(
        found.added, found.removed, found.changed, found.unchanged, lost, same
    )


def _compare(old: Sequence[Passage], new: Sequence[Passage]) -> Differences:
    """Compare the passages of one document."""
    places: dict[tuple[str, tuple[str, ...]], deque[int]] = defaultdict(deque)
    for place, passage in enumerate(new):
        places[_content(passage)].append(place)
    kept: set[int] = set()
    gone: list[tuple[int, Passage]] = []
    expected = 0
    for passage in old:
        if same := places.get(_content(passage)):
            kept.add(expected := same.popleft())
        else:
            gone.append((expected, passage))
        expected += 1
    come = [place for place in range(len(new)) if place not in kept]
    changed: list[tuple[Passage, Passage]] = []
    removed: list[Passage] = []
    for place, passage in gone:
        start = bisect_left(come, place - NEAR)
        near = [new[other] for other in come[start : bisect_right(come, place + NEAR)]]
        best = process.extractOne(
            passage.text, [one.text for one in near], scorer=fuzz.ratio, score_cutoff=SIMILAR
        )
        if best is None:
            removed.append(passage)
        else:
            changed.append((passage, near[best[2]]))
            del come[start + best[2]]
    added = tuple(new[place] for place in come)
    return Differences(added, tuple(removed), tuple(changed), len(kept))


def _by_document(passages: Iterable[Passage]) -> defaultdict[str, list[Passage]]:
    of: defaultdict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        of[passage.document].append(passage)
    return of


def _content(passage: Passage) -> tuple[str, tuple[str, ...]]:
    return passage.text, passage.citations


def _as_seen(passage: Passage) -> tuple[object, ...]:
    """A passage with where it stands, whatever the id of its document."""
    return (
        passage.line, passage.text, passage.citations, passage.section, passage.place,
        passage.columns,
    )  # fmt: skip


def _lost_numbers(old: Sequence[Passage], new: Sequence[Passage]) -> tuple[str, ...]:
    """The numbers that find a passage of the old ones and none of the new ones, in order."""
    carried = {
        key for passage in new for number in passage.citations for key in citation_keys(number)
    }
    lost: dict[str, None] = {}
    for passage in old:
        for number in passage.citations:
            key, *within = citation_keys(number)
            lost.update(dict.fromkeys(one for one in within or [key] if one not in carried))
    return tuple(lost)
