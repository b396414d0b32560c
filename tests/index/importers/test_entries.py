"""Lists of references: which headings open them, and what an entry is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.importers.blocks import Entry
from index.importers.entries import address_in, is_references_heading, printed_entry


@pytest.mark.parametrize(
    "heading",
    [
        "References",
        "REFERENCES",
        "8.  References",
        "8.1.  Normative References",
        "VII. References",
        "Appendix A. Bibliography",
        "Notes and references:",
        "References[edit]",
        "== See also ==",
        "Einzelnachweise [Bearbeiten | Quelltext bearbeiten]",
        "Siehe auch",
        "Notes et références",
        "참고 문헌",
        "脚注",
        "См. также",
        "المراجع",
    ],
)
def test_headings_of_lists(heading: str) -> None:
    assert is_references_heading(heading)


@pytest.mark.parametrize(
    "heading",
    ["Sources of light", "Notes on the keeper", "History", "", "References " * 20, "3.1. Lamps"],
)
def test_headings_of_what_is_no_list(heading: str) -> None:
    assert not is_references_heading(heading)


@pytest.mark.parametrize(
    ("text", "label", "title"),
    [
        ("[1] Mason, Lamps.", "1", "Mason, Lamps."),
        ("1. Mason, Lamps.", "1", "Mason, Lamps."),
        ("  12) Mason,\n   Lamps.", "12", "Mason, Lamps."),
        ("3.Mason, Lamps.", "3", "Mason, Lamps."),
        ("4\tMason, Lamps.", "4", "Mason, Lamps."),
        ("[RFC2119]  Mason, Lamps.", "RFC2119", "Mason, Lamps."),
        ("[Mason, 1871] Lamps.", "Mason, 1871", "Lamps."),
        ("[12a] Lamps.", "12a", "Lamps."),
        ("^ Mason, Lamps.", "", "Mason, Lamps."),
        ("^ a b Mason, Lamps.", "", "Mason, Lamps."),
        ("^ A Lamp.", "", "A Lamp."),
        ("1 2 3 Mason, Lamps.", "", "Mason, Lamps."),
        ("^ Jump up to: a b Mason, Lamps.", "", "Mason, Lamps."),
    ],
)
def test_entries(text: str, label: str, title: str) -> None:
    assert printed_entry(text) == (label, Entry(title))


@pytest.mark.parametrize(
    "text", ["Mason, Lamps.", "1.5 mm of oil", "1871 by Mason", "[ ] a", "^", ""]
)
def test_what_is_no_entry(text: str) -> None:
    assert printed_entry(text) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Lamps. https://lamps.example/a(b).", "https://lamps.example/a(b)"),
        ("Lamps (https://lamps.example/a).", "https://lamps.example/a"),
        ("Lamps <http://lamps.example/>.", "http://lamps.example/"),
        ("Lamps. doi:10.1234/lamps.5.", "https://doi.org/10.1234/lamps.5"),
        ("Lamps. doi: 10.1234/lamps 24547605", "https://doi.org/10.1234/lamps"),
        ("Lamps, 10.1234.", None),
    ],
)
def test_addresses(text: str, address: str | None) -> None:
    assert address_in(text) == address


@given(st.text(alphabet="[]^1a.) \t\u2191Jump up to:,-", max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    entry = printed_entry(text)
    if entry is not None:
        assert entry[1].title in " ".join(text.split())
    is_references_heading(text)
