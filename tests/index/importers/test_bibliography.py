"""Bibliographies: what the keys of citations stand for."""

from __future__ import annotations

import json
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import CorpusError
from index.importers.bibliography import Bibliography, read_bibliography
from index.importers.blocks import Entry

ENTRY = "@article{oil,\n  title = {%s},\n  year = 1871\n}\n"


def bibtex(text: str) -> Bibliography:
    return read_bibliography("oil.bib", text.encode())


def csl(value: object) -> Bibliography:
    return read_bibliography("oil.json", json.dumps(value).encode())


class TestBibtex:
    @pytest.mark.parametrize(
        ("tex", "title"),
        [
            ("{Oil} and {{Gas}}", "Oil and Gas"),
            (r"K\"{o}ln, K{\"u}hrt, \ss{} and \v{S}", "Köln, Kührt, ß and Š"),
            (r"Salt \& 50\% of \emph{sea}", "Salt & 50% of sea"),
            (r"$\alpha$ rays in {\LaTeX}", "α rays in LaTeX"),
            ("Oil -- a ``history''", "Oil – a “history”"),
            ("Two\n   lines", "Two lines"),
        ],
    )
    def test_tex_of_titles_is_decoded(self, tex: str, title: str) -> None:
        assert bibtex(ENTRY % tex).entries["oil"].title == title

    @pytest.mark.parametrize(
        ("fields", "url"),
        [
            (r"doi = {10.1234/a\_b}, url = {https://o.org}", "https://doi.org/10.1234/a_b"),
            ("DOI = {https://dx.doi.org/10.1234/A(1)}", "https://doi.org/10.1234/A(1)"),
            ("doi = {10.1234/<1:a>2}", "https://doi.org/10.1234/%3C1:a%3E2"),
            ("doi = {none}, url = {https://o.org/x_y}", "https://o.org/x_y"),
            (r"howpublished = {\url{https://o.org/z}}", "https://o.org/z"),
            ("year = 1871", None),
        ],
    )
    def test_the_address_is_that_of_the_doi_else_its_own(
        self, fields: str, url: str | None
    ) -> None:
        assert bibtex(f"@misc{{oil, title = {{Oil}}, {fields}}}").entries["oil"] == Entry(
            "Oil", url
        )

    def test_a_title_in_quotation_marks_may_be_put_together(self) -> None:
        assert bibtex('@book{oil, title = "Oil" # " lamps"}').entries["oil"].title == "Oil lamps"

    def test_without_a_title_it_is_called_by_what_it_stands_in_or_by_its_key(self) -> None:
        got = bibtex("@misc{a, booktitle={Lamps}}\n@misc{b, year=1871}").entries
        assert [entry.title for entry in got.values()] == ["Lamps", "b"]

    def test_what_is_broken_or_comes_twice_is_told_with_its_line_and_the_rest_is_read(self) -> None:
        got = bibtex(ENTRY % "Oil" + "@book{ broken title={x}\n" + ENTRY % "Again")
        assert got.entries == {"oil": Entry("Oil")}
        assert [problem.line for problem in got.warnings] == [5, 6]

    def test_without_its_library_it_is_said_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delitem(sys.modules, "index.importers.bibliography.bibtex", raising=False)
        monkeypatch.setitem(sys.modules, "bibtexparser.entrypoint", None)
        with pytest.raises(
            CorpusError, match=r"oil\.bib:1: needs bibtexparser.*footnote\[documents\]"
        ):
            bibtex(ENTRY % "Oil")


ITEM = {"id": "oil", "title": "<i>Oil</i>  lamps", "DOI": "10.1234/x", "URL": "https://o.org"}
GOT = {"oil": Entry("Oil lamps", "https://doi.org/10.1234/x")}


class TestCsl:
    def test_a_list_a_library_and_items_by_id_are_the_same(self) -> None:
        without = {key: value for key, value in ITEM.items() if key != "id"}
        for value in ([ITEM], {"items": [ITEM]}, {"oil": without}):
            assert csl(value).entries == GOT

    def test_an_item_without_an_id_is_told(self) -> None:
        got = csl([ITEM, {"title": "Lost"}, 5])
        assert got.entries == GOT
        assert len(got.warnings) == 2

    @pytest.mark.parametrize("text", ["{", "[" * 100_000, "nought", '{"a": ' * 50_000])
    def test_what_is_no_json_is_told(self, text: str) -> None:
        with pytest.raises(CorpusError, match=r"oil\.json:\d+: is no JSON; export"):
            read_bibliography("oil.json", text.encode())


class TestHostile:
    @pytest.mark.parametrize(
        ("file", "text", "said"),
        [
            ("oil.bib", "no entries", "holds no entry with a key"),
            ("oil.json", "[1]", "holds no entry with a key"),
            ("oil.txt", ENTRY % "Oil", "neither BibTeX .* nor CSL-JSON"),
            ("oil.bib", "@" * 2_000_001, "are the most, so keep what is cited"),
        ],
    )
    def test_what_holds_nothing_is_told(self, file: str, text: str, said: str) -> None:
        with pytest.raises(CorpusError, match=said):
            read_bibliography(file, text.encode())

    @pytest.mark.parametrize("tex", ["{" * 400 + "}" * 400, "a" * 5000, r"\"{" * 300 + "}" * 300])
    def test_tex_beyond_the_bounds_is_not_decoded(self, tex: str) -> None:
        title = bibtex(ENTRY % f"Oil {tex}").entries["oil"].title
        assert title.startswith("Oil")
        assert not set(title) & set("{}\\")
        assert len(title) <= 1000

    @pytest.mark.parametrize("text", ["@a{" * 9000, '@a{b, c="' + '"' * 50_000, "{" * 90_000])
    def test_heaps_of_marks_end_in_words(self, text: str) -> None:
        with pytest.raises(CorpusError):
            bibtex(text)

    @given(st.sampled_from(["oil.bib", "oil.json"]), st.binary(max_size=200))
    def test_any_bytes(self, file: str, content: bytes) -> None:
        _is_read_or_refused(file, content)

    @given(st.data())
    def test_files_that_are_cut_or_damaged(self, data: st.DataObject) -> None:
        content = bytearray(
            (ENTRY % r"K\"{o}ln $\alpha$" + '@misc{b, url="https://o.org"}').encode()
        )
        del content[data.draw(st.integers(1, len(content))) :]
        for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
            content[at] ^= 1 << data.draw(st.integers(0, 7))
        _is_read_or_refused("oil.bib", bytes(content))


def _is_read_or_refused(file: str, content: bytes) -> None:
    with suppress(CorpusError):
        got = read_bibliography(file, content)
        assert all(entry.title for entry in got.entries.values())
