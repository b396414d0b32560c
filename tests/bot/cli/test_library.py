"""`footnote library`, as it is typed: beside a bot, and without one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli.main import main
from bot.libraries import publishing
from bot.libraries.indexes import INDEX_FOLDER, Indexes
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.store import SHARED, Person, Store
from index.documents.corpus import Source, load_corpus
from index.documents.document import DocumentSpec
from index.documents.shipped import shipped_data

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
SERVER = 81384788765712384
OWN = ("--server", str(SERVER))
HOURS = "The reading room is open from nine to six.[1]\nOn Sundays it is closed.[2]\n"

pytestmark = pytest.mark.usefixtures("no_variables")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A corpus folder as `footnote init` makes it, full of comments."""
    folder = tmp_path / "mine"
    assert CliRunner().invoke(main, ["init", str(folder)]).exit_code == 0
    return folder


@pytest.fixture
def hours(tmp_path: Path) -> Path:
    file = tmp_path / "hours.txt"
    file.write_text(HOURS)
    return file


def library(*arguments: object, answer: str | None = None) -> Result:
    return CliRunner().invoke(main, ["library", *map(str, arguments)], input=answer)


def output_of(*arguments: object, answer: str | None = None) -> str:
    result = library(*arguments, answer=answer)
    assert result.exit_code == 0, result.output
    return result.output


def refusal_of(*arguments: object, answer: str | None = None) -> str:
    result = library(*arguments, answer=answer)
    assert result.exit_code in {1, 78}, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.output


def listing(*arguments: object) -> Any:
    return json.loads(output_of("list", "--json", *arguments))


