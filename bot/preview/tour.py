"""The preview's guided tour: a short welcome, and a button for each thing to try."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Self, cast

import discord

from bot.cards.about import documents_card, help_card
from bot.cards.layout import ACCENT
from bot.cards.markdown import escape, one_line
from bot.cards.sources import sources_card
from bot.commands.answering import answer_question, look_up_number
from bot.interactions.access import may_moderate
from bot.interactions.app import app_of
from bot.interactions.origin import origin_of
from bot.interactions.replies import respond, run_press
from bot.interactions.tracking import asking
from bot.locales import say
from index.errors import FootnoteError
from index.library.library import IndexedLibrary
from index.statements.statements import find_sources

__all__ = ["Tour", "TourButton", "welcome_card"]

SHIPPED_DOCUMENT = "japan-south-korea-relations"
NAMED_DOCUMENTS = 3
SHOWN_CHARS = 60

View = discord.ui.LayoutView
Work = Coroutine[Any, Any, View]


@dataclass(frozen=True, slots=True)
class Tour:
    """What a library can be tried with: no stop asks what its documents cannot answer."""

    shipped: bool
    question: str | None
    number: str | None

    @classmethod
    def of(cls, library: IndexedLibrary) -> Self:
        """The tour through a library."""
        shipped = [document.id for document in library.documents] == [SHIPPED_DOCUMENT]
        return cls(shipped, library.example, _busiest_number(library))

    def stops(self) -> dict[str, str]:
        """The stops in order, each with what it tries, which may be nothing to be told."""
        stops = {
            "ask": self.question,
            "silence": say("preview.silence.question") if self.shipped else None,
            "cite": self.number,
            "sources": say("preview.sources.text") if self.shipped else None,
            "documents": "",
            "help": None if self.shipped else "",
        }
        return {stop: text for stop, text in stops.items() if text is not None}


def welcome_card(library: IndexedLibrary, mention: str) -> View:
    """What to try in the page; it asks only what the documents served can answer."""
    tour = Tour.of(library)
    question = say("preview.hints.question" if tour.shipped else "preview.hints.yours")
    buttons = [_button(stop, text) for stop, text in tour.stops().items()]
    container: discord.ui.Container[View] = discord.ui.Container(
        discord.ui.TextDisplay(say("preview.welcome", documents=_titles(library))),
        discord.ui.ActionRow(*buttons),
        discord.ui.Separator(),
        discord.ui.TextDisplay(say("preview.hints", mention=mention, question=question)),
        accent_colour=ACCENT,
    )
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    view.stop()  # its buttons are heard by their custom_ids
    return view


class TourButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"tour:(?P<stop>\w+)"):
    """A button of the welcome; it does what the command of that stop does."""

    def __init__(self, item: discord.ui.Button[Any], stop: str) -> None:
        super().__init__(item)
        self.stop = stop

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(cast("discord.ui.Button[Any]", item), match["stop"])

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Do it; whatever goes wrong, the person is told."""
        await run_press(interaction, _go(interaction, self.stop))


async def _go(interaction: discord.Interaction, stop: str) -> None:
    """Go to a stop, as far as the documents that are served by now still have it."""
    app = app_of(interaction.client)
    stops = Tour.of(app.librarian.shared().library).stops()
    if stop not in stops:
        raise FootnoteError(say("control.gone"))
    async with asking(app.monitor.question_ended):
        if stop in _COUNTED:
            app.cooldowns.take(interaction.user.id, interaction.created_at)
        work = _STOPS[stop](interaction, stops[stop])
        await respond(interaction, work, private=stop not in _PUBLIC)


async def _ask(interaction: discord.Interaction, question: str) -> View:
    app, origin = app_of(interaction.client), origin_of(interaction)
    return await answer_question(app, origin, question, private=False)


async def _cite(interaction: discord.Interaction, number: str) -> View:
    return await look_up_number(origin_of(interaction), number)


async def _sources(interaction: discord.Interaction, text: str) -> View:
    origin, questions = origin_of(interaction), app_of(interaction.client).pools.questions
    searcher = (await origin.served()).searcher
    found = await questions.run(origin.place.guild_id, find_sources, searcher, text)
    return sources_card(found)


async def _documents(interaction: discord.Interaction, _: str) -> View:
    return documents_card((await origin_of(interaction).served()).revisions)


async def _help(interaction: discord.Interaction, _: str) -> View:
    searcher = (await origin_of(interaction).served()).searcher
    return help_card(
        searcher.collection.example, in_server=True, moderator=may_moderate(interaction)
    )


_STOPS: dict[str, Callable[[discord.Interaction, str], Work]] = {
    "ask": _ask,
    "silence": _ask,
    "cite": _cite,
    "sources": _sources,
    "documents": _documents,
    "help": _help,
}
_PUBLIC = frozenset({"ask", "silence", "cite"})
"""Stops whose commands answer for all to see."""
_COUNTED = frozenset({"ask", "silence", "sources"})
"""Stops whose commands count as questions."""


def _button(stop: str, text: str) -> discord.ui.Button[View]:
    label = say(f"preview.{stop}", tried=one_line(text, SHOWN_CHARS))
    style = discord.ButtonStyle.primary if stop == "ask" else discord.ButtonStyle.secondary
    return discord.ui.Button(label=label, custom_id=f"tour:{stop}", style=style)


def _busiest_number(library: IndexedLibrary) -> str | None:
    """The citation number that most passages carry, the first of these."""
    counts = Counter(number for passage in library.passages for number in passage.citations)
    return next((number for number, _ in counts.most_common(1)), None)


def _titles(library: IndexedLibrary) -> str:
    titles = [
        f"**{escape(one_line(document.title, 100))}**"
        for document in library.documents[:NAMED_DOCUMENTS]
    ]
    if more := len(library.documents) - len(titles):
        titles.append(say("preview.more_documents", count=more))
    return ", ".join(titles)
