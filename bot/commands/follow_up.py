"""The form for a question that leans on the one of a card."""

from __future__ import annotations

from typing import Any

import discord

from bot.commands.answering import answer_question
from bot.interactions.app import app_of
from bot.interactions.origin import origin_of, talk_of
from bot.interactions.replies import respond
from bot.interactions.tracking import asking
from bot.interactions.views import Form
from bot.locales import say
from index.answering.searcher import MAX_QUESTION_CHARS

__all__ = ["FollowUp"]


class FollowUp(Form):
    """Asks for the next question, which may lean on the one of the card."""

    def __init__(self, before: str, asker: int) -> None:
        super().__init__(title=say("follow.title"))
        self._before = before
        self._asker = asker
        self.question: discord.ui.TextInput[Any] = discord.ui.TextInput(
            placeholder=say("follow.placeholder"), max_length=MAX_QUESTION_CHARS
        )
        self.add_item(discord.ui.Label(text=say("follow.label"), component=self.question))

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Answer where the conversation is; those who join it are answered privately."""
        async with asking(app_of(interaction.client).monitor.question_ended):
            await self._answer(interaction)

    async def _answer(self, interaction: discord.Interaction) -> None:
        message = interaction.message
        private = (message is not None and message.flags.ephemeral) or (
            interaction.user.id != self._asker
        )
        app, question = app_of(interaction.client), self.question.value
        app.cooldowns.take(interaction.user.id, interaction.created_at)
        talk = talk_of(interaction, private=private)
        before = app.conversations.up_to(talk, self._before)
        app.conversations.remember(talk, question, before)
        work = answer_question(
            app, origin_of(interaction), question, private=private, previous=before
        )
        await respond(interaction, work, private=private)
