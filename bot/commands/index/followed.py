"""Pages that documents follow: fetched to be looked at, and what a refresh found of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Self

import discord

from bot.cards.layout import MAX_TEXT, framed
from bot.cards.markdown import one_line
from bot.cards.reports import news_words
from bot.commands.index.incoming import IncomingFile
from bot.commands.index.upload_preview import preview_of
from bot.fetching.fetcher import Fetched
from bot.following.reading import said_of
from bot.interactions.app import App, app_of
from bot.interactions.origin import origin_of
from bot.interactions.replies import respond
from bot.interactions.views import ModeratorView
from bot.libraries.places import Place
from bot.libraries.rules import find_source
from bot.locales import say
from bot.store import FollowedAddress
from index.errors import FootnoteError

__all__ = ["FollowedPage", "RefreshCard", "add_news", "titles_of"]

LABEL_CHARS = 60
MOST_BUTTONS = 5
MOST_ITEMS = 36
"""Components of a card that something can still be told under."""


class FollowedPage:
    """A page as it was fetched to be looked at; what it becomes follows its address."""

    def __init__(self, app: App, address: str, hours: int, fetched: Fetched) -> None:
        self.address = address
        self._app, self._hours, self._fetched = app, hours, fetched

    @classmethod
    async def fetched(cls, app: App, address: str, hours: int) -> Self:
        """What stands at an address now. Raises FetchError."""
        address = address.strip()
        found = await app.fetcher.fetch(address)
        assert isinstance(found, Fetched)  # noqa: S101 - it was not asked whether it has changed
        return cls(app, address, hours, found)

    async def take(self) -> tuple[str, bytes]:
        """A name that its format is known by, and its bytes."""
        return self._fetched.file_name, self._fetched.content

    async def published(self, place: Place, document: str) -> None:
        """From here on it is looked at again."""
        follower = self._app.follower
        await follower.follow(place, document, self.address, self._hours, self._fetched)


async def titles_of(app: App, place: Place) -> Mapping[str, str]:
    """The titles of a server's own documents by the ids that the store has."""
    own = await app.librarian.own(place)
    return {} if own is None else {one.id: one.title for one in own.library.documents}


class RefreshCard(ModeratorView):
    """What a refresh did; what is held can be looked at, and published as it is seen."""

    def __init__(
        self,
        app: App,
        blocks: Sequence[str],
        held: Sequence[FollowedAddress],
        titles: Mapping[str, str],
    ) -> None:
        super().__init__()
        self._app = app
        self.add_item(framed(blocks))
        if held:
            row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
            for number, one in enumerate(held[:MOST_BUTTONS]):
                title = one_line(titles.get(one.document, one.document), LABEL_CHARS)
                button: discord.ui.Button[Any] = discord.ui.Button(
                    label=say("following.look", title=title),
                    custom_id=f"{self.token}:look:{number}",
                )
                button.callback = partial(self._look, one)  # type: ignore[method-assign]
                row.add_item(button)
            self.add_item(row)

    async def _look(self, held: FollowedAddress, interaction: discord.Interaction) -> None:
        """Fetch it again: what is seen is what is published."""

        async def work() -> discord.ui.LayoutView:
            app, place = self._app, origin_of(interaction).place
            app.upload_cooldowns.take(place.server, interaction.created_at)
            page = await FollowedPage.fetched(app, held.address, held.every_hours)
            spec = find_source(held.document, await app.publisher.documents(place)).spec
            incoming = IncomingFile(app, place, page, held.document)
            return await preview_of(app, interaction, incoming, said_of(spec))

        await respond(interaction, work(), private=True)


async def add_news(interaction: discord.Interaction, view: discord.ui.LayoutView) -> None:
    """Tell a moderator, once and below what they asked for, which addresses need a look."""
    app = app_of(interaction.client)
    if interaction.guild_id is None or view.total_children_count > MOST_ITEMS:
        return
    place = origin_of(interaction).place
    if view.content_length() > MAX_TEXT // 2:
        return  # there is no room for it; the next card may have some
    try:
        if told := await app.follower.tell(place):
            view.add_item(framed([news_words(told, await titles_of(app, place))]))
    except FootnoteError:
        return  # what was asked for is shown all the same
