"""The card of an upload: pages of what was read and of what was left out, and its controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, Protocol, get_args

import discord

from bot.cards.layout import framed
from bot.cards.markdown import one_line
from bot.cards.upload import (
    choice_words,
    difference_page,
    difference_pages,
    kind_words,
    kinds_left_out,
    left_page,
    pages_of,
    passage_page,
    replacement_words,
    summary,
    warning_words,
)
from bot.commands.index.incoming import Understood
from bot.interactions.access import moderators_only
from bot.interactions.views import Act, Decision, Form
from bot.locales import say
from index.documents.reading.sentences import Layout, Markers
from index.importers.blocks import Kind
from index.importers.formats import TEXTS, format_of

__all__ = ["DIFFERENCES", "At", "UploadCard"]

NEVER_KEPT: frozenset[Kind] = frozenset({"heading", "reference"})
PASSAGES: Literal["passages"] = "passages"
DIFFERENCES: Literal["differences"] = "differences"
What = Kind | Literal["passages", "differences"]
TITLE_CHARS = 50
"""Of the document that a button replaces."""
MOST_CHARS = {"title": 200, "language": 3, "source_url": 1000, "licence": 200}
"""What a moderator can say of a document, and in how many characters."""


@dataclass(frozen=True, slots=True)
class At:
    """A page, from 0, of what is looked at.

    That are the passages, what they change in a document that is replaced, or a kind of blocks that
    is left out.
    """

    what: What = PASSAGES
    page: int = 0

    @classmethod
    def first_of(cls, understood: Understood) -> At:
        """What is looked at first."""
        return cls(PASSAGES if understood.replacement is None else DIFFERENCES)

    @property
    def first(self) -> At:
        """The first page of the same."""
        return replace(self, page=0)


class Preview(Protocol):
    """What the card is of, and what its controls ask for."""

    understood: Understood
    kept: dict[Kind, tuple[int, tuple[str, ...]]]

    def check_free(self) -> None: ...
    def end(self) -> None: ...
    async def show(self, interaction: discord.Interaction, at: At) -> None: ...
    async def publish(self, press: discord.Interaction) -> discord.ui.LayoutView: ...
    async def add_beside(self, press: discord.Interaction) -> discord.ui.LayoutView: ...
    async def change(
        self, interaction: discord.Interaction, changes: Mapping[str, str]
    ) -> None: ...
    async def keep(self, interaction: discord.Interaction, kind: Kind) -> None: ...
    async def leave_out(self, interaction: discord.Interaction, kind: Kind) -> None: ...


class UploadCard(Decision):
    """Shows the part of a preview that `at` names; `note` goes before the file's warnings."""

    def __init__(self, preview: Preview, at: At, note: str = "") -> None:
        super().__init__(preview.publish, preview.end)
        self._preview, upload = preview, preview.understood.upload
        self._replacement = preview.understood.replacement
        # By kind: how many blocks there are, and the first of their texts.
        self._looked_at = {
            **{kind: preview.kept[kind] for kind in upload.spec.keep if kind in preview.kept},
            **{
                kind: (upload.left_out[kind], upload.left_texts.get(kind, ()))
                for kind in kinds_left_out(upload)
            },
        }
        is_there = at.what == PASSAGES or at.what in self._values
        what = at.what if is_there else PASSAGES
        self._pages = self._pages_of(what)
        self.at = At(what, min(at.page, self._pages - 1) if is_there else 0)
        self._add_texts(note)
        self._add_controls()

    @property
    def _values(self) -> list[str]:
        """What can be looked at."""
        differences = [] if self._replacement is None else [DIFFERENCES]
        return [*differences, PASSAGES, *self._looked_at]

    def _pages_of(self, what: What) -> int:
        if what == PASSAGES:
            return pages_of(len(self._preview.understood.upload.passages), left=False)
        if what != DIFFERENCES:
            return pages_of(len(self._looked_at[what][1]), left=True)
        return 1 if self._replacement is None else difference_pages(self._replacement.difference)

    def _add_texts(self, note: str) -> None:
        understood, what, page = self._preview.understood, self.at.what, self.at.page
        upload, replacement = understood.upload, self._replacement
        blocks = [summary(upload)]
        if replacement is not None:
            old, difference = replacement.old.spec, replacement.difference
            asks = understood.is_asked
            blocks.append(replacement_words(old, replacement.upload.spec, difference, asks=asks))
        if further := note or warning_words(upload):
            blocks.append(further)
        if what == PASSAGES:
            blocks.append(passage_page(upload.passages, page, blocks))
        elif what != DIFFERENCES:
            count, texts = self._looked_at[what]
            blocks.append(left_page(what, texts, count, page, blocks))
        elif replacement is not None and any(replacement.difference.counts):
            blocks.append(difference_page(replacement.difference, page, blocks))
        container = framed(blocks)
        if self._pages > 1:
            container.add_item(self._paging())
        if what in self._looked_at and what not in NEVER_KEPT:
            container.add_item(self._keeping(what))
        self.add_item(container)

    def _add_controls(self) -> None:
        upload = self._preview.understood.upload
        file_format = format_of(upload.file_name)
        if len(self._values) > 1:
            self._add_kinds()
        if file_format in TEXTS:
            self._add_choice("layout", get_args(Layout), upload.spec.layout)
        if file_format is not None:
            self._add_choice("markers", get_args(Markers), upload.spec.markers)
        change: discord.ui.Button[UploadCard] = discord.ui.Button(
            label=say("upload.change"), custom_id=f"{self.token}:change"
        )
        change.callback = self._open_form  # type: ignore[method-assign]
        buttons = [*self._publishing(), change, self.no_button()]
        self.add_item(discord.ui.ActionRow(*buttons))

    def _publishing(self) -> list[discord.ui.Button[Any]]:
        """The buttons that publish; none where that would change nothing."""
        replacement = self._replacement
        if replacement is None:
            return [self.yes_button(say("index.add.confirm"))]
        if replacement.difference.same:
            return []
        if not self._preview.understood.is_asked:
            return [self.yes_button(say("index.add.confirm"))]
        title = one_line(replacement.old.spec.title, TITLE_CHARS)
        return [
            self.yes_button(say("upload.replace", title=title)),
            self.other_button(say("upload.add_beside"), self._preview.add_beside),
        ]

    def _paging(self) -> discord.ui.ActionRow[UploadCard]:
        page, last = self.at.page, self._pages - 1
        pages = {
            "first": 0,
            "back": page - 1,
            "middle": self._pages // 2,
            "next": page + 1,
            "last": last,
        }
        row: discord.ui.ActionRow[UploadCard] = discord.ui.ActionRow()
        for name, to in pages.items():
            button: discord.ui.Button[UploadCard] = discord.ui.Button(
                label=say(f"upload.page.{name}"),
                custom_id=f"{self.token}:page:{name}",
                disabled=to == page or not 0 <= to <= last,
            )
            button.callback = partial(  # type: ignore[method-assign]
                self._turn_to, At(self.at.what, to)
            )
            row.add_item(button)
        return row

    def _keeping(self, kind: Kind) -> discord.ui.ActionRow[UploadCard]:
        """The button that has the texts looked at read as passages, or left out again."""
        kept = kind not in self._preview.understood.upload.left_out
        act = self._preview.leave_out if kept else self._preview.keep
        button: discord.ui.Button[UploadCard] = discord.ui.Button(
            label=say("upload.leave_out" if kept else "upload.keep"),
            custom_id=f"{self.token}:keep",
        )

        async def press(interaction: discord.Interaction) -> None:
            await act(interaction, kind)

        button.callback = press  # type: ignore[method-assign]
        return discord.ui.ActionRow(button)

    def _add_kinds(self) -> None:
        upload = self._preview.understood.upload
        options: list[tuple[str, What]] = []
        if self._replacement is not None:
            count = sum(self._replacement.difference.counts)
            options.append((say("upload.differences", count=count), DIFFERENCES))
        options.append((say("upload.passages", count=len(upload.passages)), PASSAGES))
        select: discord.ui.Select[UploadCard] = discord.ui.Select(
            custom_id=f"{self.token}:kinds",
            options=[
                discord.SelectOption(label=label, value=value, default=self.at.what == value)
                for label, value in options
            ],
        )
        for kind, (count, _) in self._looked_at.items():
            left = kind in upload.left_out
            select.append_option(
                discord.SelectOption(
                    label=kind_words(kind, count),
                    value=kind,
                    description=say("upload.is_left_out" if left else "upload.is_kept"),
                    default=self.at.what == kind,
                )
            )
        select.callback = partial(self._look_at, select)  # type: ignore[method-assign]
        self._add_select(select)

    def _add_choice(self, name: str, values: tuple[str, ...], chosen: str) -> None:
        select: discord.ui.Select[UploadCard] = discord.ui.Select(
            custom_id=f"{self.token}:{name}",
            options=[
                discord.SelectOption(
                    label=choice_words(name, value), value=value, default=value == chosen
                )
                for value in values
            ],
        )
        select.callback = partial(self._choose, name, select)  # type: ignore[method-assign]
        self._add_select(select)

    def _add_select(self, select: discord.ui.Select[UploadCard]) -> None:
        self.add_item(discord.ui.ActionRow(select))

    async def _turn_to(self, at: At, interaction: discord.Interaction) -> None:
        await self._preview.show(interaction, at)

    async def _look_at(
        self, select: discord.ui.Select[Any], interaction: discord.Interaction
    ) -> None:
        chosen = select.values[0]
        every: list[What] = [DIFFERENCES, *self._looked_at]
        what = next((one for one in every if one == chosen), PASSAGES)
        await self._preview.show(interaction, At(what))

    async def _choose(
        self, name: str, select: discord.ui.Select[Any], interaction: discord.Interaction
    ) -> None:
        await self._preview.change(interaction, {name: select.values[0]})

    async def _open_form(self, interaction: discord.Interaction) -> None:
        self._preview.check_free()
        await interaction.response.send_modal(ChangeForm(self._preview))

    async def _confirmed(self, act: Act, interaction: discord.Interaction) -> None:
        self._preview.check_free()
        await super()._confirmed(act, interaction)


class ChangeForm(Form):
    """Asks for what is said of a document, filled in with what is taken for it now."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(title=say("upload.change"))
        self._preview = preview
        spec = preview.understood.upload.spec
        self._before = {name: getattr(spec, name) or "" for name in MOST_CHARS}
        self._inputs: dict[str, discord.ui.TextInput[Any]] = {}
        for name, most in MOST_CHARS.items():
            self._inputs[name] = discord.ui.TextInput(
                placeholder=say("upload.change.empty"),
                default=self._before[name] or None,
                max_length=most,
                required=False,
            )
            label = say(f"upload.change.{name}")
            self.add_item(discord.ui.Label(text=label, component=self._inputs[name]))

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Time has passed since the press: ask for the right again, then have the file read so."""
        moderators_only(interaction)
        changes = {
            name: text.value.strip()
            for name, text in self._inputs.items()
            if text.value.strip() != self._before[name]
        }
        await self._preview.change(interaction, changes)
