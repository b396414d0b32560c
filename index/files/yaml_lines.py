"""At which line of a YAML file each of its values stands."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Lines", "Path"]

Path = tuple[str | int, ...]
"""The keys, as written, and the positions that lead to a value."""


@dataclass(slots=True)
class Lines:
    """The line (from 1) of every value of a document, in the order of the file, depth first.

    `numbers` has the line of its key for a value in a mapping, and `starts` that of the value.
    `names` are the keys as written, None in lists; `sizes` count what a value holds, with itself.
    """

    numbers: array[int] = field(default_factory=lambda: array("i"))
    names: list[str | None] = field(default_factory=list)
    sizes: array[int] = field(default_factory=lambda: array("i"))
    starts: array[int] = field(default_factory=lambda: array("i"))
    _below: dict[int, dict[str | int, int]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[int]:
        return iter(self.numbers)

    def of(self, path: Path) -> int:
        """The line of `path`, or of the nearest parent that the file has."""
        at = 0
        for part in path:
            below = self._within(at)
            if part not in below:
                break
            at = below[part]
        return self.numbers[at] if self.numbers else 1

    def add(self, name: str | None, line: int, start: int) -> int:
        """Note the next value; where it stands among all."""
        self.numbers.append(line or start)
        self.names.append(name)
        self.sizes.append(1)
        self.starts.append(start)
        return len(self.starts) - 1

    def repeat(self, values: slice) -> None:
        """Note values again."""
        for one in (self.numbers, self.sizes, self.starts):
            one.extend(one[values])
        self.names.extend(self.names[values])

    def _within(self, at: int) -> dict[str | int, int]:
        """Where the values stand that a value holds, by key or position."""
        known = self._below.get(at)
        if known is None:
            known = self._below[at] = {}
            below, end = at + 1, at + self.sizes[at] if self.sizes else 0
            while below < end:
                name = self.names[below]
                known[len(known) if name is None else name] = below
                below += self.sizes[below]
        return known
