"""The entries of corpus.yaml that are fetched: each to its files, which a folder keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from yarl import URL

from bot.fetching.archives import files_of_archive
from bot.fetching.errors import FetchError, ServerError, TooSlowError
from bot.fetching.fetcher import Fetched, Fetcher, Validators, Wanted
from bot.fetching.sitemaps import list_pages
from index.documents.corpus import Source, read_document
from index.documents.importing import as_imported
from index.documents.listing import Entry, Origin, spec_of
from index.documents.uploads import UPLOAD_SUFFIXES
from index.errors import CorpusError
from index.files.fetched import FetchedFile, FetchedFiles, Known, read_fetched, write_fetched
from index.importers.formats import SUFFIXES

__all__ = ["EntryReport", "Outcome", "fetch_entry", "forget_others"]

Outcome = Literal["new", "changed", "unchanged", "failed"]

MAX_BYTES = 200_000_000
"""Of all files of an entry."""
MOST_SILENT = 3
"""Pages in a row that the server does not answer for: then the others are not asked."""
MAX_NAME = 200
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class EntryReport:
    """What came of an entry: `files` that it has now, and `notes` of what was not as it should."""

    entry: Entry
    outcome: Outcome
    files: int
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Look:
    """One look at an entry, beside what was `before`."""

    fetcher: Fetcher
    entry: Entry
    origin: Origin
    before: FetchedFiles
    files: list[FetchedFile] = field(default_factory=list)
    known: dict[str, Known] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    async def fetch(self, address: str, wanted: Wanted = "document") -> Fetched | None:
        """What stands there now, None where it is as it was before. FetchError."""
        known = self.before.known.get(address)
        validators = Validators(*known) if known and (known.etag or known.last_modified) else None
        fetched = await self.fetcher.fetch(address, validators, wanted=wanted)
        if isinstance(fetched, Fetched):
            found = fetched.validators
            self.known[address] = Known(found.address, found.etag, found.last_modified)
            return fetched
        self.known[address] = self.before.known[address]
        return None

    def keep(self, address: str | None = None) -> None:
        """Have the files of before, or those of one page, with what is known of them."""
        kept = [one for one in self.before.files if address in (None, one.address)]
        self.files += kept
        for one, known in self.before.known.items():
            if kept and address in (None, one):
                self.known[one] = known

    async def add(self, file: FetchedFile) -> bool:
        """Have a file, if it can be read as the entry says; else a note tells why it cannot."""
        spec = spec_of(self.entry.spec, self.origin, file, set())
        source = Source(as_imported(spec, len(file.content)), file.content, file.name)
        try:
            await self.fetcher.pool.run(None, read_document, source)
        except CorpusError as error:
            self.notes.append(f"{file.address or file.name}: {error.problems[0].reason}")
            return False
        self.files.append(file)
        return True


async def fetch_entry(fetcher: Fetcher, entry: Entry, folder: Path) -> EntryReport:
    """Fetch an entry, and put its files into `folder` in the place of those of before.

    Where nothing that can be read is found those of before stay, and the report says why. A page
    of a sitemap that cannot be had or read now is kept as it was. One that the sitemap lists no
    more goes, unless the server did not answer for some of those that it lists. Raises OSError
    where the folder cannot be written to.
    """
    assert entry.origin is not None  # noqa: S101 - the caller looks
    path = folder / entry.fetched_name
    before, is_there = FetchedFiles(), True
    try:
        before = await fetcher.pool.run(None, read_fetched, path)
    except (OSError, ValueError):  # nothing yet, or damaged: all of it is fetched
        is_there = False
    look = _Look(fetcher, entry, entry.origin, before)
    try:
        if entry.origin.kind == "sitemap":
            await _look_at_pages(look, entry.origin.url)
        elif entry.origin.kind == "archive":
            await _look_at_archive(look, entry.origin)
        else:
            await _look_at_page(look, entry.origin.url)
    except FetchError as error:
        return _failed(look, str(error))
    except CorpusError as error:
        return _failed(look, *(str(problem) for problem in error.problems))
    if not look.files:
        return _failed(look, f"{entry.origin.url}: nothing that can be read was found")
    if sum(len(one.content) for one in look.files) > MAX_BYTES:
        return _failed(look, f"{entry.origin.url}: holds more than {MAX_BYTES:,} bytes, the most")
    after = FetchedFiles(tuple(_named_apart(look.files)), look.known)
    if after != before:
        await fetcher.pool.run(None, write_fetched, path, after)
    else:
        path.touch()  # when it was looked at last
    same = is_there and after.files == before.files
    outcome: Outcome = "unchanged" if same else "changed" if is_there else "new"
    return EntryReport(entry, outcome, len(after.files), tuple(look.notes))


def forget_others(folder: Path, entries: Iterable[Entry]) -> None:
    """Delete from `folder` what was fetched for others than these entries. Raises OSError."""
    kept = {entry.fetched_name for entry in entries}
    for path in folder.glob("*.zip"):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def _failed(look: _Look, *reasons: str) -> EntryReport:
    notes = (*look.notes, *reasons)
    return EntryReport(look.entry, "failed", len(look.before.files), notes)


async def _look_at_page(look: _Look, address: str) -> None:
    """Have what stands at an address, or what stood there. FetchError."""
    fetched = await look.fetch(address)
    if fetched is None:
        look.keep(address)
        return
    name = fetched.file_name if look.origin.kind == "address" else _name_of(address, fetched)
    if not await look.add(FetchedFile(name, fetched.content, address)):
        del look.known[address]
        if look.origin.kind == "sitemap":
            look.keep(address)


async def _look_at_pages(look: _Look, address: str) -> None:
    """Have the pages that a sitemap lists. FetchError where it cannot be had itself."""
    sitemap = await list_pages(look.fetcher, address)
    if sitemap.is_cut:
        look.notes.append(f"{address}: lists more pages than {len(sitemap.pages)}, which are taken")
    if sitemap.elsewhere:
        look.notes.append(f"{address}: {sitemap.elsewhere:,} pages of other hosts are left out")
    silent, is_whole = 0, True
    for page in sitemap.pages:
        if silent >= MOST_SILENT:
            look.keep(page.address)
            continue
        try:
            await _look_at_page(look, page.address)
            silent = 0
        except FetchError as error:
            look.notes.append(str(error))
            look.keep(page.address)
            no_answer = isinstance(error, (ServerError, TooSlowError))
            silent, is_whole = silent + 1 if no_answer else 0, is_whole and not no_answer
    if silent >= MOST_SILENT:
        look.notes.append(f"{address}: its server does not answer; the other pages were not asked")
    if not is_whole:
        listed = {page.address for page in sitemap.pages}
        for one in look.before.files:
            if one.address is not None and one.address not in listed:
                look.keep(one.address)


async def _look_at_archive(look: _Look, origin: Origin) -> None:
    """Have the files of a folder in an archive that can be read. FetchError, CorpusError."""
    fetched = await look.fetch(origin.url, "archive")
    if fetched is None:
        look.keep()
        return
    found = await look.fetcher.pool.run(
        None, files_of_archive, fetched.file_name, fetched.content, origin.folder, origin.globs
    )
    for one in found:
        is_hidden = any(part.startswith(".") for part in one.path.split("/"))
        if PurePosixPath(one.path).suffix.lower() in SUFFIXES and not is_hidden:
            await look.add(FetchedFile(one.path, one.content))


def _name_of(address: str, fetched: Fetched) -> str:
    """A path that tells a page by its address, with the suffix of what it is."""
    url = URL(address)
    path = url.path.rstrip("/") or "index"
    if PurePosixPath(path).suffix.lower() in UPLOAD_SUFFIXES:
        path = path.rpartition(".")[0]
    asked = f"-{url.query_string}" if url.query_string else ""
    parts = [_UNSAFE.sub("-", part).strip("-.") for part in f"{path}{asked}".split("/")]
    name = "/".join(part for part in parts if part)[:MAX_NAME].rstrip("/") or "index"
    return name + PurePosixPath(fetched.file_name).suffix


def _named_apart(files: Iterable[FetchedFile]) -> Iterator[FetchedFile]:
    """The files, one that has the name of an earlier one under a name of its own."""
    taken: set[str] = set()
    for file in files:
        name, suffix = PurePosixPath(file.name), PurePosixPath(file.name).suffix
        number = 1
        while str(name) in taken:
            number += 1
            name = PurePosixPath(f"{file.name.removesuffix(suffix)}-{number}{suffix}")
        taken.add(str(name))
        yield replace(file, name=str(name))
