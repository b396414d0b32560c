"""The command line, as it is typed."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import bot.cli.meaning
from bot.cli.main import main
from index.answering.confidence import Outcome
from index.answering.searcher import Searcher
from tests.bot.conftest import FORCED

LIGHTHOUSE = "which desk opens on Monday, the lighthouse?"
PASSAGE_KEYS = {"document", "line", "citations", "text", "section", "place", "columns"}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("FOOTNOTE_DATA", "FOOTNOTE_SETTINGS", "DISCORD_TOKEN", "DISCORD_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FOOTNOTE_STATE", str(tmp_path / "state"))


def footnote(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin)


def test_ask_marks_the_matched_words() -> None:
    result = footnote("ask", "who ruled South Korea from 1961 to 1979?")
    assert result.exit_code == 0
    assert "[3]  japan-south-korea-relations, line 4" in result.output
    assert "Between *1961* and *1979*, *South* *Korea's* head of state" in result.output


def test_ask_json_prints_one_object() -> None:
    result = footnote("ask", "--json", "when did the European Parliament adopt its resolution?")
    answer = json.loads(result.output)
    assert answer["hits"][0]["line"] == 12
    assert answer["hits"][0]["citations"] == ["28", "33"]
    assert answer["reason"] is None


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A corpus of a table under a heading."""
    (tmp_path / "desks.md").write_text(
        "# Desks\n\n## Opening hours\n\n| day | desk |\n|---|---|\n| Monday | lighthouse |\n"
    )
    (tmp_path / "corpus.yaml").write_text("documents:\n- {id: a, title: A, file: desks.md}\n")
    return tmp_path


def test_ask_json_tells_columns_section_and_place_of_all_it_shows(table: Path) -> None:
    result = footnote("ask", "--json", "--nearest", "--data", str(table), LIGHTHOUSE)
    told = json.loads(result.output)
    shown = [*told["hits"], *told["closest"], *told["nearest"]]
    assert shown
    for passage in shown:
        assert passage["columns"] == ["day", "desk"]
        assert passage["text"] == "Monday\tlighthouse"
        assert passage["section"][-1] == "Opening hours"
        assert passage["place"] == "#opening-hours"
        assert set(passage) == PASSAGE_KEYS | {"score", "matches"}


def test_a_row_of_a_table_is_printed_with_its_columns(table: Path) -> None:
    asked = footnote("ask", "--data", str(table), LIGHTHOUSE).output
    assert "a · Opening hours, #opening-hours\nday: *Monday* · desk: *lighthouse*" in asked
    read = footnote("read", str(table / "desks.md")).output
    assert "day: Monday · desk: lighthouse" in read
    assert "#opening-hours" in read
    assert "\t" not in asked + read


def test_ask_says_why_there_is_no_answer() -> None:
    result = footnote("ask", "what is the capital of France?")
    assert result.exit_code == 0
    assert "I have no answer" in result.output


def test_stdin_answers_a_question_a_line() -> None:
    lines = "who ruled South Korea from 1961 to 1979?\r\n\nhöw?\n".encode() + b"\xff\xfe\n"
    answers = [
        json.loads(line) for line in footnote("ask", "--stdin", stdin=lines).output.splitlines()
    ]
    assert [answer["answered"] for answer in answers] == [True, False, False, False]
    assert answers[1]["reason"] == "empty_question"


