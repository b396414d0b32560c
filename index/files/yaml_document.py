"""The one YAML document of a text: its values, made while its events are read, and their lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import yaml

from index.errors import CorpusError, Problem
from index.files.yaml_lines import Lines

__all__ = ["MAX_ALIASES", "MAX_DEPTH", "MAX_VALUES", "YamlDocument", "read_yaml_document"]

MAX_ALIASES = 50
MAX_DEPTH = 12
MAX_VALUES = 500_000
MAX_NUMBER_CHARS = 100
"""A longer number is none that a document needs, and to read one takes the square of its length."""

Loader = type[yaml.SafeLoader | yaml.CSafeLoader]

_TAG = "tag:yaml.org,2002:"
_UNFIT = (yaml.YAMLError, ArithmeticError, LookupError, AttributeError, TypeError, ValueError)
"""What PyYAML raises for a scalar that does not fit its tag."""
_NUMBER_TAGS = frozenset({f"{_TAG}int", f"{_TAG}float"})


class _Odd(Enum):
    """What stands in place of a scalar's value where it is none by itself."""

    MERGE = "<<"
    DEFAULT = "="
    LONG_NUMBER = "a number of very many signs"
    TAGGED = "what PyYAML has no value for"


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """The value of a document, the lines of all in it, and the texts of all its scalars and keys.

    `needs_constructor` says that the value is not known: `loader` has to make it, or to refuse it.
    """

    value: Any
    lines: Lines
    texts: list[str]
    loader: Loader
    needs_constructor: bool


def read_yaml_document(text: str, file: str, loader: Loader) -> YamlDocument:
    """Read the one document of `text` by the events of `loader`.

    Raises CorpusError for what is beyond the bounds, for double keys, unknown and double anchors
    and a second document, and yaml.YAMLError for text that is no YAML.
    """
    events = loader(text)
    try:
        reading = _Reading(events.get_event, file)
        value = reading.document()
    finally:
        events.dispose()
    return YamlDocument(value, reading.lines, reading.texts, loader, reading.needs_constructor)


class _PlainValues(dict[str, Any]):
    """The values of scalars without quotation marks: of the types that PyYAML's safe loader makes.

    Each is made once: most come back many times, and all are immutable.
    """

    def __init__(self) -> None:
        super().__init__()
        self._loader: Any = yaml.SafeLoader("")

    def __missing__(self, text: str) -> Any:
        tag = self._loader.resolve(yaml.ScalarNode, text, (True, False))
        value = self[text] = self.tagged(tag, text)
        return value

    def tagged(self, tag: str, text: str) -> Any:
        """The value of a scalar with this tag."""
        if tag == f"{_TAG}str":
            return text
        if tag == f"{_TAG}merge":
            return _Odd.MERGE
        if tag == f"{_TAG}value":
            return _Odd.DEFAULT
        if tag in _NUMBER_TAGS and len(text) > MAX_NUMBER_CHARS:
            return _Odd.LONG_NUMBER
        try:
            return self._loader.construct_document(yaml.ScalarNode(tag, text))
        except _UNFIT:
            return _Odd.TAGGED


@dataclass(slots=True)
class _Anchored:
    """What an alias repeats: its value, its text if it is a scalar, and where it stands."""

    value: Any
    line: int
    text: str | None = None
    at: int | None = None
    is_open: bool = False


