"""`footnote eval`, as it is typed."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.main import main
from tests.index.evaluation.test_reading import write_beir


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("FOOTNOTE_DATA", "FOOTNOTE_SETTINGS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FOOTNOTE_STATE", str(tmp_path / "state"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_beir(
        tmp_path / "towns",
        [("s0", "Oslo", "Oslo was founded in 1048."), ("s1", "[b]Rome", "Rome is [red] and old.")],
        {"q0": "when was Oslo founded?", "q1": "how old is Rome?"},
        [("q0", "s0", 1), ("q1", "s1", 1)],
    )


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["eval", *map(str, arguments)])


def test_the_shipped_questions_are_the_default() -> None:
    result = run("--no-baselines")
    assert result.exit_code == 0
    assert result.output.startswith("questions  127 answerable and 60 unanswerable questions, 30 ")
    assert "rank-bm25" not in result.output
    for heading in ("S@1", "nDCG@10", "AUROC", "best F1", "kind, footnote"):
        assert heading in result.output
    assert result.stderr == ""


def test_baselines_stand_beside_footnote(folder: Path) -> None:
    result = run(folder, "--unanswerable", "drop-half", "--typos", "--ablate")
    assert result.exit_code == 0
    assert result.output.startswith("towns  2 answerable questions, 2 passages of 2 documents\n")
    for name in ("footnote  ", "rank-bm25, split  ", "rank-bm25, stems  ", "ahead of rank-bm25"):
        assert f"\n {name}" in result.output
    for heading in ("unanswerable answered at", "loss in points", "without a feature"):
        assert heading in result.output


def test_tables_that_go_to_a_file_are_not_folded(folder: Path) -> None:
    lines = run(folder).output.splitlines()
    (row,) = (line for line in lines if line.startswith(" footnote "))
    assert row.count("(") == 4


def test_json_is_one_object_and_nothing_else(folder: Path) -> None:
    result = run(folder, "--json")
    found = json.loads(result.stdout)
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""
    system = found["sets"]["towns"]["systems"]["footnote"]
    assert system["S@1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert "mean" not in found


def test_several_paths_have_a_mean(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "list.yaml"
    other.write_text("answerable:\n  - {question: 'who ruled from 1961 to 1979?', lines: [4]}\n")
    found = json.loads(run(folder, other, "--json").stdout)
    assert list(found["sets"]) == ["towns", "list"]
    assert "S@1" in found["mean"]["systems"]["footnote"]
    assert "mean  of 2 sets" in run(folder, other).output


def test_run_files_are_written(folder: Path, tmp_path: Path) -> None:
    assert run(folder, "--no-baselines", "--run", tmp_path / "runs").exit_code == 0
    assert {path.name for path in (tmp_path / "runs").iterdir()} == {
        "towns.trec",
        "towns.confidence.tsv",
    }
    assert (tmp_path / "runs" / "towns.trec").read_text().startswith("q0 Q0 s0 1 10 footnote\n")


def test_a_folder_that_cannot_be_written_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    result = run(folder, "--no-baselines", "--run", tmp_path / "runs")
    assert result.exit_code == 1
    assert "runs: cannot be written (file exists)" in result.output


def test_problems_are_named_by_file_and_line(folder: Path, tmp_path: Path) -> None:
    (folder / "corpus.jsonl").write_text("{}\n")
    (tmp_path / "list.yaml").write_text("answerable:\n  - {question: 'who?', lines: [999]}\n")
    result = run(folder, tmp_path / "list.yaml", tmp_path / "nowhere")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0].startswith(f"{folder / 'corpus.jsonl'}:1: '_id' is missing")
    assert lines[1].startswith(f"{tmp_path / 'list.yaml'}:2: the document ")
    assert lines[2].startswith(f"{tmp_path / 'nowhere'}:1: does not exist")


def test_a_data_folder_without_questions_is_named(tmp_path: Path) -> None:
    (tmp_path / "corpus.yaml").write_text("documents:\n  - {id: a, title: A, file: a.txt}\n")
    (tmp_path / "a.txt").write_text("[1] One is so.\n")
    result = run("--data", tmp_path)
    assert result.exit_code == 1
    assert result.output.startswith(f"{tmp_path / 'questions.yaml'}:1: cannot be read")


def test_two_sets_of_one_name_are_refused(folder: Path) -> None:
    result = run(folder, folder)
    assert result.exit_code == 2
    assert "2 sets are called 'towns'" in result.output


def test_plot_draws_a_picture(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    result = run(folder, "--plot", tmp_path / "figures.png")
    assert result.exit_code == 0, result.exception
    assert (tmp_path / "figures.png").read_bytes().startswith(b"\x89PNG")
    refused = run(folder, "--plot", tmp_path / "nowhere" / "figures.png")
    assert refused.exit_code == 1
    assert "figures.png: cannot be written (no such file or directory)" in refused.output


def test_plot_says_what_it_needs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = run(folder, "--plot", "figures.png")
    assert result.exit_code == 78
    assert "pip install 'footnote[eval]'" in result.output
    assert run(folder, "--plot", "figures.txt").exit_code == 2


def test_plot_and_ablation_of_several_sets_with_long_names(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    one, *rest = (tmp_path / f"the towns and their {name} history" for name in "abcd")
    folder.rename(one)
    for other in rest:
        shutil.copytree(one, other)
    picture = tmp_path / "figures.png"
    result = run(one, *rest, "--no-baselines", "--ablate", "--plot", picture)
    assert result.exit_code == 0, result.exception
    assert picture.read_bytes().startswith(b"\x89PNG")
    table = result.output[result.output.index("without a feature") :]
    assert "mean" in table


def test_outcomes_stand_under_the_figures_of_silence() -> None:
    result = run("--no-baselines")
    for heading in ("un5", "un10", "right passage shown", "unanswerable: closest"):
        assert heading in result.output
    told = json.loads(run("--no-baselines", "--json").output)
    shares = told["sets"]["questions"]["systems"]["footnote"]["outcomes"]
    assert shares["right_shown"]["low"] <= shares["right_shown"]["value"] <= 1.0


def test_the_half_for_reports_is_asked_where_it_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "answerable:\n  - {question: who ruled South Korea?, lines: [4]}\n"
        "  - {question: what did Park compare?, lines: [5], report: true}\n"
        "  - {question: which port was closest?, lines: [1], report: true}\n"
    )
    assert run(path).output.startswith("mine  1 answerable questions")
    assert run(path, "--report").output.startswith("mine  2 answerable questions")


def test_a_language_is_a_code(folder: Path) -> None:
    assert run(folder, "--language", "de").exit_code == 0
    result = run(folder, "--language", "German")
    assert result.exit_code == 2
    assert "a language code of two or three letters" in result.output
