"""YAML that an operator or a moderator wrote: safe, bounded, and with the line of every value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import ValidationError

from index.errors import CorpusError, Problem

__all__ = ["MAX_YAML_BYTES", "LinedYaml", "decode_utf8", "parse_yaml", "validation_problems"]

MAX_YAML_BYTES = 5_000_000
MAX_ALIASES = 50
MAX_DEPTH = 12
MAX_VALUES = 500_000
MAX_NUMBER_CHARS = 100
"""A longer number is none that a document needs, and to read one takes the square of its length."""

_NUMBER_TAGS = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"})

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class LinedYaml:
    """A parsed YAML file: its value, and the line (from 1) of the value at each path."""

    file: str
    value: Any
    lines: Mapping[Path, int]

    def line_of(self, path: Path) -> int:
        """The line of `path`, or of the nearest parent that the file has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path, reason: str) -> Problem:
        return Problem(self.file, self.line_of(path), reason)


def parse_yaml(content: bytes, file: str) -> LinedYaml:
    """Parse one YAML document with PyYAML's safe loader.

    Raises CorpusError for bytes that are not UTF-8, broken YAML, duplicate keys, and for files
    over MAX_YAML_BYTES, MAX_ALIASES or MAX_DEPTH, before anything of them is built.
    """
    if len(content) > MAX_YAML_BYTES:
        reason = f"{len(content):,} bytes of YAML; {MAX_YAML_BYTES:,} are the most"
        raise CorpusError([Problem(file, 1, reason)])
    text = decode_utf8(content, file)
    try:
        node = _compose(text, file)
        walk = _Walk(file)
        if node is not None:
            walk.look_at(node, ())
        value = _construct(node) if node is not None and not walk.problems else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        said = error.problem or error.context or "cannot be read"
        raise CorpusError([Problem(file, line, f"not valid YAML: {said}; mend it")]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        reason = "holds a character that YAML does not allow; delete it"
        raise CorpusError([Problem(file, line, reason)]) from None
    except RecursionError:
        reason = "an alias (*name) stands inside what it repeats; write the values out"
        raise CorpusError([Problem(file, 1, reason)]) from None
    except (ArithmeticError, LookupError, AttributeError):
        reason = "not valid YAML: a value does not fit its tag, as in !!bool foo; delete the tag"
        raise CorpusError([Problem(file, 1, reason)]) from None
    except (TypeError, ValueError) as error:  # such as a date of the 40th of May
        raise CorpusError([Problem(file, 1, f"not valid YAML: {error}; mend it")]) from None
    if walk.problems:
        raise CorpusError(walk.problems)
    return LinedYaml(file, value, walk.lines)


def decode_utf8(content: bytes, file: str) -> str:
    """Decode UTF-8, with or without a BOM; raises CorpusError at the first bad byte."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise CorpusError([Problem(file, line, reason)]) from None


def _compose(text: str, file: str) -> yaml.Node | None:
    """The tree of the one document of `text`, within bounds; by libyaml, where PyYAML has it.

    What libyaml cannot read is read again without it: so it is told in the same words everywhere.
    """
    if yaml.__with_libyaml__:
        try:
            _check_bounds(text, file, yaml.CSafeLoader)
            return yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            pass
    _check_bounds(text, file, yaml.SafeLoader)
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _construct(node: yaml.Node) -> Any:
    """The values of a tree: of the types that PyYAML's safe loader makes."""
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _check_bounds(text: str, file: str, loader: type[yaml.SafeLoader | yaml.CSafeLoader]) -> None:
    """Refuse aliases by the hundred and deep nesting while only events have been read."""
    aliases = depth = 0
    for event in yaml.parse(text, Loader=loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            aliases += 1
            if aliases > MAX_ALIASES:
                reason = f"more than {MAX_ALIASES} aliases (*name); write the values out"
                raise CorpusError([Problem(file, line, reason)])
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                reason = f"nested more than {MAX_DEPTH} levels deep; flatten it"
                raise CorpusError([Problem(file, line, reason)])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


@dataclass(slots=True)
class _Walk:
    """What is noted on the way through a tree: the line of every value, and what is wrong."""

    file: str
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _seen: int = 0

    def look_at(self, node: yaml.Node, path: Path) -> None:
        """Note the values at and below `node`. Raises CorpusError for more than MAX_VALUES."""
        self._seen += 1
        if self._seen > MAX_VALUES:  # aliases of aliases grow fast
            reason = f"more than {MAX_VALUES:,} values once its aliases are written out; shorten it"
            raise CorpusError([self._problem(node, reason)])
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            self._check_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            for position, value in enumerate(node.value):
                self.look_at(value, (*path, position))
        elif isinstance(node, yaml.MappingNode):
            self._look_at_mapping(node, path)

    def _look_at_mapping(self, node: yaml.MappingNode, path: Path) -> None:
        names: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.problems.append(self._problem(key, "a list or a mapping as a key; name it"))
                continue
            self._check_scalar(key)
            if key.value in names:
                reason = f"{key.value!r:.80} is given twice; keep one"
                self.problems.append(self._problem(key, reason))
            names.add(key.value)
            self.lines[(*path, key.value)] = key.start_mark.line + 1
            self.look_at(value, (*path, key.value))

    def _check_scalar(self, node: yaml.ScalarNode) -> None:
        if node.tag in _NUMBER_TAGS and len(node.value) > MAX_NUMBER_CHARS:
            reason = (
                f"a number of {len(node.value):,} signs; put it in quotation marks, if it is none"
            )
            self.problems.append(self._problem(node, reason))

    def _problem(self, node: yaml.Node, reason: str) -> Problem:
        return Problem(self.file, node.start_mark.line + 1, reason)


def validation_problems(
    error: ValidationError, source: LinedYaml, *, secret: bool = False
) -> list[Problem]:
    """What pydantic found wrong, as problems at the lines of `source`.

    `secret` leaves the values out: somebody may have put a token where none belongs.
    """
    problems = []
    for detail in error.errors(include_url=False):
        path = tuple(detail["loc"])
        name = ".".join(str(part) for part in path if not isinstance(part, int)) or "the file"
        given = "" if secret else f"{detail['input']!r:.60}"
        match detail["type"]:
            case "extra_forbidden":
                reason = f"unknown key {path[-1]!r}; delete it or correct its spelling"
            case "missing":
                reason = f"{path[-1]!r} is missing; add it"
            case "literal_error":
                reason = f"{name} must be {detail['ctx']['expected']}"
                reason += f", not {given}" if given else ""
            case _:
                message = detail["msg"].removeprefix("Value error, ")
                reason = f"{name}: {message[:1].lower()}{message[1:]}"
                reason += f"; got {given}" if given else ""
        problems.append(source.problem(path, reason))
    return problems
