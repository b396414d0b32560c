"""A question from anywhere in Discord to the card that answers it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord

from bot.cards.answer import answer_card, citation_card
from bot.cards.controls import Controls
from bot.places import Place, Served
from bot.pointers import Pointers
from bot.requests import note_answered, note_silent
from index.answering.answer import Hit
from index.documents.markers import normalise_citation

if TYPE_CHECKING:  # bot.client loads the commands, which ask this module
    from bot.client import FootnoteBot

log = logging.getLogger("footnote.answering")

__all__ = ["answer_question", "look_up_number"]


async def answer_question(
    bot: FootnoteBot,
    place: Place,
    question: str,
    asker: int,
    *,
    private: bool,
    key: str | None = None,
    previous: Sequence[str] = (),
) -> discord.ui.LayoutView:
    """Answer, keep what is to be kept of a public question, and make the card.

    `private` answers are read by the asker alone, and leave no trace. `key` is what a public
    question can be withdrawn by.
    """
    if bot.librarian.limits.log_questions:
        # Quoted, so that no question can look like another line of the log.
        log.info("asked in %s: %r", place.guild_id or "a direct message", question)
    served = await bot.librarian.served(place)
    answer = await bot.librarian.answer(served, question, previous=previous)
    if not private:
        await bot.feedback.keep_gap(place, answer, asker, key)
    example = served.searcher.collection.example
    if not answer.answered:
        note_silent(str(answer.reason), served.numbers())
        nearest = _pointers(served, asker, answer.nearest)
        return answer_card(answer, example, nearest=nearest)
    note_answered(served.numbers())
    controls = Controls(
        served.pointers(asker, answer.hits),
        _pointers(served, asker, answer.more),
        share=private and place.guild_id is not None,
    )
    return answer_card(answer, example, controls)


def _pointers(served: Served, asker: int, hits: Sequence[Hit]) -> Pointers | None:
    return served.pointers(asker, hits) if hits else None


async def look_up_number(
    bot: FootnoteBot, place: Place, number: str, asker: int, document: str | None = None
) -> discord.ui.LayoutView:
    """The passages behind a citation number. UnknownCitationError, UnknownDocumentError."""
    served = await bot.librarian.served(place)
    hits = served.searcher.cite(number, document)
    controls = Controls(served.pointers(asker, hits), talk=False)
    return citation_card(normalise_citation(number), hits, controls)
