"""What the store keeps, as its callers see it: values, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from index.documents.differences import Differences

__all__ = [
    "SHARED",
    "Action",
    "Changes",
    "Counts",
    "DocumentChange",
    "Person",
    "StoredRevision",
]

SHARED = 0
"""The owner of the shared library; every other owner is the id of a Discord server."""

Action = Literal["add", "replace", "remove", "refresh", "rollback", "purge", "start-up"]


@dataclass(frozen=True, slots=True)
class Person:
    """Who did something: a Discord user, or (id None) a program such as the command line."""

    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many passages a revision added, removed, changed and left as they were."""

    added: int = 0
    removed: int = 0
    changed: int = 0
    unchanged: int = 0

    @classmethod
    def of(cls, differences: Differences) -> Self:
        """The counts of a comparison."""
        return cls(*differences.counts, differences.unchanged)


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """What a revision did to a document: its text changed, or what is said of it."""

    document: str
    title: str
    what: Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class StoredRevision:
    """A revision of the library of `owner`; `seconds` is how long making it took.

    `documents_digest` tells its documents from all others: the specs, the bytes and the order.
    """

    owner: int
    number: int
    created_at: datetime
    by: Person
    action: Action
    counts: Counts
    seconds: float
    documents_digest: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The libraries published since an earlier stamp, with their current revisions."""

    stamp: int
    current: Mapping[int, int]
