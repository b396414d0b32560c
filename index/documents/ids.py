"""Ids of documents, made of their titles or of their files' names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from itertools import count

__all__ = ["MAX_READ", "free_id", "slug_of"]

MAX_READ = 1000
"""An id is made from so much of a title."""
MAX_ID = 64


def slug_of(text: str) -> str:
    """Lower-case letters, digits and hyphens that stand for a text; empty where it has none."""
    # Cut first: to normalise a long run of combining marks takes the square of its length.
    start = re.sub(r"[\u2010-\u2015]", "-", text[:MAX_READ])
    ascii_text = unicodedata.normalize("NFKD", start)
    ascii_text = ascii_text.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:MAX_ID].rstrip("-")


def free_id(slug: str, taken_ids: Collection[str]) -> str:
    """`slug`, or the first of slug-2, slug-3 … that is not taken."""
    if slug not in taken_ids:
        return slug
    for number in count(2):
        ending = f"-{number}"
        candidate = slug[: MAX_ID - len(ending)].rstrip("-") + ending
        if candidate not in taken_ids:
            return candidate
    raise AssertionError  # count never ends
