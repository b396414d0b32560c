"""What corpus.yaml lists: its entries, and the files that each of them means."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import Field, ValidationError, field_validator

from index.documents.document import DocumentSpec, Strict, WebAddress, check_address, is_web_address
from index.documents.ids import free_id, slug_of
from index.documents.importing import MAX_NAME, as_imported
from index.documents.passage_files import control_problems
from index.errors import CorpusError, Problem
from index.files.fetched import FetchedFile, FetchedFiles, read_fetched
from index.files.lined_yaml import LinedYaml, validation_problems
from index.files.regular import cause_of
from index.importers.formats import SUFFIXES

__all__ = [
    "FETCH_COMMAND",
    "Entry",
    "Origin",
    "OriginKind",
    "is_pattern",
    "listed_specs",
    "spec_of",
    "spread",
]

OriginKind = Literal["address", "sitemap", "archive"]
KINDS: tuple[OriginKind, ...] = get_args(OriginKind)
FETCH_COMMAND = "footnote library fetch"
DEFAULT_HOURS = 24
MAX_HOURS = 24 * 30
FILLED_IN = frozenset({"importer", "own_title"})
MAX_FILES = 10_000
"""The most files that one pattern may match."""
_PATTERN = re.compile(r"[*?]|\[[^\]]+\]")


class Origin(Strict):
    """Where an entry is fetched from: an address, the pages of a sitemap, files of an archive.

    Of an archive the files below `folder` are meant whose paths from there match one of `globs`.
    """

    address: WebAddress | None = None
    sitemap: WebAddress | None = None
    archive: WebAddress | None = None
    folder: str = Field(default="", max_length=300)
    globs: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(
        default=["*"], min_length=1, max_length=50
    )
    every_hours: int = Field(default=DEFAULT_HOURS, ge=1, le=MAX_HOURS)

    _addresses = field_validator(*KINDS)(check_address)

    @property
    def kind(self) -> OriginKind:
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def url(self) -> str:
        return str(getattr(self, self.kind))


class Entry(NamedTuple):
    """An entry that is right, and its position; where it has an `origin`, its file is none."""

    position: int
    spec: DocumentSpec
    origin: Origin | None = None

    @property
    def fetched_name(self) -> str:
        """The file that what was fetched lies in: another one where other files are meant."""
        assert self.origin is not None  # noqa: S101 - the caller looks
        meant = self.origin.model_dump_json(exclude={"every_hours"}, exclude_none=True)
        return f"{self.spec.id}.{hashlib.sha256(meant.encode()).hexdigest()[:16]}.zip"


class Meant(NamedTuple):
    """A file that an entry means; of one that was fetched, its bytes too."""

    position: int
    spec: DocumentSpec
    content: bytes | None = None


class _CorpusFile(Strict):
    documents: list[DocumentSpec] = Field(min_length=1)


def listed_specs(source: LinedYaml) -> tuple[list[Entry], list[Problem]]:
    """The entries that are right, with their positions, and what is wrong with the others."""
    if not isinstance(source.value, dict) or "documents" not in source.value:
        reason = "has no list of documents; start it with: documents:"
        raise CorpusError([Problem(source.file, 1, reason)])
    if hidden := control_problems(source):
        raise CorpusError(hidden)
    listed = source.value["documents"]
    problems: list[Problem] = []
    origins: dict[int, Origin] = {}
    entries = listed
    if isinstance(listed, list):
        entries = [_without_origin(place, source, origins, problems) for place in enumerate(listed)]
    try:
        _CorpusFile.model_validate({**source.value, "documents": entries})
    except ValidationError as error:
        problems += validation_problems(error, source)
    specs: list[Entry] = []
    for position, entry in enumerate(entries if isinstance(entries, list) else []):
        try:
            spec = DocumentSpec.model_validate(entry)
        except ValidationError:
            continue  # already among the problems
        specs.append(Entry(position, spec, origins.get(position)))
        for key, reason in _unfit(entry, spec):
            problems.append(source.problem(("documents", position, key), reason))
    counts = Counter(entry.spec.id for entry in specs)
    ids: set[str] = set()
    for position, spec, _ in specs:
        if counts[spec.id] > 1 and spec.id in ids:
            reason = f"the id {spec.id!r} is used twice; give each document its own"
            problems.append(source.problem(("documents", position, "id"), reason))
        ids.add(spec.id)
    return specs, problems


def is_pattern(file: str) -> bool:
    """Whether an entry's `file` stands for all that match it, such as `handbook/**/*.md`."""
    return bool(_PATTERN.search(file))


