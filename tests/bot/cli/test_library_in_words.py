"""What --help and README say of `footnote library` is what it does."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from index.documents.passage_files import METADATA_KEYS
from index.documents.uploads import read_upload
from tests.bot.cli.test_library import output_of

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.usefixtures("no_variables")


def test_the_help_of_every_command_names_its_example_or_its_use() -> None:
    for command in ("list", "add", "remove", "history", "rollback", "purge"):
        output = output_of(command, "--help")
        assert "--server ID" in output
        assert "--data" in output


def test_the_command_line_starts_without_the_store() -> None:
    code = "import sys, bot.cli; print({'sqlalchemy', 'discord'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stdout == "set()\n"


class TestReadme:
    def test_what_it_prints_is_what_the_commands_print(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        section = README.partition("### Libraries from the command line")[2]
        block = section.partition("```console\n$ ")[2].partition("```")[0]
        for step in block.split("\n$ "):
            command, _, shown = step.partition("\n")
            words = shlex.split(command)
            if words[0] == "cat":
                Path(words[1]).write_text(shown)
                continue
            assert words[:2] == [".venv/bin/footnote", "library"]
            assert undated(output_of(*words[2:], answer="y\n")) == undated(shown)

    def test_its_yaml_of_passages_can_be_added_and_its_table_names_every_key(self) -> None:
        block = README.partition("```yaml\ntitle: Harbour rules")[2].partition("```")[0]
        upload = read_upload("rules.yaml", f"title: Harbour rules{block}".encode())
        assert not upload.warnings
        assert [p.citations for p in upload.document.passages] == [("28",), ("12", "note 1"), ()]
        keys = {line.partition(":")[0] for line in f"title:{block}".splitlines() if line[0] != " "}
        assert keys == {*METADATA_KEYS, "passages"}
        table = README.partition(block)[2].partition("Any other key")[0]
        assert keys | {"text", "citations"} <= set(re.findall(r"`(\w+)`", table))


def undated(text: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "DATE", text)
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())
