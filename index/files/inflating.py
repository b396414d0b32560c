"""Gzip and deflate, unpacked piece by piece and never more than so many bytes."""

from __future__ import annotations

import zlib

__all__ = ["CutError", "OverBoundError", "Unpacker", "unpacked_gzip"]

_GZIP = 16 + zlib.MAX_WBITS
_ZLIB_METHOD = 8
_ZLIB_CHECK = 31


class OverBoundError(Exception):
    """There are more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"more than {limit:,} bytes")


class CutError(Exception):
    """What is packed ends too early, or is not packed so."""


class Unpacker:
    """Unpacks gzip or deflate piece by piece, never more than `most` bytes of all."""

    def __init__(self, encoding: str, most: int) -> None:
        self._encoding, self._most, self._left = encoding, most, most
        self._stream: zlib._Decompress | None = None

    def unpack(self, piece: bytes) -> bytes:
        """What the piece brings. Raises OverBoundError, CutError."""
        if self._encoding not in ("gzip", "x-gzip", "deflate"):
            return self._counted(piece)
        unpacked: list[bytes] = []
        while piece:
            if self._stream is None:
                self._stream = self._begun(piece)
            elif self._stream.eof:
                if self._encoding == "deflate" or not any(piece):
                    break  # what stands behind the end is nothing
                self._stream = zlib.decompressobj(_GZIP)  # another member
            try:
                unpacked.append(self._counted(self._stream.decompress(piece, self._left + 1)))
            except zlib.error as error:
                raise CutError(str(error)) from None
            piece = self._stream.unused_data
        return b"".join(unpacked)

    def end(self) -> None:
        """Tell that no more comes. Raises CutError where more should."""
        if self._stream is not None and not self._stream.eof:
            raise CutError("it ends too early")

    def _begun(self, piece: bytes) -> zlib._Decompress:
        if self._encoding != "deflate":
            return zlib.decompressobj(_GZIP)
        # Some servers send deflate without the header that it should have.
        has_header = piece[0] & 15 == _ZLIB_METHOD and not (
            len(piece) > 1 and int.from_bytes(piece[:2]) % _ZLIB_CHECK
        )
        return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)

    def _counted(self, unpacked: bytes) -> bytes:
        self._left -= len(unpacked)
        if self._left < 0:
            raise OverBoundError(self._most)
        return unpacked


def unpacked_gzip(content: bytes, most: int) -> bytes:
    """What is packed as gzip. Raises OverBoundError, CutError."""
    unpacker = Unpacker("gzip", most)
    unpacked = unpacker.unpack(content)
    unpacker.end()
    return unpacked
