"""Blocks of text to one Components V2 message that Discord takes."""

from __future__ import annotations

from collections.abc import Sequence

import discord

__all__ = ["ACCENT", "MAX_TEXT", "card", "framed", "notice", "texts_of"]

MAX_TEXT = 4000
"""Discord's limit on all text of one Components V2 message, in characters."""
ACCENT = discord.Colour(0x3B6FB6)
QUIET = discord.Colour(0x80848E)

Row = discord.ui.ActionRow[discord.ui.LayoutView]


def framed(
    blocks: Sequence[str], colour: discord.Colour = ACCENT
) -> discord.ui.Container[discord.ui.LayoutView]:
    """Blocks of text in a frame, with a line between them."""
    container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(
        accent_colour=colour
    )
    for position, block in enumerate(blocks):
        if position:
            container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay(block))
    return container


def card(
    blocks: Sequence[str], rows: Sequence[Row] = (), *, colour: discord.Colour = ACCENT
) -> discord.ui.LayoutView:
    """A framed message with a line between its blocks, and rows of controls under it.

    The caller keeps the blocks within MAX_TEXT. The controls are heard by their custom_ids.
    """
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(framed(blocks, colour))
    for row in rows:
        view.add_item(row)
    view.stop()  # discord.py would remember every one of them for ever, to call nothing
    return view


def notice(text: str, rows: Sequence[Row] = ()) -> discord.ui.LayoutView:
    """A message that is no answer: a refusal, a failure, a silence, the closest passage."""
    return card([text[:MAX_TEXT]], rows, colour=QUIET)


def texts_of(message: discord.Message) -> list[str]:
    """The texts of a Components V2 message, in order; none of any other message."""
    if not message.flags.components_v2:
        return []
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    view.stop()
    return [
        child.content for child in view.walk_children() if isinstance(child, discord.ui.TextDisplay)
    ]
