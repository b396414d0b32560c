"""The files of a folder in an archive, as Git hosts give it."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from collections.abc import Mapping
from hashlib import sha256

import pytest

from bot.fetching.archives import MAX_ENTRIES, MAX_FILES, ArchivedFile, files_of_archive
from bot.fetching.fetcher import Fetched
from index.errors import CorpusError
from tests.bot.fetching.web import Web, answer
from tests.index.importers.made_archives import archive

REPOSITORY: Mapping[str, str | bytes] = {
    "project-1a2b3c/README.md": "Read me.",
    "project-1a2b3c/docs/guide.md": "The gate opens.",
    "project-1a2b3c/docs/more/rules.md": "The gate closes.",
    "project-1a2b3c/docs/lamp.png": b"\x89PNG",
    "project-1a2b3c/src/main.py": "pass",
}


def tarball(files: Mapping[str, str | bytes], kind: int = tarfile.PAX_FORMAT) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", format=kind) as made:
        for name, content in files.items():
            written = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(written)
            made.addfile(info, io.BytesIO(written))
    return packed.getvalue()


PACKED = {"docs.zip": archive(REPOSITORY), "docs.tar.gz": tarball(REPOSITORY)}


def refusal(file: str, content: bytes, folder: str = "", *globs: str) -> str:
    with pytest.raises(CorpusError) as refused:
        files_of_archive(file, content, folder, globs or ("*",))
    (problem,) = refused.value.problems
    assert problem.file == file
    return problem.reason


@pytest.mark.parametrize("file", PACKED)
@pytest.mark.parametrize("folder", ["docs", "docs/", "./docs"])
def test_files_of_a_folder_that_match(file: str, folder: str) -> None:
    assert files_of_archive(file, PACKED[file], folder, ("*.md",)) == (
        ArchivedFile("guide.md", b"The gate opens."),
        ArchivedFile("more/rules.md", b"The gate closes."),
    )


@pytest.mark.parametrize("file", PACKED)
def test_without_a_folder_all_that_match(file: str) -> None:
    found = files_of_archive(file, PACKED[file], "", ("*.md", "*.py"))
    assert [one.path for one in found] == [
        "README.md", "docs/guide.md", "docs/more/rules.md", "src/main.py",
    ]  # fmt: skip


def test_files_that_are_in_no_common_folder_keep_their_paths() -> None:
    files = {"docs/a.md": "a", "b.md": "b"}
    for packed in (archive(files), tarball(files)):
        assert [one.path for one in files_of_archive("a", packed)] == ["b.md", "docs/a.md"]
        assert [one.path for one in files_of_archive("a", packed, "docs")] == ["a.md"]


@pytest.mark.parametrize("file", PACKED)
def test_nothing_that_matches_is_told(file: str) -> None:
    assert "holds no file below nowhere that matches *.md" in refusal(
        file, PACKED[file], "nowhere", "*.md"
    )


@pytest.mark.parametrize("pack", [archive, tarball])
@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../a.md", "a/../../b.md", "a/./b.md", "a//b.md", "C:\\a.md", "a\\b.md",
     "a\nb.md", "a\u202eb.md", f"{'a' * 400}.md"],
)  # fmt: skip
def test_paths_that_lead_out_are_passed_over(pack: object, name: str) -> None:
    assert callable(pack)
    packed = pack({name: "out", "in.md": "in"})
    assert [one.path for one in files_of_archive("a", packed)] == ["in.md"]


def test_links_and_devices_are_passed_over() -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as made:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"{kind.decode()}.md")
            info.type, info.linkname = kind, "/etc/passwd"
            made.addfile(info)
        made.addfile(tarfile.TarInfo("in.md"))
    assert [one.path for one in files_of_archive("a", packed.getvalue())] == ["in.md"]

    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archived:
        info_zip = zipfile.ZipInfo("link.md")
        info_zip.external_attr = (stat.S_IFLNK | 0o777) << 16
        archived.writestr(info_zip, "/etc/passwd")
        archived.writestr("in.md", "in")
    assert [one.path for one in files_of_archive("a", zipped.getvalue())] == ["in.md"]


@pytest.mark.parametrize("pack", [archive, tarball])
def test_more_files_than_may_be_are_refused(pack: object) -> None:
    assert callable(pack)
    packed = pack({f"{at}.md": sha256(bytes(at)).digest() for at in range(MAX_FILES + 1)})
    assert "holds 501 files in it; 500 are the most" in refusal("a", packed)
    assert len(files_of_archive("a", packed, "", ("1*.md",))) == 111


@pytest.mark.parametrize("pack", [archive, tarball])
def test_more_entries_than_may_be_are_refused(
    pack: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(pack)
    monkeypatch.setattr("bot.fetching.archives.MAX_ENTRIES", 20)
    packed = pack({f"{at}.md": "" for at in range(21)})
    assert "20 are the most" in (said := refusal("a", packed)) or "more than 20 files" in said
    assert MAX_ENTRIES == 20_000


@pytest.mark.parametrize("pack", [archive, tarball])
def test_a_bomb_is_refused(pack: object) -> None:
    assert callable(pack)
    assert "100 times its size" in refusal("a", pack({"a.md": bytes(60_000_000)}))


@pytest.mark.parametrize("content", [b"", b"hello", b"PK", b"\x1f\x8b", b"PK\x03\x04" + bytes(90)])
def test_what_is_no_archive_is_told(content: bytes) -> None:
    assert refusal("a", content).startswith("is ")


async def test_an_archive_that_is_fetched(web: Web) -> None:
    for path, kind in (("/docs.zip", "application/zip"), ("/docs.tar.gz", "application/x-gzip")):
        packed = PACKED[path[1:]]
        web.site.pages[path] = answer(packed, kind=kind, ETag='"1"')
        fetched = await web.fetcher().fetch(web.address(path), wanted="archive")
        assert isinstance(fetched, Fetched)
        assert fetched.content == packed
        assert fetched.validators.etag == '"1"'
        assert len(files_of_archive("a", fetched.content, "docs", ("*.md",))) == 2
