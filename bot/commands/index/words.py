"""/index words: forms that mean the same in a server, and questions pointed to a passage."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import discord
from discord import app_commands

from bot.cards.gaps import words_card, would_answer_text
from bot.cards.markdown import escape, one_line, visible
from bot.commands.choices import MAX_CHOICE_CHARS, MAX_CHOICES
from bot.commands.index.family import ModeratorCommands, moderator_command
from bot.interactions.access import may_moderate
from bot.interactions.languages import options
from bot.interactions.origin import origin_of, person_of
from bot.interactions.replies import respond
from bot.interactions.views import Confirm
from bot.locales import say
from bot.store import Hints
from index.errors import FootnoteError

__all__ = ["WordsCommand"]

MOST_FORMS = 8
MAX_FORM_CHARS = 60
_BETWEEN = re.compile(r"[,;=\u3001\uff0c\uff1b]")
_ROW = re.compile(r"(words|pointed):([0-9]{1,18})")


class WordsCommand(ModeratorCommands):
    """What the moderators taught the searcher of their server, which no other server knows."""

    @moderator_command("words")
    @options("index.words", "same", "remove")
    async def words(
        self,
        interaction: discord.Interaction,
        same: app_commands.Range[str, 3, 500] | None = None,
        remove: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        """Show what there is; or add forms, or take a row back, after showing what that means."""

        async def work() -> discord.ui.LayoutView:
            if remove is not None:
                return await self._removal(interaction, remove)
            if same is not None:
                return await self._addition(interaction, _forms(same))
            return await self._card(interaction)

        await respond(interaction, work(), private=True)

    async def _card(
        self, interaction: discord.Interaction, note: str = ""
    ) -> discord.ui.LayoutView:
        origin = origin_of(interaction)
        served = await origin.served()
        titles = {
            (revision.stored.owner, document.id): document.title
            for revision in served.revisions
            for document in revision.library.documents
        }
        return words_card(await self._hints(interaction), titles, note)

    async def _hints(self, interaction: discord.Interaction) -> Hints:
        return await self.app.librarian.hints.of(interaction.guild_id)

    async def _addition(
        self, interaction: discord.Interaction, forms: Sequence[str]
    ) -> discord.ui.LayoutView:
        """What the forms would answer of late, and the button that adds them."""
        place = origin_of(interaction).place
        questions = await self.app.feedback.unanswered(place.server)
        served = await origin_of(interaction).served()
        # A hundred questions, twice: too long to hold the event loop for.
        found = await self.app.pools.questions.run(
            place.server, served.would_answer, (tuple(forms),), questions
        )

        async def act(press: discord.Interaction) -> discord.ui.LayoutView:
            add = self.app.store.hints.add_words
            await self._change(press, "words add", _row(forms), lambda guild: add(guild, forms))
            return await self._card(press, say("words.added", forms=escape(_row(forms))))

        text = would_answer_text(_row(forms), found, len(questions))
        return Confirm([text], say("words.confirm"), act)

    async def _removal(self, interaction: discord.Interaction, row: str) -> discord.ui.LayoutView:
        known = dict(_rows(await self._hints(interaction)))
        match = _ROW.fullmatch(row)
        if match is None or row not in known:
            raise FootnoteError(say("words.unknown"))
        kind, number, told = match[1], int(match[2]), one_line(known[row], MAX_FORM_CHARS)

        async def act(press: discord.Interaction) -> discord.ui.LayoutView:
            shelf = self.app.store.hints
            take = shelf.remove_words if kind == "words" else shelf.remove_pointed
            await self._change(press, f"{kind} remove", told, lambda guild: take(guild, number))
            return await self._card(press, say("words.removed", forms=escape(told)))

        question = say("words.remove_question", forms=escape(told))
        return Confirm([question], say("words.remove"), act)

    async def _change(
        self,
        press: discord.Interaction,
        what: str,
        outcome: str,
        change: Callable[[int], object],
    ) -> None:
        """Change the hints of the server, tell the audit, and have its searcher know it."""
        guild_id, by = origin_of(press).place.server, person_of(press)

        def work() -> None:
            change(guild_id)
            self.app.store.audit.add(guild_id, by, what, outcome)

        await self.app.pools.store.run(guild_id, work)
        self.app.librarian.hints.changed(guild_id)

    @words.autocomplete("remove")
    async def complete_row(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """The rows that hold what was typed."""
        if not may_moderate(interaction):
            return []
        return [
            app_commands.Choice(name=one_line(told, MAX_CHOICE_CHARS), value=row)
            for row, told in _rows(await self._hints(interaction))
            if current.casefold() in told.casefold()
        ][:MAX_CHOICES]


def _rows(hints: Hints) -> list[tuple[str, str]]:
    """What a moderator can take back: the name of each row, and what it says."""
    return [
        *((f"words:{row.id}", _row(row.forms)) for row in hints.words),
        *((f"pointed:{one.id}", f"? {one.question}") for one in hints.pointed),
    ]


def _row(forms: Sequence[str]) -> str:
    return " = ".join(forms)


def _forms(text: str) -> list[str]:
    """The forms that were typed. Raises FootnoteError, in words, for too few, many or long ones."""
    parts = (" ".join(visible(part).split()) for part in _BETWEEN.split(text))
    forms = list({form.casefold(): form for form in parts if any(map(str.isalnum, form))}.values())
    if not 2 <= len(forms) <= MOST_FORMS or max(map(len, forms)) > MAX_FORM_CHARS:
        raise FootnoteError(say("words.misshapen", most=MOST_FORMS, chars=MAX_FORM_CHARS))
    return forms
