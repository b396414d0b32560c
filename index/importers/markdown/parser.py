"""A text to the tokens of markdown-it, within bounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from index.errors import CorpusError, Problem
from index.importers.markdown.directives import add_directives
from index.importers.markdown.inline_rules import CROSS_REFERENCES, add_inline_rules

__all__ = ["Parsed", "parse"]

MAX_NESTING = 30
"""Quotations and lists nest so deep; below that nothing is read."""
MAX_WORK = 60_000_000
"""The most characters that may have to be looked at for all marks of a file, again and again."""
MAX_MARKS = 150_000
MAX_CELLS = 120_000
MAX_LINES = 150_000
MAX_TOKENS = 150_000
"""The most of a file, of which all is kept until it is read; tokens are those of its blocks."""
_MARKS = "[<`$*_!^{&\\@:~="


class _TooMuchError(Exception):
    """More marks, or blocks, than any text has; the line."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tokens of a text, and what was noted of it as a whole."""

    tokens: list[Token]
    env: dict[str, Any] = field(default_factory=dict)


def parse(file: str, text: str, env: dict[str, Any] | None = None) -> Parsed:
    """Parse a text; `env` is that of the text which this one is a part of.

    Raises CorpusError for nesting and for heaps of marks that no text has.
    """
    env = {"work": 0, "marks": 0, "cross_references": CROSS_REFERENCES} if env is None else env
    for sign, most, what in (("|", MAX_CELLS, "cells of tables"), ("\n", MAX_LINES, "lines")):
        if text.count(sign) > most:
            raise CorpusError([Problem(file, 1, f"more than {most:,} {what}; split the file")])
    try:
        tokens = _parser().parse(text, env)
    except RecursionError:
        reason = "brackets or quotations nest more deeply than text does; take them apart"
        raise CorpusError([Problem(file, 1, reason)]) from None
    except _TooMuchError as error:
        reason = (
            "from here on so many paragraphs, brackets or marks that this is no text; delete them"
        )
        raise CorpusError([Problem(file, error.args[0], reason)]) from None
    notes = env.setdefault("footnotes", {})
    notes.setdefault("list", {})
    notes.setdefault("refs", {})
    opened = (token for token in tokens if token.type == "footnote_reference_open")
    env["defined"] = env.get("defined", frozenset()) | {token.meta["label"] for token in opened}
    return Parsed(tokens, env)


@cache
def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING, "store_labels": True})
    md.enable(["table", "strikethrough"])
    md.use(deflist_plugin)
    md.use(footnote_plugin, move_to_end=False, always_match_refs=True)
    add_directives(md)
    add_inline_rules(md)
    md.block.ruler.before("table", "tokens", _few_tokens)
    md.core.ruler.before("inline", "bounds", _bounds)
    md.disable(["text_join"])
    return md


def _few_tokens(state: StateBlock, first: int, _end: int, _silent: bool) -> bool:
    """No block, but where too many came before."""
    if len(state.tokens) > MAX_TOKENS:
        raise _TooMuchError(first + 1)
    return False


def _bounds(state: StateCore) -> None:
    """Refuse, before their lines are read, paragraphs that would take too long."""
    for token in state.tokens:
        if token.type in ("inline", "html_block"):
            marks = sum(map(token.content.count, _MARKS))
            state.env["work"] += marks * len(token.content)
            state.env["marks"] += marks
            if state.env["work"] > MAX_WORK or state.env["marks"] > MAX_MARKS:
                raise _TooMuchError(token.map[0] + 1 if token.map else 1)
        if token.type == "html_block":  # its text is read as lines are
            token.type = "inline"
            token.children = []
            token.meta = {"is_html": True}
