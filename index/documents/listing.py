"""What corpus.yaml lists: its entries, and the files that each of them means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePath

from pydantic import Field, ValidationError

from index.documents.document import DocumentSpec, Strict
from index.documents.ids import free_id, slug_of
from index.documents.importing import MAX_NAME, as_imported
from index.documents.passage_files import control_problems
from index.errors import CorpusError, Problem
from index.files.lined_yaml import LinedYaml, validation_problems
from index.importers.formats import SUFFIXES

__all__ = ["is_pattern", "listed_specs", "spread"]

FILLED_IN = frozenset({"importer", "own_title"})
MAX_FILES = 10_000
"""The most files that one pattern may match."""
_PATTERN = re.compile(r"[*?]|\[[^\]]+\]")


class _CorpusFile(Strict):
    documents: list[DocumentSpec] = Field(min_length=1)


def listed_specs(source: LinedYaml) -> tuple[list[tuple[int, DocumentSpec]], list[Problem]]:
    """The entries that are right, with their positions, and what is wrong with the others."""
    if not isinstance(source.value, dict) or "documents" not in source.value:
        reason = "has no list of documents; start it with: documents:"
        raise CorpusError([Problem(source.file, 1, reason)])
    if hidden := control_problems(source):
        raise CorpusError(hidden)
    entries = source.value["documents"]
    try:
        _CorpusFile.model_validate(source.value)
    except ValidationError as error:
        problems = validation_problems(error, source)
    else:
        problems = []
    specs: list[tuple[int, DocumentSpec]] = []
    for position, entry in enumerate(entries if isinstance(entries, list) else []):
        try:
            spec = DocumentSpec.model_validate(entry)
        except ValidationError:
            continue  # already among the problems
        specs.append((position, spec))
        for key, reason in _unfit(entry, spec):
            problems.append(source.problem(("documents", position, key), reason))
    counts = Counter(spec.id for _, spec in specs)
    ids: set[str] = set()
    for position, spec in specs:
        if counts[spec.id] > 1 and spec.id in ids:
            reason = f"the id {spec.id!r} is used twice; give each document its own"
            problems.append(source.problem(("documents", position, "id"), reason))
        ids.add(spec.id)
    return specs, problems


def is_pattern(file: str) -> bool:
    """Whether an entry's `file` stands for all that match it, such as `handbook/**/*.md`."""
    return bool(_PATTERN.search(file))


def _unfit(entry: Collection[str], spec: DocumentSpec) -> Iterator[tuple[str, str]]:
    """The keys of an entry that have no place in it, each with why."""
    for key in sorted(FILLED_IN.intersection(entry)):
        yield key, f"{key} is filled in by Footnote; delete it"
    if spec.keep and as_imported(spec).format is None:
        yield "keep", "keep is for what an importer reads; say a format, or layout: prose, too"


def spread(
    folder: Path,
    specs: Iterable[tuple[int, DocumentSpec]],
    listing: LinedYaml,
    problems: list[Problem],
) -> Iterator[tuple[int, DocumentSpec]]:
    """The entries, one whose file is a pattern as one for each file that it matches.

    Such a document is called by the title in its file, or else by the file's name.
    """
    listed = list(specs)
    taken = {spec.id for _, spec in listed}
    for position, spec in listed:
        if not is_pattern(spec.file):
            yield position, spec
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
            name = file.rpartition(".")[0]
            new_id = free_id(slug_of(f"{spec.id} {name}") or spec.id, taken)
            taken.add(new_id)
            title = PurePath(name).name.replace("-", " ").replace("_", " ").strip() or name
            said = {"id": new_id, "file": file, "title": title[:MAX_NAME], "own_title": True}
            yield position, spec.model_copy(update=said)


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
