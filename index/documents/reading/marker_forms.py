"""What stands between the brackets of a citation marker, or raised above the line."""

from __future__ import annotations

import re
from typing import Literal

__all__ = [
    "DASH",
    "MAX_MARKER_CHARS",
    "RAISED",
    "Form",
    "form_of",
    "is_raised_marker",
    "raised_numbers",
]

Form = Literal["numbers", "note", "letters", "footnote", "flag"]

MAX_MARKER_CHARS = 60
"""The longest text between two brackets that is looked at as a marker."""

_NUMBER = r"\d{1,4}[a-z]?"
DASH = r"[-\u2010-\u2013]"
_ITEM = rf"{_NUMBER}(?:\s?{DASH}\s?{_NUMBER})?"
_NUMBERS = re.compile(rf"{_ITEM}(?:\s?[,;]\s?{_ITEM})*")
_WHOLE_ITEM = re.compile(_ITEM)

_UNIT = (  # of a source, as a page is: [1, p. 5], [2, Fig. 3], [3, §2]
    r"pp?|pgs?|pages?|figs?|figures?|tables?|tabs?|tbl|ch|chaps?|chapters?|secs?|sect|sections?|eqs?|eqns?"
    r"|equations?|thm|theorems?|lem|lemmas?|defs?|definitions?|props?|propositions?|cor|corollary|ex|examples?"
    r"|app|appendix|annex|vols?|volumes?|nos?|nr|arts?|articles?|paras?|paragraphs?|par|lines?|ll?|cols?|verses?|vv?"
    r"|notes?|nn?|fol|ff?|rule|clause|item|step|part|parts|bk|book|S|Seiten?|Abb|Kap|Kapitel|Abschn|Abschnitt|Abs"
    r"|Bd|Z|Rn|Tafel|págs?|páginas?|cap|capítulo|sección|tabla|tomo|t|tav|sez|blz|hfst|afb|sid|kap"
    r"|str|rozdz|rys|с|стр|рис|гл|табл|ст|т|п"
)
_WHICH_UNIT = rf"(?:\d[\w.]*(?:\s?{DASH}\s?\d[\w.]*)?|[ivxlc]+|(?-i:[A-Z])(?:\.?\d)*)"
_LOCATOR = re.compile(
    rf"(?:{_UNIT})(?:\.\s?|\s){_WHICH_UNIT}|[\u00a7\u00b6]{{1,2}}\s?{_WHICH_UNIT}"
    rf"|\d+(?:{DASH}\d+)?\s?(?:쪽|장|절|頁|页|章|节|節)"
    r"|(?:그림|표|図|图|表)\s?\d+|第\s?\d+\s?(?:章|節|节|頁|页)",
    re.IGNORECASE,
)
_LISTING = re.compile(r"[,;]")
_PAGE_NUMBERS = re.compile(rf"\d+(?:\s?{DASH}\s?\d+)?")
_SEPARATOR = re.compile(r"\s?([,;]|:(?=\s)|(?=\sp{1,2}\.))\s?")

_NOTE_WORD = (
    r"notes?|nb|n|fn|web|lower-alpha|upper-alpha|upper-roman|footnote|endnote|anm|anmerkung|fußnote"
    r"|notas?|noot|voetnoot|fotnot|fotnote|fodnote|przyp|przypis|pozn|dipnot|viite|huom"
    r"|jegyzet|catatan|chú thích|ghi chú|прим|примечание|сноска"
    r"|\u0645\u0644\u0627\u062d\u0638\u0629|\u05d4\u05e2\u05e8\u05d4"  # Arabic, Hebrew
    r"|\u0e2b\u0e21\u0e32\u0e22\u0e40\u0e2b\u0e15\u0e38|\u0928\u094b\u091f"  # Thai, Hindi
    r"|주|각주|미주|주석|注|注釈|注释|註|註釋|脚注|脚註|備考|备注"
)
_SOURCE_WORD = (
    r"refs?|references?|citations?|cites?|sources?|quellen?|fuentes?|fontes?|fonti|réf|références?"
    r"|referencias?|referências?|bron|bronnen|källa|kilde|źródło|zdroj|kaynak|lähde|forrás|sumber"
    r"|nguồn|источник|ист"
    r"|\u0645\u0635\u062f\u0631|\u0645\u0631\u062c\u0639|\u05de\u05e7\u05d5\u05e8"  # Arabic, Hebrew
    r"|\u0938\u094d\u0930\u094b\u0924"  # Hindi
    r"|출처|참고|문헌|참고문헌|인용|出典|参考|参考文献|文献|来源|來源|參考|引用"
)
_NAMED_NOTE = re.compile(rf"(?:{_NOTE_WORD})\.? ?\d{{1,3}}", re.IGNORECASE)
_NAMED_SOURCE = re.compile(rf"(?:{_SOURCE_WORD})\.? ?(?P<numbers>\d.*)", re.IGNORECASE)
_LETTER_NOTE = re.compile(r"[a-z]{1,2}|[A-Z]")
_FOOTNOTE = re.compile(r"\^(?!(?:\w-\w)+\w*$)(\w[\w.:-]{0,40})")
_DAGGERED = re.compile(r"(\d{1,4})\u2020.*")
_FLAG = re.compile(
    r"(?:[\w ,-]+ )?needed(?: \w+)?|(?:needs )?update|clarify|vague|disputed|dubious"
    r"|(?:dubious|disputed) ?[-\u2010-\u2014] ?discuss|failed verification|neutrality is disputed"
    r"|permanent dead link|dead link|weasel words|(?:by |according to |to |for )?"
    r"(?:who|whom|when|where|which|why|how|what)\?|original research\??|unreliable source\??"
    r"|not in citation given|self-published source\??|relevant\??|improper synthesis\??"
    r"|peacock prose|circular reference|irrelevant citation|user-generated source|jargon|specify"
    r"|tone|promotional language|excessive citations|not verified in body|editorializing|sic\?"
    r"|要出典|출처 필요",
    re.IGNORECASE,
)


