"""YAML lists of passages that are not as they should be."""

from __future__ import annotations

import pytest

from index.documents.document import DocumentSpec
from index.documents.passage_files import read_passage_file
from index.errors import CorpusError
from index.files.lined_yaml import MAX_YAML_BYTES

SPEC = DocumentSpec.model_validate({"id": "d", "title": "D", "file": "d.yaml"})


def problems(content: str) -> list[str]:
    try:
        return [str(problem) for problem in read_passage_file(SPEC, content.encode()).errors]
    except CorpusError as error:
        return [str(problem) for problem in error.problems]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "passages:\n  - text: One.\n  - text: '  '\n",
            "d.yaml:3: a passage without text; write its text, or delete it",
        ),
        (
            f"passages:\n  - text: One.\n  - text: {'x' * 3001}\n",
            "d.yaml:3: a passage of 3,001 characters; 3,000 are the most, so split it",
        ),
        (
            "passages: &all\n  - *all\n",
            "write the values out",
        ),
        (
            "title: !!timestamp soon\npassages: []\n",
            "delete the tag",
        ),
    ],
    ids=["no text", "too long", "an alias of itself", "a tag that does not fit"],
)
def test_what_is_wrong_is_told_with_its_line(content: str, said: str) -> None:
    (problem,) = problems(content)
    assert problem.startswith("d.yaml:")
    assert problem.endswith(said)


def test_a_section_is_one_heading_or_several() -> None:
    content = (
        b"passages:\n  - {text: One., section: Staff}\n"
        b"  - {text: Two., section: [Staff, Nights]}\n  - text: Three.\n"
    )
    passages = read_passage_file(SPEC, content).passages
    assert [one.section for one in passages] == [("Staff",), ("Staff", "Nights"), ()]


@pytest.mark.parametrize("section", ["''", "[Staff, '']", "7", '"\\u200b"', "{a: b}", "x" * 201])
def test_a_section_that_is_no_heading_is_told(section: str) -> None:
    (problem,) = problems(f"passages:\n  - text: One.\n    section: {section}\n")
    assert problem.startswith("d.yaml:3:")
    assert "section" in problem


def test_a_file_too_large_to_be_read_says_how_large_it_may_be() -> None:
    (problem,) = problems("# " + "x" * MAX_YAML_BYTES)
    assert f"{MAX_YAML_BYTES:,} are the most" in problem


def test_a_passage_of_the_greatest_length_is_taken() -> None:
    assert problems(f"passages:\n  - text: {'x' * 3000}\n") == []
