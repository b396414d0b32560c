"""/index add, remove, download and purge: the documents of the server's own library."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, get_args

import discord
from discord import app_commands

from bot.cards.failures import problem_lines
from bot.cards.layout import notice
from bot.cards.markdown import escape, one_line
from bot.cards.reports import report_card
from bot.cards.waiting import turn_words
from bot.commands.choices import MAX_CHOICES, document_choices
from bot.commands.index.family import ModeratorCommands, moderator_command
from bot.commands.index.upload_preview import Holding, UploadPreview
from bot.errors import LimitReachedError
from bot.interactions.access import may_moderate
from bot.interactions.languages import options, words
from bot.interactions.origin import origin_of, person_of
from bot.interactions.replies import defer_response, edit_response, respond
from bot.interactions.tracking import telling
from bot.interactions.trouble import fetch
from bot.interactions.views import Confirm
from bot.libraries.places import Place
from bot.libraries.rules import (
    all_but,
    check_free,
    check_new,
    check_passages,
    check_room,
    find_source,
    taken_ids,
)
from bot.locales import say
from bot.uploads.reading_child import ReadUpload
from index.documents.corpus import Source
from index.documents.reading.sentences import Layout, Markers
from index.documents.uploads import max_upload_bytes
from index.errors import CorpusError

__all__ = ["DocumentCommands"]


def _choices(option: str, values: Iterable[str]) -> list[app_commands.Choice[str]]:
    """The values of an option of /index add, each by its name in every language."""
    return [
        app_commands.Choice(name=words(f"index.add.{option}.{value}"), value=value)
        for value in values
    ]


class DocumentCommands(ModeratorCommands):
    """Documents come and go, each time after the moderator has seen what that means."""

    @moderator_command("add")
    @options("index.add", "file", "title", "source_url", "licence", "language", "layout", "markers")
    @app_commands.choices(
        layout=_choices("layout", get_args(Layout)), markers=_choices("markers", get_args(Markers))
    )
    async def add(
        self,
        interaction: discord.Interaction,
        file: discord.Attachment,
        title: app_commands.Range[str, 1, 200] | None = None,
        source_url: app_commands.Range[str, 1, 1000] | None = None,
        licence: app_commands.Range[str, 1, 200] | None = None,
        language: app_commands.Range[str, 2, 3] | None = None,
        layout: Layout | None = None,
        markers: Markers | None = None,
    ) -> None:
        """Show what was understood of a file, and publish it when that is confirmed."""

        async def work() -> discord.ui.LayoutView:
            server, limits = origin_of(interaction).place.server, self.app.limits
            self.app.upload_cooldowns.take(server, interaction.created_at)
            most = max_upload_bytes(file.filename, limits.max_file_bytes)
            if file.size > most:
                raise LimitReachedError("too_large", size=file.size, limit=most)
            said = {
                "title": title,
                "source_url": source_url,
                "licence": licence,
                "language": language,
                "layout": layout,
                "markers": markers,
            }
            async with self._turn(server):
                return await self._read(interaction, file, said)

        await respond(interaction, work(), private=True)

    async def _read(
        self,
        interaction: discord.Interaction,
        file: discord.Attachment,
        said: Mapping[str, str | None],
    ) -> discord.ui.LayoutView:
        """What is understood of a file, with what was said of it, and what would publish it."""
        place, content = origin_of(interaction).place, await fetch(file)

        async def read_again(given: Mapping[str, Any]) -> ReadUpload:
            async with self._turn(place.server):
                return await self._understand(place, file.filename, content, given)

        async def publish(press: discord.Interaction, shown: ReadUpload) -> discord.ui.LayoutView:
            return await self._publish(press, place, content, shown)

        try:
            upload = await self._understand(place, file.filename, content, said)
        except CorpusError as error:
            return notice(f"{say('upload.refused')}\n{problem_lines(error.problems)}")
        preview = UploadPreview(
            upload, said, read_again, publish, Holding(self.app.held_uploads, place.server, content)
        )
        return await preview.begin(interaction)

    async def _understand(
        self, place: Place, file_name: str, content: bytes, given: Mapping[str, Any]
    ) -> ReadUpload:
        """Read a file that the server has room for. Raises CorpusError, LimitReachedError."""
        limits = self.app.limits
        upload = await self.app.uploads.read(
            place.server,
            file_name,
            content,
            **given,
            taken_ids=self._taken_ids(await self._with_room_for(place, content)),
            max_bytes=limits.max_file_bytes,
            max_passages=limits.max_document_passages,
        )
        await self._check_passages(place, upload)
        return upload

    async def _publish(
        self, press: discord.Interaction, place: Place, content: bytes, upload: ReadUpload
    ) -> discord.ui.LayoutView:
        """Publish an upload as it was shown, beside what the server has by now."""
        number = self.app.librarian.number(place)
        sources = await self._with_room_for(place, content)
        await self._check_passages(place, upload)
        check_free(upload.spec.id, self._taken_ids(sources))
        report = await self.app.publisher.publish(
            place, [*sources, upload.source(content)], person_of(press), "add", expected=number
        )
        return report_card(report)

    @asynccontextmanager
    async def _turn(self, server: int) -> AsyncIterator[None]:
        """Wait for the server's turn to have a file read, and tell so. Raises NoTurnLeftError."""
        turn = self.app.uploads.join(server)
        with telling(lambda: turn_words(turn.before)):
            async with turn:
                yield

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

    async def _with_room_for(self, place: Place, content: bytes) -> list[Source]:
        """The server's documents. Raises LimitReachedError where one more has no place."""
        documents = await self.app.publisher.documents(place)
        check_room(len(documents), self.app.limits.max_server_documents)
        check_new(content, documents)
        return documents

    async def _check_passages(self, place: Place, upload: ReadUpload) -> None:
        own = await self.app.librarian.own(place)
        passages = len(own.library.passages) if own else 0
        check_passages(passages, len(upload.passages), self.app.limits.max_server_passages)

    def _taken_ids(self, documents: Iterable[Source]) -> set[str]:
        return taken_ids(self.app.librarian.shared().library.documents, documents)