def form_of(inner: str) -> tuple[Form, tuple[str, ...]] | None:
    """The form of what stands between two brackets, with its numbers; None for all other text."""
    if _NUMBERS.fullmatch(inner):
        return "numbers", _split(inner)
    if _NAMED_NOTE.fullmatch(inner):
        return "note", (inner,)
    if (named := _NAMED_SOURCE.fullmatch(inner)) and _NUMBERS.fullmatch(named["numbers"]):
        return "note", _split(named["numbers"])
    if _LETTER_NOTE.fullmatch(inner):
        return "letters", (inner,)
    if footnote := _FOOTNOTE.fullmatch(inner):
        return "footnote", (footnote[1],)
    if daggered := _DAGGERED.fullmatch(inner):
        return "numbers", (daggered[1],)
    if _FLAG.fullmatch(inner):
        return "flag", (inner,)
    if located := _located_numbers(inner):
        return "numbers", located
    return None


def _split(numbers: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _LISTING.split(numbers))


def _located_numbers(inner: str) -> tuple[str, ...]:
    """The numbers of `1, p. 5; 2, Fig. 3`; none where anything else is said there."""
    if not inner[:1].isdecimal():
        return ()
    numbers: list[str] = []
    is_located = False  # by the part before, so that more pages may follow
    separator = ""
    parts = iter(_SEPARATOR.split(inner))
    for part in parts:
        if (
            separator != ":"
            and not (is_located and separator == ",")
            and _WHOLE_ITEM.fullmatch(part)
        ):
            numbers.append(part)
            is_located = False
        elif numbers and (
            _LOCATOR.fullmatch(part)
            or ((separator == ":" or is_located) and _PAGE_NUMBERS.fullmatch(part))
        ):
            is_located = True
        else:
            return ()
        separator = next(parts, "") or ""
    return tuple(numbers)


_RAISED_DIGIT = "[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]"
RAISED = rf"{_RAISED_DIGIT}+(?:(?:[,;\u02d2\u2e34]\s?|[-\u2010-\u2013\u207b]){_RAISED_DIGIT}+)*"
"""Raised numbers, with what lists and ranges them: ¹²˒¹⁴⁻¹⁶."""
_LOWERED = str.maketrans(
    "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b\u02d2\u2e34",
    "0123456789\u2013,,",
)
_BEHIND_RAISED = re.compile(r"[\w\u207a\u207b\u207c\u207d\u207e/\u2044\u00b0\u2080-\u208e]")
_FULL_STOPS = frozenset(
    '.,;:!?\u2026"\u201d\u00bb\u3002\uff0c\u3001\uff01\uff1f\uff1a\uff1b\u300d\u300f'
)
_WORD_BEFORE = re.compile(r"(?<![^\W_])[^\W\d_]+$")
_POWERED = re.compile(  # words that are squared: units, functions, letters spelt out
    r"mol|rad|bar|dB|nmi|acres?|miles?|feet|foot|inch(?:es)?|yards?|[a-z]*met(?:er|re)s?|arc(?:min|sec)|min|sec|deg"
    r"|\w?pc|\w?Pa|\w?Hz|\w?eV|a?(?:sin|cos|tan|sec|csc|cot)h?|log|exp|det|alpha|beta|gamma|delta|epsilon|zeta|eta"
    r"|theta|kappa|lambda|sigma|tau|phi|chi|psi|omega|rho",
    re.IGNORECASE,
)
_OPERATOR = re.compile(r"[+*/=^<>\u2212\u00b1\u00b7\u00d7]|\s[-\u2013]\s|\b[^\W\d_]\b")
_NO_NUMBER = re.compile(r"\d{5}|(?<!\d)0")
_LOOK_BACK = 80


def raised_numbers(printed: str) -> tuple[str, ...]:
    """The numbers of what is raised; none where it is too long for numbers, or has a nought."""
    if len(printed) > MAX_MARKER_CHARS:
        return ()
    numbers = _split(printed.translate(_LOWERED))
    return () if any(map(_NO_NUMBER.search, numbers)) else numbers


def is_raised_marker(source: str, start: int, end: int) -> bool:
    """Whether what is raised stands behind a word or a full stop, and is no power or unit.

    "oil.¹" and "oil²" are cited, "m²", "10⁶", "x²", "Ca²⁺" and "¹⁴C" are not.
    """
    before = source[max(0, start - _LOOK_BACK) : start]
    sign, following = before[-1:], source[end : end + 1]
    if _BEHIND_RAISED.match(following) and not (_is_caseless(following) and not sign.isascii()):
        return False
    if sign in _FULL_STOPS:
        return bool(sign)
    if sign in (")", "\uff09"):
        opening = max(before.rfind("("), before.rfind("\uff08"))
        within = before[opening + 1 : -1]
        return " " in within and not _OPERATOR.search(within)
    if sign in ("'", "\u2019"):
        before = before[:-1]
    word = _WORD_BEFORE.search(before[-25:])
    return word is not None and (
        _is_caseless(word[0][-1]) or (len(word[0]) > 2 and not _POWERED.fullmatch(word[0]))
    )


def _is_caseless(sign: str) -> bool:
    """Whether a letter is of a script without capitals."""
    return sign.isalpha() and sign.lower() == sign.upper()
