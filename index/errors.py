"""Every error that Footnote raises on purpose, in one tree.

FootnoteError               a person can act on its message
├── CorpusError             corpus.yaml or a source file cannot be served; lists every problem
├── UnknownDocumentError    no document has that id
├── UnknownCitationError    no passage carries that citation number
├── MeaningUnavailableError the model does not load; in meaning/model.py
│   └── MeaningNotInstalledError  its extra is not there
├── UnusableFolderError     a saved index is not as it was written; in arrays/folder.py
└── SetupError              the operator's settings, token or extras are not right
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "CorpusError",
    "FootnoteError",
    "Problem",
    "SetupError",
    "UnknownCitationError",
    "UnknownDocumentError",
    "first_problems",
    "refusal",
]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong at one place of a file, in words that say what to do about it."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


def first_problems(problems: Sequence[Problem], most: int) -> tuple[Problem, ...]:
    """The first so many, the last of which says how many more there are."""
    if len(problems) <= most:
        return tuple(problems)
    first = problems[most - 1]
    more = f"and {len(problems) - most + 1:,} more from here on"
    return (*problems[: most - 1], Problem(first.file, first.line, more))


class FootnoteError(Exception):
    """The root of the tree: its message is fit to be shown to a person."""


class CorpusError(FootnoteError):
    """A corpus that cannot be served, with everything wrong that was found in one go."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def refusal(file: str, reason: str, line: int = 1) -> CorpusError:
    """The error of a file with which one thing is wrong."""
    return CorpusError([Problem(file, line, reason)])


class UnknownDocumentError(FootnoteError):
    """No document of the collection has the id that was asked for."""

    def __init__(self, document: str, known: Sequence[str]) -> None:
        self.document = document
        self.known = tuple(known)
        super().__init__(f"no document is called {document!r}; there is: {', '.join(self.known)}")


class UnknownCitationError(FootnoteError):
    """No passage carries the citation number; `nearest` are known ones close to it."""

    def __init__(self, number: str, nearest: Sequence[str]) -> None:
        self.number = number
        self.nearest = tuple(nearest)
        hint = f"; the nearest are {', '.join(self.nearest)}" if nearest else ""
        super().__init__(f"no passage carries the citation number {number!r}{hint}")


class SetupError(FootnoteError):
    """Settings, a token or an installed extra that the operator has to put right."""
