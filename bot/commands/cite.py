"""/cite: the passages behind a citation number."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.markdown import one_line, row_in_words
from bot.commands.answering import look_up_number
from bot.commands.choices import MAX_CHOICE_CHARS, MAX_CHOICES, document_choices
from bot.interactions.app import AppCog
from bot.interactions.languages import options, words
from bot.interactions.origin import everywhere, origin_of
from bot.interactions.replies import respond
from index.documents.reading.markers import normalise_citation

__all__ = ["Cite", "setup"]


class Cite(AppCog):
    """Look-ups by citation number."""

    @app_commands.command(name=words("cite.name"), description=words("cite.description"))
    @options("cite", "number", "document")
    @everywhere
    async def cite(
        self,
        interaction: discord.Interaction,
        number: app_commands.Range[str, 1, MAX_CHOICE_CHARS],
        document: app_commands.Range[str, 1, MAX_CHOICE_CHARS] | None = None,
    ) -> None:
        """Show all passages that carry a number."""
        work = look_up_number(origin_of(interaction), number, document)
        await respond(interaction, work, private=False)

    @cite.autocomplete("number")
    async def complete_number(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Numbers that begin with what was typed, each with the opening of its first passage."""
        searcher = (await origin_of(interaction).served()).searcher
        documents = searcher.collection.documents_in_order()
        document_id = getattr(interaction.namespace, "document", None)
        prefix = normalise_citation(current)
        choices: dict[str, app_commands.Choice[str]] = {}
        passages = (
            passage
            for document in documents
            if not document_id or document.id == document_id
            for passage in document.passages
        )
        for passage in passages:
            for number in passage.citations:
                if number not in choices and number.casefold().startswith(prefix):
                    name = one_line(f"[{number}] {row_in_words(passage)[0]}", MAX_CHOICE_CHARS)
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
        searcher = (await origin_of(interaction).served()).searcher
        return document_choices(searcher.collection.documents_in_order(), current)


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Cite(bot))
