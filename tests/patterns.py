"""Every regular expression of Footnote, and texts made from it that it should find hard.

A repeated part of a pattern can be made to try many ways of sharing out a text, each only to fail
at its end. So the texts are: what comes before the part at its shortest, the part very often, and
a sign that fits nowhere; and the whole of it very often, as a search begins anew at every sign.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import bot
import index

__all__ = ["Kept", "attacks", "patterns"]

NO_FIT = "\x01"
MORE = (" ", "\n", ".", ",", "1", "a", "[", "]", "\u0301", "漢")
"""Signs that are put between and behind the parts, as classes of many patterns share them."""
_METHODS = "match|fullmatch|search|sub|findall|finditer|split"
_REPEATS = frozenset({code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT})
_CLASSES = {
    code.CATEGORY_DIGIT: "1",
    code.CATEGORY_NOT_DIGIT: "a",
    code.CATEGORY_SPACE: " ",
    code.CATEGORY_NOT_SPACE: "a",
    code.CATEGORY_WORD: "a",
    code.CATEGORY_NOT_WORD: ".",
}


@dataclass(frozen=True)
class Kept:
    """A pattern that a module keeps, and what the module does with it."""

    name: str
    pattern: re.Pattern[Any]
    methods: tuple[str, ...]

    def try_on(self, text: str) -> None:
        """Do with the pattern what its module does."""
        for method in self.methods:
            given: tuple[Any, ...] = ("", text) if method == "sub" else (text,)
            if isinstance(self.pattern.pattern, bytes):
                given = tuple(one.encode() for one in given)
            found = getattr(self.pattern, method)(*given)
            if method == "finditer":
                deque(found, maxlen=0)


def patterns() -> Iterator[Kept]:
    """The patterns that the modules of bot/ and index/ keep, each once."""
    seen: set[str] = set()
    for package in (index, bot):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" in module.name or module.name.endswith("__main__"):
                continue
            loaded = importlib.import_module(module.name)
            source = inspect.getsource(loaded)
            for name, value in sorted(vars(loaded).items()):
                methods = tuple(re.findall(rf"\b{name}\.({_METHODS})\(", source))
                for position, found in enumerate(_within(value)):
                    if found.pattern not in seen:
                        seen.add(found.pattern)
                        full = f"{module.name}.{name}.{position}"
                        yield Kept(full, found, tuple(dict.fromkeys(methods)) or ("search",))


def attacks(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Texts of about `length` signs."""
    parsed = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    for before, part in dict.fromkeys(_repeated(list(parsed), "")):
        for more in ("", *MORE):
            pump = (part + more) or more
            times = max(1, length // max(1, len(pump)))
            yield before + pump * times + NO_FIT
            whole = before + part + more
            yield whole * max(1, length // max(1, len(whole))) + NO_FIT


def _within(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _within(one)


def _repeated(nodes: Sequence[tuple[Any, Any]], before: str) -> Iterator[tuple[str, str]]:
    """What comes before each repeated part at its shortest, and one sample of the part."""
    for node, argument in nodes:
        if node in _REPEATS:
            least, most, inner = argument
            for part in _samples(list(inner)):
                if most > 1:
                    yield before, part
                before_inner = before + part * max(0, least - 1)
            yield from _repeated(list(inner), before_inner)
        elif node is code.SUBPATTERN:
            yield from _repeated(list(argument[-1]), before)
        elif node is code.ATOMIC_GROUP:
            yield from _repeated(list(argument), before)
        elif node is code.BRANCH:
            for branch in argument[1]:
                yield from _repeated(list(branch), before)
        elif node in (code.ASSERT, code.ASSERT_NOT):
            yield from _repeated(list(argument[1]), before)
        before += _sample([(node, argument)])


def _sample(nodes: Sequence[tuple[Any, Any]]) -> str:
    return next(iter(_samples(nodes)), "")


def _samples(nodes: Sequence[tuple[Any, Any]]) -> list[str]:
    """A few short texts that the nodes match: one for each branch or sign of the last of them."""
    made = [""]
    for node, argument in nodes:
        ways = _ways(node, argument)[:6]
        made = [one + way for one in made[:4] for way in ways]
    return list(dict.fromkeys(made))


def _ways(node: Any, argument: Any) -> list[str]:
    if node is code.LITERAL:
        return [chr(argument)]
    if node is code.NOT_LITERAL:
        return ["a" if argument != ord("a") else "b"]
    if node is code.ANY:
        return ["a", "."]
    if node is code.IN:
        return _of_class(argument)
    if node in _REPEATS:
        least, _, inner = argument
        return [one * max(1, least) if least else one for one in _samples(list(inner))] + (
            [] if least else [""]
        )
    if node is code.SUBPATTERN:
        return _samples(list(argument[-1]))
    if node is code.ATOMIC_GROUP:
        return _samples(list(argument))
    if node is code.BRANCH:
        return [_sample(list(branch)) for branch in argument[1]]
    return [""]  # an assertion, or a reference back


def _of_class(members: Sequence[tuple[Any, Any]]) -> list[str]:
    if members[0][0] is code.NEGATE:
        kept = [chr(argument) for node, argument in members[1:] if node is code.LITERAL]
        return [sign for sign in "a1. ," if sign not in kept][:2] or ["x"]
    made = []
    for node, argument in members:
        if node is code.LITERAL:
            made.append(chr(argument))
        elif node is code.RANGE:
            made.append(chr(argument[0]))
        elif node is code.CATEGORY:
            made.append(_CLASSES[argument])
    return made or ["a"]
