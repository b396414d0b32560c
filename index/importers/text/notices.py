"""What stands beside the text of a page: captions, pointers elsewhere, and its controls."""

from __future__ import annotations

import re

__all__ = ["is_caption", "is_navigation", "is_notice", "without_edit"]

MAX_NOTICE_CHARS = 250


def _any_of(words: str) -> str:
    """A pattern of words and phrases, parted by lines and `|`."""
    return "|".join(re.escape(" ".join(word.split())) for word in words.strip().split("|"))


_FIGURES = _any_of(
    """
    figure|fig|table|tab|box|scheme|plate|chart|diagram|map|photo|algorithm|listing|exhibit
    |abbildung|abb|tabelle|figur|figura|tabla|tableau|tabella|tabela|rysunek
    |рисунок|рис|таблица|그림|표|도|図|表|图|圖|写真
    """
)
_CAPTION = re.compile(
    rf"(?i:(?:supplementary|supporting|extended data|online)\s)?(?i:{_FIGURES})"
    r"\.?\s?(?:[A-Z]{1,2}\.?)?\d{1,3}(?:[.\-]\d{1,2})?[A-Za-z]?"
    r"(?:\s?[.:|．：—–](?!\d)|\s{1,4}(?![A-Z]\s[a-z])(?=[^\Wa-z\d_]|[\"'“(]\w)|$)"
)
"""`Fig. 2: …` and `Table 1 Prices …`, but neither `Table 1 shows …` nor `Fig. 2 A shows …`."""
_SUPPLEMENTS = _any_of(
    """
    figure|fig|table|text|file|dataset|data|appendix|movie|video|audio|script|protocol|checklist
    |methods|method|model|code|note|supporting information
    """
)
_SUPPLEMENT = re.compile(rf"S\d{{1,2}}[A-Z]?\s(?:{_SUPPLEMENTS})\b", re.IGNORECASE)

_POINTERS = _any_of(
    """
    main article|main articles|main page|see also|further information|more information|see
    |for more details|hauptartikel|siehe auch|article détaillé|articles détaillés|voir aussi
    |artículo principal|véase también|artigo principal|ver também|voce principale
    |lo stesso argomento in dettaglio|hoofdartikel|zie ook|본문|이 부분의 본문은
    |詳細は|主条目|主條目|参见|參見|основная статья|см. также
    |المقالة الرئيسية|مقالة مفصلة|مقالات مفصلة|انظر أيضا|طالع أيضا
    """
)
_POINTER = re.compile(rf"(?:{_POINTERS})\s?[:：]", re.IGNORECASE)
_OTHER_USES = re.compile(
    r"for other uses(?: of .{1,60})?,? see\b|this article is about\b.*\bfor\b.*\bsee\b"
    r"|for [^.,]{1,80}, see (?:also )?[^.]{1,80}\.$|not to be confused with\b"
    r"|.{1,80}\bredirects? here\b|pour les articles homonymes\b"
    r"|dieser artikel (?:behandelt|beschreibt|erläutert)\b"
    r"|this (?:article|section) (?:needs|may|does not cite|relies|is missing|possibly)\b",
    re.IGNORECASE,
)
_CONTROLS = _any_of(
    """
    edit|edit source|[edit]|[hide]|[show]|share|print|print this page|menu|search|back to top
    |go to top|log in|login|sign in|sign up|subscribe|next|previous|prev|read more|show more|show
    |hide|vte|v|t|e|v • t • e|v · t · e|terms of use|terms of service|cookie policy
    |cookie settings|all rights reserved|from wikipedia, the free encyclopedia
    """
)
_NAVIGATION = re.compile(
    rf"(?:{_CONTROLS})\.?|jump to\b.{{0,60}}|skip to\b.{{0,60}}|edit this page.{{0,60}}"
    r"|toggle\b.{0,80}|(?:hidden )?categor(?:y|ies)\s?:.{0,600}|retrieved from .{0,200}"
    r"|this page was last (?:edited|modified)\b.{0,200}|privacy policy.{0,100}|©.{0,150}",
    re.IGNORECASE,
)
_EDITS = _any_of(
    """
    edit|edit source|edit | edit source|bearbeiten|bearbeiten · quelltext bearbeiten|modifier
    |modifier le code|editar|editar código|modifica|modifica wikitesto|bewerken|편집|編集|编辑|編輯
    |править|править код|عدل
    """
)
_EDIT = re.compile(rf"\s*\[\s?(?:{_EDITS})(?:\s?\|\s?(?:{_EDITS}))?\s?\]\s*$", re.IGNORECASE)


def is_caption(text: str) -> bool:
    """Whether a text begins as that of a figure or a table does: `Fig 1. …`, `S1 Text …`."""
    return bool(_SUPPLEMENT.match(text) or _CAPTION.match(text))


def is_notice(text: str) -> bool:
    """Whether a text sends the reader elsewhere: `Main article: …`."""
    if len(text) > MAX_NOTICE_CHARS:
        return False
    pointer = _POINTER.match(text)
    return bool(_OTHER_USES.match(text)) or (pointer is not None and "." not in text[-1:])


def is_navigation(text: str) -> bool:
    """Whether a text is what pages are got about by."""
    return bool(_NAVIGATION.fullmatch(text))


def without_edit(text: str) -> str:
    """A heading less the `[edit]` that a wiki prints behind it."""
    return _EDIT.sub("", text) if text.endswith("]") and len(text) <= MAX_NOTICE_CHARS else text
