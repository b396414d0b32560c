"""Lines that documentation systems put around text: they are taken out, or open an aside."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

__all__ = ["add_directives"]

MAX_LINES = 60
"""The most lines of one tag, or of a formula."""
MAX_LINE_CHARS = 500
"""A longer line is text, or a tag of the kinds that end with a sign of their own."""

_ENDS = (("{{<", ">}}"), ("{{%", "%}}"), ("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("%%", "%%"))
"""How tags begin and end: of Hugo, Jinja, Liquid, GitBook and Obsidian."""
_ALONE = re.compile(
    r"""
    :::+.* | ::[\w-]+(?:\[.*\])?(?:\{.*\})?\s*  # Docusaurus, VitePress, Pandoc, MyST
    | \{:?\s?[.\#:\w][^{}]*\}\s*                # attributes, of kramdown and others
    | import\s[^'"]*['"][^'"]+['"];?\s*         # MDX
    | export\s+(?:const|let|var|default|function|\{|\*).*
    | \[\[?_?toc_?\]?\]\s* | @\[toc\].*         # a table of contents is made here
    | -*8<-*.*                                  # a file is put in here
    | \([\w-]+\)=\s*                            # MyST's targets
    | \\(?:newpage|pagebreak|clearpage|tableofcontents|maketitle|bibliography\w*)\b.*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OPTION = re.compile(r":[\w-]+:(?:\s.*)?")
_ASIDE = re.compile(
    r"(?:(?:!!!|\?\?\?\+?)[ \t]*(?:[\w-]+(?:[ \t][\w-]+)*)?[ \t]*(?:\"([^\"]*)\")?"
    r"|===[+!]?[ \t]+\"([^\"]*)\")\s*"
)
"""Of MkDocs: `!!! note "Title"`, and `=== "Tab"`, with the text indented below."""
_COLON_TITLE = re.compile(
    r":::+\s*\{?[\w-]+\}?(?:\[([^\[\]]+)\]|\s+([^{}\s][^{}]*))?\s*(?:\{.*\})?"
)
_BEGIN = re.compile(r"(?:\\begin\{(\w+\*?)\}|(\\\[|\$\$))")


def add_directives(md: MarkdownIt) -> None:
    """Let `md` know of the lines of documentation systems."""
    ends: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    md.block.ruler.before("table", "directive", _directive, ends)
    md.block.ruler.before("table", "aside", _aside, ends)
    md.block.ruler.before("table", "formula", _formula, ends)


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _lines(state: StateBlock, first: int, end: int) -> Iterator[tuple[int, str]]:
    for line in range(first, min(end, first + MAX_LINES)):
        if line > first and state.isEmpty(line):
            return
        yield line, _line(state, line)


def _directive(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A line that is no text."""
    if state.is_code_block(first):
        return False
    begins = _line(state, first)
    if begins[:1] not in {"{", ":", "%", "[", "@", "-", "(", "\\", "i", "e"}:
        return False
    last = _end_of_tag(state, first, end)
    if last is None and len(begins) <= MAX_LINE_CHARS and _ALONE.fullmatch(begins):
        last = first
        if begins.startswith("export"):
            last = max(line for line, _ in _lines(state, first, end))
        while (
            begins.startswith(":") and last + 1 < end and _OPTION.fullmatch(_line(state, last + 1))
        ):
            last += 1
    if last is None:
        return False
    if not silent:
        state.line = last + 1
        _colon_aside(state, first, begins)
    return True


def _end_of_tag(state: StateBlock, first: int, end: int) -> int | None:
    """The line that a tag ends with, behind which nothing stands."""
    begins = _line(state, first)
    for opening, closing in _ENDS:
        if not begins.startswith(opening):
            continue
        for line, text in _lines(state, first, end):
            at = text.find(closing, len(opening) if line == first else 0)
            if at >= 0:
                rest = text[at + len(closing) :].strip()
                again = _only_tags(rest)
                return line if again else None
        return None
    return None


def _only_tags(text: str) -> bool:
    """Whether there is nothing in a line but tags."""
    while text:
        for opening, closing in _ENDS:
            at = text.find(closing, len(opening)) if text.startswith(opening) else -1
            if at >= 0:
                text = text[at + len(closing) :].strip()
                break
        else:
            return False
    return True


def _colon_aside(state: StateBlock, first: int, begins: str) -> None:
    """The title of `:::tip Title`, which stands above its text."""
    title = _COLON_TITLE.fullmatch(begins)
    if begins.startswith(":::") and title and (title[1] or title[2]):
        _open(state, (title[1] or title[2]).strip(), first)
    elif re.fullmatch(r":::+\s*", begins):
        state.push("aside_close", "", -1)
        state.level += 1  # it may close what was not opened
    elif begins.startswith(":::"):
        _open(state, "", first)


def _open(state: StateBlock, title: str, line: int) -> None:
    token = state.push("aside_open", "", 1)
    state.level -= 1
    token.map = [line, line + 1]
    if title:
        inline = state.push("inline", "", 0)
        inline.content = title
        inline.map = [line, line + 1]
        inline.children = []
        inline.meta = {"is_title": True}


def _aside(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Text indented below a line that says what it is."""
    if state.is_code_block(first):
        return False
    begins = _line(state, first)
    if begins[:1] not in {"!", "?", "="} or len(begins) > MAX_LINE_CHARS:
        return False
    if not (told := _ASIDE.fullmatch(begins)):
        return False
    if silent:
        return True
    below = state.blkIndent + 4
    last = first + 1
    while last < end and (state.isEmpty(last) or state.sCount[last] >= below):
        last += 1
    _open(state, (told[1] or told[2] or "").strip(), first)
    before = state.lineMax, state.blkIndent
    state.lineMax, state.blkIndent = last, below
    state.level += 1
    state.md.block.tokenize(state, first + 1, last)
    state.level -= 1
    state.lineMax, state.blkIndent = before
    state.tokens.append(Token("aside_close", "", -1))
    state.line = last
    return True


def _formula(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A formula on lines of its own, which is left out as code is."""
    if state.is_code_block(first) or not (begins := _BEGIN.match(_line(state, first))):
        return False
    closing = rf"\end{{{begins[1]}}}" if begins[1] else {"\\[": "\\]", "$$": "$$"}[begins[2]]
    for line in range(first, min(end, first + MAX_LINES)):
        text = _line(state, line)
        at = text.find(closing, begins.end() if line == first else 0)
        if at >= 0 and not text[at + len(closing) :].strip(" .,;"):
            break
        if at >= 0:
            return False
    else:
        return False
    if not silent:
        token = state.push("code_block", "code", 0)
        token.content = state.getLines(first, line + 1, 0, keepLastLF=False)
        token.map = [first, line + 1]
        state.line = line + 1
    return True
