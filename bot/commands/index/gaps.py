"""/index gaps: the questions that got no answer, and what moderators do about them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot.cards.answer import numbers_of
from bot.cards.gaps import no_gaps_card
from bot.cards.layout import notice
from bot.cards.markdown import escape, one_line, visible
from bot.commands.entries import draft_entry, publish_entry
from bot.commands.index.family import ModeratorCommands, moderator_command
from bot.commands.index.gaps_card import Choice, ChooseCard, GapsCard, Group
from bot.interactions.app import App
from bot.interactions.languages import options, words
from bot.interactions.origin import origin_of, person_of
from bot.interactions.replies import defer_response, edit_response, in_time, is_deferred, respond
from bot.interactions.views import Confirm
from bot.libraries.places import Served
from bot.locales import say, speaking
from bot.store import Target
from index.answering.answer import MAX_HITS, Hit
from index.answering.lookups import digest_of_text
from index.documents.passage_files import WrittenPassage
from index.errors import FootnoteError, UnknownCitationError
from index.library.collection import Position

__all__ = ["GapsCommand"]

_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,990}")
_NUMBER = re.compile(r"\[.*|[0-9]{1,4}[a-z]?")


class GapsCommand(ModeratorCommands):
    """What the documents lack, for those who can add it."""

    @moderator_command("gaps")
    @options("index.gaps", "do")
    @app_commands.choices(
        do=[
            app_commands.Choice(name=words(f"index.gaps.do.{value}"), value=value)
            for value in ("show", "clear")
        ]
    )
    async def gaps(self, interaction: discord.Interaction, do: str = "show") -> None:
        """Show the questions of the last 30 days without names, or delete them after asking."""
        guild_id = interaction.guild_id
        assert guild_id is not None  # noqa: S101 - the check has refused direct messages

        async def work() -> discord.ui.LayoutView:
            feedback = self.app.feedback
            desk = GapDesk(self.app, guild_id)
            if do == "show":
                return await desk.card(interaction)
            count = len((await feedback.gaps(guild_id))[0])
            if not count:
                return await desk.card(interaction)

            async def act(press: discord.Interaction) -> discord.ui.LayoutView:
                cleared = await feedback.clear_gaps(guild_id, person_of(press))
                return notice(say("index.gaps.cleared", count=cleared))

            question = say("index.gaps.clear", count=count)
            return Confirm([question], say("index.gaps.confirm"), act, danger=True)

        await respond(interaction, work(), private=True)


class GapDesk:
    """Does what the cards of the gaps of one server ask for, each time in the same message."""

    def __init__(self, app: App, guild_id: int) -> None:
        self._app = app
        self._guild_id = guild_id

    async def card(
        self, interaction: discord.Interaction, page: int = 0, note: str = ""
    ) -> discord.ui.LayoutView:
        """The groups as they are now; `note` tells what was done last."""
        gaps, groups = await self._app.feedback.gaps(self._guild_id)
        if not gaps:
            return no_gaps_card(note, keeping=origin_of(interaction).settings.keep_gaps)
        return GapsCard(self, gaps, groups, page, note)

    async def show(self, interaction: discord.Interaction, page: int) -> None:
        """Turn to a page of groups."""
        await _amend(interaction, self.card(interaction, page))

    async def dismiss(self, interaction: discord.Interaction, group: Group) -> None:
        """Delete a group. Whoever asks it anew brings it back, with a count of its own."""

        async def work() -> discord.ui.LayoutView:
            by = person_of(interaction)
            count = await self._app.feedback.dismiss(self._guild_id, group.gaps, by)
            return await self.card(interaction, group.page, say("gaps.dismissed", count=count))

        await _amend(interaction, work())

    async def answer(
        self, interaction: discord.Interaction, group: Group, text: str, title: str, source: str
    ) -> None:
        """Publish an answer of the server's own, and point the group to it."""
        written = _written(text, title, source)

        async def work() -> discord.ui.LayoutView:
            origin = origin_of(interaction)
            with speaking(origin.language):
                document = say("gaps.document")
            by = person_of(interaction)
            draft = await draft_entry(self._app, origin.place, "answers", document, written)
            entry = await publish_entry(self._app, origin.place, draft, by)
            await self._point(interaction, group, entry.target)
            title = escape(one_line(entry.document.title, 100))
            note = say(
                "gaps.answered",
                number=numbers_of(entry.passage, entry.document),
                document=title,
                revision=entry.publication.revision.number,
            )
            return await self.card(interaction, group.page, note)

        await _amend(interaction, work())

    async def search(self, interaction: discord.Interaction, group: Group, text: str) -> None:
        """Show the passages that a number or words may mean."""

        async def work() -> discord.ui.LayoutView:
            return ChooseCard(self, group, await self._find(interaction, text.strip()))

        await _amend(interaction, work())

    async def _find(self, interaction: discord.Interaction, text: str) -> list[Choice]:
        origin = origin_of(interaction)
        served = await origin.served()
        hits: Sequence[Hit] = ()
        if _NUMBER.fullmatch(text):
            with suppress(UnknownCitationError):  # then it may be a word of a passage
                hits = served.searcher.cite(text)
        if not hits:
            hits = (await self._app.librarian.answer(served, text, place=origin.place)).ranked
        return [Choice(hit, _target(served, hit.position)) for hit in hits if hit.position][
            :MAX_HITS
        ]

    async def point(self, interaction: discord.Interaction, group: Group, choice: Choice) -> None:
        """Point a group to a passage."""
        hit, target = choice.hit, choice.target

        async def work() -> discord.ui.LayoutView:
            count = await self._point(interaction, group, target)
            number = numbers_of(hit.passage, hit.document)
            title = escape(one_line(hit.document.title, 100))
            where = f"{number} {title}".strip()
            return await self.card(
                interaction, group.page, say("gaps.pointed", count=count, where=where)
            )

        await _amend(interaction, work())

    async def _point(self, interaction: discord.Interaction, group: Group, target: Target) -> int:
        """Point the questions of a group, and have the server's searcher know it."""
        by = person_of(interaction)
        count = await self._app.feedback.point(self._guild_id, group.gaps, target, by)
        self._app.librarian.hints.changed(self._guild_id)
        return count


def _target(served: Served, position: Position) -> Target:
    """What a passage is found by from here on."""
    revision, at = served.revisions[position.library], position.passage
    document = revision.library.document_at(at)
    for earlier in revision.library.documents:
        if earlier.id == document.id:
            break
        at -= len(earlier.passages)
    digest = digest_of_text(document.passages[at].text)
    return Target(revision.stored.owner, document.id, at, digest)


def _written(text: str, title: str, source: str) -> WrittenPassage:
    """What a moderator filled in. Raises FootnoteError where nothing of the passage is seen."""
    text, title, source = (" ".join(visible(said).split()) for said in (text, title, source))
    if not text:
        raise FootnoteError(say("gaps.no_text"))
    if _ADDRESS.fullmatch(source):
        return WrittenPassage(text, title or source, source, title or None)
    return WrittenPassage(text, source or title or text[:100], None, title or None)


async def _amend(
    interaction: discord.Interaction, work: Coroutine[Any, Any, discord.ui.LayoutView]
) -> None:
    """Show what `work` makes in the message that was pressed; Discord waits where it is long."""
    task = asyncio.ensure_future(work)
    view = await in_time(task, partial(defer_response, interaction, thinking=False))
    if is_deferred(interaction):
        await edit_response(interaction, view=view)
    else:
        await interaction.response.edit_message(view=view)
