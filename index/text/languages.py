"""Which language a question is written in, as far as its script or its little words tell."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

import stopwords

__all__ = ["TOLD_BY_WORDS", "is_other", "language_of"]

TOLD_BY_WORDS = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "ro", "sv", "da", "cs", "hu", "fi", "tr", "id",
)  # fmt: skip
"""The languages in Latin letters whose stop words are known, English first."""
_ASKING = {
    "en": "who whom whose what which when where why how",
    "de": "wer wen wem wessen was welche welcher welches wann wo warum wieso wie",
    "fr": "qui que quoi quel quelle quels quelles quand où pourquoi comment combien",
    "es": "quién quien quiénes qué que cuál cual cuáles cuándo cuando dónde donde cómo "
    "cuánto cuántos cuántas",
    "it": "chi che cosa quale quali quando dove perché come quanto quanti quante",
    "pt": "quem que qual quais quando onde porquê porque como quanto quantos quantas",
    "nl": "wie wat welke wanneer waar waarom hoe hoeveel",
    "pl": "kto kogo co jaki jaka jakie który która kiedy gdzie dlaczego jak ile czy",
    "ro": "cine ce care când unde cum cât câți câte",
    "sv": "vem vad vilken vilket vilka när var varför hur",
    "da": "hvem hvad hvilken hvilket hvornår hvor hvorfor hvordan",
    "cs": "kdo co který která které kdy kde proč jak kolik",
    "hu": "ki kit mi mit melyik mikor hol miért hogyan hány",
    "fi": "kuka ketkä mikä mitä milloin missä miksi miten kuinka",
    "tr": "kim kimin ne neyi hangi nerede nereye neden niçin nasıl kaç mi mı mu mü",
    "id": "siapa apa mana kapan dimana mengapa bagaimana berapa",
}
"""Words that ask, which lists of stop words often lack."""
_SCRIPTS = (
    ("ko", r"\uac00-\ud7af"),
    ("ja", r"\u3040-\u30fa\u30fc-\u30ff"),
    ("zh", r"\u3400-\u4dbf\u4e00-\u9fff"),
    ("th", r"\u0e00-\u0e7f"),
    ("hi", r"\u0900-\u097f"),
    ("he", r"\u0590-\u05ff"),
    ("el", r"\u0370-\u03ff"),
    ("fa", r"\u067e\u0686\u0698\u06af\u06a9\u06cc"),
    ("ar", r"\u0600-\u06ff"),
    ("uk", r"\u0404\u0406\u0407\u0454\u0456\u0457\u0490\u0491"),
    ("ru", r"\u0400-\u04ff"),
)
"""Languages by letters that others on this list, further down, lack or share."""
_OWN_LETTERS = {
    "de": "ß", "es": "ñ", "pl": "łżąę", "ro": "țșăţ", "sv": "å", "da": "øæ", "cs": "řůě",
    "hu": "őű", "fr": "œ", "tr": "ğış", "vi": "đơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
}  # fmt: skip
"""Letters that tell a language in Latin letters as two more little words would."""
_SIGNS = [(code, re.compile(f"[{letters}]")) for code, letters in _SCRIPTS]
_LETTERS = re.compile(r"[^\W\d_]")
_WORDS = re.compile(r"[^\W\d_]+")
LEAST_LEAD = 2
"""Fewer little words tell no language: "die" and "war" are English too."""
LEAST_SHARE = 0.3
"""Of the letters, where a script is to tell: a name in its own script stands in any language."""
_OF_PART = frozenset({"fa", "uk"})
"""Languages told by a few letters of a script that others use too."""
_KIN = (
    {"ja", "zh"},
    {"ru", "uk", "be", "bg", "mk", "sr", "kk"},
    {"ar", "fa", "ur", "ps", "ckb"},
    {"da", "sv", "no", "nb", "nn"},
)
"""Languages that short questions cannot be told apart in."""
_TOLD = {*TOLD_BY_WORDS, *_OWN_LETTERS, *(code for code, _ in _SCRIPTS)}.union(*_KIN)


def language_of(text: str) -> str | None:
    """The code of the language that `text` is written in; None where that is not clear.

    A language that is not in sight here may be taken for its nearest kin.
    """
    letters = len(_LETTERS.findall(text))
    for code, sign in _SIGNS:
        found = len(sign.findall(text))
        if found and (code in _OF_PART or found >= LEAST_SHARE * letters):
            return code
    words = _WORDS.findall(text.lower())
    counts = {code: sum(word in _little_words(code) for word in words) for code in TOLD_BY_WORDS}
    for code, own in _OWN_LETTERS.items():
        spelt_so = sum(any(one in own for one in word) for word in words)
        if code not in counts:  # it has no list
            counts[code] = spelt_so
        elif counts[code] and spelt_so:  # a name alone may be spelt so in any language
            counts[code] += LEAST_LEAD
    counts["es"] += LEAST_LEAD * any(sign in text for sign in "¿¡")
    first, next_best = sorted(counts, key=lambda code: -counts[code])[:2]
    is_ahead = counts[first] > counts[next_best]
    lead = counts[first] - (counts["en"] if first != "en" else 0)
    return first if is_ahead and lead >= LEAST_LEAD else None


def is_other(language: str, languages: Collection[str]) -> bool:
    """Whether a language is surely none of these: neither one of them, nor of the kin of one.

    Nor is it where one of these is a language that `language_of` does not tell.
    """
    kin = next((kin for kin in _KIN if language in kin), {language})
    return all(code in _TOLD and code not in kin for code in languages)


@cache
def _little_words(code: str) -> frozenset[str]:
    return frozenset(stopwords.get_stopwords(code)) | set(_ASKING[code].split())
