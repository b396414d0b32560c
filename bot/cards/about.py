"""What can be asked about, what a person may do, and what is kept of them."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.cards.controls import custom_id
from bot.cards.layout import MAX_TEXT, card, notice
from bot.cards.markdown import escape, link, one_line
from bot.libraries.publishing import Revision
from bot.locales import say
from bot.store import KeptMessage
from index.documents.document import Document

__all__ = ["documents_card", "help_card", "privacy_card", "told_card"]

SHOWN_DOCUMENTS = 10
SHOWN_MESSAGES = 5
"""A row has five buttons."""


def documents_card(revisions: Sequence[Revision]) -> discord.ui.LayoutView:
    """The documents searched, each with who wrote it, its licence and a first question."""
    documents = [
        (document, revision) for revision in revisions for document in revision.library.documents
    ]
    if not documents:
        return notice(say("silence.empty_library"))
    blocks = [say("documents.heading", count=len(documents))]
    room = MAX_TEXT - 200
    for document, revision in documents[:SHOWN_DOCUMENTS]:
        block = _document(document, revision)
        if len(block) > room:
            break
        room -= len(block)
        blocks.append(block)
    if more := len(documents) - len(blocks) + 1:
        blocks.append(say("status.more", count=more))
    return card(blocks)


def help_card(example: str | None, *, in_server: bool, moderator: bool) -> discord.ui.LayoutView:
    """The commands that this person may use here, on one screen."""
    lines = [say("help.heading")]
    lines += [_command(key) for key in ("ask", "cite", "documents", "sources", "privacy")]
    lines.append(say("help.mention" if in_server else "help.direct"))
    if in_server:
        lines.append(say("help.find_sources"))
    if example:
        lines.append(say("silence.example", example=escape(example)))
    blocks = ["\n".join(lines)]
    if moderator:
        names = (
            *("status", "add", "replace", "remove", "refresh", "history", "rollback"),
            *("gaps", "words", "settings"),
        )
        commands = [say("help.moderators")]
        commands += [_command(f"index.{name}", "index") for name in names]
        commands.append(say("help.add_to_library"))
        blocks.append("\n".join(commands))
    return card(blocks)


def privacy_card(
    count: int, messages: Sequence[KeptMessage] = (), *, questions_logged: bool
) -> discord.ui.LayoutView:
    """What is kept and for how long; `count` is of this person's votes and questions.

    The first of their `messages` that moderators added have a button that takes each out.
    """
    logging_note = say("privacy.logged" if questions_logged else "privacy.not_logged")
    blocks = [say("privacy.text", logged=logging_note), say("privacy.yours", count=count)]
    forget: discord.ui.Button[discord.ui.LayoutView] = discord.ui.Button(
        label=say("privacy.forget"),
        style=discord.ButtonStyle.danger,
        custom_id=custom_id("forget", "me"),
    )
    rows: list[discord.ui.ActionRow[discord.ui.LayoutView]] = [discord.ui.ActionRow(forget)]
    if messages:
        shown = messages[:SHOWN_MESSAGES]
        lines = [say("privacy.messages", count=len(messages))]
        lines += [f"{number}. {message.address}" for number, message in enumerate(shown, start=1)]
        blocks.append("\n".join(lines))
        buttons = [
            _take_out(message, f"{say('messages.remove')} {number}")
            for number, message in enumerate(shown, start=1)
        ]
        rows.insert(0, discord.ui.ActionRow(*buttons))
    return card(blocks, rows)


def told_card(server: str, message: KeptMessage) -> discord.ui.LayoutView:
    """To whoever wrote a message: that it was added, and the button that takes it out."""
    text = say("messages.told", server=escape(one_line(server, 100)), address=message.address)
    return card([text], [discord.ui.ActionRow(_take_out(message, say("messages.remove")))])


def _take_out(message: KeptMessage, label: str) -> discord.ui.Button[discord.ui.LayoutView]:
    return discord.ui.Button(
        label=label,
        style=discord.ButtonStyle.danger,
        custom_id=custom_id("takeout", message.message_id),
    )


def _command(key: str, group: str | None = None) -> str:
    name = say(f"{key}.name")
    if group:
        name = f"{say(f'{group}.name')} {name}"
    return say("help.command", name=name, description=say(f"{key}.description"))


def _document(document: Document, revision: Revision) -> str:
    spec = document.spec
    title = escape(one_line(document.title, 100))
    title = link(title, spec.source_url)
    lines = [
        say(
            "documents.document",
            title=title,
            passages=f"{len(document.passages):,}",
            numbers=f"{document.numbers:,}",
            since=discord.utils.format_dt(revision.stored.created_at, "D"),
        )
    ]
    rights = [spec.attribution or "", spec.licence or ""]
    if any(rights):
        lines.append("-# " + " · ".join(escape(one_line(right, 150)) for right in rights if right))
    if spec.example:
        lines.append(say("silence.example", example=escape(spec.example)))
    return "\n".join(lines)