@pytest.fixture
def _closest(monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer is sure, and every first passage the closest."""
    monkeypatch.setattr(
        bot.cli.meaning, "Searcher", partial(Searcher, thresholds=FORCED[Outcome.CLOSEST])
    )


@pytest.mark.usefixtures("_closest")
def test_ask_shows_the_closest_passage_as_such() -> None:
    result = footnote("ask", "who ruled South Korea from 1961 to 1979?")
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == "The closest passage; it may not answer that."
    assert "Between 1961 and 1979, South Korea's head of state" in result.output
    assert result.output.count(", line ") == 1


@pytest.mark.usefixtures("_closest")
def test_nearest_joins_the_json_where_it_is_wanted() -> None:
    question = "who ruled South Korea from 1961 to 1979?"
    plain = json.loads(footnote("ask", "--json", question).output)
    assert (plain["outcome"], plain["answered"], plain["hits"]) == ("closest", False, [])
    assert [hit["line"] for hit in plain["closest"]] == [4]
    assert "nearest" not in plain
    wanted = json.loads(footnote("ask", "--json", "--nearest", question).output)
    nearest = wanted.pop("nearest")
    assert wanted == plain
    assert nearest[0] == plain["closest"][0]
    assert len(nearest) == 3
    (line,) = footnote("ask", "--stdin", "--nearest", stdin=question.encode()).output.splitlines()
    assert json.loads(line)["nearest"] == nearest


def test_an_answer_has_nothing_nearest() -> None:
    answer = json.loads(footnote("ask", "--json", "--nearest", "[28]").output)
    assert answer["outcome"] == "sure"
    assert answer["nearest"] == []


@pytest.mark.parametrize("words", [[""], ["  "], ["", " "], ["--json", ""], ["--after", "x", ""]])
def test_an_empty_question_is_wrong_usage(words: list[str]) -> None:
    result = footnote("ask", *words)
    assert result.exit_code == 2
    assert "Usage: " in result.output
    assert "the question is empty" in result.output


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "x", "--stdin"], ["ask", "x", "-k", "0"]])
def test_wrong_usage_is_explained(arguments: list[str]) -> None:
    result = footnote(*arguments)
    assert result.exit_code == 2
    assert "Usage: " in result.output


def test_cite_prints_the_passages() -> None:
    result = footnote("cite", "28", "--json")
    found = json.loads(result.output)
    assert [passage["line"] for passage in found["passages"]] == [9, 12]
    assert set(found["passages"][0]) == PASSAGE_KEYS
    assert "line 7" in footnote("cite", "19").output


def test_cite_of_an_unknown_number_names_the_nearest() -> None:
    result = footnote("cite", "29")
    assert result.exit_code == 1
    assert "the nearest are 21, 28, 33" in result.output


def test_cite_of_an_unknown_document_names_the_known() -> None:
    result = footnote("cite", "28", "--document", "nowhere")
    assert result.exit_code == 1
    assert "japan-south-korea-relations" in result.output


def test_check_prints_the_table() -> None:
    result = footnote("check")
    assert result.exit_code == 0
    assert [number in result.output for number in ("30", "18", "23")] == [True] * 3


def test_check_names_every_problem_with_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "corpus.yaml").write_text("documents:\n- {id: a, title: A, file: no.txt, x: 1}\n")
    result = footnote("check", str(tmp_path))
    assert result.exit_code == 1
    assert result.output.startswith(f"{tmp_path}/corpus.yaml:2: unknown key 'x'")
    assert "Traceback" not in result.output


def test_init_makes_a_corpus_that_is_right(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert footnote("init", str(folder)).exit_code == 0
    result = footnote("check", str(folder))
    assert result.exit_code == 0
    answer = footnote("ask", "--data", str(folder), "when was the lighthouse built?")
    assert "[1]  example, line 1" in answer.output
    again = footnote("init", str(folder))
    assert again.exit_code == 78
    assert "is there already" in again.output


def test_data_is_chosen_by_the_environment_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    footnote("init", str(tmp_path / "mine"))
    monkeypatch.setenv("FOOTNOTE_DATA", str(tmp_path / "mine"))
    assert "example, line 1" in footnote("ask", "when was the lighthouse built?").output


def test_run_without_a_token_says_what_to_do() -> None:
    result = footnote("run")
    assert result.exit_code == 78
    assert result.output.count("\n") == 1
    assert "DISCORD_TOKEN" in result.output
    assert "footnote preview" in result.output


def test_healthcheck_without_a_bot_fails_in_words() -> None:
    result = footnote("healthcheck")
    assert result.exit_code == 1
    assert "no running bot" in result.output


@pytest.mark.parametrize("command", [[], *([name] for name in main.commands)])
def test_every_command_has_help(command: list[str]) -> None:
    result = footnote(*command, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


def test_python_m_bot_is_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "cite", "19", "--json"], capture_output=True, check=True
    )
    assert json.loads(done.stdout)["passages"][0]["line"] == 7


def test_backup_and_restore_bring_back_what_was_kept(tmp_path: Path) -> None:
    file = tmp_path / "copy"
    assert footnote("backup", str(file)).exit_code == 0
    assert "wrote" not in footnote("backup", str(file)).output  # never overwritten
    result = footnote("restore", "--yes", str(file))
    assert result.exit_code == 0
    assert "restored" in result.output


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "copy"
    file.write_bytes(b"no database" * 100)
    result = footnote("restore", "--yes", str(file))
    assert result.exit_code == 1
    assert result.output.startswith("footnote: ")


@pytest.mark.parametrize(("typed", "status"), [(b"n\n", 1), (b"y\n", 0)])
def test_restore_asks_before_it_takes_the_place_of_what_is_kept(
    tmp_path: Path, typed: bytes, status: int
) -> None:
    file = tmp_path / "copy"
    assert footnote("backup", str(file)).exit_code == 0
    result = footnote("restore", str(file), stdin=typed)
    assert "takes the place of all that is kept" in result.output
    assert result.exit_code == status
    assert ("restored from" in result.output) == (status == 0)
