"""Registers the commands with Discord, and only when they changed."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path

import discord
from discord.ext import commands

from index.files.replacing import replace_file

__all__ = ["sync_if_changed", "sync_now"]

log = logging.getLogger("footnote.sync")


async def sync_if_changed(bot: commands.Bot, state: Path) -> bool:
    """Register the commands unless Discord has them by the state folder's note; True if it did."""
    payload_hash = await _payload_hash(bot)
    note = _note(bot, state)
    try:
        registered_hash = note.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        registered_hash = ""
    if registered_hash == payload_hash:
        log.info("commands are unchanged; nothing to register")
        return False
    await sync_now(bot, state)
    return True


async def sync_now(bot: commands.Bot, state: Path, guild_id: int | None = None) -> int:
    """Register the commands everywhere, or in one server at once; returns how many."""
    if guild_id is not None:
        guild = discord.Object(guild_id)
        bot.tree.copy_global_to(guild=guild)
        return len(await bot.tree.sync(guild=guild))
    app_commands = await bot.tree.sync()
    note = _note(bot, state)
    note.parent.mkdir(parents=True, exist_ok=True)
    replace_file(note, f"{await _payload_hash(bot)}\n".encode())
    log.info("registered %d commands", len(app_commands))
    return len(app_commands)


def _note(bot: commands.Bot, state: Path) -> Path:
    return state / f"commands-{bot.application_id}.sha256"


async def _payload_hash(bot: commands.Bot) -> str:
    tree, translator = bot.tree, bot.tree.translator
    payload = [
        await command.get_translated_payload(tree, translator)
        if translator
        else command.to_dict(tree)
        for command in tree.get_commands()
    ]
    canonical = json.dumps(payload, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
