"""Add to library: a message's text as a passage, cited by its link and author, who may take it out.

Whoever wrote it is told, by direct message or else by a reply that pings nobody, and can take it
out of every revision; so does the end of the message itself.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import partial

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.about import told_card
from bot.cards.gaps import passage_line
from bot.cards.layout import card, notice
from bot.cards.markdown import escape, one_line, quotation, visible
from bot.commands.entries import draft_entry, publish_entry, without_entries
from bot.errors import LimitReachedError
from bot.interactions.access import moderators_only
from bot.interactions.app import App, MenuCog
from bot.interactions.languages import words
from bot.interactions.origin import origin_of, person_of
from bot.interactions.replies import SILENT, respond
from bot.interactions.tracking import begin_event
from bot.interactions.trouble import describe, passes
from bot.interactions.views import Confirm
from bot.libraries.places import Place
from bot.locales import say, speaking
from bot.store import KeptMessage, Person
from bot.store.errors import StoreError
from bot.store.taught.messages import address_of
from index.documents.passage_files import WrittenPassage
from index.documents.reading.sentences import MAX_PASSAGE_CHARS
from index.errors import FootnoteError, UnknownDocumentError

__all__ = ["MessagesCog", "setup", "take_out", "take_out_own"]

log = logging.getLogger("footnote.messages")

AUTHOR = Person(None, "author")
AGAIN_AFTER_S = (5.0, 30.0, 120.0, 600.0, 1800.0)
"""So long after the store could not take a deleted message out it is asked again."""
_EMOJI = re.compile(r"<a?(:\w{2,32}:)[0-9]{15,21}>")


class MessagesCog(MenuCog):
    """Takes messages over, and takes them out when they go."""

    def __init__(self, bot: commands.Bot) -> None:
        menu = app_commands.ContextMenu(
            name=words("messages.menu"),
            callback=self._add,
            type=discord.AppCommandType.message,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=False, private_channel=False
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        menu.default_permissions = discord.Permissions(manage_guild=True)
        super().__init__(bot, menu)

    async def _add(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Show what would be added; Discord sends the text along, whatever the intents."""
        moderators_only(interaction)
        text = _text_of(interaction, message)

        async def act(press: discord.Interaction) -> discord.ui.LayoutView:
            return await self._publish(press, message, text)

        async def work() -> discord.ui.LayoutView:
            author = escape(one_line(message.author.display_name, 100))
            question = say("messages.question", author=author)
            shown = quotation(one_line(text, 1500))
            return Confirm([question, shown], say("messages.confirm"), act)

        await respond(interaction, work(), private=True)

    async def _publish(
        self, press: discord.Interaction, message: discord.Message, text: str
    ) -> discord.ui.LayoutView:
        """Publish it and tell its author; where they cannot be told, take it out again."""
        await _check_there(message)
        origin, store = origin_of(press), self.app.store
        with speaking(origin.language):
            title, author = say("messages.document"), one_line(visible(message.author.name), 100)
            when = f"{message.created_at:%Y-%m-%d}"
            reference = say("messages.reference", author=author, when=when)
        address = address_of(origin.place.server, message.channel.id, message.id)
        written = WrittenPassage(text, reference, address)
        draft = await draft_entry(self.app, origin.place, "messages", title, written)
        kept = KeptMessage(
            message.id,
            origin.place.server,
            message.channel.id,
            draft.document_id,
            await self._hash_of(message.author.id),
        )
        # First, so that whatever happens next its author can have it taken out.
        in_store = self.app.pools.store
        is_new = await in_store.run(origin.place.server, store.messages.keep, kept)
        if not is_new:
            await self._check_removed(origin.place, kept)
        try:
            entry = await publish_entry(self.app, origin.place, draft, person_of(press))
        except FootnoteError:  # whatever else it is, it may have been published
            if is_new:
                await in_store.run(origin.place.server, store.messages.delete, [message.id])
            raise
        if not await in_store.run(origin.place.server, store.messages.find, [message.id]):
            await take_out(self.app, [kept])  # it was deleted before there was anything to take out
            raise FootnoteError(say("messages.gone"))
        with speaking(origin.language):
            told = await _tell(message, press.guild.name if press.guild else "", kept)
        if not told:
            await take_out(self.app, [kept])
            return notice(say("messages.not_told"))
        revision = entry.publication.revision.number
        done = say("messages.added", revision=revision, told=say(told))
        return card([done, passage_line(entry.passage, entry.document)])

    async def _check_removed(self, place: Place, kept: KeptMessage) -> None:
        """Raise FootnoteError unless earlier revisions alone have a message that is kept."""
        sources = await self.app.publisher.documents(place)
        addresses = {one.url for source in sources for one in source.spec.references.values()}
        find = self.app.store.messages.find
        known = await self.app.pools.store.run(place.server, find, [kept.message_id])
        if kept.address in addresses or kept not in known:
            raise FootnoteError(say("messages.known"))

    async def _hash_of(self, user_id: int) -> str:
        return await self.app.pools.store.run(None, self.app.store.pseudonyms.of, user_id)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take a message out that was deleted."""
        begin_event("delete", payload.guild_id, payload.channel_id)
        await self._take_out_of(payload.guild_id, [payload.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Take messages out that were deleted together."""
        begin_event("delete", payload.guild_id, payload.channel_id)
        await self._take_out_of(payload.guild_id, payload.message_ids)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Take the messages of a channel out that was deleted."""
        begin_event("delete", channel.guild.id, channel.id)
        await self._take_out_of_channel(channel.guild.id, channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Take the messages of a thread out that was deleted."""
        begin_event("delete", payload.guild_id, payload.thread_id)
        await self._take_out_of_channel(payload.guild_id, payload.thread_id)

    async def _take_out_of(self, guild_id: int | None, ids: Collection[int]) -> None:
        if guild_id is not None:
            await self._take_out_found(guild_id, partial(self.app.store.messages.find, ids))

    async def _take_out_of_channel(self, guild_id: int, channel_id: int) -> None:
        find = partial(self.app.store.messages.in_channel, channel_id)
        await self._take_out_found(guild_id, find)

    async def _take_out_found(
        self, guild_id: int, find: Callable[[], Sequence[KeptMessage]]
    ) -> None:
        """Take deleted messages out; where the store cannot do it now, later."""
        for wait_s in (*AGAIN_AFTER_S, None):
            try:
                messages = await self.app.pools.store.run(guild_id, find)
                await take_out(self.app, messages)
            except StoreError:
                if wait_s is None:
                    raise
                log.warning("deleted messages are not taken out yet", exc_info=True)
                await asyncio.sleep(wait_s)
            else:
                if messages:
                    log.info("%d messages were deleted with their passages", len(messages))
                return


