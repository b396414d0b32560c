"""YAML that an operator or a moderator wrote: safe, bounded, and with the line of every value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import ValidationError

from index.errors import CorpusError, Problem
from index.files.yaml_document import YamlDocument, read_yaml_document
from index.files.yaml_excerpt import excerpt
from index.files.yaml_lines import Lines, Path

__all__ = ["MAX_YAML_BYTES", "LinedYaml", "decode_utf8", "parse_yaml", "validation_problems"]

MAX_YAML_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class LinedYaml:
    """A parsed YAML file: its value, the lines of all in it, and the text of every scalar."""

    file: str
    value: Any
    lines: Lines = field(default_factory=Lines)
    text: str = field(default="", repr=False)

    def problem(self, path: Path, reason: str) -> Problem:
        """What is wrong at `path`, or at its nearest parent that the file has."""
        return Problem(self.file, self.lines.of(path), reason)


def parse_yaml(content: bytes, file: str) -> LinedYaml:
    """Parse one YAML document into what PyYAML's safe loader makes of it.

    Raises CorpusError for bytes that are not UTF-8, broken YAML, duplicate keys, and for files
    over MAX_YAML_BYTES, MAX_ALIASES, MAX_DEPTH or MAX_VALUES.
    """
    if len(content) > MAX_YAML_BYTES:
        reason = f"{len(content):,} bytes of YAML; {MAX_YAML_BYTES:,} are the most"
        raise CorpusError([Problem(file, 1, reason)])
    text = decode_utf8(content, file)
    try:
        document = _read(text, file)
        value = document.value
        if document.needs_constructor:
            value = yaml.load(text, Loader=document.loader)  # noqa: S506 - a safe one
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        said = error.problem or error.context or "cannot be read"
        raise CorpusError([Problem(file, line, f"not valid YAML: {said}; mend it")]) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        reason = "holds a character that YAML does not allow; delete it"
        raise CorpusError([Problem(file, line, reason)]) from None
    except (ArithmeticError, LookupError, AttributeError):
        reason = "not valid YAML: a value does not fit its tag, as in !!bool foo; delete the tag"
        raise CorpusError([Problem(file, 1, reason)]) from None
    except (TypeError, ValueError) as error:  # such as a date of the 40th of May
        raise CorpusError([Problem(file, 1, f"not valid YAML: {error}; mend it")]) from None
    return LinedYaml(file, value, document.lines, "\n".join(document.texts))


def decode_utf8(content: bytes, file: str) -> str:
    """Decode UTF-8, with or without a BOM; raises CorpusError at the first bad byte."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise CorpusError([Problem(file, line, reason)]) from None


def _read(text: str, file: str) -> YamlDocument:
    """The one document of `text`, within bounds; by libyaml, where PyYAML has it.

    What libyaml cannot read is read again without it: so it is told in the same words everywhere.
    """
    if yaml.__with_libyaml__:
        try:
            return read_yaml_document(text, file, yaml.CSafeLoader)
        except yaml.YAMLError:
            yaml.SafeLoader(text).dispose()  # refuses characters, wherever they stand
            for _ in yaml.parse(excerpt(text), Loader=yaml.SafeLoader):
                pass
    return read_yaml_document(text, file, yaml.SafeLoader)


def validation_problems(
    error: ValidationError, source: LinedYaml, *, under: Path = (), secret: bool = False
) -> list[Problem]:
    """What pydantic found wrong with the value at `under`, as problems at the lines of `source`.

    `secret` leaves the values out: somebody may have put a token where none belongs.
    """
    problems = []
    for detail in error.errors(include_url=False):
        path = (*under, *detail["loc"])
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
