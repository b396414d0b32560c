"""What a new revision changes: passages compared by content, not by position."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from index.documents.passages import Passage

__all__ = ["Differences", "compare"]

SIMILAR = 60.0
"""Per cent of rapidfuzz's ratio from which a removed and an added passage are one that changed."""
MAX_PAIRED = 500
"""Changed passages are looked for among this many removed and added ones a document."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Passages of the old and the new revision; `changed` pairs the old with the new wording.

    `unlisted` says how many more were added, removed and changed than are listed.
    """

    added: tuple[Passage, ...]
    removed: tuple[Passage, ...]
    changed: tuple[tuple[Passage, Passage], ...]
    unchanged: int
    unlisted: tuple[int, int, int] = (0, 0, 0)

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
        return Differences(added, removed, changed, self.unchanged, (more, less, other))


def compare(old: Sequence[Passage], new: Sequence[Passage]) -> Differences:
    """Compare two revisions of a library; a passage that only moved is unchanged."""
    kept = Counter(map(_content, old)) & Counter(map(_content, new))
    unchanged = kept.total()
    removed, added = _beyond(old, kept), _beyond(new, kept)
    new_by_document: dict[str, list[Passage]] = defaultdict(list)
    for passage in added:
        new_by_document[passage.document].append(passage)
    changed: list[tuple[Passage, Passage]] = []
    unpaired: list[Passage] = []
    for passage in removed:
        candidates = new_by_document[passage.document][:MAX_PAIRED]
        best = process.extractOne(
            passage.text,
            [other.text for other in candidates],
            scorer=fuzz.ratio,
            score_cutoff=SIMILAR,
        )
        if best is None or len(changed) >= MAX_PAIRED:
            unpaired.append(passage)
        else:
            changed.append((passage, new_by_document[passage.document].pop(best[2])))
    paired = Counter(_content(after) for _, after in changed)
    return Differences(tuple(_beyond(added, paired)), tuple(unpaired), tuple(changed), unchanged)


def _content(passage: Passage) -> tuple[str, str, tuple[str, ...]]:
    return passage.document, passage.text, passage.citations


def _beyond(
    passages: Sequence[Passage], counted: Counter[tuple[str, str, tuple[str, ...]]]
) -> list[Passage]:
    """The passages that are left when those `counted` are taken away, in order."""
    left = counted.copy()
    beyond = []
    for passage in passages:
        content = _content(passage)
        if left[content]:
            left[content] -= 1
        else:
            beyond.append(passage)
    return beyond
