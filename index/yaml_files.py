"""YAML that an operator or a moderator wrote: safe, bounded, and with the line of every value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from index.errors import CorpusError, Problem

__all__ = ["MAX_YAML_BYTES", "LinedYaml", "decode_utf8", "parse_yaml", "validation_problems"]

MAX_YAML_BYTES = 5_000_000
MAX_ALIASES = 50
MAX_DEPTH = 12
MAX_VALUES = 500_000

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
        _check_bounds(text, file)
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            lines: dict[Path, int] = {}
            problems: list[Problem] = []
            if node is not None:
                _walk(node, (), lines, problems, file)
            value = loader.construct_document(node) if node is not None and not problems else None
        finally:
            loader.dispose()
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
    except ValueError as error:  # such as a date of the 40th of May
        raise CorpusError([Problem(file, 1, f"not valid YAML: {error}; mend it")]) from None
    if problems:
        raise CorpusError(problems)
    return LinedYaml(file, value, lines)


def decode_utf8(content: bytes, file: str) -> str:
    """Decode UTF-8, with or without a BOM; raises CorpusError at the first bad byte."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise CorpusError([Problem(file, line, reason)]) from None


def _check_bounds(text: str, file: str) -> None:
    """Refuse aliases by the hundred and deep nesting while only events have been read."""
    aliases = depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
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


def _walk(
    node: yaml.Node, path: Path, lines: dict[Path, int], problems: list[Problem], file: str
) -> None:
    """Note the line of every value below `node`, and keys that are given twice."""
    if len(lines) > MAX_VALUES:  # aliases of aliases grow fast
        reason = f"more than {MAX_VALUES:,} values once its aliases are written out; shorten it"
        raise CorpusError([Problem(file, node.start_mark.line + 1, reason)])
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                reason = f"{name!r} is given twice; keep one"
                problems.append(Problem(file, key.start_mark.line + 1, reason))
            seen.add(name)
            lines[(*path, name)] = key.start_mark.line + 1
            _walk(value, (*path, name), lines, problems, file)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            _walk(value, (*path, position), lines, problems, file)


def validation_problems(error: ValidationError, source: LinedYaml) -> list[Problem]:
    """What pydantic found wrong, as problems at the lines of `source`."""
    problems = []
    for detail in error.errors(include_url=False):
        path = tuple(detail["loc"])
        name = ".".join(str(part) for part in path if not isinstance(part, int)) or "the file"
        match detail["type"]:
            case "extra_forbidden":
                reason = f"unknown key {path[-1]!r}; delete it or correct its spelling"
            case "missing":
                reason = f"{path[-1]!r} is missing; add it"
            case "literal_error":
                reason = f"{name} must be {detail['ctx']['expected']}, not {detail['input']!r:.60}"
            case _:
                message = detail["msg"].removeprefix("Value error, ")
                reason = f"{name}: {message[:1].lower()}{message[1:]}; got {detail['input']!r:.60}"
        problems.append(source.problem(path, reason))
    return problems
