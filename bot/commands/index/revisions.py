"""/index refresh, status, history and rollback: which revision answers, and how it came to be."""

from __future__ import annotations

import logging

import discord
from discord import app_commands

from bot.cards.layout import MAX_TEXT, notice
from bot.cards.markdown import first_lines, one_line
from bot.cards.reports import (
    MAX_FOLLOWED,
    checked_words,
    deed_words,
    followed_words,
    history_card,
    name_of,
    report_blocks,
    report_card,
    rollback_words,
    status_card,
)
from bot.commands.choices import MAX_CHOICE_CHARS
from bot.commands.index.family import ModeratorCommands, moderator_command
from bot.commands.index.followed import RefreshCard, titles_of
from bot.errors import LimitReachedError
from bot.interactions.access import may_moderate
from bot.interactions.languages import options
from bot.interactions.origin import origin_of, person_of
from bot.interactions.replies import failure_words, respond
from bot.interactions.views import Confirm
from bot.libraries.publishing import Publication
from bot.locales import say
from bot.store import SHARED
from index.errors import FootnoteError

__all__ = ["RevisionCommands"]

log = logging.getLogger("footnote.index")


class RevisionCommands(ModeratorCommands):
    """Revisions of the shared library are seen and made; of the server's own, brought back too."""

    @moderator_command("refresh")
    async def refresh(self, interaction: discord.Interaction) -> None:
        """Read the shared documents and the followed addresses again, and show what changed.

        The old revision serves until the new one is whole.
        """

        async def work() -> discord.ui.LayoutView:
            place, follower = origin_of(interaction).place, self.app.follower
            if not await follower.of(place):
                return report_card(await self._refresh_shared(interaction))
            self.app.upload_cooldowns.take(place.server, interaction.created_at)
            checked = await follower.check_all(place)
            await follower.tell(place)  # by this card
            titles = await titles_of(self.app, place)
            try:
                blocks = report_blocks(await self._refresh_shared(interaction))
            except FootnoteError as error:
                blocks = [failure_words(error)]
            shared = first_lines("\n".join(blocks), MAX_TEXT - MAX_FOLLOWED - 100)
            held = [one.followed for one in checked if one.followed.held]
            return RefreshCard(self.app, [checked_words(checked, titles), shared], held, titles)

        await respond(interaction, work(), private=True)

    async def _refresh_shared(self, interaction: discord.Interaction) -> Publication:
        """Read the operator's documents again, where this server may have that done."""
        server_ids = self.app.limits.refresh_servers
        if server_ids is not None and interaction.guild_id not in server_ids:
            raise LimitReachedError("refresh_elsewhere")
        report = await self.app.publisher.refresh(person_of(interaction))
        log.info("refreshed to revision %d by %d", report.revision.number, interaction.user.id)
        return report

    @moderator_command("status")
    async def status(self, interaction: discord.Interaction) -> None:
        """Show documents, counts and revisions."""

        async def work() -> discord.ui.LayoutView:
            origin, librarian = origin_of(interaction), self.app.librarian
            served, searched = await origin.served(), origin.settings.shared_library
            meaning = librarian.reading_room.state_for(served.searcher.collection.languages)
            owners = (SHARED, origin.place.server)
            addresses = await self.app.follower.of(origin.place)
            await self.app.follower.tell(origin.place)  # by this card
            followed = followed_words(addresses, await titles_of(self.app, origin.place))
            return status_card(
                librarian.shared(),
                await librarian.own(origin.place),  # whose maker may be forgotten since
                own_ids=served.own_ids(),
                changed_at={one: await self.app.publisher.changed_at(one) for one in owners},
                limits=self.app.limits,
                meaning=meaning,
                shared_searched=searched,
                followed=followed,
            )

        await respond(interaction, work(), private=True)

    @moderator_command("history")
    async def history(self, interaction: discord.Interaction) -> None:
        """Show the kept revisions of the server's own library."""

        async def work() -> discord.ui.LayoutView:
            place, publisher = origin_of(interaction).place, self.app.publisher
            return history_card(await publisher.history(place), await publisher.changes(place))

        await respond(interaction, work(), private=True)

    @moderator_command("rollback")
    @options("index.rollback", "revision")
    async def rollback(
        self, interaction: discord.Interaction, revision: app_commands.Range[int, 1]
    ) -> None:
        """Bring a kept revision back as a new one, after showing what would change."""

        async def work() -> discord.ui.LayoutView:
            place, publisher = origin_of(interaction).place, self.app.publisher
            number = self.app.librarian.number(place)
            served = await publisher.documents(place, number)
            documents = await publisher.documents(place, revision)
            if documents == served:
                return notice(say("index.rollback.same", revision=revision))
            differences = await publisher.would_change(place, documents)

            async def act(press: discord.Interaction) -> discord.ui.LayoutView:
                report = await publisher.publish(
                    place, documents, person_of(press), "rollback", expected=number
                )
                return report_card(report)

            question = rollback_words(revision, served, documents, differences)
            return Confirm([question], say("index.rollback.confirm"), act)

        await respond(interaction, work(), private=True)

    @rollback.autocomplete("revision")  # type: ignore[arg-type]  # discord.py types text alone
    async def complete_revision(
        self, interaction: discord.Interaction, current: int
    ) -> list[app_commands.Choice[int]]:
        """The kept revisions, newest first, each with who made it and what it changed."""
        if not may_moderate(interaction):
            return []
        place, publisher = origin_of(interaction).place, self.app.publisher
        history, changes = await publisher.history(place), await publisher.changes(place)
        choices = []
        for revision in history:
            name = say(
                "index.rollback.choice",
                revision=revision.number,
                what=deed_words(revision, history, changes.get(revision.number, ())),
                by=name_of(revision.by),
                when=f"{revision.created_at:%Y-%m-%d %H:%M} UTC",
            )
            if not current or str(revision.number).startswith(str(current)):
                name = one_line(name, MAX_CHOICE_CHARS)
                choices.append(app_commands.Choice(name=name, value=revision.number))
        return choices
