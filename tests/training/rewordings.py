"""Questions as people type them in chat, made by rule from questions in full."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from importlib.resources import files

import yaml

from index.evaluation.typos import with_typo
from index.text.analysis import analyser_for

__all__ = ["detokenised", "reworded"]

_WORDS = re.compile(r"[\w'’]+")
_ASKING = {"what", "who", "where", "when", "why", "how", "which", "whose", "whom"}
_MAY_GO = set(
    "a an the is are was were be been do does did has have had of to in on at for by with that this"
    " it its their there".split()
)
_BEFORE = (
    "hey", "so", "ok so", "hi", "um", "wait", "quick q", "anyone know", "does anyone know",
    "idk if this is known but", "can someone tell me", "do we know", "sry", "q:", "just wondering",
    "remind me", "stupid question but", "not sure but",
)  # fmt: skip
_AFTER = ("lol", "pls", "plz", "thx", "btw", "again", "tho", "anyone", "?", "??", "exactly", "pls?")


def _shortened() -> dict[str, str]:
    """Words in full to how they are typed: the table of chat forms, turned around."""
    table = yaml.safe_load((files("index.text") / "chat.yaml").read_text(encoding="utf-8"))
    forms: dict[str, str] = {}
    for short, full in (table["contractions"] | table["shorthand"]).items():
        forms.setdefault(full.lower(), short)
    apart = {
        **{f"{word} is": f"{word}s" for word in ("what", "who", "where", "when", "how")},
        **{f"{word} not": f"{word}nt" for word in ("did", "does", "is")},
    }
    return forms | apart


_SHORT = _shortened()
_FULL = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _SHORT), key=len, reverse=True)) + r")\b"
)


def detokenised(text: str) -> str:
    """Text that was split into tokens, as people write it: `( nfl ) , 's` to `(nfl), 's`."""
    for token, mark in (("-lrb-", "("), ("-rrb-", ")"), ("-lsb-", "["), ("-rsb-", "]"),
                        ("``", '"'), ("''", '"'), (" -- ", "–")):  # fmt: skip
        text = text.replace(token, mark)
    text = re.sub(r"\s+([,.;:?!%)\]]|'s\b|n't\b|'\w)", r"\1", text)
    text = re.sub(r"([(\[$£])\s+", r"\1", text)
    return re.sub(r'"\s*([^"]*?)\s*"', r'"\1"', text)


def _keywords(question: str, _: random.Random) -> str:
    tokens = analyser_for("en").tokens(question)
    return " ".join(question[one.start : one.end] for one in tokens if one.term is not None)


def _fragment(question: str, chance: random.Random) -> str:
    """Some of the little words gone, and at times the asking word last."""
    words = _WORDS.findall(question)
    left = [word for word in words if word not in _MAY_GO or chance.random() < 0.4]
    if left and left[0] in _ASKING and chance.random() < 0.4:
        left = [*left[1:], left[0]]
    return " ".join(left)


def _chatted(question: str, chance: random.Random) -> str:
    text = _FULL.sub(lambda m: _SHORT[m[1]] if chance.random() < 0.7 else m[1], question)
    text = text.replace("'", "") if chance.random() < 0.6 else text
    text = text.rstrip(" ?.")
    if chance.random() < 0.35:
        text = f"{chance.choice(_BEFORE)} {text}"
    if chance.random() < 0.3:
        text = f"{text} {chance.choice(_AFTER)}"
    return text


def _mistyped(question: str, chance: random.Random) -> str:
    return with_typo(question, chance.randrange(1000))


_FORMS: tuple[tuple[float, tuple[Callable[[str, random.Random], str], ...]], ...] = (
    (0.35, ()),
    (0.15, (_chatted,)),
    (0.15, (_fragment, _chatted)),
    (0.13, (_keywords,)),
    (0.12, (_mistyped,)),
    (0.10, (_chatted, _mistyped)),
)
"""How often a question takes which steps."""


def reworded(question: str, chance: random.Random) -> str:
    """`question` as it is, or in one of the ways that it may be typed in chat."""
    steps = chance.choices([one for _, one in _FORMS], [often for often, _ in _FORMS])[0]
    text = question.lower() if steps else question
    for step in steps:
        text = step(text, chance)
    return text.strip() or question
