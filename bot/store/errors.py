"""The store's branch of the tree of errors in index/errors.py.

FootnoteError
├── StoreError                 what was asked was not done; what was stored before is whole
│   ├── StoreBusyError         another program holds the database for too long
│   ├── StoreFullError         the disk or the database is full
│   ├── DamagedStoreError      the database file cannot be trusted; it is left as it is
│   ├── ForeignFileError       a database, but not one that Footnote made
│   ├── NewerSchemaError       made by a newer Footnote than this one
│   ├── BackupError            a backup cannot be written or read where it was asked for
│   ├── IndexingStoppedError   a build was ended; in bot/libraries/indexes.py
│   └── RevisionConflictError  another writer published first
├── UnknownRevisionError       the library keeps no revision of that number
├── SettingError               a server setting that does not exist or cannot have that value
└── StateInUseError            another `footnote run` or restore has the state folder
"""

from __future__ import annotations

from collections.abc import Sequence

from index.errors import FootnoteError

__all__ = [
    "BackupError",
    "DamagedStoreError",
    "ForeignFileError",
    "NewerSchemaError",
    "RevisionConflictError",
    "SettingError",
    "StateInUseError",
    "StoreBusyError",
    "StoreError",
    "StoreFullError",
    "UnknownRevisionError",
]


class StoreError(FootnoteError):
    """The store could not do what was asked, and did none of it."""


class StoreBusyError(StoreError):
    """Another program held the database for longer than the busy timeout."""


class StoreFullError(StoreError):
    """There is no room for what should be stored."""


class DamagedStoreError(StoreError):
    """The database file is not what was written; nothing changes it from here."""


class ForeignFileError(StoreError):
    """The file is a sound database of some other program."""


class NewerSchemaError(StoreError):
    """The database has a schema that this version does not know."""


class BackupError(StoreError):
    """A backup file that cannot be written, or that is not there to be read."""


class RevisionConflictError(StoreError):
    """The library is no longer at the revision that the writer started from; 0 is none yet."""

    def __init__(self, expected: int, current: int) -> None:
        self.expected = expected
        self.current = current
        super().__init__(
            f"the library changed meanwhile: it is at revision {current}, not {expected}; "
            "look at what changed and try again"
        )


class UnknownRevisionError(FootnoteError):
    """No revision of that number is kept; `known` are the kept ones, newest first."""

    def __init__(self, number: int, known: Sequence[int]) -> None:
        self.number = number
        self.known = tuple(known)
        kept = f"kept are {', '.join(map(str, known))}" if known else "there is none yet"
        super().__init__(f"the library has no revision {number}; {kept}")


class SettingError(FootnoteError):
    """A setting of a server that cannot be what it should become; the message names it."""


class StateInUseError(FootnoteError):
    """The state folder is another process's until that process ends."""