def _without_origin(
    place: tuple[int, Any],
    source: LinedYaml,
    origins: dict[int, Origin],
    problems: list[Problem],
) -> Any:
    """The entry as one of a file, where it is one that is fetched; else as it is.

    Where it comes from is put into `origins`, what is wrong with that into `problems`.
    """
    position, entry = place
    if not isinstance(entry, dict) or not any(key in Origin.model_fields for key in entry):
        return entry
    under = ("documents", position)
    said = {key: value for key, value in entry.items() if key in Origin.model_fields}
    rest = {key: value for key, value in entry.items() if key not in said}
    named = [key for key in ("file", *KINDS) if key in entry]
    for key in named[1:]:
        reason = f"{named[0]} and {key} are both given; delete one of them"
        problems.append(source.problem((*under, key), reason))
    for key, kinds in (("folder", ("archive",)), ("globs", ("archive",)), ("every_hours", KINDS)):
        if key in said and not any(kind in said for kind in kinds):
            reason = f"{key} goes with {', '.join(kinds)}; give that, or delete it"
            problems.append(source.problem((*under, key), reason))
    if named[:1] == ["file"] or not named:
        return rest
    try:
        origins[position] = Origin.model_validate(said)
    except ValidationError as error:
        problems += validation_problems(error, source, under=under)
    else:
        if said[named[0]] is None:
            reason = f"{named[0]} is empty; give an address, https://…"
            problems.append(source.problem((*under, named[0]), reason))
            del origins[position]
    return {**rest, "file": named[0]}


def _unfit(entry: Collection[str], spec: DocumentSpec) -> Iterator[tuple[str, str]]:
    """The keys of an entry that have no place in it, each with why."""
    for key in sorted(FILLED_IN.intersection(entry)):
        yield key, f"{key} is filled in by Footnote; delete it"
    if spec.keep and as_imported(spec).format is None:
        yield "keep", "keep is for what an importer reads; say a format, or layout: prose, too"


def spread(
    folder: Path,
    fetched: Path | None,
    entries: Iterable[Entry],
    listing: LinedYaml,
    problems: list[Problem],
) -> Iterator[Meant]:
    """The files that entries mean: those of the folder, and what was fetched into `fetched`.

    A document of many that one entry means is called by the title in its file, or else by the
    file's name.
    """
    listed = list(entries)
    taken = {entry.spec.id for entry in listed}
    for entry in listed:
        position, spec, origin = entry
        if origin is not None:
            for one in _fetched(fetched, entry, origin, listing, problems).files:
                yield Meant(position, spec_of(spec, origin, one, taken), one.content)
            continue
        if not is_pattern(spec.file):
            yield Meant(position, spec)
            continue
        place = ("documents", position, "file")
        try:
            files = _matching(folder, spec.file)
        except (ValueError, NotImplementedError, OSError) as error:
            problems.append(
                listing.problem(place, f"{spec.file!r} is no pattern of files: {error}")
            )
            continue
        if not files or len(files) > MAX_FILES:
            reason = (
                f"{spec.file!r} matches {len(files):,} files of {', '.join(SUFFIXES)}; "
                f"it may match 1 to {MAX_FILES:,}, so correct it"
            )
            problems.append(listing.problem(place, reason))
        for file in files[:MAX_FILES]:
            yield Meant(position, _one_of(spec, file, taken))


def _one_of(spec: DocumentSpec, file: str, taken: set[str], under: str = "") -> DocumentSpec:
    """What an entry says of one of its many files; its id joins those that are `taken`.

    `under` stands before the file's name where that is shown.
    """
    name = file.rpartition(".")[0]
    new_id = free_id(slug_of(f"{spec.id} {name}") or spec.id, taken)
    taken.add(new_id)
    title = PurePath(name).name.replace("-", " ").replace("_", " ").strip() or name
    said = {"id": new_id, "file": under + file, "title": title[:MAX_NAME], "own_title": True}
    return spec.model_copy(update=said)


def spec_of(spec: DocumentSpec, origin: Origin, file: FetchedFile, taken: set[str]) -> DocumentSpec:
    """What an entry says of a file that was fetched for it, with where that is from."""
    is_told = spec.source_url is not None and origin.kind != "sitemap"
    if not is_told and file.address is not None and is_web_address(file.address):
        spec = spec.model_copy(update={"source_url": file.address})
    if origin.kind != "address":
        return _one_of(spec, file.name, taken, f"{spec.id}/")
    return spec.model_copy(update={"file": file.name})


def _fetched(
    folder: Path | None,
    entry: Entry,
    origin: Origin,
    listing: LinedYaml,
    problems: list[Problem],
) -> FetchedFiles:
    """What was fetched for an entry; none where that cannot be had, which is a problem."""
    place = ("documents", entry.position, origin.kind)
    try:
        if folder is not None:
            return read_fetched(folder / entry.fetched_name)
        reason = f"{entry.spec.id!r} was not fetched yet; run: {FETCH_COMMAND}"
    except FileNotFoundError:
        reason = f"{entry.spec.id!r} was not fetched yet; run: {FETCH_COMMAND}"
    except (OSError, ValueError) as error:
        reason = f"what was fetched for {entry.spec.id!r} cannot be read ({cause_of(error)})"
        reason += f"; fetch it again: {FETCH_COMMAND}"
    problems.append(listing.problem(place, reason))
    return FetchedFiles()


def _matching(folder: Path, pattern: str) -> list[str]:
    """The files that a pattern means and an importer reads, as paths from the folder; sorted."""
    root = folder.resolve()
    return sorted(
        path.relative_to(root).as_posix()
        for path in root.glob(pattern)
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(root).parts)
    )
