"""What stands within the lines of papers, notes and documentation, beside CommonMark.

Each rule makes a token, or passes over what is no text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline

__all__ = ["add_inline_rules"]

Rule = Callable[[StateInline, bool], bool]

MAX_SHOWN = 60
"""A longer citation never stands where a word would."""

_TAG = re.compile(
    r"\{\{[<%]?(?:[^{}]|\{(?!\{)|\}(?!\})){0,500}\}\}|\{%[^{}]{0,500}%\}|\{#[^{}]{0,200}#\}"
    r"|\{/\*[^{}]{0,500}\*/\}|\{:[^{}\n]{0,200}\}"
)
"""Of Hugo, Jinja, Liquid, MDX and kramdown."""
_ATTRIBUTES = re.compile(
    r"\{\s?(?:[.#][\w:.-]{1,80}|[\w-]{1,40}=(?:\"[^\"{}\n]{0,200}\"|[^\s\"'{}]{0,200}))"
    r"(?:\s{1,3}(?:[.#][\w:.-]{1,80}|[\w-]{1,40}=(?:\"[^\"{}\n]{0,200}\"|[^\s\"'{}]{0,200})))*\s?\}"
)
_ANCHOR = re.compile(r"\{\s?#([\w:.-]{1,80})[^{}\n]{0,200}\}\s*$")
_JSX = re.compile(r"</?[A-Z][\w.]{0,60}(?:\s[^<>]{0,500})?/?>")
_MATH = re.compile(
    r"\$\$([^$]{1,1000})\$\$|\$`([^`$]{1,500})`\$|\$(?=[^\s$])((?:[^$\\]|\\.){0,500}?[^\s$\\])\$(?![\w$])",
    re.DOTALL,
)
_KEY = r"\{[^{}\s]{1,100}\}|[\w](?:[\w]|[:.#$%&+?<>~/-](?=[\w])){0,99}"
_CITATION = re.compile(r"\[([^\[\]]{0,1000})\]")
_CITED_KEY = re.compile(rf"(?:^|(?<=[\s;(\[*_\u201c\"-]))@({_KEY})")
_NAMED = re.compile(rf"@({_KEY})(?:\s?\[(?:[^\[\]@]{{0,100}}\d[^\[\]@]{{0,100}})\])?")
_LATEX = re.compile(
    r"\\(?:(cite[a-z]{0,10}|(?:paren|auto|foot)cite|textcite)\*?(?:\[[^\[\]]{0,100}\]){0,2}"
    r"|label|ref|autoref|eqref|pageref|[cC]ref|vspace|hspace)\{([^{}]{0,500})\}"
)
_WIKI = re.compile(r"(!?)\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]|\n]{1,300}))?\]\]")
_LOOSE = re.compile(
    r"(!?)\[([^\[\]]{0,500})\]\(((?:[^()\n\"]|\"[^\"\n]{0,200}\"|\([^()\n]{0,100}\)){1,500})\)"
)
_ADDRESS_LIKE = re.compile(
    r"[/#<{.]|https?:|mailto:|\S{1,300}/|[^\n]{1,300}\.(?:mdx?|html?|png|jpe?g|svg|gif|webp|pdf|rst|txt)\b"
)
_CALLOUT = re.compile(
    r"\\?\[![\w-]{1,40}(?:\|[^\]\n]{0,40})?\][-+]?[ \t]*(?:([^\n]{0,120}(?<![.!:;,]))(?:\n|$))?"
)
_EMOJI = re.compile(r":(?=[a-z0-9_+-]{0,30}[a-z])[a-z0-9_+-]{1,31}:(?![\w:/])")

CROSS_REFERENCES = ("fig:", "tbl:", "tab:", "eq:", "sec:", "lst:", "fig-", "tbl-", "eq-", "sec-")
"""What begins so is a part of the same paper, and no source."""


def add_inline_rules(md: MarkdownIt) -> None:
    """Let `md` know of what stands within lines."""
    add = md.inline.ruler.before
    add("escape", "latex", _latex)
    add("escape", "callout", _callout)
    add("link", "citation", _citation)
    md.inline.ruler.after("image", "loose_link", _loose_link)
    md.inline.ruler.after("loose_link", "wiki_link", _wiki_link)
    md.inline.ruler.after("html_inline", "named_citation", _named_citation)
    md.inline.ruler.push("tag", _tag)
    md.inline.ruler.push("math", _math)
    md.inline.ruler.push("jsx", _passed_over("<", _JSX))
    md.inline.ruler.push("emoji", _passed_over(":", _EMOJI, alone=True))


def _passed_over(sign: str, pattern: re.Pattern[str], *, alone: bool = False) -> Rule:
    """A rule by which that is no text which a pattern matches."""

    def rule(state: StateInline, _silent: bool) -> bool:
        if state.src[state.pos] != sign or (alone and _before(state).isalnum()):
            return False
        return _take(state, pattern.match(state.src, state.pos, state.posMax))

    return rule


def _take(state: StateInline, found: re.Match[str] | None) -> bool:
    if not found:
        return False
    state.pos = found.end()
    return True


def _before(state: StateInline) -> str:
    return state.src[state.pos - 1 : state.pos]


def _tag(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "{":
        return False
    if anchor := _ANCHOR.match(state.src, state.pos, state.posMax):
        if not silent:
            state.push("anchor", "", 0).content = anchor[1]
        return _take(state, anchor)
    if _before(state) in {")", "]", "`", "*"} and _take(
        state, _ATTRIBUTES.match(state.src, state.pos, state.posMax)
    ):
        return True
    return _take(state, _TAG.match(state.src, state.pos, state.posMax))


def _math(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "$" or _before(state).isalnum() or _before(state) == "$":
        return False
    found = _MATH.match(state.src, state.pos, state.posMax)
    if found and not silent:
        token = state.push("math", "", 0)
        token.content = (found[1] or found[2] or found[3]).strip()
    return _take(state, found)


def _latex(state: StateInline, silent: bool) -> bool:
    r"""`\citep{one,two}`; and `\ref{fig}`, which is no text."""
    if state.src[state.pos] != "\\":
        return False
    found = _LATEX.match(state.src, state.pos, state.posMax)
    if found and found[1] and not silent:
        keys = [key.strip() for key in found[2].split(",") if key.strip()]
        names = found[1] in {"citet", "textcite"} and len(keys) == 1
        token = state.push("named_citation" if names else "citation", "", 0)
        token.meta = {"keys": keys, "key": "".join(keys[:1])}
        token.content = f"[{', '.join(keys)}]"
        state.env["cites_by_key"] = True
    return _take(state, found)


def _callout(state: StateInline, silent: bool) -> bool:
    """`[!NOTE] Title` at the beginning of a quotation."""
    if state.pos or not state.src.startswith(("[!", "\\[!")) or silent:
        return False
    found = _CALLOUT.match(state.src, 0, state.posMax)
    if found:
        state.push("callout", "", 0)
        if title := (found[1] or "").strip():
            state.push("text", "", 0).content = title
        state.push("callout_end", "", 0).content = "\n" * found[0].count("\n")
    return _take(state, found)


def _citation(state: StateInline, silent: bool) -> bool:
    """`[see @one, p. 5; @two]`, as Pandoc writes citations."""
    if state.src[state.pos] != "[":
        return False
    found = _CITATION.match(state.src, state.pos, state.posMax)
    if not found or "@" not in found[1] or state.src[found.end() : found.end() + 1] in {"(", "["}:
        return False
    keys = [key.strip("{}") for key in _CITED_KEY.findall(found[1])]
    known = state.env.get("references", {})
    if not keys or normalizeReference(found[1]) in known:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.content = found[0].replace("@", "") if len(found[0]) <= MAX_SHOWN else ""
        token.meta = {"keys": [key for key in keys if not key.startswith(CROSS_REFERENCES)]}
        state.env["cites_by_key"] = True
    return _take(state, found)


def _named_citation(state: StateInline, silent: bool) -> bool:
    """`@one [p. 5]`, in a sentence; who walks the tokens tells whether that cites."""
    before = _before(state)
    if state.src[state.pos] != "@" or before.isalnum() or before in {"/", ".", "@", "_", "\\"}:
        return False
    found = _NAMED.match(state.src, state.pos, state.posMax)
    if found and not silent:
        token = state.push("named_citation", "", 0)
        token.content = found[0]
        token.meta = {"key": found[1].strip("{}")}
    return _take(state, found)


def _loose_link(state: StateInline, silent: bool) -> bool:
    """A link whose address CommonMark does not take: with spaces, or made by a template."""
    image = state.src.startswith("![", state.pos)
    if not image and state.src[state.pos] != "[":
        return False
    found = _LOOSE.match(state.src, state.pos, state.posMax)
    if not found or not _ADDRESS_LIKE.match(found[3].strip()):
        return False
    if not silent and not image:
        end, label = state.posMax, found.span(2)
        state.push("link_open", "a", 1).attrs = {"href": ""}
        state.pos, state.posMax = label
        state.md.inline.tokenize(state)
        state.push("link_close", "a", -1)
        state.posMax = end
    return _take(state, found)


def _wiki_link(state: StateInline, silent: bool) -> bool:
    """`[[Page]]`, `[[Page|words]]`; `![[Page]]`, which is put in there, is no text."""
    if state.src[state.pos] not in {"[", "!"}:
        return False
    found = _WIKI.match(state.src, state.pos, state.posMax)
    if found and not silent and not found[1]:
        token = state.push("wiki_link", "", 0)
        token.content = (found[3] or found[2].partition("#")[0] or found[2].lstrip("#")).strip()
    return _take(state, found)
