"""Blocks of text to one Components V2 message that Discord takes."""

from __future__ import annotations

from collections.abc import Sequence

import discord

__all__ = ["MAX_TEXT", "card", "notice"]

MAX_TEXT = 4000
"""Discord's limit on all text of one Components V2 message, in characters."""
ACCENT = discord.Colour(0x3B6FB6)
QUIET = discord.Colour(0x80848E)


def card(blocks: Sequence[str], *, colour: discord.Colour = ACCENT) -> discord.ui.LayoutView:
    """A framed message with a line between its blocks; the caller keeps them within MAX_TEXT."""
    container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(
        accent_colour=colour
    )
    for position, block in enumerate(blocks):
        if position:
            container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay(block))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    return view


def notice(text: str) -> discord.ui.LayoutView:
    """A message that is no answer: a refusal, a failure, a silence."""
    return card([text[:MAX_TEXT]], colour=QUIET)
