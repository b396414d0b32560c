"""What happens when somebody presses something under a card. Survives restarts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Self, cast

import discord
from discord.ext import commands

from bot.cards.answer import passages_card, question_of
from bot.cards.context import context_card, references_card
from bot.cards.controls import Controls
from bot.cards.layout import notice, texts_of
from bot.cards.markdown import escape, one_line
from bot.commands.answering import answer_question
from bot.commands.follow_up import FollowUp
from bot.commands.messages import take_out, take_out_own
from bot.interactions.app import app_of
from bot.interactions.handling import begin_interaction
from bot.interactions.origin import origin_of, talk_of
from bot.interactions.replies import (
    defer_response,
    deliver,
    edit_response,
    in_time,
    is_deferred,
    respond,
    run_press,
)
from bot.interactions.tracking import asking
from bot.interactions.views import hand_over, has_ended
from bot.libraries.pointers import Pointers
from bot.locales import say
from bot.store import Vote
from index.answering.answer import Hit
from index.errors import FootnoteError

__all__ = ["Press", "setup"]


class Press(
    discord.ui.DynamicItem[discord.ui.Item[Any]],
    template=r"f1:(?P<action>context|page|nearest|follow|ask|up|down|forget|takeout|menu|pick):(?P<parameters>.*)",
):
    """A button under a card, or a menu, whose chosen value says what it asks for.

    `parameters` are the rest of its custom_id: pointers, and for a page its position and shift.
    """

    def __init__(self, item: discord.ui.Item[Any], action: str, parameters: str) -> None:
        super().__init__(item)
        self.action = action
        self.parameters = parameters

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item, match["action"], match["parameters"])

    async def callback(self, interaction: discord.Interaction) -> Any:
        """Do it; whatever goes wrong, the person is told."""
        action, parameters = self.action, self.parameters
        if isinstance(self.item, discord.ui.Select):
            value = self.item.values[0]
            if action == "pick":
                action, parameters = "page", f"{parameters}:{value}:0"
            else:
                action, _, own_parameters = value.partition(":")
                parameters = own_parameters or parameters
        await run_press(interaction, _act(interaction, action, parameters))


async def _act(interaction: discord.Interaction, action: str, parameters: str) -> None:
    if interaction.message is None or action not in _ACTIONS:
        raise FootnoteError(say("control.gone"))
    await _ACTIONS[action](interaction, parameters)


async def _marked(interaction: discord.Interaction, pointers: Pointers, question: str) -> list[Hit]:
    """The passages pointed at, with the words of the question marked."""
    origin = origin_of(interaction)
    passages = await origin.find(pointers)
    return (await origin.served()).searcher.mark(question, passages)


async def _context(interaction: discord.Interaction, parameters: str) -> None:
    async def work() -> discord.ui.LayoutView:
        pointers = Pointers.decode(parameters)
        return context_card(pointers, await origin_of(interaction).find(pointers))

    await respond(interaction, work(), private=True)


async def _page(interaction: discord.Interaction, parameters: str) -> None:
    """Turn the page of a context, in the message where it was turned."""
    parts = re.fullmatch(r"(.+):([0-9]):(-?[0-9]{1,6})", parameters)
    if parts is None:
        raise FootnoteError(say("control.gone"))
    pointers = Pointers.decode(parts[1])
    task = asyncio.ensure_future(origin_of(interaction).find(pointers))
    passages = await in_time(task, partial(defer_response, interaction, thinking=False))
    position = min(int(parts[2]), len(passages) - 1)
    view = context_card(pointers, passages, position, int(parts[3]))
    if is_deferred(interaction):
        await edit_response(interaction, view=view)
    else:
        await interaction.response.edit_message(view=view)


async def _more(interaction: discord.Interaction, parameters: str) -> None:
    await _show(interaction, parameters, "answer.more")


async def _nearest(interaction: discord.Interaction, parameters: str) -> None:
    await _show(interaction, parameters, "answer.nearest")


async def _show(interaction: discord.Interaction, parameters: str, key: str) -> None:
    """Show passages that are no answer, to whoever asks for them."""
    question = _question_on(interaction)

    async def work() -> discord.ui.LayoutView:
        pointers = Pointers.decode(parameters)
        hits = await _marked(interaction, pointers, question)
        heading = say(key, question=escape(one_line(question)))
        return passages_card(heading, hits, Controls(pointers, talk=False))

    await respond(interaction, work(), private=True)


async def _sources(interaction: discord.Interaction, parameters: str) -> None:
    async def work() -> discord.ui.LayoutView:
        return references_card(await origin_of(interaction).find(Pointers.decode(parameters)))

    await respond(interaction, work(), private=True)


async def _share(interaction: discord.Interaction, parameters: str) -> None:
    """Show a private answer to everybody, if the person may write here themselves."""
    rights = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    may_send = rights.send_messages_in_threads if in_thread else rights.send_messages
    if interaction.guild_id is None or not (rights.view_channel and may_send):
        raise FootnoteError(say("share.not_here"))
    app_of(interaction.client).cooldowns.take(interaction.user.id, interaction.created_at)
    question = _question_on(interaction)
    heading = texts_of(cast("discord.Message", interaction.message))[0]

    async def work() -> discord.ui.LayoutView:
        pointers = Pointers.decode(parameters)
        hits = await _marked(interaction, pointers, question)
        view = passages_card(heading, hits, Controls(pointers))
        container = cast("discord.ui.Container[Any]", view.children[0])
        person = say("answer.shared", person=escape(interaction.user.display_name))
        container.add_item(discord.ui.TextDisplay(person))
        return view

    await respond(interaction, work(), private=False)


async def _follow(interaction: discord.Interaction, parameters: str) -> None:
    pointers = Pointers.decode(parameters)
    await interaction.response.send_modal(FollowUp(_question_on(interaction), pointers.asker))


async def _ask(interaction: discord.Interaction, question: str) -> None:
    """Answer the question with the spelling that was pressed, to whoever pressed it."""
    app = app_of(interaction.client)
    async with asking(app.monitor.question_ended):
        app.cooldowns.take(interaction.user.id, interaction.created_at)
        talk = talk_of(interaction, private=True)
        before = app.conversations.up_to(talk, _question_on(interaction))[:-1]
        app.conversations.remember(talk, question, before)
        work = answer_question(app, origin_of(interaction), question, private=True, previous=before)
        await respond(interaction, work, private=True)


async def _up(interaction: discord.Interaction, _: str) -> None:
    await _vote(interaction, 1)


async def _down(interaction: discord.Interaction, _: str) -> None:
    await _vote(interaction, -1)


async def _vote(interaction: discord.Interaction, vote: Vote) -> None:
    message = cast("discord.Message", interaction.message)
    public = not message.flags.ephemeral
    question = question_of(texts_of(message)) if public else None

    async def work() -> discord.ui.LayoutView:
        origin, feedback = origin_of(interaction), app_of(interaction.client).feedback
        outcome = await feedback.vote(
            origin.place, origin.settings, str(message.id), interaction.user.id, vote, question
        )
        return notice(say(f"vote.{outcome}"))

    await respond(interaction, work(), private=True)


async def _forget(interaction: discord.Interaction, _: str) -> None:
    """Delete what is kept of whoever presses."""

    async def work() -> discord.ui.LayoutView:
        app, user_id = app_of(interaction.client), interaction.user.id
        app.conversations.forget_person(user_id)
        await take_out(app, await app.feedback.messages(user_id))
        count = await app.feedback.forget(user_id)
        app.librarian.forget_person(user_id)
        interaction.client.dispatch("footnote_forget", user_id)
        return notice(say("privacy.forgotten", count=count))

    await respond(interaction, work(), private=True)


async def _take_out(interaction: discord.Interaction, parameters: str) -> None:
    """Take a message out of a library, for whoever wrote it."""

    async def work() -> discord.ui.LayoutView:
        message_id = int(parameters) if re.fullmatch("[0-9]{1,19}", parameters) else 0
        app, user_id = app_of(interaction.client), interaction.user.id
        taken = await take_out_own(app, user_id, message_id)
        return notice(say("messages.removed" if taken else "messages.not_yours"))

    await respond(interaction, work(), private=True)


def _question_on(interaction: discord.Interaction) -> str:
    """The question of the card that was pressed. Raises FootnoteError where it has none."""
    message = interaction.message
    question = question_of(texts_of(message)) if message is not None else None
    if question is None:
        raise FootnoteError(say("control.no_question"))
    return question


_ACTIONS: dict[str, Callable[[discord.Interaction, str], Awaitable[None]]] = {
    "context": _context,
    "page": _page,
    "more": _more,
    "nearest": _nearest,
    "sources": _sources,
    "share": _share,
    "follow": _follow,
    "ask": _ask,
    "up": _up,
    "down": _down,
    "forget": _forget,
    "takeout": _take_out,
}


class EndedControls(commands.Cog):
    """Answers presses on what a restart, or time, has ended, or discord.py does not know yet."""

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Nobody else hears these, so nobody else answers."""
        if has_ended(interaction):
            begin_interaction(interaction)
            await deliver(interaction, notice(say("control.ended")), private=True)
        else:
            await hand_over(interaction)


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    bot.add_dynamic_items(Press)
    await bot.add_cog(EndedControls())


async def teardown(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is unloaded."""
    bot.remove_dynamic_items(Press)
