"""A question from anywhere in Discord to the card that answers it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

import discord

from bot.cards.answer import answer_card, citation_card
from bot.cards.controls import Controls
from bot.interactions.app import App
from bot.interactions.origin import Origin
from bot.interactions.tracking import do_afterwards, note_answered, note_closest, note_silent
from bot.libraries.places import Served
from bot.libraries.pointers import Pointers
from index.answering.answer import Hit
from index.documents.reading.markers import normalise_citation

log = logging.getLogger("footnote.answering")

__all__ = ["answer_question", "look_up_number"]


async def answer_question(
    app: App,
    origin: Origin,
    question: str,
    *,
    private: bool,
    key: str | None = None,
    previous: Sequence[str] = (),
) -> discord.ui.LayoutView:
    """Answer, keep what is to be kept of a public question, and make the card.

    `private` answers are read by the asker alone, and leave no trace. `key` is what a public
    question can be withdrawn by.
    """
    guild_id = origin.place.guild_id
    if app.limits.log_questions:
        # Quoted, so that no question can look like another line of the log.
        log.info("asked in %s: %r", guild_id or "a direct message", question)
    served = await origin.served()
    answer = await app.librarian.answer(served, question, previous=previous, place=origin.place)
    if not private:
        do_afterwards(
            partial(app.feedback.keep_gap, origin.place, origin.settings, answer, origin.asker, key)
        )
    example = served.searcher.collection.example
    if answer.closest is not None:
        note_closest(str(answer.reason), served.numbers())
        pointers = served.pointers(origin.asker, [answer.closest])
        others = _pointers(served, origin.asker, answer.nearest[1:])
        return answer_card(answer, controls=Controls(pointers, talk=False), nearest=others)
    if not answer.answered:
        note_silent(str(answer.reason), served.numbers())
        nearest = _pointers(served, origin.asker, answer.nearest)
        return answer_card(answer, example, nearest=nearest)
    note_answered(served.numbers())
    controls = Controls(
        served.pointers(origin.asker, answer.hits),
        _pointers(served, origin.asker, answer.more),
        share=private and guild_id is not None,
    )
    return answer_card(answer, example, controls)


def _pointers(served: Served, asker: int, hits: Sequence[Hit]) -> Pointers | None:
    return served.pointers(asker, hits) if hits else None


async def look_up_number(
    origin: Origin, number: str, document: str | None = None
) -> discord.ui.LayoutView:
    """The passages behind a citation number. Raises UnknownCitationError, UnknownDocumentError."""
    served = await origin.served()
    hits = served.searcher.cite(number, document)
    controls = Controls(served.pointers(origin.asker, hits), talk=False)
    return citation_card(normalise_citation(number), hits, controls)
