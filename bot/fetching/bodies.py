"""Bodies of answers, counted while they are read: as they are sent, and as they are unpacked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from index.files.inflating import OverBoundError, Unpacker

__all__ = ["ENCODINGS", "Bounds", "read_body"]

ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most bytes of an answer, as they are sent and as they are unpacked."""

    sent: int
    unpacked: int


async def read_body(pieces: AsyncIterator[bytes], encoding: str, bounds: Bounds) -> bytes:
    """All pieces of a body that is sent in one of `ENCODINGS`, unpacked.

    Raises OverBoundError as soon as there is more than may be, and CutError.
    """
    unpacker = Unpacker(encoding, bounds.unpacked)
    body = bytearray()
    sent = 0
    async for piece in pieces:
        sent += len(piece)
        if sent > bounds.sent:
            raise OverBoundError(bounds.sent)
        body += unpacker.unpack(piece)
    unpacker.end()
    return bytes(body)
