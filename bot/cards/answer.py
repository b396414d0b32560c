"""An Answer, or passages that were looked up, as a card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import discord

from bot.cards.controls import Controls, closest_row, nearest_row, rows, spelling_rows
from bot.cards.layout import MAX_TEXT, card, notice
from bot.cards.markdown import (
    escape,
    first_lines,
    headings,
    labels_within,
    link,
    number_label,
    one_line,
    place_link,
    quotation,
    row_in_words,
    unescape,
)
from bot.libraries.pointers import Pointers
from bot.locales import say, say_in_other_language
from index.answering.answer import Answer, Hit
from index.answering.confidence import Reason
from index.answering.searcher import MAX_QUESTION_CHARS
from index.documents.document import Document, DocumentSpec
from index.documents.passages import Passage

__all__ = [
    "HELPED_BY_EXAMPLE",
    "answer_card",
    "citation_card",
    "numbers_of",
    "passages_card",
    "question_of",
    "why_silent",
]

HELPED_BY_EXAMPLE = frozenset({Reason.EMPTY_QUESTION, Reason.NO_CONTENT_WORDS, Reason.SMALL_TALK})
"""Reasons for silence that a first question to try helps with."""
SHOWN_QUESTION_CHARS = 500
MAX_NUMBERS = 600
"""Characters that the numbers of one passage may take, links included."""
FEW_NUMBERS = 100
"""The same, where there is little room."""
MAX_ATTRIBUTION = 1200
"""Characters that the attributions may take."""
MAX_NOTE = 120
"""Characters kept free for what did not fit."""


@dataclass(frozen=True, slots=True)
class _Quote:
    """A passage to be shown, with the [start, end) spans of its text that are bold.

    The numbers of a `small` one are in small print, as its place is.
    """

    passage: Passage
    document: Document
    bold: tuple[tuple[int, int], ...] = ()
    small: bool = False


def answer_card(
    answer: Answer,
    example: str | None = None,
    controls: Controls | None = None,
    *,
    nearest: Pointers | None = None,
) -> discord.ui.LayoutView:
    """The hits of an answer as quotations, the closest passage, or the reason why there is none.

    `example` is a first question to try, for people who asked none; `nearest` are the passages
    that a silence, or the closest one, offers behind a button.
    """
    if answer.closest is not None:
        row = [closest_row(controls.pointers, nearest)] if controls else []
        return notice(_closest(answer, answer.closest), [*row, *spelling_rows(answer.spellings)])
    if not answer.answered:
        row = [nearest_row(nearest)] if nearest else []
        return notice(_silence(answer, example), [*row, *spelling_rows(answer.spellings)])
    heading = f"**{_shown_question(answer.question)}**{_understood(answer)}"
    return card(_blocks(heading, _quotes(answer.hits)), rows(controls) if controls else ())


def citation_card(
    number: str, hits: Iterable[Hit], controls: Controls | None = None
) -> discord.ui.LayoutView:
    """All passages that carry a citation number, each with its document."""
    return passages_card(say("cite.heading", number=escape(one_line(number, 60))), hits, controls)


def passages_card(
    heading: str, hits: Iterable[Hit], controls: Controls | None = None
) -> discord.ui.LayoutView:
    """Hits under a heading that says what they are, which is not an answer."""
    return card(_blocks(heading, _quotes(hits)), rows(controls) if controls else ())


def question_of(texts: Iterable[str]) -> str | None:
    """The question that a card, of which these are the texts, answers or is silent about.

    A question too long for the card comes back as it was cut.
    """
    heading = next(iter(texts), "").partition("\n")[0]
    if len(heading) > 4 and heading.startswith("**") and heading.endswith("**"):
        return unescape(heading[2:-2])
    return unescape(heading[3:]) if heading.startswith("-# ") else None


def numbers_of(
    passage: Passage, document: Document, limit: int = MAX_NUMBERS, *, linked: bool = True
) -> str:
    """`[28] [33]`, each as a link where it is known what it stands for; very many are cut.

    Where they come to more than `limit` characters, the rest is left out.
    """
    labels = (_number(number, document, linked=linked) for number in passage.citations)
    return labels_within(labels, limit)


def _quotes(hits: Iterable[Hit]) -> list[_Quote]:
    return [_Quote(hit.passage, hit.document, hit.matches) for hit in hits]


def _shown_question(question: str) -> str:
    return escape(one_line(question, SHOWN_QUESTION_CHARS))


def _understood(answer: Answer) -> str:
    """Lines of small print: the question as it was mended, and what it took over."""
    text = ""
    if answer.corrected:
        text += "\n" + say("answer.corrected", corrected=escape(one_line(answer.corrected)))
    if answer.taken_over:
        text += "\n" + say(
            "answer.taken_over", words=escape(one_line(", ".join(answer.taken_over)))
        )
    return text


def _closest(answer: Answer, hit: Hit) -> str:
    """All in small print but the passage, in which nothing is bold."""
    question = f"-# {_shown_question(answer.question)}{_understood(answer)}"
    quote = _Quote(hit.passage, hit.document, small=True)
    return "\n".join(_blocks(f"{question}\n{say('answer.closest')}", [quote]))


def why_silent(answer: Answer) -> str:
    """The reason for a silence, in words."""
    if answer.asked_in is not None:
        return say_in_other_language(answer.asked_in, answer.answered_in)
    return say(f"silence.{answer.reason}", limit=MAX_QUESTION_CHARS)


def _silence(answer: Answer, example: str | None) -> str:
    """The question in small print, the reason, and what may help."""
    lines = [why_silent(answer)]
    if answer.question:
        lines.insert(0, f"-# {_shown_question(answer.question)}")
    if answer.corrected and not answer.spellings:
        lines.append(say("silence.suggestion", corrected=escape(one_line(answer.corrected))))
    if example and answer.reason in HELPED_BY_EXAMPLE:
        lines.append(say("silence.example", example=escape(example)))
    return "\n".join(lines)


def _blocks(heading: str, quotes: Sequence[_Quote]) -> list[str]:
    """The heading, as many passages as fit (the first one at least), and the attributions."""
    blocks = [heading]
    closing = attributions((quote.document for quote in quotes), MAX_ATTRIBUTION)
    room = MAX_TEXT - len(heading) - len(closing) - MAX_NOTE
    shown_quotes: list[_Quote] = []
    for quote in quotes:
        block = _passage_block(quote, room, is_first=not shown_quotes)
        if shown_quotes and len(block) > room:
            break
        blocks.append(block)
        shown_quotes.append(quote)
        room -= len(block)
    closing = attributions((quote.document for quote in shown_quotes), MAX_ATTRIBUTION)
    if left_out := len(quotes) - len(shown_quotes):
        closing = f"{say('answer.left_out', count=left_out)}\n{closing}".strip()
    if closing:
        blocks.append(closing)
    return blocks


def _passage_block(quote: _Quote, limit: int, *, is_first: bool) -> str:
    """The quotation and its place; a passage too long for any message is cut, and says so."""
    text, spans = row_in_words(quote.passage, quote.bold)
    place = _place(quote)
    block = f"{quotation(text, spans)}\n{place}"
    if len(block) <= limit or (limit < MAX_TEXT // 2 and not is_first):
        return block
    if limit < MAX_TEXT // 2:
        place = _place(quote, in_short=True)
        block = f"{quotation(text, spans)}\n{place}"
    title = escape(one_line(quote.document.title, 60))
    note = say("answer.shortened", place=_within(title, quote, linked=False))
    length = len(text)
    while len(block) > limit and length:
        length = length * 9 // 10
        bold = [(start, end) for start, end in spans if end <= length]
        block = f"{quotation(text[:length] + '…', bold)}\n{place}\n{note}"
    return block


def _place(quote: _Quote, *, in_short: bool = False) -> str:
    """The numbers, and where the passage stands: document, headings, and place or line.

    In short it is without headings and links, and has few numbers.
    """
    passage = quote.passage
    document = escape(one_line(quote.document.title, 60 if in_short else 100))
    if not in_short and (section := headings(passage.section)):
        document = say("answer.section", document=document, section=escape(section))
    place = _within(document, quote, linked=not in_short)
    if not passage.citations:
        return f"-# {place}"
    key = "answer.small_place" if quote.small else "answer.place"
    limit = FEW_NUMBERS if in_short else MAX_NUMBERS
    numbers = numbers_of(passage, quote.document, limit, linked=not in_short)
    return say(key, numbers=numbers, place=place)


def _within(document: str, quote: _Quote, *, linked: bool) -> str:
    """Where a passage stands in a document of that name."""
    place = place_link(quote.passage, quote.document.spec, linked=linked)
    return say("place.within", document=document, place=place)


def _number(number: str, document: Document, *, linked: bool) -> str:
    """`[28]` as text, or as a link where it is known what it stands for."""
    label = number_label(number)
    reference = document.reference(number)
    return link(label, reference.url if reference and linked else None)


def attributions(documents: Iterable[Document], limit: int) -> str:
    """Who wrote the documents and under which licence, a line each, in at most `limit` characters.

    Where that is too long, links go first, then the ends of names; no document goes without.
    """
    specs = {id(document): document.spec for document in tuple(documents)}.values()
    for linked, chars in ((True, 200), (False, 200), (False, 60)):
        lines = dict.fromkeys(_attribution(spec, chars, linked=linked) for spec in specs)
        text = "\n".join(lines)
        if len(text) <= limit:
            return text
    return first_lines(text, limit)


def _attribution(spec: DocumentSpec, chars: int, *, linked: bool) -> str:
    source = escape(one_line(spec.attribution or spec.title, chars))
    licence = escape(one_line(spec.licence, 60)) if spec.licence else ""
    if linked:
        source = link(source, spec.source_url)
        licence = link(licence, spec.licence_url) if licence else ""
    return "-# " + " · ".join(filter(None, (source, licence)))
