"""What the bot refuses, and why; the cards have the words for it.

FootnoteError
├── NotAllowedError           the person lacks the right
├── TooFastError              a person asks too often
│   └── TooManyUploadsError   … or hands in files
├── LimitReachedError         an upload, or a refresh, is beyond what the operator allows
├── NoTurnLeftError           as many wait for their turn as may
├── BusyError                 the library is being published to already
├── TooManyPublicationsError  it was published to too often
├── NotFetchedError           Discord does not give a file that was attached
├── SharedDocumentError       a server's own document was asked for by a shared one's id
└── GoneError                 a button points at passages that are no longer kept
"""

from __future__ import annotations

from index.errors import FootnoteError

__all__ = [
    "BusyError",
    "GoneError",
    "LimitReachedError",
    "NoTurnLeftError",
    "NotAllowedError",
    "NotFetchedError",
    "SharedDocumentError",
    "TooFastError",
    "TooManyPublicationsError",
    "TooManyUploadsError",
]


class NotAllowedError(FootnoteError):
    """The person lacks the right that the command needs.

    `in_server` is False in direct messages; `role_id` is the server's moderator role, if any.
    """

    def __init__(self, *, in_server: bool, role_id: int | None = None) -> None:
        self.in_server = in_server
        self.role_id = role_id
        super().__init__("the person is no moderator here")


class TooFastError(FootnoteError):
    """A person asks faster than the operator allows; in `seconds` they may ask again.

    `again` is True where they were told so already, and still go on.
    """

    def __init__(self, limit: int, seconds: int, *, again: bool = False) -> None:
        self.again = again
        self.limit = limit
        self.seconds = seconds
        super().__init__(f"{limit} questions in a row are the most; wait {seconds} s")


class TooManyUploadsError(TooFastError):
    """A server hands in files faster than the operator allows."""


class LimitReachedError(FootnoteError):
    """A limit that an upload would go beyond; `key` names the words, `fields` go into them."""

    def __init__(self, key: str, **fields: int | str) -> None:
        self.key = key
        self.fields = fields
        said = ", ".join(f"{name} {value}" for name, value in fields.items())
        super().__init__(f"{key.replace('_', ' ')}: {said}")


class NoTurnLeftError(FootnoteError):
    """As many wait already as may; `of_one` is True where all of them are the same server's."""

    def __init__(self, waiting: int, *, of_one: bool) -> None:
        self.waiting = waiting
        self.of_one = of_one
        super().__init__(f"{waiting} wait already; try again when they are done")


class BusyError(FootnoteError):
    """The library is being published to already."""


class TooManyPublicationsError(FootnoteError):
    """More publications of a library within an hour than the operator allows."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"{limit} publications an hour are the most; wait, then try again")


class NotFetchedError(FootnoteError):
    """Discord does not give the bytes of a file that was attached."""

    def __init__(self) -> None:
        super().__init__("the file could not be fetched from Discord; send it again")


class SharedDocumentError(FootnoteError):
    """A server's own document was asked for by an id that is a shared one's.

    `seen` is what the server's document of that id is seen under, where it has one.
    """

    def __init__(self, document: str, seen: str | None) -> None:
        self.document = document
        self.seen = seen
        hint = f"; the server's own is seen as {seen!r}" if seen else ""
        super().__init__(f"{document!r} is a shared document{hint}")


class GoneError(FootnoteError):
    """The passages that a button points at are no longer kept as they were."""

    def __init__(self) -> None:
        super().__init__("those passages have changed or gone since; ask again")
