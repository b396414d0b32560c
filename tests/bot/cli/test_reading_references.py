"""`footnote read --references`, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.main import main

pytestmark = pytest.mark.usefixtures("no_variables")

BIB = "@article{oil, title={{Oil} lamps}, doi={10.1234/x}}\n"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "paper.md"
    file.write_text("Oil burns [@oil]. Gas glows [@gas; @coal].\n")
    return file


def read(paper: Path, *arguments: object) -> Result:
    return CliRunner().invoke(main, ["read", str(paper), *map(str, arguments)])


def beside(paper: Path, name: str, text: str) -> Path:
    file = paper.with_name(name)
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("paper.bib", BIB),
        ("paper.json", '[{"id": "oil", "title": "Oil lamps", "DOI": "10.1234/x"}]'),
    ],
)
def test_keys_stand_for_what_the_bibliography_says(paper: Path, name: str, text: str) -> None:
    result = read(paper, "--references", beside(paper, name, text), "--json")
    told = json.loads(result.stdout)
    assert told["references"] == {"oil": {"title": "Oil lamps", "url": "https://doi.org/10.1234/x"}}
    assert [passage["citations"] for passage in told["passages"]] == [["oil"], ["gas", "coal"]]
    assert told["warnings"] == [f"{name}:1: has no entry for gas, coal; add what is missing"]


def test_what_is_wrong_with_the_bibliography_is_shown(paper: Path) -> None:
    bib = beside(paper, "paper.bib", f"{BIB}@book{{ broken title={{x}}\n")
    shown = " ".join(read(paper, "--references", bib).output.split())
    assert "Oil burns." in shown
    assert "paper.bib:2: an entry that is not valid BibTeX" in shown


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("paper.bib", "nothing", "paper.bib:1: holds no entry with a key"),
        ("paper.ris", BIB, "paper.ris:1: is neither BibTeX (.bib) nor CSL-JSON (.json)"),
    ],
)
def test_one_that_cannot_be_read_is_refused(paper: Path, name: str, text: str, said: str) -> None:
    result = read(paper, "--references", beside(paper, name, text))
    assert result.exit_code == 1
    assert said in " ".join(result.output.split())


def test_one_that_is_not_there_is_refused(paper: Path) -> None:
    result = read(paper, "--references", paper.with_name("none.bib"))
    assert result.exit_code == 1
    assert "none.bib:1: cannot be read" in result.output
