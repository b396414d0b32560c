"""YAML by the events: PyYAML's values, the lines of its nodes, and its words where it refuses."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from index.errors import CorpusError
from index.files import yaml_excerpt
from index.files.lined_yaml import LinedYaml, parse_yaml
from index.files.yaml_document import MAX_VALUES
from index.files.yaml_excerpt import excerpt
from index.files.yaml_lines import Path

UNFIT = (yaml.YAMLError, ArithmeticError, LookupError, AttributeError, TypeError, ValueError)

PLAIN = (
    "a",
    "b c",
    "1",
    "0x1f",
    "1_0",
    "12:30",
    "-1.5",
    "+.inf",
    ".nan",
    "~",
    "null",
    "true",
    "no",
)
DATES = ("2001-01-01", "2001-01-01T10:00:00Z", "2001-13-01")
OTHERS = (
    "'q'",
    '"d\\n"',
    "=",
    "<<",
    "! 5",
    "!!str 5",
    "!!int 7",
    "!!int x",
    "!!binary aGk=",
    "!x y",
)
REPEATED = ("*one", "*two", "*none")
KEYS = ("a", "b", "c", "1", "0x1", "'a'", "<<", "=", "true", "!!str d", "*three", "[x]", "? {x: 1}")
PROPERTIES = ("", "", "", "", "&four ", "!!omap ", "!!pairs ", "!!set ", "!!map ", "!!seq ")
HEAD = "x: &one {q: 1, r: [2]}\ny: &two [s, {t: u}]\nz: &three v\n"


def flow(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(st.sampled_from(KEYS), values).map(": ".join)
    listed = st.lists(values, max_size=3).map(lambda items: f"[{', '.join(items)}]")
    mapped = st.lists(pairs, max_size=3).map(lambda items: f"{{{', '.join(items)}}}")
    return st.tuples(st.sampled_from(PROPERTIES), listed | mapped).map("".join)


def block(values: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    """Lines of a list or of a mapping, whose values are lines."""

    def indented(opening: str, lines: list[str]) -> list[str]:
        if len(lines) == 1:
            return [f"{opening} {lines[0]}"]
        return [opening, *(f"  {line}" for line in lines)]

    items = st.lists(values, min_size=1, max_size=4).map(
        lambda items: [line for item in items for line in indented("-", item)]
    )
    entries = st.lists(st.tuples(st.sampled_from(KEYS), values), min_size=1, max_size=4).map(
        lambda pairs: [line for key, value in pairs for line in indented(f"{key}:", value)]
    )
    return items | entries


SCALARS = st.sampled_from((*PLAIN, *PLAIN, *DATES, *OTHERS, *REPEATED))
VALUES = st.recursive(SCALARS, flow, max_leaves=6)
TEXTS = st.recursive(VALUES.map(lambda value: [value]), block, max_leaves=8).map(
    lambda lines: HEAD + "w:\n" + "".join(f"  {line}\n" for line in lines)
)


def same(one: Any, two: Any) -> bool:
    """Whether values are equal, of the same types, and in the same order."""
    if type(one) is not type(two):
        return False
    if isinstance(one, dict):
        return same(list(one.items()), list(two.items()))
    if isinstance(one, list | tuple):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, float) and math.isnan(one):
        return math.isnan(two)
    return bool(one == two)


def lines_of(node: yaml.Node, path: Path = (), line: int = 0) -> Iterator[tuple[Path, int]]:
    """The line of each value: that of its key, or else its own."""
    yield path, line or node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for position, below in enumerate(node.value):
            yield from lines_of(below, (*path, position))
    elif isinstance(node, yaml.MappingNode):
        for key, below in node.value:
            yield from lines_of(below, (*path, key.value), key.start_mark.line + 1)


def is_taken(node: yaml.Node) -> bool:
    """Whether keys are scalars, each of them given once."""
    if isinstance(node, yaml.SequenceNode):
        return all(map(is_taken, node.value))
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        scalars = all(isinstance(key, yaml.ScalarNode) for key, _ in node.value)
        below = all(is_taken(value) for _, value in node.value)
        return scalars and below and len(set(keys)) == len(keys)
    return True


def read(text: str) -> LinedYaml | None:
    try:
        return parse_yaml(text.encode(), "f")
    except CorpusError:
        return None


@given(TEXTS)
def test_values_and_lines_are_those_of_pyyaml(text: str) -> None:
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        value = yaml.load(text, Loader=yaml.CSafeLoader)
    except UNFIT:
        node = None
    source = read(text)
    if node is None or not is_taken(node):
        assert source is None
        return
    assert source is not None
    assert same(source.value, value), (source.value, value)
    for path, line in lines_of(node):
        assert source.lines.of(path) == line
        assert source.lines.of((*path, "none")) == line


ANY = st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text()


@given(st.recursive(ANY, lambda below: st.lists(below) | st.dictionaries(st.text(), below)))
def test_what_pyyaml_writes_is_read(value: Any) -> None:
    text = yaml.safe_dump(value)
    source = read(text)
    assert source is not None
    assert same(source.value, yaml.safe_load(text))
    for name in ("\u202e", "\x00"):
        assert (name in source.text) == (name in "".join(strings(value)))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, below in value.items():
            yield key
            yield from strings(below)
    elif isinstance(value, list):
        for below in value:
            yield from strings(below)


NO_TAG = "could not determine a constructor for the tag"
ENDLESS = "f:1: an alias (*name) stands inside what it repeats; write the values out"
NO_MERGING = "expected a mapping or list of mappings for merging, but found scalar"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: &x 1\nb: &x 2\n", 2, "second occurrence"),
        ("a: *x\nb: *y\n", 1, "found undefined alias 'x'"),
        ("a: &x [1]\n---\nb: *x\n", 2, "but found another document"),
        ("a: *x\nb: [\n", 3, "expected the node content, but found '<stream end>'"),
        ("a: !x 1\nb: 2001-13-01\n", 1, f"{NO_TAG} '!x'"),
        ("b: 2001-13-01\na: !x 1\n", 1, "month must be in 1..12"),
        ("a: {<<: 1}\n", 1, NO_MERGING),
        ("b: 1\na: <<\n", 2, f"{NO_TAG} 'tag:yaml.org,2002:merge'"),
        ("b: 1\na: =\n", 2, f"{NO_TAG} 'tag:yaml.org,2002:value'"),
    ],
)
def test_what_pyyaml_refuses_is_told_in_its_words(text: str, line: int, said: str) -> None:
    assert refused(text) == [f"f:{line}: not valid YAML: {said}; mend it"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("? [{a: 1, a: 2}]\n: {b: 1, b: 2}\n", ["f:1: a list or a mapping as a key; name it"]),
        ("a: &x [1]\n\n? *x\n: 2\n", ["f:1: a list or a mapping as a key; name it"]),
        ("a: 1\na: 2\n'a': 3\n", [f"f:{at}: 'a' is given twice; keep one" for at in (2, 3)]),
        ("\na: &x {b: *x}\n", [ENDLESS]),
        ("b: 1\na: \x07\n", ["f:2: holds a character that YAML does not allow; delete it"]),
    ],
)  # fmt: skip
def test_what_is_refused_and_in_which_words(text: str, said: list[str]) -> None:
    assert refused(text) == said


def refused(text: str) -> list[str]:
    with pytest.raises(CorpusError) as caught:
        parse_yaml(text.encode(), "f")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("count", [MAX_VALUES, MAX_VALUES + 1])
def test_so_many_values_are_taken(count: int) -> None:
    items = ",".join("1" for _ in range((count - 4) // 2))
    more = ", 2" * ((count - 4) % 2)
    text = f"a: &a [{items}]\n\nb: [*a{more}]\n"
    if count == MAX_VALUES:
        assert read(text) is not None
    else:
        with pytest.raises(CorpusError, match=r"f:[13]: more than 500,000 values"):
            parse_yaml(text.encode(), "f")


TAILS = (
    "- [\n",
    "- {a: b\n",
    "- 'a\n",
    "-- a\n - b\n",
    "- a: b: c\n",
    "- @a\n",
    "\t- a\n",
    "] }\n",
    "- &a *a\n",
    "- %\n",
)


@given(
    st.recursive(
        st.integers() | st.text("ab :-#'\"[]{},\n"),
        lambda below: st.lists(below) | st.dictionaries(st.text("abc:-"), below),
        max_leaves=30,
    ),
    st.sampled_from(TAILS),
    st.booleans(),
)
def test_an_excerpt_is_refused_as_the_whole(value: Any, tail: str, is_flow: bool) -> None:
    listed = [{"text": "a", "more": value}, value, value]
    text = yaml.safe_dump({"a": 1, "passages": listed}, default_flow_style=is_flow)
    text = f"{text.rstrip()[:-1]}, {tail}" if is_flow else text + tail
    whole = refusal(text)
    assume(whole is not None)
    shortest, yaml_excerpt.WORTHWHILE = yaml_excerpt.WORTHWHILE, 1
    try:
        part = excerpt(text)
    finally:
        yaml_excerpt.WORTHWHILE = shortest
    assert refusal(part) == whole


@pytest.mark.parametrize(
    "opening", ["a: 1\nb:\n", "- - x\n", "b: [{c: 1},\n", "b: {c: 1, d:\n  [{c: 1},\n"]
)
@pytest.mark.parametrize("tail", ["- [}", "{a"])
def test_of_much_that_was_read_little_is_read_again(opening: str, tail: str) -> None:
    entry = (
        "  {text: The gate., citations: [1, 2]},\n" if "[" in opening else "  - text: The gate.\n"
    )
    text = opening + 3000 * entry + tail
    part = excerpt(text)
    assert len(part.replace("\n", "")) < 1300
    assert part.count("\n") == text.count("\n")
    assert refusal(part) == refusal(text)


def refusal(text: str) -> tuple[str | None, int] | None:
    """What PyYAML itself says, and of which line."""
    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        return error.problem, error.problem_mark.line if error.problem_mark else 0
    return None
