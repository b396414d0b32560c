"""/cite: the passages behind a citation number."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.access import place_of
from bot.cards.answer import citation_card
from bot.cards.markdown import one_line
from bot.client import FootnoteBot
from bot.locales import say
from bot.replies import respond
from index.passages import normalise_citation

__all__ = ["Cite", "setup"]

MAX_CHOICES = 25
MAX_CHOICE_CHARS = 100


class Cite(commands.Cog):
    """Look-ups by citation number."""

    def __init__(self, bot: FootnoteBot) -> None:
        self.bot = bot

    @app_commands.command(name="cite", description=say("cite.description"))
    @app_commands.describe(number=say("cite.number"), document=say("cite.document"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def cite(
        self,
        interaction: discord.Interaction,
        number: app_commands.Range[str, 1, MAX_CHOICE_CHARS],
        document: app_commands.Range[str, 1, MAX_CHOICE_CHARS] | None = None,
    ) -> None:
        """Show all passages that carry a number."""

        async def work() -> discord.ui.LayoutView:
            searcher = await self.bot.librarian.searcher(place_of(interaction))
            passages = searcher.collection.cite(number, document)
            return citation_card(normalise_citation(number), passages)

        await respond(interaction, work(), private=False)

    @cite.autocomplete("number")
    async def complete_number(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Numbers that begin with what was typed, each with the opening of its first passage."""
        searcher = await self.bot.librarian.searcher(place_of(interaction))
        documents = searcher.collection.documents_in_order()
        document = getattr(interaction.namespace, "document", None)
        typed = normalise_citation(current)
        choices: dict[str, app_commands.Choice[str]] = {}
        passages = (
            passage
            for one in documents
            if not document or one.id == document
            for passage in one.passages
        )
        for passage in passages:
            for number in passage.citations:
                if number not in choices and number.casefold().startswith(typed):
                    name = one_line(f"[{number}] {passage.text}", MAX_CHOICE_CHARS)
                    choices[number] = app_commands.Choice(
                        name=name, value=number[:MAX_CHOICE_CHARS]
                    )
            if len(choices) >= MAX_CHOICES:
                break
        return list(choices.values())[:MAX_CHOICES]

    @cite.autocomplete("document")
    async def complete_document(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Documents whose title or id holds what was typed."""
        searcher = await self.bot.librarian.searcher(place_of(interaction))
        typed = current.casefold()
        return [
            app_commands.Choice(name=one_line(document.title, MAX_CHOICE_CHARS), value=document.id)
            for document in searcher.collection.documents_in_order()
            if typed in document.title.casefold() or typed in document.id
        ][:MAX_CHOICES]


async def setup(bot: FootnoteBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Cite(bot))
