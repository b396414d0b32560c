"""Cards keep to Discord's limits, and nothing of others takes effect in them."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.cards.answer import answer_card, citation_card, question_of
from bot.cards.context import context_card, references_card
from bot.cards.controls import Controls
from bot.cards.layout import MAX_TEXT
from bot.cards.markdown import escape, headings, one_line, quotation, unescape
from bot.cards.reports import report_card, status_card
from bot.interactions.replies import explain
from bot.libraries.librarian import Librarian
from bot.libraries.pointers import Pointers, Spot
from bot.libraries.publishing import Publication
from bot.store import Store
from index.answering.answer import Answer, Hit
from index.answering.confidence import Outcome, Reason
from index.documents.differences import compare
from index.documents.document import Document, DocumentSpec, Reference
from index.documents.passages import Passage
from index.documents.shipped import shipped_data
from index.errors import CorpusError, Problem
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
    hits = tuple(Hit(p, document, 1.0, 1.0, spans=((0, min(5, len(p.text))),)) for p in passages)
    return Answer(question, hits, len(hits), 1.0)


def closest(question: str, bodies: list[str]) -> Answer:
    hits = answer(question, bodies).hits
    return Answer(question, hits, 0, 0.3, Reason.LOW_CONFIDENCE, is_close=True)


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=5))
def test_the_closest_passage_of_any_length_and_script_fits(
    question: str, bodies: list[str]
) -> None:
    pointers = Pointers(1, 1, 0, (Spot(own=False, position=0),), 0)
    view = answer_card(
        closest(question, bodies), controls=Controls(pointers, talk=False), nearest=pointers
    )
    assert_fits(view)
    (text,) = texts(view)
    assert "The closest passage; it may not answer that." in text
    assert "CC BY" in text


def test_the_closest_passage_is_quoted_word_for_word_and_alone() -> None:
    (text,) = texts(answer_card(closest("who *ruled*?", ["Park *ruled*.", "Others."])))
    assert text.splitlines() == [
        "-# who \\*ruled\\*?",
        "-# The closest passage; it may not answer that.",
        "> Park \\*ruled\\*.",
        "-# [\\[1\\]](https://example.org/x_%28y%29) \\[2–4\\] · A \\*title\\* \\@everyone, line 1",
        "-# [A \\*title\\* \\@everyone](https://example.org/a_%28b%29) · CC BY-SA 4.0",
    ]


@pytest.mark.parametrize("is_close", [True, False])
@pytest.mark.parametrize("numbers", [(), ("1",)])
def test_the_headings_of_a_passage_stand_under_its_quotation(
    is_close: bool, numbers: tuple[str, ...]
) -> None:
    section = ("A\n*Handbook*", "Opening hours @everyone")
    passage = Passage("d", 12, "Words.", numbers, section=section)
    hits = (Hit(passage, Document(SPEC, (passage,)), 1.0, 1.0),)
    view = answer_card(Answer("?", hits, int(not is_close), 1.0, is_close=is_close))
    lines = "\n".join(texts(view)).splitlines()
    (quoted,) = (line for line in lines if line.startswith("> "))
    assert quoted == "> Words."
    shown = "· A \\*Handbook\\* › Opening hours \\@everyone, line 12"
    assert sum(line.endswith(shown) for line in lines) == 1


@pytest.mark.parametrize("is_close", [True, False])
def test_a_long_passage_under_a_long_heading_fits(is_close: bool) -> None:
    made = answer("*" * 500, ["*" * 3000])
    long = replace(made, corrected="*" * 300, taken_over=("word",) * 60)
    view = answer_card(replace(long, count=int(not is_close), is_close=is_close))
    assert_fits(view)
    text = "\n".join(texts(view))
    assert "Shortened" in text
    assert text.endswith("CC BY-SA 4.0")


def test_headings_of_any_length_fit() -> None:
    passages = [
        Passage("d", n, "word " * 150, ("1",), section=("*" * 500, "x" * 500)) for n in range(1, 6)
    ]
    document = Document(SPEC, tuple(passages))
    hits = tuple(Hit(passage, document) for passage in passages)
    assert_fits(answer_card(Answer("?", hits, len(hits), 1.0)))
    assert len(headings(passages[0].section)) == 100
    assert headings(()) == ""


@given(TEXTS, st.lists(TEXTS, min_size=1, max_size=5))
def test_an_answer_of_any_length_and_script_fits(question: str, bodies: list[str]) -> None:
    assert_fits(answer_card(answer(question, bodies)))


@pytest.mark.parametrize("body", ["*" * 3000, "x" * 3000, "한" * 3000, "[" * 3000, "a " * 1500])
def test_the_longest_passages_fit_and_say_when_they_are_cut(body: str) -> None:
    view = answer_card(answer("?", [body] * 5))
    assert_fits(view)
    text = "\n".join(texts(view))
    assert "4 more did not fit" in text
    assert ("Shortened" in text) == (len(escape(body)) > 3200)


def test_many_passages_of_one_number_fit() -> None:
    passages = [Passage("d", n, "some words " * 20, ("1",)) for n in range(1, 200)]
    document = Document(SPEC, tuple(passages))
    view = citation_card("1", [Hit(passage, document) for passage in passages])
    assert_fits(view)
    assert "more did not fit" in texts(view)[-1]


def test_a_known_reference_is_linked() -> None:
    text = "\n".join(texts(answer_card(answer("?", ["Words."]))))
    assert "[\\[1\\]](https://example.org/x_%28y%29)" in text
    assert "\\[2–4\\]" in text


@pytest.mark.parametrize("reason", [one for one in Reason if one != Reason.OTHER_LANGUAGE])
def test_every_reason_for_silence_has_words(reason: Reason) -> None:
    view = answer_card(Answer("?", reason=reason))
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


def visible(text: str) -> str:
    return unescape(escape(text))


@given(st.text(max_size=200))
def test_escaping_changes_nothing_that_is_read(text: str) -> None:
    visible_text = visible(text)
    cut = Counter(text) - Counter(visible_text)
    assert all(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Mn", "Lo", "So") for sign in cut)
    assert "".join(sign for sign in text if sign not in cut) == visible_text
    assert visible(visible_text) == visible_text


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u202e", "\u2066", "\u3164", "\U000e0041", "\x1b", "\ufeff"]
)
def test_what_cannot_be_seen_is_left_out(sign: str) -> None:
    assert escape(f"a{sign}b") == "ab"


@pytest.mark.parametrize(
    "text", ["नमस्ते क्\u200dष", "می\u200cخواهم", "👩\u200d🚀", "é e\u0301", "한국어"]
)
def test_the_joiners_of_scripts_and_emoji_stay(text: str) -> None:
    assert escape(text) == text


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))))
def test_a_quotation_is_the_passage_with_its_matches_in_bold(
    text: str, pairs: list[tuple[int, int]]
) -> None:
    spans = [(a, b) for a, b in pairs if a < b <= len(text)]
    quote = quotation(text, spans)
    assert quote.startswith("> ")
    plain = re.sub(r"(?<!\\)((?:\\\\)*)\*\*", r"\1", quote[2:])
    assert unescape(plain) == visible(text)


HOSTILE = (
    "@everyone", "@here", "<@1>", "<@!2>", "<@&3>", "<#4>", "</ask:5>", "<t:6:R>", "[a](b)", "`",
    "```", "||", "**", "\\", "\\\\", "\n", "# ", "-# ", "> ", "1. ", "\u200b", "<", "@", ">",
)  # fmt: skip
PING = re.compile(r"@everyone|@here|<@[!&]?\d+>")


def test_nothing_pings_in_ten_thousand_texts() -> None:
    """No card of a hostile question and passage holds a mention that Discord would read."""
    random_source = random.Random(2026)
    for _ in range(10_000):
        parts = random_source.choices((*HOSTILE, "word", "é", " "), k=random_source.randint(1, 8))
        text = "".join(parts).strip() or "word"
        passages = [one_line(text, 3000)]
        for card_text in texts(answer_card(answer(text, passages))):
            unescaped = re.sub(r"\\[^0-9A-Za-z\s]", "\0", card_text)
            assert not PING.search(unescaped), text


@given(TEXTS, st.integers(0, 2**63), st.lists(st.integers(0, 999_999), min_size=5, max_size=5))
def test_a_card_with_all_its_controls_fits(question: str, asker: int, spots: list[int]) -> None:
    pointers = Pointers(
        asker, 2**31, 2**31, tuple(Spot(spot % 2 == 0, spot) for spot in spots), 2**32 - 1
    )
    assert Pointers.decode(pointers.encode()) == pointers
    view = answer_card(
        answer(question, ["word " * 500] * 5), controls=Controls(pointers, pointers, share=True)
    )
    assert_fits(view)
    for item in view.walk_children():
        if isinstance(item, (discord.ui.Button, discord.ui.Select)):
            assert item.custom_id is not None
            assert len(item.custom_id) <= 100
        if isinstance(item, discord.ui.Select):
            assert all(len(option.value) <= 100 for option in item.options)


@given(TEXTS, st.sampled_from(Outcome))
def test_the_question_is_read_off_its_card(question: str, outcome: Outcome) -> None:
    reply = {
        Outcome.SURE: answer(question, ["Words."]),
        Outcome.CLOSEST: closest(question, ["Words."]),
        Outcome.SILENT: Answer(question, reason=Reason.NO_MATCH),
    }[outcome]
    expected = visible(one_line(question, 500))
    read_question = question_of(texts(answer_card(reply)))
    assert read_question == expected or not expected.strip("*# -")


@given(
    st.lists(TEXTS, min_size=1, max_size=8),
    st.integers(0, 7),
    st.integers(-3, 3),
    st.booleans(),
)
def test_a_context_of_any_passages_fits(
    bodies: list[str], position: int, shift: int, contiguous: bool
) -> None:
    spec = SPEC.model_copy(update={"contiguous": contiguous})
    passages = [Passage("d", n, body, ("1", "2–4")) for n, body in enumerate(bodies, 1)]
    document = Document(spec, tuple(passages))
    cited = [(passage, document) for passage in passages[:5]]
    pointers = Pointers(1, 1, 0, tuple(Spot(own=False, position=n) for n in range(len(cited))), 0)
    assert_fits(context_card(pointers, cited, position % len(cited), shift))
    assert_fits(references_card(cited))


def test_one_line_keeps_to_its_limit() -> None:
    assert one_line("a\n b\tc") == "a b c"
    assert len(one_line("x" * 500, 100)) == 100


def test_reports_of_any_size_fit(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        revision = Librarian(shipped_data(), store).shared()
    assert_fits(status_card(revision, revision, meaning="serves"))
    old = [Passage("d", n, "*" * 3000) for n in range(50)]
    new = [Passage("d", n, f"word{n} " * 100) for n in range(50)]
    assert_fits(report_card(Publication(revision, compare(old, new), 1.0)))
    assert_fits(explain(CorpusError([Problem("f" * 300, 1, "r" * 3000)] * 500)))


def credited(**spec: object) -> Answer:
    documents = [
        Document(
            DocumentSpec.model_validate(
                {
                    "id": f"d{n}",
                    "title": f"Document number {n}",
                    "file": "d.txt",
                    "licence": "CC BY",
                }
                | {"attribution": f"The authors of document {n}"}
                | spec
            ),
            (Passage(f"d{n}", 1, "Words."),),
        )
        for n in range(5)
    ]
    hits = tuple(Hit(document.passages[0], document, 1.0, 1.0) for document in documents)
    return Answer("?", hits, len(hits), 1.0)


def test_documents_of_two_libraries_with_one_id_are_both_credited() -> None:
    text = "\n".join(texts(citation_card("5", credited(id="harbour").hits)))
    assert text.count("The authors of document") == 5


@pytest.mark.parametrize("path", ["", "x" * 100, "x" * 380, "x" * 900])
def test_no_document_goes_without_its_credit(path: str) -> None:
    address = f"https://example.org/{path}"
    text = "\n".join(texts(answer_card(credited(source_url=address, licence_url=address))))
    for n in range(5):
        assert f"The authors of document {n}" in text
    assert text.count("CC BY") == 5


def test_an_address_cannot_leave_its_link() -> None:
    address = "https://e.org/)**[free](https://evil.example/"
    text = "\n".join(texts(answer_card(credited(source_url=address, licence_url=address))))
    assert "](https://evil" not in text
    assert "**[free]" not in text


def test_a_number_with_too_long_an_address_stays() -> None:
    spec = SPEC.model_copy(
        update={"references": {"1": Reference(title="A", url=f"https://e.org/{'x' * 900}")}}
    )
    document = Document(spec, (Passage("d", 1, "Words.", ("1",)),))
    hit = Hit(document.passages[0], document, 1.0, 1.0)
    assert "**\\[1\\]**" in "\n".join(texts(answer_card(Answer("?", (hit,), 1, 1.0))))


@pytest.mark.parametrize("title", ["\u200b", " ", "\u202e\u2066"])
def test_a_title_that_cannot_be_seen_is_refused(title: str) -> None:
    with pytest.raises(ValidationError):
        DocumentSpec.model_validate({"id": "d", "title": title, "file": "d.txt"})
