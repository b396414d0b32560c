"""A YAML text that libyaml refuses, less what it has read: PyYAML itself tells more, but slowly."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

__all__ = ["excerpt"]

WORTHWHILE = 200
"""Fewer characters are left where they stand."""
MAX_KEY_CHARS = 1024
"""YAML's own limit: what is longer, with its blanks, is no key."""

_NO_BREAKS = re.compile(r"[^\n\r\x85\u2028\u2029]+")
_BEFORE_KEY = re.compile(r" *")
_BEFORE_ITEM = re.compile(r" *-[ ]+")


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read: where its first and its last entry begin."""

    is_list: bool
    is_flow: bool
    first: int = -1
    last: int = -1
    is_at_key: bool = True

    def enter(self, text: str, index: int) -> None:
        """A value begins at `index`: an item, a key, or what stands under the key."""
        begins_entry = self.is_list or self.is_at_key
        self.is_at_key = not self.is_at_key
        if not begins_entry:
            return
        if not self.is_flow:
            line = text.rfind("\n", 0, index) + 1
            before = _BEFORE_ITEM if self.is_list else _BEFORE_KEY
            if not before.fullmatch(text, line, index):
                return  # the first of a list that stands itself behind a dash
            index = line
        self.first = index if self.first < 0 else self.first
        self.last = index


def excerpt(text: str) -> str:
    """`text` less what libyaml has read of its lists and mappings, but for the last entry of each.

    Every line keeps its number, and what is wrong where libyaml stopped is as wrong as before.
    """
    read: list[tuple[int, int]] = []
    opened: list[_Open] = []
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.NodeEvent):
                if opened and event.start_mark:
                    opened[-1].enter(text, event.start_mark.index)
                if isinstance(event, yaml.CollectionStartEvent):
                    is_list = isinstance(event, yaml.SequenceStartEvent)
                    opened.append(_Open(is_list, bool(event.flow_style)))
            elif isinstance(event, yaml.CollectionEndEvent):
                closed = opened.pop()
                read.append((closed.first, closed.last))
    except yaml.YAMLError:
        read += [(left.first, left.last) for left in opened]
    pieces, taken = [], 0
    for start, end in sorted(read):
        if start >= taken and end - start >= WORTHWHILE:
            pieces += [text[taken:start], _blank(text[start:end])]
            taken = end
    return "".join([*pieces, text[taken:]])


def _blank(text: str) -> str:
    """The line breaks of `text`, or as many blanks as are too long for a key."""
    breaks = _NO_BREAKS.sub("", text)
    return breaks or " " * min(len(text), MAX_KEY_CHARS + 1)
