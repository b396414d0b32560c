"""`footnote library fetch`, as it is typed, over a page, a sitemap and an archive."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli.main import main
from bot.fetching import fetcher as fetching
from bot.settings.settings import Settings
from index.documents.corpus import load_corpus
from index.errors import CorpusError
from tests.bot.fetching.web import Web, answer, small_web


@dataclass
class Operator:
    """A folder with a corpus.yaml, and the web that it is fetched from."""

    web: Web
    data: Path
    state: Path

    def list_entries(self, *entries: str) -> None:
        lines = "".join(f"- {{{entry}}}\n" for entry in entries)
        (self.data / "corpus.yaml").write_text(f"documents:\n{lines}", encoding="utf-8")

    def show(self, path: str, text: str, **headers: Any) -> None:
        self.web.site.pages[path] = answer(text, kind="text/markdown", **headers)

    def map(self, *paths: str) -> None:
        """Have the site list these pages."""
        listed = "".join(f"<url><loc>{self.web.address(path)}</loc></url>" for path in paths)
        self.web.site.pages["/map.xml"] = answer(f"<urlset>{listed}</urlset>", kind="text/xml")

    async def run(self, *arguments: str) -> Result:
        command = [*arguments, "--data", str(self.data)]
        return await asyncio.to_thread(CliRunner().invoke, main, command)

    async def fetch(self, status: int = 0) -> str:
        result = await self.run("library", "fetch")
        assert result.exit_code == status, result.output
        return result.output

    @property
    def texts(self) -> dict[str, list[str]]:
        """The passages of the folder and of what was fetched, by the ids of their documents."""
        documents = load_corpus(self.data, self.state / "fetched").documents
        return {one.id: [passage.text for passage in one.passages] for one in documents}


@pytest.fixture
async def operator(
    tmp_path: Path, state: Path, no_variables: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Operator]:
    data = tmp_path / "mine"
    data.mkdir()
    monkeypatch.setenv("FOOTNOTE_FETCH_HOSTS", "docs.example")
    async with small_web() as web:

        def fetcher(settings: Settings) -> fetching.Fetcher:
            return make(settings, lookup=web.lookup, endpoints=endpoints)

        make, endpoints = fetching.Fetcher, web.endpoints()
        monkeypatch.setattr(fetching, "Fetcher", fetcher)
        yield Operator(web, data, state)


def zipped(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


async def test_a_page_is_fetched_and_published_and_is_a_document(operator: Operator) -> None:
    address = operator.web.address("/hours")
    operator.show("/hours", "The desk opens at nine.\n", ETag='"1"')
    operator.list_entries(f'id: hours, title: Hours, address: "{address}"')
    assert "hours: new, 1 file\nrevision 1 is published" in await operator.fetch()
    assert operator.texts == {"hours": ["The desk opens at nine."]}
    (document,) = load_corpus(operator.data, operator.state / "fetched").documents
    assert (document.title, document.spec.source_url) == ("Hours", address)
    answered = await operator.run("ask", "when does the desk open?")
    assert "The desk opens at nine." in answered.output.replace("*", "")
    assert "hours: unchanged, 1 file\nrevision 1 stays" in await operator.fetch()
    assert operator.web.site.asked[-1].headers["if-none-match"] == '"1"'
    operator.show("/hours", "The desk opens at ten.\n")
    assert "hours: changed, 1 file\nrevision 2 is published" in await operator.fetch()
    assert operator.texts == {"hours": ["The desk opens at ten."]}


async def test_a_source_that_the_entry_tells_goes_before_the_address(operator: Operator) -> None:
    operator.show("/hours", "The desk opens at nine.\n")
    told = 'source_url: "https://example.org/hours"'
    address = operator.web.address("/hours")
    operator.list_entries(f'id: hours, title: Hours, address: "{address}", {told}')
    await operator.fetch()
    (document,) = load_corpus(operator.data, operator.state / "fetched").documents
    assert document.spec.source_url == "https://example.org/hours"


async def test_what_was_not_fetched_yet_is_named_with_the_command(operator: Operator) -> None:
    address = operator.web.address("/hours")
    operator.list_entries(f'id: hours, title: Hours, address: "{address}"')
    result = await operator.run("check")
    assert result.exit_code == 1
    expected = "corpus.yaml:2: 'hours' was not fetched yet; run: footnote library fetch"
    assert expected in result.output


async def test_a_host_that_is_not_allowed_is_named_with_the_setting(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FOOTNOTE_FETCH_HOSTS")
    operator.list_entries(f'id: hours, title: Hours, address: "{operator.web.address("/hours")}"')
    output = await operator.fetch(status=1)
    assert "the host docs.example is not allowed; name it in FOOTNOTE_FETCH_HOSTS" in output
    assert operator.web.site.asked == []


@pytest.mark.parametrize("status", [404, 500])
async def test_a_page_that_fails_stays_as_it_was(operator: Operator, status: int) -> None:
    operator.show("/hours", "The desk opens at nine.\n")
    operator.list_entries(f'id: hours, title: Hours, address: "{operator.web.address("/hours")}"')
    await operator.fetch()
    operator.web.site.pages["/hours"] = answer(status=status)
    output = await operator.fetch(status=1)
    assert "hours: failed; what was fetched before stays" in output
    assert "revision 1 stays the current one" in output
    assert operator.texts == {"hours": ["The desk opens at nine."]}


async def test_a_page_without_a_text_does_not_take_the_place_of_one(operator: Operator) -> None:
    operator.show("/hours", "The desk opens at nine.\n")
    operator.list_entries(f'id: hours, title: Hours, address: "{operator.web.address("/hours")}"')
    await operator.fetch()
    operator.show("/hours", "\n")
    assert "hours: failed" in await operator.fetch(status=1)
    assert operator.texts == {"hours": ["The desk opens at nine."]}


class TestSitemap:
    """Each page that a sitemap lists is a document."""

    @pytest.fixture(autouse=True)
    def site(self, operator: Operator) -> None:
        operator.list_entries(
            f'id: docs, title: Docs, sitemap: "{operator.web.address("/map.xml")}"'
        )
        operator.map("/boats", "/lamps/")
        operator.show("/boats", "# Boats\n\nBoats moor at the quay.\n")
        operator.show("/lamps/", "Lamps burn all night.\n")

    async def test_its_pages_are_documents(self, operator: Operator) -> None:
        assert "docs: new, 2 files" in await operator.fetch()
        documents = load_corpus(operator.data, operator.state / "fetched").documents
        assert [(one.id, one.title, one.spec.source_url) for one in documents] == [
            ("docs-boats", "Boats", operator.web.address("/boats")),
            ("docs-lamps", "lamps", operator.web.address("/lamps/")),
        ]

    async def test_pages_whose_names_are_alike_are_documents_of_their_own(
        self, operator: Operator
    ) -> None:
        paths = ("/boats", "/boats.md", "/boats?of=1", "/boats?of=2", "/more/../../boats/")
        operator.map(*paths)
        for number, path in enumerate(("/boats", "/boats.md", "/boats?of=1", "/boats?of=2")):
            operator.show(path, f"Boats of class {number} moor at the quay.\n")
        operator.show("/boats/", "Boats of class 9 moor at the quay.\n")
        assert "docs: new, 5 files" in await operator.fetch()
        assert list(operator.texts) == [
            "docs-boats",
            "docs-boats-2",
            "docs-boats-of-1",
            "docs-boats-of-2",
            "docs-boats-3",
        ]

    async def test_a_page_that_is_listed_no_more_goes(self, operator: Operator) -> None:
        await operator.fetch()
        operator.map("/boats")
        assert "docs: changed, 1 file" in await operator.fetch()
        assert list(operator.texts) == ["docs-boats"]

    async def test_it_stays_where_another_page_gets_no_answer(self, operator: Operator) -> None:
        await operator.fetch()
        operator.map("/boats")
        operator.web.site.pages["/boats"] = answer(status=503)
        output = await operator.fetch()
        assert "docs: unchanged, 2 files" in output
        assert "/boats: is answered with 503; try again later" in output
        assert len(operator.texts) == 2

    async def test_a_page_that_is_listed_and_gone_stays(self, operator: Operator) -> None:
        await operator.fetch()
        operator.web.site.pages["/boats"] = answer(status=404)
        assert "there is nothing (any more)" in await operator.fetch()
        assert len(operator.texts) == 2

    async def test_a_server_that_is_silent_is_not_asked_for_every_page(
        self, operator: Operator
    ) -> None:
        pages = [f"/page-{number}" for number in range(9)]
        operator.map(*pages)
        for page in pages:
            operator.web.site.pages[page] = answer(status=503)
        assert "docs: failed" in await operator.fetch(status=1)
        assert [path for path in operator.web.site.paths if path in pages] == pages[:3]


class TestArchive:
    """The files of a folder in an archive are documents."""

    @pytest.fixture(autouse=True)
    def archive(self, operator: Operator) -> None:
        address = operator.web.address("/main.zip")
        said = 'folder: docs, globs: ["*.md"]'
        operator.list_entries(f'id: book, title: Book, archive: "{address}", {said}')
        files = {
            "repo-main/docs/boats.md": "Boats moor at the quay.\n",
            "repo-main/docs/more/lamps.md": "Lamps burn all night.\n",
            "repo-main/docs/empty.md": "\n",
            "repo-main/docs/picture.png": "no text",
            "repo-main/README.md": "Read this first.\n",
        }
        operator.web.site.pages["/main.zip"] = answer(zipped(files), kind="application/zip")

    async def test_its_files_are_documents(self, operator: Operator) -> None:
        output = await operator.fetch()
        assert "book: new, 2 files" in output
        assert "empty.md: " in output
        assert operator.texts == {
            "book-boats": ["Boats moor at the quay."],
            "book-more-lamps": ["Lamps burn all night."],
        }

    async def test_other_globs_mean_other_files_which_are_fetched_first(
        self, operator: Operator
    ) -> None:
        await operator.fetch()
        address = operator.web.address("/main.zip")
        operator.list_entries(f'id: book, title: Book, archive: "{address}"')
        with pytest.raises(CorpusError, match="'book' was not fetched yet"):
            load_corpus(operator.data, operator.state / "fetched")
        assert "book: new, 3 files" in await operator.fetch()
        assert len(list((operator.state / "fetched").iterdir())) == 1

    async def test_what_is_damaged_is_named_and_fetched_again(self, operator: Operator) -> None:
        await operator.fetch()
        (kept,) = (operator.state / "fetched").iterdir()
        kept.write_bytes(kept.read_bytes()[:-30])
        with pytest.raises(CorpusError, match="what was fetched for 'book' cannot be read"):
            load_corpus(operator.data, operator.state / "fetched")
        await operator.fetch()
        assert len(operator.texts) == 2


async def test_a_document_that_is_fetched_is_removed_and_not_replaced(operator: Operator) -> None:
    operator.show("/hours", "The desk opens at nine.\n")
    (operator.data / "own.txt").write_text("[1] The quay is long.\n")
    operator.list_entries(
        "id: own, title: Own, file: own.txt",
        f'id: hours, title: Hours, address: "{operator.web.address("/hours")}"',
    )
    await operator.fetch()
    (operator.data / "new.md").write_text("The desk opens at ten.\n")
    refused = await operator.run(
        "library", "replace", "hours", str(operator.data / "new.md"), "--yes"
    )
    assert refused.exit_code == 1
    assert "'hours' is fetched from http" in refused.output
    assert (await operator.run("library", "remove", "hours", "--yes")).exit_code == 0
    assert list(operator.texts) == ["own"]


async def test_without_an_entry_that_is_fetched_the_command_says_so(operator: Operator) -> None:
    (operator.data / "own.txt").write_text("[1] The quay is long.\n")
    operator.list_entries("id: own, title: Own, file: own.txt")
    assert "names nothing that is fetched" in await operator.fetch(status=1)
