"""`footnote library replace`, and `add` of what may be meant to replace a document."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.libraries.librarian import Librarian
from bot.store import SHARED, Store
from index.documents.corpus import load_corpus
from tests.bot.cli.test_library import (
    HOURS,
    OWN,
    SERVER,
    add_elsewhere,
    contents,
    hours,
    ids,
    library,
    meanwhile,
    mine,
    output_of,
    refusal_of,
)
from tests.bot.store.test_followed import followed

__all__ = ["hours", "meanwhile", "mine"]

NEW = "The reading room is open from ten to six.[1]\nOn Mondays a lamp is lent to readers.[3]\n"

pytestmark = pytest.mark.usefixtures("no_variables")


@pytest.fixture
def new(tmp_path: Path) -> Path:
    file = tmp_path / "hours-2026.txt"
    file.write_text(NEW)
    return file


class TestServer:
    @pytest.fixture(autouse=True)
    def served(self, no_variables: None, hours: Path) -> None:  # noqa: ARG002
        output_of("add", hours, *OWN, "--title", "Opening hours", "--licence", "CC0", "--yes")

    def test_it_shows_what_changes_asks_and_publishes_one_revision(self, new: Path) -> None:
        output = output_of("replace", "opening-hours", new, *OWN, answer="y\n")
        assert "Opening hours: 2 passages, 2 of them cited" in output
        assert (
            "- The reading room is open from nine to six. [1]\n"
            "+ The reading room is open from ten to six. [1]\n"
            "- On Sundays it is closed. [2]\n"
            "+ On Mondays a lamp is lent to readers. [3]\n"
            "no passage carries any more: 2\n"
        ) in output
        assert "library: 1 added, 1 removed, 1 changed, 0 unchanged" in output
        assert "revision 2 is published" in output
        assert ids(*OWN) == ["opening-hours"]
        history = json.loads(output_of("history", *OWN, "--json"))["revisions"]
        assert [revision["action"] for revision in history] == ["replace", "add"]

    def test_it_follows_no_address_from_then_on(self, new: Path, state: Path) -> None:
        with Store.open(state) as store:
            store.followed.follow(followed(store, "opening-hours", SERVER))
            library("replace", "opening-hours", new, *OWN, answer="n\n")
            assert len(store.followed.of(SERVER)) == 1
            output_of("replace", "opening-hours", new, *OWN, "--yes")
            assert store.followed.of(SERVER) == []

    def test_what_was_said_of_it_is_kept(self, new: Path, state: Path) -> None:
        output_of("replace", "opening-hours", new, *OWN, "--yes", "--licence", "MIT")
        with Store.open(state) as store:
            (source,) = store.libraries.load_documents(SERVER, 2)
        assert (source.spec.title, source.spec.licence) == ("Opening hours", "MIT")
        assert (source.content, source.file_name) == (NEW.encode(), "hours-2026.txt")

    def test_many_differences_are_cut_unless_all_are_wanted(self, new: Path) -> None:
        new.write_text("".join(f"Quay {n} is for boats of class {n}.\n" for n in range(30)))
        output = output_of("replace", "opening-hours", new, *OWN, answer="y\n")
        assert "  and 20 more added; --all shows all" in output
        new.write_text(HOURS)
        output = output_of("replace", "opening-hours", new, *OWN, "--all", "--yes")
        assert "more removed" not in output
        assert output.count("\n- Quay") == 30

    def test_where_nothing_changes_nothing_is_done(self, hours: Path) -> None:
        assert "nothing was changed" in output_of("replace", "opening-hours", hours, *OWN)
        assert len(json.loads(output_of("history", *OWN, "--json"))["revisions"]) == 1

    def test_no_and_what_is_unknown_change_nothing(self, new: Path) -> None:
        refusal_of("replace", "opening-hours", new, *OWN, answer="n\n")
        assert "there is: opening-hours" in refusal_of("replace", "hours", new, *OWN)
        assert len(json.loads(output_of("history", *OWN, "--json"))["revisions"]) == 1

    def test_limits_count_what_goes(self, new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FOOTNOTE_MAX_SERVER_PASSAGES", "2")
        monkeypatch.setenv("FOOTNOTE_MAX_SERVER_DOCUMENTS", "1")
        output_of("replace", "opening-hours", new, *OWN, "--yes")
        new.write_text("One.\nTwo.\nThree.\n")
        assert "2 are the most" in refusal_of("replace", "opening-hours", new, *OWN, "--yes")

    def test_a_file_of_another_document_is_told_to_be_there(self, new: Path, hours: Path) -> None:
        output_of("add", new, *OWN, "--yes")
        assert "byte for byte, as 'opening-hours'" in refusal_of("add", hours, *OWN)
        output = refusal_of("replace", "hours-2026", hours, *OWN)
        assert "byte for byte, as 'opening-hours'" in output

    @pytest.mark.parametrize("given", [(), ("--title", "Opening  HOURS")])
    def test_adding_what_may_replace_a_document_tells_both_ways(
        self, hours: Path, new: Path, given: tuple[str, ...]
    ) -> None:
        file = new if given else hours
        file.write_text(NEW)
        assert refusal_of("add", file, *OWN, *given, "--yes") == (
            f"footnote: 'opening-hours' in server {SERVER}'s library has that title or file name; "
            "nothing was changed. Put the file in its place: footnote library replace "
            f"opening-hours {file} --server {SERVER}; or have both: give --beside\n"
        )
        output_of("add", file, *OWN, *given, "--beside", "--yes")
        assert len(ids(*OWN)) == 2

    def test_another_writer_goes_first(
        self, new: Path, state: Path, meanwhile: Callable[[Callable[[], object]], None]
    ) -> None:
        meanwhile(lambda: add_elsewhere(state, SERVER))
        assert "changed meanwhile" in refusal_of("replace", "opening-hours", new, *OWN)


class TestShared:
    @pytest.fixture(autouse=True)
    def served(self, no_variables: None, mine: Path, hours: Path) -> None:  # noqa: ARG002
        output_of("add", hours, "--data", mine, "--licence", "CC0", "--yes")

    def test_the_file_gets_new_bytes_and_the_entry_stays(
        self, mine: Path, new: Path, state: Path
    ) -> None:
        corpus = mine / "corpus.yaml"
        corpus.write_text(corpus.read_text().replace("    licence", "    # ours\n    licence"))
        before = corpus.read_text()
        output = output_of("replace", "hours", new, "--data", mine, answer="y\n")
        assert f"{mine / 'hours.txt'} gets what {new} holds" in output
        assert "library: 1 added, 1 removed, 1 changed" in output
        assert corpus.read_text() == before
        assert (mine / "hours.txt").read_text() == NEW
        with Store.open(state) as store:
            shared = Librarian(mine, store).shared()
            (source,) = store.libraries.load_documents(SHARED, shared.number)[1:]
        assert (shared.number, source.content) == (2, NEW.encode())

    def test_what_is_said_now_goes_into_the_entry_at_its_place(self, mine: Path, new: Path) -> None:
        other = mine.parent / "other.txt"
        other.write_text("Another text.")
        output_of("add", other, "--data", mine, "--yes")
        before = (mine / "corpus.yaml").read_text()
        output_of("replace", "hours", new, "--data", mine, "--title", "Hours: now", "--yes")
        after = (mine / "corpus.yaml").read_text()
        assert after == before.replace("title: hours", "title: 'Hours: now'")
        assert ids("--data", mine) == ["example", "hours", "other"]

    def test_a_file_of_another_format_comes_to_lie_beside(self, mine: Path, new: Path) -> None:
        page = new.with_suffix(".md")
        page.write_text("# Hours\n\nThe room opens at ten.[^1]\n\n[^1]: Act 7.\n")
        output = output_of("replace", "hours", page, "--data", mine, "--yes")
        assert "is copied beside" in output
        assert {"hours.txt", "hours-2026.md"} <= set(contents(mine))
        document = load_corpus(mine).documents[1]
        assert (document.id, document.title, document.spec.licence) == ("hours", "Hours", "CC0")
        assert document.spec.file == "hours-2026.md"
        assert document.spec.references["1"].title == "Act 7."

    def test_a_file_of_the_folder_is_named_where_it_is(self, mine: Path) -> None:
        (mine / "new").mkdir()
        (mine / "new" / "hours.txt").write_text(NEW)
        output_of("replace", "hours", mine / "new" / "hours.txt", "--data", mine, "--yes")
        assert load_corpus(mine).documents[1].spec.file == "new/hours.txt"
        assert (mine / "hours.txt").read_text() == HOURS

    def test_hand_written_references_stay(self, mine: Path, new: Path) -> None:
        corpus = mine / "corpus.yaml"
        said = "    references:\n      '1': {title: Harbour Act}\n    licence"
        corpus.write_text(corpus.read_text().replace("    licence", said))
        output_of("replace", "hours", new, "--data", mine, "--yes", "--licence", "MIT")
        document = load_corpus(mine).documents[1]
        assert document.spec.licence == "MIT"
        assert document.spec.references["1"].title == "Harbour Act"

    def test_a_file_that_was_changed_in_the_folder_is_read(self, mine: Path) -> None:
        (mine / "hours.txt").write_text(NEW)
        output = output_of("replace", "hours", mine / "hours.txt", "--data", mine, "--yes")
        assert "+ The reading room is open from ten to six." in output
        assert "revision 2 is published" in output

    def test_one_that_a_pattern_names_is_left_alone(self, mine: Path, new: Path) -> None:
        corpus = mine / "corpus.yaml"
        (mine / "more").mkdir()
        (mine / "more" / "tides.txt").write_text("Tides turn.\n")
        entry = "  - id: more\n    title: More\n    file: more/*.txt\n"
        corpus.write_text(corpus.read_text() + entry)
        before = contents(mine)
        output = refusal_of("replace", "more-more-tides", new, "--data", mine, "--yes")
        assert "put another file there" in output
        assert contents(mine) == before

    @pytest.mark.parametrize("suffix", [".txt", ".md"])
    def test_another_writer_goes_first_and_the_folder_is_as_it_was(
        self,
        mine: Path,
        new: Path,
        state: Path,
        suffix: str,
        meanwhile: Callable[[Callable[[], object]], None],
    ) -> None:
        before = contents(mine)
        meanwhile(lambda: add_elsewhere(state, SHARED))
        file = new.rename(new.with_suffix(suffix))
        assert "changed meanwhile" in refusal_of("replace", "hours", file, "--data", mine)
        assert contents(mine) == before

    def test_where_nothing_changes_nothing_is_done(self, mine: Path, hours: Path) -> None:
        assert "nothing was changed" in output_of("replace", "hours", hours, "--data", mine)

    def test_adding_what_may_replace_one_tells_both_ways(self, mine: Path, hours: Path) -> None:
        hours.write_text(NEW)
        output = refusal_of("add", hours, "--data", mine, "--yes")
        assert f"footnote library replace hours {hours}; or have both" in output
        output_of("add", hours, "--data", mine, "--beside", "--yes")
        assert ids("--data", mine) == ["example", "hours", "hours-2"]
