"""Bytes of a text to the text, in the encoding that they are in."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from index.errors import CorpusError, Problem

__all__ = ["MAX_TEXT_CHARS", "decode"]

MAX_TEXT_CHARS = 2_000_000
"""The most text of one file, whatever stands beside it there."""
GUESSED = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "koi8_r", "shift_jis", "cp932", "euc_jp", "iso2022_jp", "cp949", "euc_kr", "gb18030", "big5",
    "tis_620", "mac_roman",
)  # fmt: skip
"""The encodings that people still save texts in."""
SAMPLE_BYTES = 100_000
"""An encoding is guessed from so much of a file."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(file: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of `content`, and warnings where its encoding was guessed.

    UTF-8, or UTF-16 with a mark, is no guess. Raises CorpusError where no encoding fits.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(file, content, encoding), ()
    try:
        if b"\x00" not in content:
            return content.decode("utf-8"), ()
        line = content.count(b"\n", 0, content.index(b"\x00")) + 1
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = f"byte 0x{content[error.start]:02x} is not UTF-8, nor of an encoding that is known"
    if b"\x00" in content:
        reason = "holds a NUL byte and so looks like a binary file, or like UTF-16 without its mark"
    best = from_bytes(content[:SAMPLE_BYTES], cp_isolation=list(GUESSED)).best()
    if best is None or b"\x00" in content:
        raise CorpusError([Problem(file, line, f"{reason}; save the file as UTF-8")])
    told = f"not UTF-8; read as {best.encoding}, which is a guess. Save it as UTF-8 to be sure"
    return _decoded(file, content, best.encoding), (told,)


def _decoded(file: str, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"is not {encoding}, though it looks so; save the file as UTF-8"
        line = content.count(b"\n", 0, error.start) + 1
        raise CorpusError([Problem(file, line, reason)]) from None
