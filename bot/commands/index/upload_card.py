"""The card of an upload: pages of what was read and of what was left out, and its controls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, get_args

import discord

from bot.cards.layout import framed
from bot.cards.upload import (
    choice_words,
    kind_words,
    kinds_left_out,
    left_page,
    pages_of,
    passage_page,
    summary,
    warning_words,
)
from bot.interactions.access import moderators_only
from bot.interactions.views import Decision, Form
from bot.locales import say
from bot.uploads.reading_child import ReadUpload
from index.documents.reading.sentences import Layout, Markers
from index.importers.blocks import Kind
from index.importers.formats import TEXTS, format_of

__all__ = ["At", "UploadCard"]

NEVER_KEPT: frozenset[Kind] = frozenset({"heading", "reference"})
PASSAGES = "passages"
"""The value of the choice to look at the passages."""
MOST_CHARS = {"title": 200, "language": 3, "source_url": 1000, "licence": 200}
"""What a moderator can say of a document, and in how many characters."""


@dataclass(frozen=True, slots=True)
class At:
    """What is looked at: a page, from 0, of the passages, or of a kind that is left out."""

    kind: Kind | None = None
    page: int = 0

    @property
    def first(self) -> At:
        """The first page of the same."""
        return replace(self, page=0)


class Preview(Protocol):
    """What the card is of, and what its controls ask for."""

    upload: ReadUpload
    kept: dict[Kind, tuple[int, tuple[str, ...]]]

    def check_free(self) -> None: ...
    def end(self) -> None: ...
    async def show(self, interaction: discord.Interaction, at: At) -> None: ...
    async def publish(self, press: discord.Interaction) -> discord.ui.LayoutView: ...
    async def change(
        self, interaction: discord.Interaction, changes: Mapping[str, str]
    ) -> None: ...
    async def keep(self, interaction: discord.Interaction, kind: Kind) -> None: ...
    async def leave_out(self, interaction: discord.Interaction, kind: Kind) -> None: ...


class UploadCard(Decision):
    """Shows the part of a preview that `at` names; `note` goes before the file's warnings."""

    def __init__(self, preview: Preview, at: At, note: str = "") -> None:
        super().__init__(preview.publish, preview.end)
        self._preview, upload = preview, preview.upload
        # By kind: how many blocks there are, and the first of their texts.
        self._looked_at = {
            **{kind: preview.kept[kind] for kind in upload.spec.keep if kind in preview.kept},
            **{
                kind: (upload.left_out[kind], upload.left_texts.get(kind, ()))
                for kind in kinds_left_out(upload)
            },
        }
        kind = at.kind if at.kind in self._looked_at else None
        shown = upload.passages if kind is None else self._looked_at[kind][1]
        self._pages = pages_of(len(shown), left=kind is not None)
        self.at = At(kind, min(at.page, self._pages - 1) if kind == at.kind else 0)
        self._add_texts(note)
        self._add_controls()

    def _add_texts(self, note: str) -> None:
        upload, kind, page = self._preview.upload, self.at.kind, self.at.page
        blocks = [text for text in (summary(upload), note or warning_words(upload)) if text]
        if kind is None:
            blocks.append(passage_page(upload.passages, page, blocks))
        else:
            count, texts = self._looked_at[kind]
            blocks.append(left_page(kind, texts, count, page, blocks))
        container = framed(blocks)
        if self._pages > 1:
            container.add_item(self._paging())
        if kind is not None and kind not in NEVER_KEPT:
            container.add_item(self._keeping(kind))
        self.add_item(container)

    def _add_controls(self) -> None:
        upload = self._preview.upload
        file_format = format_of(upload.file_name)
        if self._looked_at:
            self._add_kinds()
        if file_format in TEXTS:
            self._add_choice("layout", get_args(Layout), upload.spec.layout)
        if file_format is not None:
            self._add_choice("markers", get_args(Markers), upload.spec.markers)
        change: discord.ui.Button[UploadCard] = discord.ui.Button(
            label=say("upload.change"), custom_id=f"{self.token}:change"
        )
        change.callback = self._open_form  # type: ignore[method-assign]
        self.add_item(
            discord.ui.ActionRow(
                self.yes_button(say("index.add.confirm")), change, self.no_button()
            )
        )

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
                self._turn_to, At(self.at.kind, to)
            )
            row.add_item(button)
        return row

    def _keeping(self, kind: Kind) -> discord.ui.ActionRow[UploadCard]:
        """The button that has the texts looked at read as passages, or left out again."""
        kept = kind not in self._preview.upload.left_out
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
        upload = self._preview.upload
        passages = say("upload.passages", count=len(upload.passages))
        options = [
            discord.SelectOption(label=passages, value=PASSAGES, default=self.at.kind is None)
        ]
        for kind, (count, _) in self._looked_at.items():
            left = kind in upload.left_out
            options.append(
                discord.SelectOption(
                    label=kind_words(kind, count),
                    value=kind,
                    description=say("upload.is_left_out" if left else "upload.is_kept"),
                    default=self.at.kind == kind,
                )
            )
        select: discord.ui.Select[UploadCard] = discord.ui.Select(
            custom_id=f"{self.token}:kinds", options=options
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
        kind = next((kind for kind in self._looked_at if kind == chosen), None)
        await self._preview.show(interaction, At(kind))

    async def _choose(
        self, name: str, select: discord.ui.Select[Any], interaction: discord.Interaction
    ) -> None:
        await self._preview.change(interaction, {name: select.values[0]})

    async def _open_form(self, interaction: discord.Interaction) -> None:
        self._preview.check_free()
        await interaction.response.send_modal(ChangeForm(self._preview))

    async def _confirmed(self, interaction: discord.Interaction) -> None:
        self._preview.check_free()
        await super()._confirmed(interaction)


class ChangeForm(Form):
    """Asks for what is said of a document, filled in with what is taken for it now."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(title=say("upload.change"))
        self._preview = preview
        spec = preview.upload.spec
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
