"""`footnote ask` with earlier questions: given, or typed before at a terminal."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.main import main
from tests.patience import PATIENCE_S

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
HOUSE = "when did the US House of Representatives pass its resolution on sexual slavery?"
PARLIAMENT = "and the European Parliament?"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("FOOTNOTE_DATA", "FOOTNOTE_SETTINGS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FOOTNOTE_STATE", str(tmp_path / "state"))


def footnote(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_after_takes_words_over_and_says_which() -> None:
    first = footnote("ask", "--after", HOUSE, PARLIAMENT).output.splitlines()
    assert first[0].startswith("Taken over: ")
    assert "resolution" in first[0]
    assert "line 12" in first[1]


def test_without_it_nothing_is_said_of_it() -> None:
    assert "Taken over" not in footnote("ask", HOUSE).output


def test_json_has_the_words() -> None:
    answer = json.loads(footnote("ask", "--json", "--after", HOUSE, PARLIAMENT).output)
    assert "resolution" in answer["taken_over"]
    assert json.loads(footnote("ask", "--json", HOUSE).output)["taken_over"] == []


def test_after_is_repeatable_oldest_first() -> None:
    blue_book = "What did Japan's Diplomatic Blue Book say about South Korea in 2018?"
    result = footnote(
        "ask", "--after", blue_book, "--after", "and the year before?", "and in 2014?"
    )
    assert "line 30" in result.output


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("who was the dictator of South Korea between 1961 and 1979?", "Given with a confidence"),
        (
            "who was the dictator of South Korea in 1999?",
            "it lacks *1999*, which nothing beside it has",
        ),
    ],
)
def test_explain_says_why(question: str, said: str) -> None:
    output = footnote("ask", "--explain", question).output
    assert said in output
    assert "of what is asked" in output


def test_explain_shows_the_features_of_a_follow_up() -> None:
    output = footnote("ask", "--explain", "--after", HOUSE, PARLIAMENT).output
    assert "nearness" in output
    assert "new_words" in output


@pytest.mark.parametrize("arguments", [["--after", "x"], ["--after", "x", "--stdin"]])
def test_wrong_usage_is_explained(arguments: list[str]) -> None:
    result = footnote("ask", *arguments)
    assert result.exit_code == 2
    assert "Usage: " in result.output


def at_a_terminal(typed: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`footnote ask` with a terminal as its standard input."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    try:
        os.write(ours, typed.encode())
        return subprocess.run(
            [sys.executable, "-m", "bot", "ask", *arguments],
            stdin=theirs, capture_output=True, text=True, check=True, timeout=PATIENCE_S,
        )  # fmt: skip
    finally:
        os.close(ours)
        os.close(theirs)


def test_at_a_terminal_it_remembers_until_an_empty_line() -> None:
    output = at_a_terminal(f"{HOUSE}\n{PARLIAMENT}\n\n").stdout
    welcome, rest = output.split("\n", 1)
    assert "empty line or Ctrl-D" in welcome
    assert "line 11" in rest
    assert "Taken over: " in rest.partition("line 11")[2]
    assert "line 12" in rest


def test_new_question_drops_what_was_typed_before() -> None:
    output = at_a_terminal("who ruled in 1961?\nnew question\nwhen was that?\n\x04").stdout
    assert "Taken over" not in output
    assert "Ask away" in output


def test_at_a_terminal_json_stays_json() -> None:
    done = at_a_terminal(f"{HOUSE}\n\n", "--json")
    assert "Ctrl-D" in done.stderr
    assert json.loads(done.stdout.replace("? ", "").strip())["answered"]


def test_eval_counts_conversations(tmp_path: Path) -> None:
    path = tmp_path / "talk.yaml"
    path.write_text(f"- {{questions: ['{HOUSE}', '{PARLIAMENT}'], kind: short, lines: [12]}}\n")
    result = footnote("eval", "--followups", str(path))
    assert result.exit_code == 0, result.output
    assert result.output.split()[:2] == ["kind,", "talk"]
    found = json.loads(footnote("eval", "--json", "--followups", str(path)).output)
    assert found["kinds"]["short"]["right"] == 1
    path.write_text("- {questions: [one, two], lines: [99]}\n")
    assert f"{path}:1: no passage" in footnote("eval", "--followups", str(path)).output
    assert footnote("eval", "--followups", str(path), "other").exit_code == 2


def test_readme_shows_what_it_prints() -> None:
    _, _, block = README.partition("```console\n$ .venv/bin/footnote ask --after ")
    command, _, shown = block.partition("```")[0].partition("\n")
    result = footnote("ask", "--after", *shlex.split(command))
    assert result.output == shown
