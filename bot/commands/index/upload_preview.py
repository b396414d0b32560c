"""An upload as it was understood, to be looked through, read otherwise, and published or not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import discord

from bot.cards.failures import problem_lines
from bot.cards.layout import notice
from bot.cards.upload import refusal_words
from bot.commands.index.incoming import IncomingFile, Understood
from bot.commands.index.upload_card import DIFFERENCES, At, UploadCard
from bot.interactions.app import App
from bot.interactions.languages import language_of_reader
from bot.interactions.replies import (
    amend_response,
    defer_response,
    edit_response,
    failure_words,
    tell_meanwhile,
)
from bot.locales import say, speaking
from bot.uploads.held import HeldUpload, HeldUploads
from index.errors import CorpusError, FootnoteError
from index.importers.blocks import Kind

__all__ = ["UploadPreview", "preview_of"]


class UploadPreview:
    """What was read of a file, and the one card of it that can be pressed.

    Each press shows another card in place. While the file is read again the card stays as it is,
    and can be cancelled alone; where that is refused, it says so and shows the same again.
    """

    def __init__(
        self,
        file: IncomingFile,
        understood: Understood,
        said: Mapping[str, str | None],
        held_uploads: HeldUploads,
    ) -> None:
        """`understood` is what was read of the file with what was `said` of it."""
        self.understood = understood
        self.said = dict(said)
        self.kept: dict[Kind, tuple[int, tuple[str, ...]]] = {}
        self._file = file
        self._held_uploads = held_uploads
        self._held: HeldUpload | None = None
        self._reading = False
        self._ended = False

    async def begin(self, interaction: discord.Interaction) -> discord.ui.LayoutView:
        """The first card; the upload is held from here on."""
        self._interaction = interaction
        await self._keep_as_before()
        self._card = UploadCard(self, At.first_of(self.understood))
        await self._hold()
        return self._card

    async def _keep_as_before(self) -> None:
        """Keep the kinds that are passages in the document that this replaces."""
        replacement, upload = self.understood.replacement, self.understood.upload
        kept = () if replacement is None else replacement.old.spec.keep
        if kinds := tuple(kind for kind in kept if kind in upload.left_out):
            self.kept = {kind: self._texts_of(kind) for kind in kinds}
            self.understood = await self._file.understand({**self.said, "keep": kinds})

    def check_free(self) -> None:
        """Raises FootnoteError while the file is being read again, or after the end."""
        if self._ended:
            raise FootnoteError(say("control.ended"))
        if self._reading:
            raise FootnoteError(say("waiting.reading"))

    def end(self) -> None:
        """Nothing can be pressed any more, and nothing is held."""
        self._ended = True
        self._card.stop()
        if self._held is not None:
            self._held_uploads.release(self._held)

    async def show(self, interaction: discord.Interaction, at: At) -> None:
        """Show another part of it in place."""
        self.check_free()
        card = self._next_card(interaction, at)
        try:
            await interaction.response.edit_message(view=card)
        except BaseException:
            self.end()  # the card that is seen has no one to hear it
            raise

    async def publish(self, press: discord.Interaction) -> discord.ui.LayoutView:
        """Publish it as it was shown, in the place of what it replaces where that is so."""
        return await self._file.publish(press, self.understood, beside=False)

    async def add_beside(self, press: discord.Interaction) -> discord.ui.LayoutView:
        """Publish it beside the document that it could replace."""
        return await self._file.publish(press, self.understood, beside=True)

    async def change(self, interaction: discord.Interaction, changes: Mapping[str, str]) -> None:
        """Read the file again with something else said of it; what is empty is said no more."""
        said = {**self.said, **{name: value or None for name, value in changes.items()}}
        await self._read_again(interaction, said, tuple(self.kept), self._card.at.first)

    async def keep(self, interaction: discord.Interaction, kind: Kind) -> None:
        """Read the file again with the blocks of a kind as passages."""
        kinds = (*self.kept, kind)
        await self._read_again(interaction, self.said, kinds, self._card.at)

    async def leave_out(self, interaction: discord.Interaction, kind: Kind) -> None:
        """Read the file again without the blocks of a kind that was kept."""
        kinds = tuple(one for one in self.kept if one != kind)
        await self._read_again(interaction, self.said, kinds, self._card.at)

    async def _read_again(
        self,
        interaction: discord.Interaction,
        said: Mapping[str, str | None],
        kinds: tuple[Kind, ...],
        at: At,
    ) -> None:
        """Show what is understood now, in place; or the same as before, and why."""
        self.check_free()
        self._reading = True
        try:
            await defer_response(interaction, thinking=False)
            understood, note = await self._try_to_read(interaction, said, kinds)
            if understood is None:
                at = self._card.at
            elif not self._ended:
                self.kept = {kind: self._texts_of(kind) for kind in kinds}
                self.understood, self.said = understood, dict(said)
                if at.what == DIFFERENCES and understood.replacement is None:
                    at = At()
                await self._hold()
        finally:
            self._reading = False
        if not self._ended:
            await self._put(interaction, at, note)

    async def _try_to_read(
        self,
        interaction: discord.Interaction,
        said: Mapping[str, str | None],
        kinds: tuple[Kind, ...],
    ) -> tuple[Understood | None, str]:
        """What is read; or nothing, and words that say why."""

        async def tell(words: str) -> None:
            if not self._ended:
                await interaction.edit_original_response(
                    view=self._next_card(interaction, self._card.at, words)
                )

        task = asyncio.ensure_future(self._file.understand({**said, "keep": kinds}))
        try:
            await tell_meanwhile(task, tell)
            return await task, ""
        except asyncio.CancelledError:
            task.cancel()
            if not self._ended:
                self.end()
                await edit_response(interaction, view=notice(say("failed.stopping")))
            raise
        except CorpusError as error:
            return None, refusal_words(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            return None, refusal_words(failure_words(error))

    async def _put(self, interaction: discord.Interaction, at: At, note: str) -> None:
        card = self._next_card(interaction, at, note)
        try:
            await edit_response(interaction, view=card)
        except BaseException:
            self.end()
            raise

    def _next_card(self, interaction: discord.Interaction, at: At, note: str = "") -> UploadCard:
        """A card in the place of the one that is seen, which hears nothing more."""
        self._card.stop()
        self._card = UploadCard(self, at, note)
        self._interaction = interaction
        return self._card

    def _texts_of(self, kind: Kind) -> tuple[int, tuple[str, ...]]:
        """How many blocks of a kind there are, and the first texts, as last left out."""
        if kind in self.kept:
            return self.kept[kind]
        upload = self.understood.upload
        return upload.left_out[kind], upload.left_texts[kind]

    async def _hold(self) -> None:
        """Hold what was read, in the place of what was before."""
        if self._held is not None:
            self._held_uploads.release(self._held)
        self._held = HeldUpload(self._file.server, self._size, self._make_room)
        await self._held_uploads.hold(self._held)

    @property
    def _size(self) -> int:
        """Bytes that it takes while it waits; a document that it replaces is held as well."""
        understood, size = self.understood, len(self._file.content)
        if understood.replacement is not None:
            size += len(understood.replacement.old.content)
        return size + len(understood.upload.reading)

    async def _make_room(self) -> None:
        """End, and say so: newer uploads take its place."""
        self.end()
        with speaking(language_of_reader(self._interaction)):
            words = notice(say("upload.gone"))
        await amend_response(self._interaction, words)


async def preview_of(
    app: App,
    interaction: discord.Interaction,
    incoming: IncomingFile,
    said: Mapping[str, str | None],
) -> discord.ui.LayoutView:
    """What is understood of a file, with what was said of it, and what would publish it."""
    try:
        understood = await incoming.understand(said)
        preview = UploadPreview(incoming, understood, said, app.held_uploads)
        return await preview.begin(interaction)
    except CorpusError as error:
        return notice(f"{say('upload.refused')}\n{problem_lines(error.problems)}")