async def take_out(app: App, messages: Collection[KeptMessage]) -> None:
    """Take messages out of every revision of every library that has them. Raises StoreError."""
    by_document: dict[tuple[int, str], list[KeptMessage]] = defaultdict(list)
    in_store, libraries = app.pools.store, app.store.libraries
    for message in messages:
        guild_id = message.guild_id
        copies = await in_store.run(guild_id, libraries.documents_with, guild_id, message.address)
        for document in {message.document, *copies}:
            by_document[guild_id, document].append(message)
    for (guild_id, document), those in by_document.items():
        rewrite = without_entries({message.address for message in those})
        try:
            await app.publisher.redact(Place(guild_id), document, rewrite, AUTHOR)
        except UnknownDocumentError:
            log.info("document %s of server %d was gone already", document, guild_id)
    # Last, so that what fails can be done again.
    await in_store.run(None, app.store.messages.delete, [one.message_id for one in messages])


async def take_out_own(app: App, user_id: int, message_id: int) -> bool:
    """Take a message out that this person wrote; False where none of theirs is kept so."""

    def find() -> list[KeptMessage]:
        person = app.store.pseudonyms.of(user_id)
        return [one for one in app.store.messages.find([message_id]) if one.person == person]

    found = await app.pools.store.run(user_id, find)
    await take_out(app, found)
    return bool(found)


def _text_of(interaction: discord.Interaction, message: discord.Message) -> str:
    """What a message says, as a passage. Raises FootnoteError where it cannot be one."""
    channel = interaction.channel
    if channel is None or channel.type is discord.ChannelType.private_thread:
        raise FootnoteError(say("messages.private"))
    if message.author.bot or message.webhook_id is not None:
        raise FootnoteError(say("messages.of_an_app"))
    text = " ".join(visible(_EMOJI.sub(r"\1", message.clean_content)).split())
    if not any(map(str.isalnum, text)):
        raise FootnoteError(say("messages.no_text"))
    if len(text) > MAX_PASSAGE_CHARS:
        raise LimitReachedError("long_message", limit=MAX_PASSAGE_CHARS)
    return text


async def _check_there(message: discord.Message) -> None:
    """Raise FootnoteError where a message is gone by now, or its end would not be heard of."""
    try:
        await message.fetch()
    except (discord.NotFound, discord.Forbidden):
        raise FootnoteError(say("messages.gone")) from None


async def _tell(message: discord.Message, server: str, kept: KeptMessage) -> str | None:
    """Tell its author, who can take it out; the words for how, None where that cannot be."""
    view = told_card(server, kept)

    async def directly() -> object:
        return await message.author.send(view=view, allowed_mentions=SILENT, silent=True)

    async def by_reply() -> object:
        return await message.reply(
            view=view, mention_author=False, allowed_mentions=SILENT, silent=True
        )

    for told, send in (("messages.told_directly", directly), ("messages.told_by_reply", by_reply)):
        try:
            await send()
        except Exception as error:
            if not (passes(error) or isinstance(error, discord.HTTPException)):
                raise
            log.info("the author of message %d was not told so: %s", message.id, describe(error))
        else:
            return told
    return None


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(MessagesCog(bot))