def ids(*arguments: object) -> list[str]:
    return [document["id"] for document in listing(*arguments)["documents"]]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def add_elsewhere(state: Path, owner: int) -> None:
    """Publish as another program would, with one more document."""
    spec = DocumentSpec(id="other", title="Other", file="other.txt")
    indexes = Indexes(state / INDEX_FOLDER)
    with Store.open(state) as store:
        old = publishing.load_revision(store, owner, indexes)
        kept = store.libraries.load_documents(owner, old.number) if old else []
        documents = [*kept, Source(spec, b"Other words.", "other.txt")]
        mona = Person(1, "mona")
        publishing.publish(store, owner, documents, old=old, by=mona, action="add", indexes=indexes)


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Do something while the command asks, and then say yes."""

    def arrange(act: Callable[[], object]) -> None:
        def confirm(*_: object, **__: object) -> bool:
            act()
            return True

        monkeypatch.setattr(click, "confirm", confirm)

    return arrange


class TestServer:
    def test_add_shows_what_it_understood_asks_and_publishes(self, hours: Path) -> None:
        output = output_of("add", hours, *OWN, "--title", "Opening hours", answer="y\n")
        assert "Opening hours: 2 passages, 2 of them cited, 2 distinct numbers" in output
        assert "guessed: language en, layout lines, markers trailing" in output
        assert "[1]  opening-hours, line 1" in output
        assert "library: 2 added, 0 removed" in output
        assert "revision 1 is published" in output
        assert ids(*OWN) == ["opening-hours"]

    @pytest.mark.parametrize("answer", ["n\n", "\n", ""])
    def test_no_changes_nothing(self, hours: Path, answer: str) -> None:
        refusal_of("add", hours, *OWN, answer=answer)
        assert listing(*OWN)["current"] is None
        output_of("add", hours, *OWN, "--yes")
        refusal_of("remove", "hours", *OWN, answer=answer)
        refusal_of("purge", "hours", *OWN, answer=answer)
        assert listing(*OWN)["current"]["revision"] == 1

    def test_list_is_a_table_and_names_who_published(self, hours: Path) -> None:
        output_of("add", hours, *OWN, "--yes")
        output = output_of("list", *OWN)
        assert "revision 1, added by command line, 20" in output
        assert output.splitlines()[-1].split() == ["hours", "hours", "2", "2", "2", "hours.txt"]

    def test_an_id_is_never_cut(self, hours: Path) -> None:
        long = "a-very-long-name-of-a-document-that-nobody-would-want-to-type-it"
        assert len(long) == 64
        output_of("add", hours, *OWN, "--yes", "--title", long)
        assert f"{long} " in output_of("list", *OWN)

    def test_without_a_library_it_says_how_to_begin(self) -> None:
        for command in ("list", "history"):
            output = output_of(command, *OWN)
            assert f"footnote library add FILE --server {SERVER}" in output

    def test_the_last_document_can_be_removed(self, hours: Path) -> None:
        output_of("add", hours, *OWN, "--yes")
        assert "2 removed" in output_of("remove", "hours", *OWN, answer="y\n")
        assert "holds no documents" in output_of("list", *OWN)
        assert "holds no documents" in refusal_of("remove", "hours", *OWN)

    def test_the_operator_sees_which_servers_have_libraries(self, hours: Path) -> None:
        output_of("add", hours, *OWN, "--yes")
        assert str(SERVER) in output_of("list")
        assert listing()["servers"] == [{"server": str(SERVER), "revision": 1}]
        assert "servers" not in listing(*OWN)

    def test_history_and_rollback(self, hours: Path) -> None:
        output_of("add", hours, *OWN, "--yes")
        output_of("remove", "hours", *OWN, "--yes")
        output = output_of("rollback", "1", *OWN, answer="y\n")
        assert output.startswith("hours (hours): 2 added\n")
        assert "library: 2 added" in output
        assert ids(*OWN) == ["hours"]
        assert "nothing was changed" in output_of("rollback", "1", *OWN)
        history = json.loads(output_of("history", *OWN, "--json"))
        actions = [revision["action"] for revision in history["revisions"]]
        assert actions == ["rollback", "remove", "add"]
        output = output_of("history", *OWN)
        rows = [" ".join(line.split()[5:]) for line in output.splitlines()[2:]]
        assert rows[0].startswith("rolled back to revision 1 (+ hours)")
        assert rows[-2:] == ["removed hours: 2 removed", "added hours: 2 passages"]
        changes = [revision["documents"] for revision in history["revisions"]]
        assert changes == [
            [{"document": "hours", "title": "hours", "what": what}]
            for what in ("added", "removed", "added")
        ]

    def test_purge_takes_it_out_of_every_revision(self, hours: Path, state: Path) -> None:
        output_of("add", hours, *OWN, "--yes")
        output_of("remove", "hours", *OWN, "--yes")
        output = output_of("purge", "hours", *OWN, answer="y\n")
        assert "Backups that were made earlier still hold it" in output
        assert "bytes" not in output
        with Store.open(state) as store:
            assert store.libraries.document_ids(SERVER) == []
        assert not any(b"reading room" in data for data in contents(state).values())

    def test_purge_tells_what_is_still_in_the_file(
        self, hours: Path, state: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        output_of("add", hours, *OWN, "--yes")
        with Store.open(state) as store, store.database.read() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM libraries").fetchall()
            monkeypatch.setattr("bot.store.database.sqlite.BUSY_TIMEOUT_S", 0.1)
            monkeypatch.setattr("bot.store.database.sqlite.PRAGMAS", ("PRAGMA busy_timeout = 100",))
            output = output_of("purge", "hours", *OWN, "--yes")
        assert "still lie unused in the database file" in output

    def test_what_is_unknown_is_answered_with_what_is_known(self, hours: Path) -> None:
        output_of("add", hours, *OWN, "--yes")
        for command in ("remove", "purge"):
            output = refusal_of(command, "hour", *OWN)
            assert output == "footnote: no document is called 'hour'; there is: hours\n"
        output = refusal_of("rollback", "9", *OWN)
        assert output == "footnote: the library has no revision 9; kept are 1\n"

    def test_beyond_a_limit_it_says_which_and_changes_nothing(
        self, hours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        output_of("add", hours, *OWN, "--yes")
        other = tmp_path / "other.txt"
        other.write_text("The cloakroom is free.\n")
        monkeypatch.setenv("FOOTNOTE_MAX_SERVER_PASSAGES", "2")
        assert refusal_of("add", other, *OWN, "--yes") == (
            f"footnote: server {SERVER}'s library holds 2 passages, and with these 3; 2 are the "
            "most. Remove a document, or raise FOOTNOTE_MAX_SERVER_PASSAGES\n"
        )
        monkeypatch.setenv("FOOTNOTE_MAX_SERVER_DOCUMENTS", "1")
        assert refusal_of("add", other, *OWN, "--yes") == (
            f"footnote: server {SERVER}'s library holds 1 documents, and 1 are the most; remove "
            "one, or raise FOOTNOTE_MAX_SERVER_DOCUMENTS\n"
        )
        assert ids(*OWN) == ["hours"]

    def test_the_same_content_is_refused(self, hours: Path, tmp_path: Path) -> None:
        output_of("add", hours, *OWN, "--yes")
        again = tmp_path / "again.txt"
        again.write_text(HOURS)
        assert refusal_of("add", again, *OWN, "--yes") == (
            f"footnote: {again} is in server {SERVER}'s library already, byte for byte, as "
            "'hours'; nothing was changed\n"
        )

    def test_an_id_of_the_shared_library_is_not_taken_again(
        self, tmp_path: Path, mine: Path
    ) -> None:
        file = tmp_path / "example.txt"
        file.write_text(HOURS)
        output_of("add", file, *OWN, "--yes", "--data", mine)
        assert ids(*OWN) == ["example-2"]

    def test_a_bad_file_is_refused_with_its_own_place(self, tmp_path: Path, mine: Path) -> None:
        file = tmp_path / "bad.txt"
        file.write_bytes(b"One.\n\x00\n")
        output = refusal_of("add", file, *OWN, "--yes", "--data", mine)
        assert output.startswith(f"{file}:2: holds a NUL byte")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("MAX_FILE_BYTES", "20"),
            ("MAX_DOCUMENT_PASSAGES", "1"),
            ("MAX_SERVER_PASSAGES", "1"),
            ("MAX_SERVER_DOCUMENTS", "1"),
        ],
    )
    def test_limits_of_the_settings_hold(
        self, hours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        first = tmp_path / "first.txt"
        first.write_text("A word.[7]")
        output_of("add", first, *OWN, "--yes")
        monkeypatch.setenv(f"FOOTNOTE_{name}", value)
        assert "the most" in refusal_of("add", hours, *OWN, "--yes")
        assert ids(*OWN) == ["first"]

    def test_another_writer_goes_first(
        self, hours: Path, state: Path, meanwhile: Callable[[Callable[[], object]], None]
    ) -> None:
        output_of("add", hours, *OWN, "--yes")
        meanwhile(lambda: add_elsewhere(state, SERVER))
        output = refusal_of("remove", "hours", *OWN)
        assert "the library changed meanwhile: it is at revision 2, not 1" in output
        assert ids(*OWN) == ["hours", "other"]

    @pytest.mark.parametrize("server", ["0", "-1", str(2**63), "mine"])
    def test_a_server_that_cannot_be_is_wrong_usage(self, server: str) -> None:
        assert library("list", "--server", server).exit_code == 2

    async def test_a_running_librarian_notices(self, hours: Path, mine: Path, state: Path) -> None:
        with Store.open(state) as store:
            librarian = Librarian(mine, store)
            output_of("add", hours, *OWN, "--yes", "--data", mine)
            output_of("add", hours, "--yes", "--data", mine)
            await librarian.catch_up()
            own = await librarian.own(Place(SERVER))
            assert own is not None
            assert own.stored.by == Person(None, "command line")
            assert [one.id for one in own.library.documents] == ["hours"]
            shared = librarian.shared().library.documents
            assert [one.id for one in shared] == ["example", "hours"]


class TestShared:
    def test_before_any_bot_the_folder_is_listed(self, mine: Path) -> None:
        output = output_of("list", "--data", mine)
        assert "was never published" in output
        assert "example.txt" in output
        assert listing("--data", mine)["current"] is None
        assert "was never published" in output_of("history", "--data", mine)

    @pytest.mark.parametrize("ran_before", [False, True])
    def test_add_puts_the_file_into_the_folder(
        self, mine: Path, hours: Path, state: Path, ran_before: bool
    ) -> None:
        if ran_before:
            with Store.open(state) as store:
                Librarian(mine, store)
        before = (mine / "corpus.yaml").read_text()
        output = output_of("add", hours, "--data", mine, "--licence", "CC0", answer="y\n")
        assert f"{mine / 'corpus.yaml'} gets an entry" in output
        assert (mine / "corpus.yaml").read_text() == before + (
            "  - id: hours\n    title: hours\n    file: hours.txt\n    licence: CC0\n"
            "    language: en\n    layout: lines\n    markers: trailing\n"
        )
        assert set(contents(mine)) == {"corpus.yaml", "example.txt", "hours.txt"}
        assert ids("--data", mine) == ["example", "hours"]
        with Store.open(state) as store:
            assert Librarian(mine, store).shared().number == 1 + ran_before

    def test_a_yaml_of_passages_keeps_all_that_it_says_of_itself(
        self, mine: Path, tmp_path: Path
    ) -> None:
        file = tmp_path / "rules.yaml"
        file.write_text(
            "title: 'Harbour: rules # new'\nsource_url: https://example.org/rules\n"
            "contiguous: false\nexample: where do boats moor?\naliases: [[quay, wharf]]\n"
            "references:\n  28: {title: Harbour Act, url: https://example.org/act}\n"
            "passages:\n- {text: Boats moor at the quay., citations: [28]}\n"
        )
        output_of("add", file, "--data", mine, "--yes")
        spec = load_corpus(mine).documents[1].spec
        assert (spec.title, spec.contiguous) == ("Harbour: rules # new", False)
        assert spec.aliases == [["quay", "wharf"]]
        assert spec.references["28"].title == "Harbour Act"

    def test_a_file_of_the_folder_is_listed_where_it_is(self, mine: Path) -> None:
        (mine / "more").mkdir()
        (mine / "more" / "hours.txt").write_text(HOURS)
        output_of("add", mine / "more" / "hours.txt", "--data", mine, "--yes")
        assert load_corpus(mine).documents[1].spec.file == "more/hours.txt"
        assert not (mine / "hours.txt").exists()

    def test_nothing_in_the_folder_is_overwritten(self, mine: Path, hours: Path) -> None:
        (mine / "hours.txt").write_text("Something else.")
        output_of("add", hours, "--data", mine, "--yes")
        assert (mine / "hours.txt").read_text() == "Something else."
        assert load_corpus(mine).documents[1].spec.file == "hours-2.txt"

    def test_remove_takes_the_entry_and_leaves_the_rest_as_it_was(
        self, mine: Path, hours: Path, state: Path
    ) -> None:
        before = (mine / "corpus.yaml").read_text()
        output_of("add", hours, "--data", mine, "--yes")
        output = output_of("remove", "hours", "--data", mine, answer="y\n")
        assert "stays in the folder" in output
        assert (mine / "corpus.yaml").read_text() == before
        assert (mine / "hours.txt").exists()
        with Store.open(state) as store:
            assert Librarian(mine, store).shared().number == 2

    def test_the_last_document_and_an_unknown_one_stay(self, mine: Path) -> None:
        assert "add another first" in refusal_of("remove", "example", "--data", mine)
        assert "there is: example" in refusal_of("remove", "examples", "--data", mine)

    def test_a_rollback_outlasts_a_restart(self, mine: Path, hours: Path, state: Path) -> None:
        with Store.open(state) as store:
            Librarian(mine, store)
        output_of("add", hours, "--data", mine, "--yes")
        assert "stays as it is" in output_of("rollback", "1", "--data", mine, answer="y\n")
        with Store.open(state) as store:
            shared = Librarian(mine, store).shared()
        assert (shared.number, shared.stored.action) == (3, "rollback")
        assert [one.id for one in shared.library.documents] == ["example"]

    def test_after_a_rollback_a_removal_still_edits_the_folder(
        self, mine: Path, hours: Path, state: Path
    ) -> None:
        with Store.open(state) as store:
            Librarian(mine, store)
        output_of("add", hours, "--data", mine, "--yes")
        output_of("rollback", "1", "--data", mine, "--yes")
        output = output_of("remove", "hours", "--data", mine, "--yes")
        assert "differs from revision 3" in output
        assert "revision 3 holds the same documents" in output
        assert [one.id for one in load_corpus(mine).documents] == ["example"]
        with Store.open(state) as store:
            assert Librarian(mine, store).shared().number == 3

    def test_purge_only_what_is_removed(self, mine: Path, hours: Path, state: Path) -> None:
        output_of("add", hours, "--data", mine, "--yes")
        assert "footnote library remove hours" in refusal_of("purge", "hours", "--data", mine)
        output_of("remove", "hours", "--data", mine, "--yes")
        assert "delete it there yourself" in output_of("purge", "hours", "--data", mine, "--yes")
        with Store.open(state) as store:
            assert store.libraries.document_ids(SHARED) == ["example"]
            assert Librarian(mine, store).shared().number == 3

    @pytest.mark.parametrize("command", ["add", "remove"])
    def test_no_changes_nothing(self, mine: Path, hours: Path, command: str) -> None:
        if command == "remove":
            output_of("add", hours, "--data", mine, "--yes")
        before = contents(mine)
        refusal_of(command, hours if command == "add" else "hours", "--data", mine, answer="n\n")
        assert contents(mine) == before

    @pytest.mark.parametrize("command", ["add", "remove"])
    def test_another_writer_goes_first_and_the_folder_is_as_it_was(
        self,
        mine: Path,
        hours: Path,
        state: Path,
        command: str,
        meanwhile: Callable[[Callable[[], object]], None],
    ) -> None:
        if command == "remove":
            output_of("add", hours, "--data", mine, "--yes")
        before = contents(mine)
        meanwhile(lambda: add_elsewhere(state, SHARED))
        output = refusal_of(command, hours if command == "add" else "hours", "--data", mine)
        assert "the library changed meanwhile" in output
        assert contents(mine) == before

    def test_an_editor_that_saves_meanwhile_is_not_overwritten(
        self, mine: Path, hours: Path, meanwhile: Callable[[Callable[[], object]], None]
    ) -> None:
        corpus = mine / "corpus.yaml"
        changed = corpus.read_text().replace("An example document", "Another title")
        meanwhile(lambda: corpus.write_text(changed))
        assert "changed meanwhile" in refusal_of("add", hours, "--data", mine)
        assert corpus.read_text() == changed
        assert not (mine / "hours.txt").exists()

    def test_a_bad_file_leaves_the_folder_as_it_was(self, mine: Path, tmp_path: Path) -> None:
        before = contents(mine)
        file = tmp_path / "bad.yaml"
        file.write_text("title: Bad\npassages:\n- {text: One., cited: [1]}\n")
        output = refusal_of("add", file, "--data", mine, "--yes")
        assert output.startswith(f"{file}:3: unknown key 'cited'")
        assert contents(mine) == before

    def test_a_store_that_fails_leaves_the_folder_as_it_was(
        self, mine: Path, hours: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        before = contents(mine)
        monkeypatch.setattr(publishing, "publish", fail)
        assert library("add", hours, "--data", mine, "--yes").exit_code == 1
        assert contents(mine) == before

    def test_a_full_disk_leaves_the_folder_as_it_was(
        self, mine: Path, hours: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_: int) -> None:
            raise OSError(28, "No space left on device")

        before = contents(mine)
        monkeypatch.setattr(os, "fsync", fail)
        assert "No space left" in refusal_of("add", hours, "--data", mine, "--yes")
        assert contents(mine) == before

    def test_a_broken_corpus_is_told_line_by_line(self, mine: Path, hours: Path) -> None:
        (mine / "corpus.yaml").write_text("documents: [")
        output = refusal_of("add", hours, "--data", mine, "--yes")
        assert output.startswith(f"{mine}/corpus.yaml:1: not valid YAML")

    def test_a_broken_document_of_the_folder_is_told_as_its_own(
        self, mine: Path, hours: Path
    ) -> None:
        (mine / "example.txt").write_bytes(b"fine\nd\x00j\x00\n")
        assert "example.txt:2: holds a NUL byte" in refusal_of("add", hours, "--data", mine)

    @pytest.mark.parametrize("arguments", [[], ["--data", shipped_data()]])
    def test_the_shipped_folder_is_left_alone(self, hours: Path, arguments: list[object]) -> None:
        before = contents(shipped_data())
        shipped = load_corpus(shipped_data()).documents[0].id
        for command in (("add", hours), ("remove", shipped)):
            output = refusal_of(*command, "--yes", *arguments)
            assert "footnote init DIR" in output
            assert "--data DIR" in output
        assert contents(shipped_data()) == before
        assert ids(*arguments) == [shipped]

    def test_a_folder_that_cannot_be_written_is_refused(
        self, mine: Path, hours: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "access", lambda path, mode: (path, mode) != (mine, os.W_OK))
        assert "cannot be written to" in refusal_of("add", hours, "--data", mine, "--yes")

    def test_data_may_name_the_file_itself(self, mine: Path, hours: Path) -> None:
        output_of("add", hours, "--data", mine / "corpus.yaml", "--yes")
        assert ids("--data", mine) == ["example", "hours"]
