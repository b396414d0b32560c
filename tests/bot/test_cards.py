"""Cards keep to Discord's limits, and nothing of others takes effect in them."""

from __future__ import annotations

import re
from pathlib import Path

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.answer import answer_card, citation_card
from bot.cards.layout import MAX_TEXT
from bot.cards.markdown import escape, one_line, quotation
from bot.cards.reports import failure_card, report_card, status_card
from bot.librarian import Librarian, Report
from bot.store import Store
from index.confidence import Reason
from index.corpus import Document, DocumentSpec
from index.differences import compare
from index.errors import Problem
from index.passages import Passage
from index.searcher import Answer, Hit
from index.shipped import shipped_data
from tests.bot.conftest import _texts

SPEC = DocumentSpec.model_validate(
    {
        "id": "d",
        "title": "A *title* @everyone",
        "file": "d.txt",
        "source_url": "https://example.org/a_(b)",
        "licence": "CC BY-SA 4.0",
        "references": {"1": {"title": "A book", "url": "https://example.org/x_(y)"}},
    }
)
TEXTS = st.text(min_size=1, max_size=3000)


def texts(view: discord.ui.LayoutView) -> list[str]:
    return _texts(list(view.to_components()))  # type: ignore[no-untyped-call]


def assert_fits(view: discord.ui.LayoutView) -> None:
    assert sum(map(len, texts(view))) <= MAX_TEXT
    assert view.total_children_count <= 40
    assert all(texts(view))


def answer(question: str, bodies: list[str]) -> Answer:
    passages = [Passage("d", n, body, ("1", "2–4")) for n, body in enumerate(bodies, 1)]
    document = Document(SPEC, tuple(passages))
    hits = tuple(Hit(p, document, 1.0, 1.0, ((0, min(5, len(p.text))),)) for p in passages)
    return Answer(question, 1.0, hits)


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=5))
def test_an_answer_of_any_length_and_script_fits(question: str, bodies: list[str]) -> None:
    assert_fits(answer_card(answer(question, bodies)))


@pytest.mark.parametrize("body", ["*" * 3000, "x" * 3000, "한" * 3000, "[" * 3000, "a " * 1500])
def test_the_longest_passages_fit_and_say_when_they_are_cut(body: str) -> None:
    view = answer_card(answer("?", [body] * 5))
    assert_fits(view)
    said = "\n".join(texts(view))
    assert "4 more did not fit" in said
    assert ("Shortened" in said) == (len(escape(body)) > 3200)


def test_many_passages_of_one_number_fit() -> None:
    passages = [Passage("d", n, "some words " * 20, ("1",)) for n in range(1, 200)]
    document = Document(SPEC, tuple(passages))
    view = citation_card("1", [(passage, document) for passage in passages])
    assert_fits(view)
    assert "more did not fit" in texts(view)[-1]


def test_a_known_reference_is_linked() -> None:
    said = "\n".join(texts(answer_card(answer("?", ["Words."]))))
    assert "[\\[1\\]](https://example.org/x_%28y%29)" in said
    assert "\\[2–4\\]" in said


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_for_silence_has_words(reason: Reason) -> None:
    view = answer_card(Answer("?", 0.0, reason=reason))
    assert_fits(view)
    assert ">" not in texts(view)[0]


@pytest.mark.parametrize(
    "hostile",
    [
        "@everyone", "@here", "<@1>", "<@!1>", "<@&1>", "<#1>", "</ask:1>", "<t:1:R>", "<:a:1>",
        "<a:a:1>", ":smile:", "[text](https://example.org)", "https://example.org", "**bold**",
        "__under__", "~~struck~~", "||spoiler||", "`code`", "```block```", "# heading",
        "- item", "+ item", "> quotation", ">>> long", "-# small", "1. item", "\\*",
    ],
)  # fmt: skip
def test_nothing_of_others_takes_effect(hostile: str) -> None:
    """What Discord would act on has a backslash before its first sign, and reads the same."""
    escaped = escape(hostile)
    assert re.sub(r"\\([^0-9A-Za-z\s])", r"\1", escaped) == hostile
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "x", escaped)
    assert not re.search(r"[*_~`|<>@\[\]()]|^\s*(?:[#+-]|\d+\.)", bare)


@given(st.text(max_size=200))
def test_escaping_changes_nothing_that_is_read(text: str) -> None:
    assert re.sub(r"\\([^0-9A-Za-z\s])", r"\1", escape(text)) == text


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))))
def test_a_quotation_is_the_passage_with_its_matches_in_bold(
    text: str, pairs: list[tuple[int, int]]
) -> None:
    spans = [(a, b) for a, b in pairs if a < b <= len(text)]
    quoted = quotation(text, spans)
    assert quoted.startswith("> ")
    plain = re.sub(r"(?<!\\)((?:\\\\)*)\*\*", r"\1", quoted[2:])
    assert re.sub(r"\\([^0-9A-Za-z\s])", r"\1", plain) == text


def test_one_line_keeps_to_its_limit() -> None:
    assert one_line("a\n b\tc") == "a b c"
    assert len(one_line("x" * 500, 100)) == 100


def test_reports_of_any_size_fit(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        revision = Librarian(shipped_data(), store).shared()
    assert_fits(status_card(revision))
    old = [Passage("d", n, "*" * 3000) for n in range(50)]
    new = [Passage("d", n, f"word{n} " * 100) for n in range(50)]
    assert_fits(report_card(Report(revision, compare(old, new), 1.0)))
    assert_fits(failure_card([Problem("f" * 300, 1, "r" * 3000)] * 500))
