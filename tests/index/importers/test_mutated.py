"""Files of every format that are damaged, or made to take very much: read, or refused in words."""

from __future__ import annotations

import pytest

from index.documents.uploads import read_upload
from index.errors import CorpusError, Problem
from tests.index.importers.made_bombs import BOMBS
from tests.index.importers.made_samples import SAMPLES, mutants

COUNT = 200


def is_in_words(problem: Problem, name: str) -> bool:
    """Whether what is wrong names the file, and is said on one line."""
    words = problem.reason.split()
    return (
        problem.file == name
        and problem.line >= 1
        and len(words) > 1
        and "Traceback" not in words
        and "\n" not in problem.reason
    )


def is_read_or_refused(name: str, content: bytes) -> bool:
    """Whether a file has passages, or is refused in words; nothing else is raised."""
    try:
        return bool(read_upload(name, content).document.passages)
    except CorpusError as error:
        return bool(error.problems) and all(is_in_words(one, name) for one in error.problems)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_good_file_is_read(name: str) -> None:
    upload = read_upload(name, SAMPLES[name])

    assert any("lit in 1871" in passage.text for passage in upload.document.passages)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_damaged_file_is_read_or_refused_in_words(name: str) -> None:
    for number, content in enumerate(mutants(name, COUNT, seed=1)):
        assert is_read_or_refused(name, content), f"mutant {number}"


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_or_refused_in_words(name: str) -> None:
    assert is_read_or_refused(name, BOMBS[name]())


@pytest.mark.parametrize("name", ["line.html", "line.xml", "line.docx", "line.epub"])
def test_a_file_of_nothing_but_a_sentence_without_end_is_told_so(name: str) -> None:
    with pytest.raises(CorpusError, match=r"a passage of .* characters; .* are the most"):
        read_upload(name, BOMBS[name]())
