"""/index add, replace, remove, download and purge: the documents of the server's own library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

import discord
from discord import app_commands

from bot.cards.layout import notice
from bot.cards.markdown import escape, one_line
from bot.cards.reports import report_card
from bot.commands.choices import MAX_CHOICES, document_choices
from bot.commands.index.family import ModeratorCommands, moderator_command
from bot.commands.index.followed import FollowedPage
from bot.commands.index.incoming import HandedFile, IncomingFile
from bot.commands.index.upload_preview import preview_of
from bot.errors import LimitReachedError
from bot.following.schedule import DEFAULT_HOURS, MAX_HOURS
from bot.interactions.access import may_moderate
from bot.interactions.languages import options, words
from bot.interactions.origin import origin_of, person_of
from bot.interactions.replies import defer_response, edit_response, respond
from bot.interactions.views import Confirm
from bot.libraries.rules import all_but, find_source
from bot.locales import say
from index.documents.reading.sentences import Layout, Markers
from index.documents.uploads import max_upload_bytes

__all__ = ["DocumentCommands"]


def _choices(option: str, values: Iterable[str]) -> list[app_commands.Choice[str]]:
    """The values of an option of /index add, each by its name in every language."""
    return [
        app_commands.Choice(name=words(f"index.add.{option}.{value}"), value=value)
        for value in values
    ]


_READ_AS = app_commands.choices(
    layout=_choices("layout", get_args(Layout)), markers=_choices("markers", get_args(Markers))
)


class DocumentCommands(ModeratorCommands):
    """Documents come and go, each time after the moderator has seen what that means."""

    @moderator_command("add")
    @options("index.add", "file", "address", "hours")
    @options("index.add", "title", "source_url", "licence", "language", "layout", "markers")
    @_READ_AS
    async def add(
        self,
        interaction: discord.Interaction,
        *,
        file: discord.Attachment | None = None,
        address: app_commands.Range[str, 1, 1000] | None = None,
        hours: app_commands.Range[int, 1, MAX_HOURS] = DEFAULT_HOURS,
        title: app_commands.Range[str, 1, 200] | None = None,
        source_url: app_commands.Range[str, 1, 1000] | None = None,
        licence: app_commands.Range[str, 1, 200] | None = None,
        language: app_commands.Range[str, 2, 3] | None = None,
        layout: Layout | None = None,
        markers: Markers | None = None,
    ) -> None:
        """Show what was understood of a file or a page, and publish it when that is confirmed."""
        said = {
            "title": title,
            "source_url": source_url,
            "licence": licence,
            "language": language,
            "layout": layout,
            "markers": markers,
        }

        async def work() -> discord.ui.LayoutView:
            if address is not None and file is None:
                return await self._preview_of_page(interaction, address, hours, said)
            if file is None or address is not None:
                raise LimitReachedError("file_or_address")
            return await self._preview(interaction, file, said)

        await respond(interaction, work(), private=True)

    @moderator_command("replace")
    @options("index.replace", "document", "file")
    @options("index.add", "title", "source_url", "licence", "language", "layout", "markers")
    @_READ_AS
    async def replace(
        self,
        interaction: discord.Interaction,
        *,
        document: str,
        file: discord.Attachment,
        title: app_commands.Range[str, 1, 200] | None = None,
        source_url: app_commands.Range[str, 1, 1000] | None = None,
        licence: app_commands.Range[str, 1, 200] | None = None,
        language: app_commands.Range[str, 2, 3] | None = None,
        layout: Layout | None = None,
        markers: Markers | None = None,
    ) -> None:
        """Show what a file changes in the place of a document, and publish it when confirmed."""

        async def work() -> discord.ui.LayoutView:
            own_id = (await origin_of(interaction).served()).own_id(document)
            said = {
                "title": title,
                "source_url": source_url,
                "licence": licence,
                "language": language,
                "layout": layout,
                "markers": markers,
            }
            return await self._preview(interaction, file, said, own_id)

        await respond(interaction, work(), private=True)

    async def _preview(
        self,
        interaction: discord.Interaction,
        file: discord.Attachment,
        said: Mapping[str, str | None],
        replaces: str | None = None,
    ) -> discord.ui.LayoutView:
        """What is understood of a file, with what was said of it, and what would publish it.

        `replaces` is the document that it is to replace.
        """
        place, limits = origin_of(interaction).place, self.app.limits
        self.app.upload_cooldowns.take(place.server, interaction.created_at)
        most = max_upload_bytes(file.filename, limits.max_file_bytes)
        if file.size > most:
            raise LimitReachedError("too_large", size=file.size, limit=most)
        incoming = IncomingFile(self.app, place, HandedFile(self.app, file), replaces)
        return await preview_of(self.app, interaction, incoming, said)

    async def _preview_of_page(
        self,
        interaction: discord.Interaction,
        address: str,
        hours: int,
        said: Mapping[str, str | None],
    ) -> discord.ui.LayoutView:
        """What is understood of a page that is fetched now, and followed once it is published."""
        place = origin_of(interaction).place
        self.app.upload_cooldowns.take(place.server, interaction.created_at)
        page = await FollowedPage.fetched(self.app, address, hours)
        incoming = IncomingFile(self.app, place, page, None)
        said = {**said, "source_url": said["source_url"] or page.address}
        return await preview_of(self.app, interaction, incoming, said)

    @moderator_command("remove")
    @options("index.remove", "document")
    async def remove(self, interaction: discord.Interaction, document: str) -> None:
        """Remove a document of the server's own library, after asking."""

        async def work() -> discord.ui.LayoutView:
            origin, publisher = origin_of(interaction), self.app.publisher
            place, number = origin.place, self.app.librarian.number(origin.place)
            own_id = (await origin.served()).own_id(document)
            source = find_source(own_id, await publisher.documents(place))

            async def act(press: discord.Interaction) -> discord.ui.LayoutView:
                # Whatever is seen under that id by now.
                sources = all_but(own_id, await publisher.documents(place))
                report = await publisher.publish(
                    place, sources, person_of(press), "remove", expected=number
                )
                return report_card(report)

            title = escape(one_line(source.spec.title, 100))
            question = say("index.remove.question", title=title)
            return Confirm([question], say("index.remove.confirm"), act)

        await respond(interaction, work(), private=True)

    @moderator_command("purge")
    @options("index.purge", "document")
    async def purge(self, interaction: discord.Interaction, document: str) -> None:
        """Remove a document from every revision, after asking."""

        async def work() -> discord.ui.LayoutView:
            origin, publisher = origin_of(interaction), self.app.publisher
            place, served = origin.place, await origin.served()
            own_id = served.own_id(document, await publisher.kept_documents(place))

            async def act(press: discord.Interaction) -> discord.ui.LayoutView:
                report = await publisher.purge(place, own_id, person_of(press))
                key = "index.purge.done" if report.erased else "index.purge.not_yet"
                return notice(say(key, document=escape(document), revision=report.revision.number))

            question = say("index.purge.question", document=escape(document))
            return Confirm([question], say("index.purge.confirm"), act, danger=True)

        await respond(interaction, work(), private=True)

    @moderator_command("download")
    @options("index.download", "document")
    async def download(self, interaction: discord.Interaction, document: str) -> None:
        """Send a document of the server's own library as it was uploaded."""
        await defer_response(interaction)
        origin = origin_of(interaction)
        own_id = (await origin.served()).own_id(document)
        source = find_source(own_id, await self.app.publisher.documents(origin.place))
        if len(source.content) > interaction.filesize_limit:
            raise LimitReachedError("too_large_to_send", limit=interaction.filesize_limit)
        await edit_response(interaction, files={source.file_name: source.content})

    @replace.autocomplete("document")
    @remove.autocomplete("document")
    @download.autocomplete("document")
    async def complete_document(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """The server's own documents whose title or id holds what was typed."""
        if not may_moderate(interaction):
            return []
        served = await origin_of(interaction).served()
        return document_choices(served.own_documents(), current)

    @purge.autocomplete("document")
    async def complete_kept(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """The ids of the documents of any kept revision, removed ones too."""
        if not may_moderate(interaction):
            return []
        origin = origin_of(interaction)
        kept = await self.app.publisher.kept_documents(origin.place)
        return [
            app_commands.Choice(name=document, value=document)
            for document in (await origin.served()).own_ids(kept).values()
            if current.casefold() in document
        ][:MAX_CHOICES]
