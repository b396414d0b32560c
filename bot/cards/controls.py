"""What can be pressed under a card of passages.

All that a control needs lies in its custom_id, `f1:ACTION:POINTERS…`, and in the card itself, so
that it works after a restart: `commands/presses.py` listens to every one of them by its pattern.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.cards.markdown import one_line, visible
from bot.libraries.pointers import Pointers
from bot.locales import say

__all__ = [
    "Controls",
    "closest_row",
    "context_rows",
    "custom_id",
    "nearest_row",
    "rows",
    "spelling_rows",
]

MAX_OPTION_CHARS = 100
MAX_LABEL_CHARS = 80
MAX_ID_CHARS = 100
MOST_SPELLINGS = 3


@dataclass(frozen=True, slots=True)
class Controls:
    """The `pointers` to the passages shown, to `more` that follow, and what may be done with them.

    `talk` adds follow-up and votes, which belong under an answer; `share` is for private ones.
    """

    pointers: Pointers
    more: Pointers | None = None
    talk: bool = True
    share: bool = False


def custom_id(action: str, *parts: object) -> str:
    """The id of a control, at most 100 characters for five passages."""
    return ":".join(("f1", action, *map(str, parts)))


def rows(controls: Controls) -> list[discord.ui.ActionRow[discord.ui.LayoutView]]:
    """The common controls as buttons, the others in one menu."""
    encoded = controls.pointers.encode()
    buttons = [_button(say("control.context"), "context", encoded)]
    if controls.talk:
        buttons.append(_button(say("control.follow"), "follow", encoded))
        buttons.append(_button(None, "up", encoded, emoji="👍"))
        buttons.append(_button(None, "down", encoded, emoji="👎"))
    options = [_option("sources", "sources")]
    if controls.more is not None:
        options.insert(0, _option("more", f"more:{controls.more.encode()}"))
    if controls.share:
        options.append(_option("share", "share"))
    menu: discord.ui.Select[discord.ui.LayoutView] = discord.ui.Select(
        custom_id=custom_id("menu", encoded), placeholder=say("control.menu"), options=options
    )
    return [discord.ui.ActionRow(*buttons), discord.ui.ActionRow(menu)]


def nearest_row(pointers: Pointers) -> discord.ui.ActionRow[discord.ui.LayoutView]:
    """Under a silence: what came closest."""
    return discord.ui.ActionRow(_button(say("control.nearest"), "nearest", pointers.encode()))


def closest_row(
    closest: Pointers, others: Pointers | None
) -> discord.ui.ActionRow[discord.ui.LayoutView]:
    """Under the closest passage: what stands around it, and what came next to it."""
    row: discord.ui.ActionRow[discord.ui.LayoutView] = discord.ui.ActionRow(
        _button(say("control.context"), "context", closest.encode())
    )
    if others is not None:
        row.add_item(_button(say("control.others"), "nearest", others.encode()))
    return row


def spelling_rows(
    spellings: Sequence[str],
) -> list[discord.ui.ActionRow[discord.ui.LayoutView]]:
    """Under what is no answer: the word that may be meant, which asks the question with it."""
    buttons = [
        _button(say("control.spelling", word=word)[:MAX_LABEL_CHARS], "ask", text)
        for word, text in zip(_words_that_differ(spellings), spellings, strict=True)
        if len(custom_id("ask", text)) <= MAX_ID_CHARS
    ][:MOST_SPELLINGS]
    return [discord.ui.ActionRow(*buttons)] if len(buttons) > 1 else []


def _words_that_differ(texts: Sequence[str]) -> list[str]:
    """What each text has between the words that all of them begin and end with."""
    split = [text.split() for text in texts]
    shortest = min(map(len, split), default=0)
    start = 0
    while start < shortest and len({words[start] for words in split}) == 1:
        start += 1
    end = 0
    while end < shortest - start and len({words[-1 - end] for words in split}) == 1:
        end += 1
    return [one_line(visible(" ".join(words[start : len(words) - end]))) for words in split]


def context_rows(
    pointers: Pointers, labels: list[str], position: int, shift: int, *, earlier: bool, later: bool
) -> list[discord.ui.ActionRow[discord.ui.LayoutView]]:
    """Under a context: paging, and a menu of the passages (`labels`) where there are several.

    `shift` is how many pages the window has moved from the chosen passage, negative for earlier.
    """
    encoded = pointers.encode()

    def page(key: str, target: int, *, enabled: bool) -> discord.ui.Button[discord.ui.LayoutView]:
        button = _button(say(f"control.{key}"), "page", encoded, position, target)
        button.disabled = not enabled
        return button

    action_rows: list[discord.ui.ActionRow[discord.ui.LayoutView]] = [
        discord.ui.ActionRow(
            page("earlier", shift - 1, enabled=earlier), page("later", shift + 1, enabled=later)
        )
    ]
    if len(labels) > 1:
        menu: discord.ui.Select[discord.ui.LayoutView] = discord.ui.Select(
            custom_id=custom_id("pick", encoded),
            options=[
                discord.SelectOption(
                    label=label[:MAX_OPTION_CHARS], value=str(number), default=number == position
                )
                for number, label in enumerate(labels)
            ],
        )
        action_rows.append(discord.ui.ActionRow(menu))
    return action_rows


def _button(
    label: str | None, action: str, *parts: object, emoji: str | None = None
) -> discord.ui.Button[discord.ui.LayoutView]:
    return discord.ui.Button(label=label, emoji=emoji, custom_id=custom_id(action, *parts))


def _option(name: str, value: str) -> discord.SelectOption:
    description = say(f"control.{name}.description")
    return discord.SelectOption(label=say(f"control.{name}"), value=value, description=description)
