"""The cards of the gaps: the groups with their buttons, the forms, and passages to choose from."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import discord

from bot.cards.gaps import GROUPS_A_PAGE, gap_line, gaps_heading, passage_line
from bot.cards.layout import ACCENT
from bot.cards.markdown import escape, one_line
from bot.interactions.access import moderators_only
from bot.interactions.views import Form, ModeratorView
from bot.locales import say
from bot.store import Gap, Target
from index.answering.answer import Hit
from index.text.likeness import AlikeQuestions

__all__ = ["AnswerForm", "Choice", "ChooseCard", "Desk", "GapsCard", "Group", "SearchForm"]

MAX_TEXT_CHARS = 2000
MAX_TITLE_CHARS = 100
MAX_SOURCE_CHARS = 1000
MAX_SEARCH_CHARS = 200


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are alike: the first as it was asked, the ids of all, and their page."""

    question: str
    gaps: tuple[int, ...]
    page: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A passage to choose, and what it is found by from there on."""

    hit: Hit
    target: Target


class Desk(Protocol):
    """What the buttons and forms ask for."""

    async def show(self, interaction: discord.Interaction, page: int) -> None: ...
    async def answer(
        self, interaction: discord.Interaction, group: Group, text: str, title: str, source: str
    ) -> None: ...
    async def search(self, interaction: discord.Interaction, group: Group, text: str) -> None: ...
    async def point(
        self, interaction: discord.Interaction, group: Group, choice: Choice
    ) -> None: ...
    async def dismiss(self, interaction: discord.Interaction, group: Group) -> None: ...


Press = Callable[[discord.Interaction], Coroutine[Any, Any, None]]


class _DeskView(ModeratorView):
    """A card of the desk's; its buttons do one thing each."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def _button(
        self, label: str, name: str, press: Press, *, primary: bool = False, disabled: bool = False
    ) -> discord.ui.Button[Any]:
        button: discord.ui.Button[Any] = discord.ui.Button(
            label=label,
            style=discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary,
            custom_id=f"{self.token}:{name}",
            disabled=disabled,
        )
        button.callback = press  # type: ignore[assignment, method-assign]
        return button


class GapsCard(_DeskView):
    """A page of groups, each with what can be done about it; `note` tells what was done last."""

    def __init__(
        self,
        desk: Desk,
        gaps: Sequence[Gap],
        groups: Sequence[AlikeQuestions],
        page: int,
        note: str = "",
    ) -> None:
        super().__init__(desk)
        pages = -(-len(groups) // GROUPS_A_PAGE)
        page = min(page, pages - 1)
        container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=ACCENT)
        container.add_item(discord.ui.TextDisplay(gaps_heading(gaps, groups, note)))
        first = page * GROUPS_A_PAGE
        for number, alike in enumerate(groups[first : first + GROUPS_A_PAGE]):
            ids = tuple(gaps[position].id for position in alike.positions)
            container.add_item(discord.ui.TextDisplay(gap_line(gaps, alike)))
            container.add_item(self._row(number, Group(alike.question, ids, page)))
        container.add_item(discord.ui.TextDisplay(say("gaps.dismissed_come_back")))
        self.add_item(container)
        if pages > 1:
            self.add_item(
                discord.ui.ActionRow(
                    self._turn("control.earlier", "back", page - 1, pages),
                    self._turn("control.later", "next", page + 1, pages),
                )
            )

    def _row(self, number: int, group: Group) -> discord.ui.ActionRow[Any]:
        async def answer(interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(
                AnswerForm(self._desk, group, interaction.user.display_name)
            )

        async def search(interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(SearchForm(self._desk, group))

        async def dismiss(interaction: discord.Interaction) -> None:
            await self._desk.dismiss(interaction, group)

        return discord.ui.ActionRow(
            self._button(say("gaps.answer"), f"answer:{number}", answer, primary=True),
            self._button(say("gaps.point"), f"point:{number}", search),
            self._button(say("gaps.dismiss"), f"dismiss:{number}", dismiss),
        )

    def _turn(self, key: str, name: str, page: int, pages: int) -> discord.ui.Button[Any]:
        async def press(interaction: discord.Interaction) -> None:
            await self._desk.show(interaction, page)

        return self._button(say(key), f"page:{name}", press, disabled=not 0 <= page < pages)


class ChooseCard(_DeskView):
    """Passages that were found for a group, each with a button that points the group to it."""

    def __init__(self, desk: Desk, group: Group, choices: Sequence[Choice]) -> None:
        super().__init__(desk)
        container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=ACCENT)
        question = escape(one_line(group.question, 200))
        key = "gaps.choose" if choices else "gaps.nothing_found"
        container.add_item(discord.ui.TextDisplay(say(key, question=question)))
        for number, choice in enumerate(choices):
            line = passage_line(choice.hit.passage, choice.hit.document)
            container.add_item(discord.ui.TextDisplay(line))
            point = partial(self._point, group, choice)
            button = self._button(say("gaps.this_one"), f"choose:{number}", point)
            container.add_item(discord.ui.ActionRow(button))
        self.add_item(container)

        async def again(interaction: discord.Interaction) -> None:
            await interaction.response.send_modal(SearchForm(desk, group))

        async def back(interaction: discord.Interaction) -> None:
            await desk.show(interaction, group.page)

        self.add_item(
            discord.ui.ActionRow(
                self._button(say("gaps.search_again"), "again", again),
                self._button(say("gaps.back"), "back", back),
            )
        )

    async def _point(self, group: Group, choice: Choice, interaction: discord.Interaction) -> None:
        await self._desk.point(interaction, group, choice)


class AnswerForm(Form):
    """Asks for the passage that answers a group, its title, and who says so."""

    def __init__(self, desk: Desk, group: Group, name: str) -> None:
        super().__init__(title=say("gaps.answer"))
        self._desk, self._group = desk, group
        self.text: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=MAX_TEXT_CHARS
        )
        self.heading: discord.ui.TextInput[Any] = discord.ui.TextInput(
            default=one_line(group.question, MAX_TITLE_CHARS), max_length=MAX_TITLE_CHARS
        )
        self.source: discord.ui.TextInput[Any] = discord.ui.TextInput(
            default=name, max_length=MAX_SOURCE_CHARS
        )
        fields = (
            ("gaps.answer.text", self.text),
            ("gaps.answer.title", self.heading),
            ("gaps.answer.source", self.source),
        )
        for key, field in fields:
            self.add_item(discord.ui.Label(text=say(key), component=field))

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Time has passed since the press: ask for the right again, then publish."""
        moderators_only(interaction)
        said = (self.text.value, self.heading.value, self.source.value)
        await self._desk.answer(interaction, self._group, *said)


class SearchForm(Form):
    """Asks which passage answers a group, by its number or by words of it."""

    def __init__(self, desk: Desk, group: Group) -> None:
        super().__init__(title=say("gaps.point"))
        self._desk, self._group = desk, group
        self.text: discord.ui.TextInput[Any] = discord.ui.TextInput(max_length=MAX_SEARCH_CHARS)
        self.add_item(discord.ui.Label(text=say("gaps.point.text"), component=self.text))

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Time has passed since the press: ask for the right again, then look."""
        moderators_only(interaction)
        await self._desk.search(interaction, self._group, self.text.value)
