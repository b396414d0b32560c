"""/index: moderators look after what the bot answers from. Answers are for their eyes alone."""

from __future__ import annotations

import asyncio
import io
import logging
from typing import Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.access import moderators_only, place_of
from bot.cards.confirm import Confirm
from bot.cards.layout import notice
from bot.cards.markdown import escape, one_line
from bot.cards.reports import history_card, report_card, status_card
from bot.cards.upload import upload_blocks
from bot.client import FootnoteBot
from bot.librarian import Place
from bot.locales import say
from bot.replies import SILENT, explain, respond, tell
from bot.store import Person, StoredDocument
from index.errors import UnknownDocumentError
from index.uploads import read_upload

__all__ = ["Index", "setup"]

log = logging.getLogger("footnote.index")

MAX_UPLOAD_BYTES = 2_000_000
MAX_SERVER_DOCUMENTS = 50
MAX_SERVER_PASSAGES = 20_000
MAX_CHOICES = 25
MAX_CHOICE_CHARS = 100


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
class Index(commands.GroupCog, group_name="index", group_description=say("index.description")):
    """The moderators' commands."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot

    @app_commands.command(name="refresh", description=say("index.refresh.description"))
    @app_commands.check(moderators_only)
    async def refresh(self, interaction: discord.Interaction) -> None:
        """Read the shared documents again; the old revision serves until the new one is whole."""

        async def work() -> discord.ui.LayoutView:
            report = await self.bot.librarian.refresh(_person(interaction))
            log.info("refreshed to revision %d by %d", report.revision.number, interaction.user.id)
            return report_card(report)

        await respond(interaction, work(), private=True)

    @app_commands.command(name="status", description=say("index.status.description"))
    @app_commands.check(moderators_only)
    async def status(self, interaction: discord.Interaction) -> None:
        """Show documents, counts and revisions."""

        async def work() -> discord.ui.LayoutView:
            librarian = self.bot.librarian
            own = await librarian.own(place_of(interaction))
            return status_card(librarian.shared(), own)

        await respond(interaction, work(), private=True)

    @app_commands.command(name="add", description=say("index.add.description"))
    @app_commands.describe(
        file=say("index.add.file"),
        title=say("index.add.title"),
        source_url=say("index.add.source_url"),
        licence=say("index.add.licence"),
        language=say("index.add.language"),
        layout=say("index.add.layout"),
        markers=say("index.add.markers"),
    )
    @app_commands.check(moderators_only)
    async def add(
        self,
        interaction: discord.Interaction,
        file: discord.Attachment,
        title: app_commands.Range[str, 1, 200] | None = None,
        source_url: app_commands.Range[str, 1, 1000] | None = None,
        licence: app_commands.Range[str, 1, 200] | None = None,
        language: app_commands.Range[str, 2, 3] | None = None,
        layout: Literal["lines", "prose"] | None = None,
        markers: Literal["leading", "trailing"] | None = None,
    ) -> None:
        """Show what was understood of a file, and publish it when that is confirmed."""

        async def work() -> discord.ui.LayoutView:
            place = place_of(interaction)
            librarian = self.bot.librarian
            if file.size > MAX_UPLOAD_BYTES:
                return notice(say("refused.too_large", size=file.size, limit=MAX_UPLOAD_BYTES))
            documents = await librarian.documents(place)
            if len(documents) >= MAX_SERVER_DOCUMENTS:
                return notice(say("refused.too_many_documents", limit=MAX_SERVER_DOCUMENTS))
            content = await file.read()
            for known in documents:
                if known.content == content:
                    name = escape(one_line(known.spec.title, 100))
                    return notice(say("refused.duplicate", title=name))
            searcher = await librarian.searcher(place)
            upload = await asyncio.to_thread(
                read_upload,
                file.filename,
                content,
                title=title,
                source_url=source_url,
                licence=licence,
                language=language,
                layout=layout,
                markers=markers,
                taken_ids={document.id for document in searcher.collection.documents_in_order()},
                max_bytes=MAX_UPLOAD_BYTES,
                max_passages=MAX_SERVER_PASSAGES,
            )
            own = await librarian.own(place)
            passages = len(upload.document.passages) + (len(own.library.passages) if own else 0)
            if passages > MAX_SERVER_PASSAGES:
                return notice(say("refused.too_many_passages", limit=MAX_SERVER_PASSAGES))
            made = StoredDocument(upload.document.spec, upload.content, upload.file_name)

            async def act(pressed: discord.Interaction) -> discord.ui.LayoutView:
                others = await librarian.documents(place)
                report = await librarian.publish(place, [*others, made], _person(pressed), "add")
                return report_card(report)

            return Confirm(upload_blocks(upload), say("index.add.confirm"), act, explain)

        await respond(interaction, work(), private=True)

    @app_commands.command(name="history", description=say("index.history.description"))
    @app_commands.check(moderators_only)
    async def history(self, interaction: discord.Interaction) -> None:
        """Show the kept revisions of the server's own library."""

        async def work() -> discord.ui.LayoutView:
            place = place_of(interaction)
            return history_card(await self.bot.librarian.history(place))

        await respond(interaction, work(), private=True)

    @app_commands.command(name="rollback", description=say("index.rollback.description"))
    @app_commands.describe(revision=say("index.rollback.revision"))
    @app_commands.check(moderators_only)
    async def rollback(
        self, interaction: discord.Interaction, revision: app_commands.Range[int, 1]
    ) -> None:
        """Bring a kept revision back as a new one, after showing what would change."""

        async def work() -> discord.ui.LayoutView:
            place = place_of(interaction)
            librarian = self.bot.librarian
            documents = await librarian.documents(place, revision)
            differences = await librarian.would_change(place, documents)

            async def act(pressed: discord.Interaction) -> discord.ui.LayoutView:
                report = await librarian.publish(place, documents, _person(pressed), "rollback")
                return report_card(report)

            question = say(
                "index.rollback.question",
                revision=revision,
                added=len(differences.added),
                removed=len(differences.removed),
                changed=len(differences.changed),
                unchanged=differences.unchanged,
            )
            return Confirm([question], say("index.rollback.confirm"), act, explain)

        await respond(interaction, work(), private=True)

    @app_commands.command(name="remove", description=say("index.remove.description"))
    @app_commands.describe(document=say("index.remove.document"))
    @app_commands.check(moderators_only)
    async def remove(self, interaction: discord.Interaction, document: str) -> None:
        """Remove a document of the server's own library, after asking."""

        async def work() -> discord.ui.LayoutView:
            place = place_of(interaction)
            found = await self._own_document(place, document)

            async def act(pressed: discord.Interaction) -> discord.ui.LayoutView:
                librarian = self.bot.librarian
                kept = [
                    other
                    for other in await librarian.documents(place)
                    if other.spec.id != found.spec.id
                ]
                return report_card(await librarian.publish(place, kept, _person(pressed), "remove"))

            title = escape(one_line(found.spec.title, 100))
            question = say("index.remove.question", title=title)
            return Confirm([question], say("index.remove.confirm"), act, explain)

        await respond(interaction, work(), private=True)

    @app_commands.command(name="download", description=say("index.download.description"))
    @app_commands.describe(document=say("index.remove.document"))
    @app_commands.check(moderators_only)
    async def download(self, interaction: discord.Interaction, document: str) -> None:
        """Send a document of the server's own library as it was uploaded."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            found = await self._own_document(place_of(interaction), document)
        except UnknownDocumentError as error:
            await tell(interaction, explain(error), private=True)
            return
        if len(found.content) > interaction.filesize_limit:
            await tell(interaction, notice(say("failed.too_large_to_send")), private=True)
            return
        file = discord.File(io.BytesIO(found.content), found.file_name)
        await interaction.followup.send(file=file, ephemeral=True, allowed_mentions=SILENT)

    @remove.autocomplete("document")
    @download.autocomplete("document")
    async def complete_document(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """The server's own documents whose title or id holds what was typed."""
        moderators_only(interaction)
        own = await self.bot.librarian.own(place_of(interaction))
        typed = current.casefold()
        return [
            app_commands.Choice(name=one_line(document.title, MAX_CHOICE_CHARS), value=document.id)
            for document in (own.library.documents if own else ())
            if typed in document.title.casefold() or typed in document.id
        ][:MAX_CHOICES]

    async def _own_document(self, place: Place, document: str) -> StoredDocument:
        documents = await self.bot.librarian.documents(place)
        for found in documents:
            if found.spec.id == document:
                return found
        raise UnknownDocumentError(document, [found.spec.id for found in documents])


def _person(interaction: discord.Interaction) -> Person:
    return Person(interaction.user.id, interaction.user.name)


async def setup(bot: FootnoteBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Index(bot))
