"""What a server says of a body: which file it would be, and in which encoding its text is."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePosixPath

from yarl import URL

from index.documents.uploads import UPLOAD_SUFFIXES
from index.importers.encodings import GUESSED

__all__ = ["WRITTEN", "file_name_of", "in_utf8", "stem_of", "suffix_of"]

MAX_STEM = 60

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/jats+xml": ".xml",
    "application/yaml": ".yaml",
    "application/x-yaml": ".yaml",
    "text/yaml": ".yaml",
    "text/x-yaml": ".yaml",
}
_GENERAL = {
    "text/plain": ".txt",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/octet-stream": None,
    "binary/octet-stream": None,
}
"""Types that are said of many kinds of files: their names tell more, where they tell any."""
WRITTEN = (".txt", ".md", ".markdown", ".html", ".htm", ".yaml", ".yml")
"""Files of text that say nothing of its encoding, or something else than the server."""
_UNSAFE = re.compile(r"[^\w.-]+")
_ENCODINGS = {
    codecs.lookup(name).name for name in (*GUESSED, "iso8859-1", "iso8859-15", "gbk", "gb2312")
}
_AS_ON_THE_WEB = {"iso8859-1": "cp1252", "gbk": "gb18030", "gb2312": "gb18030"}
"""What calls itself the one is written in the other."""
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)
_ESCAPE = b"\x1b"


def suffix_of(url: URL, media_type: str) -> str | None:
    """The suffix of what is read so: by the media type, then by the path; None where it is not."""
    if media_type in _SUFFIXES:
        return _SUFFIXES[media_type]
    if media_type not in _GENERAL:
        return None
    suffix = PurePosixPath(url.path).suffix.lower()
    return suffix if suffix in UPLOAD_SUFFIXES else _GENERAL[media_type]


def file_name_of(url: URL, suffix: str) -> str:
    """A name for the file that an importer reads: the last of the path, or the host."""
    return stem_of(url) + suffix


def stem_of(url: URL) -> str:
    """The last part of the path without its suffix, made harmless; the host where there is none."""
    name = PurePosixPath(url.path).name
    if PurePosixPath(name).suffix.lower() in UPLOAD_SUFFIXES:
        name = PurePosixPath(name).stem
    return _UNSAFE.sub("-", name)[:MAX_STEM].strip("-.") or url.raw_host or "page"


def in_utf8(suffix: str, content: bytes, charset: str | None) -> bytes:
    """A text in UTF-8 with a mark, where it is in another encoding and the server tells it rightly.

    Else it is left as it came, and its reader guesses. A text that is UTF-8 is, whatever is told.
    """
    if suffix not in WRITTEN or charset is None or content.startswith(_MARKS):
        return content
    try:
        content.decode("utf-8")
        if _ESCAPE not in content:
            return content
    except UnicodeDecodeError:
        pass
    try:
        told = codecs.lookup(charset).name
        if told not in _ENCODINGS:
            return content
        text = content.decode(_AS_ON_THE_WEB.get(told, told))
    except (LookupError, ValueError):
        return content
    return codecs.BOM_UTF8 + text.encode("utf-8")