class _Reading:
    """Takes the events of a text one by one; what can wait until all were read is noted."""

    def __init__(self, next_event: Callable[[], Any], file: str) -> None:
        self.lines = Lines()
        self.texts: list[str] = []
        self.needs_constructor = False
        self._next = next_event
        self._file = file
        self._plain = _PlainValues()
        self._anchors: dict[str, _Anchored] = {}
        self._aliases = self._depth = 0
        self._invalid: Problem | None = None
        self._is_endless = False
        self._problems: list[Problem] = []

    def document(self) -> Any:
        """The value of the one document; None where there is none. Raises CorpusError."""
        self._next()  # the start of the stream
        values: list[Any] = []
        while (event := self._next()).__class__ is yaml.DocumentStartEvent:
            if values:
                self._note_invalid("but found another document", _line(event))
            values.append(self._value(self._next(), None, 0))
            self._anchors.clear()
            self._next()  # its end
        self._raise_what_was_noted()
        return values[0] if values else None

    def _raise_what_was_noted(self) -> None:
        if self._invalid:
            raise CorpusError([self._invalid])
        if self._is_endless:
            reason = "an alias (*name) stands inside what it repeats; write the values out"
            raise CorpusError([Problem(self._file, 1, reason)])
        if len(self.lines.starts) > MAX_VALUES:  # aliases of aliases grow fast
            reason = f"more than {MAX_VALUES:,} values once its aliases are written out; shorten it"
            raise CorpusError([Problem(self._file, self.lines.starts[MAX_VALUES], reason)])
        if self._problems:
            raise CorpusError(self._problems)

    def _note_invalid(self, said: str, line: int) -> None:
        reason = f"not valid YAML: {said}; mend it"
        self._invalid = self._invalid or Problem(self._file, line, reason)

    def _value(self, event: Any, name: str | None, line: int) -> Any:
        """The value that begins with `event`: under a key `name` at `line`, or with no key (0)."""
        kind = event.__class__
        if kind is yaml.AliasEvent:
            return self._repeated(event, name, line)
        start = _line(event)
        at = self.lines.add(name, line, start)
        if kind is not yaml.ScalarEvent:
            return self._collection(event, at, start)
        value = self._scalar(event, start)
        if event.anchor is not None:
            self._keep(event.anchor, _Anchored(value, start, event.value, at))
        return value if value.__class__ is not _Odd else self._without_value(value)

    def _scalar(self, event: Any, line: int) -> Any:
        """The value of a scalar, or what is odd about it."""
        text = event.value
        self.texts.append(text)
        tag = event.tag
        if tag is not None and tag != "!":
            value = self._plain.tagged(tag, text)
        elif event.implicit[0]:
            value = self._plain[text]
        else:
            return text
        if value is _Odd.LONG_NUMBER:
            reason = f"a number of {len(text):,} signs; put it in quotation marks, if it is none"
            self._problems.append(Problem(self._file, line, reason))
        return value

    def _without_value(self, odd: _Odd) -> None:
        """Note that a value can be made, or refused, by PyYAML's own constructor alone."""
        self.needs_constructor |= odd is not _Odd.LONG_NUMBER

    def _collection(self, event: Any, at: int, start: int) -> Any:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            reason = f"nested more than {MAX_DEPTH} levels deep; flatten it"
            raise CorpusError([Problem(self._file, start, reason)])
        is_list = event.__class__ is yaml.SequenceStartEvent
        value: Any = [] if is_list else {}
        if event.tag not in {None, "!", f"{_TAG}{'seq' if is_list else 'map'}"}:
            self.needs_constructor = True
        anchored = None
        if event.anchor is not None:
            anchored = _Anchored(value, start, at=at, is_open=True)
            self._keep(event.anchor, anchored)
        if is_list:
            while (below := self._next()).__class__ is not yaml.SequenceEndEvent:
                value.append(self._value(below, None, 0))
        else:
            self._fill(value)
        self.lines.sizes[at] = len(self.lines.starts) - at
        self._depth -= 1
        if anchored is not None:
            anchored.is_open = False
        return value

    def _fill(self, values: dict[Any, Any]) -> None:
        """Take the keys and values of a mapping, up to its end."""
        names: set[str] = set()
        merged: list[Any] = []
        while (event := self._next()).__class__ is not yaml.MappingEndEvent:
            line = _line(event)
            if event.__class__ is yaml.ScalarEvent:
                name: str = event.value
                key = self._scalar(event, line)
                if event.anchor is not None:
                    self._keep(event.anchor, _Anchored(key, line, name))
            else:
                repeated = self._key(event, line)
                if repeated is None:
                    continue
                name, key, line = repeated.text or "", repeated.value, repeated.line
            if name in names:
                reason = f"{name!r:.80} is given twice; keep one"
                self._problems.append(Problem(self._file, line, reason))
            names.add(name)
            value = self._value(self._next(), name, line)
            if key is _Odd.MERGE:
                merged.append(value)
            elif key is _Odd.DEFAULT:
                values[name] = value
            elif key.__class__ is _Odd:
                self._without_value(key)
            else:
                values[key] = value
        if merged:
            self._merge(values, merged[-1])

    def _merge(self, values: dict[Any, Any], merged: Any) -> None:
        """Put the values of another mapping, or of several, the first before all, under these."""
        others = merged if isinstance(merged, list) else [merged]
        if not all(isinstance(other, dict) for other in others):
            self.needs_constructor = True
            return
        own = values.copy()
        values.clear()
        for other in (*reversed(others), own):
            values.update(other)

    def _key(self, event: Any, line: int) -> _Anchored | None:
        """The scalar that a key repeats; None for a key that is none, which is noted."""
        if event.__class__ is yaml.AliasEvent:
            known = self._known(event)
            if known is not None and known.text is not None:
                return known
            line = known.line if known else line
        # What stands in it and under it is not looked at.
        found, is_endless = len(self._problems), self._is_endless
        if event.__class__ is not yaml.AliasEvent:
            self._value(event, None, 0)
        self._value(self._next(), None, 0)
        del self._problems[found:]
        self._is_endless = is_endless
        reason = "a list or a mapping as a key; name it"
        self._problems.append(Problem(self._file, line, reason))
        return None

    def _repeated(self, event: Any, name: str | None, line: int) -> Any:
        """The value that an alias repeats, with the lines of what it holds."""
        known = self._known(event)
        if known is None or known.at is None or known.is_open:
            self._is_endless |= known is not None and known.is_open
            self.lines.add(name, line, known.line if known else _line(event))
        else:
            at, size = len(self.lines.names), self.lines.sizes[known.at]
            # Of more than the most values, the first is told alone.
            count = min(size, MAX_VALUES + 1 - at)
            if count > 0:
                self.lines.repeat(slice(known.at, known.at + count))
                self.lines.names[at] = name
                self.lines.numbers[at] = line or known.line
        value = known.value if known else None
        return self._without_value(value) if value.__class__ is _Odd else value

    def _known(self, event: Any) -> _Anchored | None:
        """What an alias repeats; None where there is no such anchor, which is noted."""
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            reason = f"more than {MAX_ALIASES} aliases (*name); write the values out"
            raise CorpusError([Problem(self._file, _line(event), reason)])
        known = self._anchors.get(event.anchor)
        if known is None:
            self._note_invalid(f"found undefined alias {event.anchor!r}", _line(event))
        return known

    def _keep(self, anchor: str, anchored: _Anchored) -> None:
        if anchor in self._anchors:
            self._note_invalid("second occurrence", anchored.line)
        self._anchors[anchor] = anchored


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
