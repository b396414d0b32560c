"""BibTeX to the fields of its entries, by bibtexparser, which is of an extra."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import DuplicateBlockKeyBlock, Entry, Field

from index.errors import Problem

__all__ = ["entries_of"]

MAX_FIELD_CHARS = 1000
MAX_BRACES = 20
"""TeX is decoded up to this length and this many braces within each other."""

_JOIN = re.compile(r"\"\s*#\s*\"")
_LOGO = re.compile(r"\\((?:La|Xe|XeLa|Lua|LuaLa)?TeX)(?![A-Za-z])")
_PLAIN = ("doi", "url")

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # its problems are told as warnings


def entries_of(
    file: str, text: str, fields: Sequence[str], warnings: list[Problem]
) -> Iterator[tuple[int, str, Mapping[str, str]]]:
    """The line, the key and some fields of each entry, their TeX decoded; DOI and URL as well.

    What cannot be read is added to `warnings`.
    """
    parsed = parse_string(text)
    for failed in parsed.failed_blocks:
        reason = "an entry that is not valid BibTeX; it is passed over, so mend it"
        if isinstance(failed, DuplicateBlockKeyBlock):
            reason = "an entry whose key came before; it is passed over"
        warnings.append(Problem(file, (failed.start_line or 0) + 1, reason))
    decoder = LatexDecodingMiddleware(keep_math_mode=False)
    for entry in parsed.entries:
        given = {key.lower(): str(one.value) for key, one in entry.fields_dict.items()}
        kept = {name: given[name] for name in fields if name in given}
        links = {name: given.get(name, "").replace("\\", "") for name in _PLAIN}
        yield (entry.start_line or 0) + 1, entry.key, {**_decoded(decoder, kept), **links}


def _decoded(decoder: LatexDecodingMiddleware, fields: Mapping[str, str]) -> Mapping[str, str]:
    bounded = {name: _within_bounds(text) for name, text in fields.items()}
    library = Library([Entry("misc", "key", [Field(*pair) for pair in bounded.items()])])
    try:
        decoded = next(iter(decoder.transform(library).entries), None)
    except (RecursionError, ValueError, LookupError):
        decoded = None
    if decoded is None:
        return bounded
    return {name: str(field.value) for name, field in decoded.fields_dict.items()}


def _within_bounds(text: str) -> str:
    """TeX that is safe to decode: neither long nor deep; else less its signs."""
    text = _LOGO.sub(r"\1", _JOIN.sub("", text).strip('"'))
    depth = deepest = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        deepest = max(deepest, depth)
    if len(text) > MAX_FIELD_CHARS or deepest > MAX_BRACES:
        return re.sub(r"[{}\\$]", "", text[:MAX_FIELD_CHARS])
    return text
