"""What is shown of a file before it is published: paged, kept more of, read otherwise in place."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import discord
import pytest
import simcord

from bot.commands.index.incoming import Understood
from bot.commands.index.upload_preview import UploadPreview
from bot.interactions.tracking import begin_event
from bot.libraries.places import Place
from bot.uploads.held import HeldUploads
from bot.uploads.reader import AT_ONCE, MOST_WAITING_OF_ONE
from bot.uploads.reading_child import ReadUpload
from bot.work.turns import Ticket
from index.documents.uploads import read_upload
from tests.bot.cards.test_cards import texts
from tests.bot.conftest import World, custom_ids, id_of, parts_of, text_of
from tests.bot.uploads_here import ReadsHere
from tests.patience import PATIENCE_S

HANDBOOK = """\
---
licence: CC0
---
# Handbook of the harbour

Welcome to the harbour of Ghent.

## Opening hours

| day | desk |
| --- | --- |
| Monday | north |
| Tuesday | south |

## Mooring

""" + "\n\n".join(f"Boats of class {n} moor at quay {n}." for n in range(1, 13))  # fmt: skip
HANDBOOK += "\n\n```\nmoor --quay north\n```\n"
FILE = ("handbook.md", HANDBOOK.encode())


@pytest.fixture
async def shown(world: World) -> simcord.InteractionResult:
    return await world.moderator.slash(world.channel, "index add", file=FILE)


async def press(world: World, shown: Any, label: str) -> simcord.InteractionResult:
    return await world.moderator.click(shown.response, label=label)


async def choose(world: World, shown: Any, name: str, value: str) -> simcord.InteractionResult:
    return await world.moderator.select(
        shown.response, [value], custom_id=id_of(shown.response, f":{name}")
    )


async def fill(world: World, shown: Any, **values: str) -> simcord.InteractionResult:
    """Change what is said of the document, in the form."""
    form = await press(world, shown, "Change…")
    return await world.moderator.submit_modal(form, fields(form, **values))


def fields(form: Any, **values: str) -> dict[str, str]:
    """What the form is filled in with, by custom_id; what is not named stays as it is."""
    inputs = [part for part in parts_of(form.modal) if part.get("type") == 4]
    names = ("title", "language", "source_url", "licence")
    return {
        part["custom_id"]: values.get(name, part.get("value") or "")
        for name, part in zip(names, inputs, strict=True)
    }


def labels(shown: Any) -> list[str]:
    return [str(part["label"]) for part in parts_of(shown.response.components) if "label" in part]


async def own_passages(world: World) -> list[str]:
    own = await world.bot.app.librarian.own(Place(world.guild.id))
    return [passage.text for passage in own.library.passages] if own else []


async def test_tells_counts_and_the_documents_own_title(shown: Any) -> None:
    text = text_of(shown)
    assert "**Handbook of the harbour**: 15 passages in 2 sections; left out: 3 headings" in text
    assert "3 headings, 1 block of code, 1 piece of front matter. Nothing is" in text
    assert "-# Opening hours\n> day\\: Monday · desk\\: north" in text
    assert "page 1 of 3" in text
    assert shown.response.ephemeral


async def test_all_passages_can_be_paged_through(world: World, shown: Any) -> None:
    seen = text_of(shown)
    for label, page, passage in (
        ("Next", 2, "class 3 moor"),
        ("Last", 3, "class 12 moor"),
        ("Back", 2, "class 7 moor"),
        ("First", 1, "Welcome"),
        ("Middle", 2, "class 5 moor"),
    ):
        await press(world, shown, label)
        seen = text_of(shown)
        assert f"page {page} of 3" in seen
        assert passage in seen
        assert "**Handbook of the harbour**: 15 passages" in seen


async def test_what_is_left_out_can_be_looked_at_and_kept(world: World, shown: Any) -> None:
    await choose(world, shown, "kinds", "code")
    assert "**1 block of code**\n- moor --quay north" in text_of(shown)
    await press(world, shown, "Keep these")
    assert "16 passages" in text_of(shown)
    assert "block of code" not in text_of(shown).partition("Nothing is published")[0]
    assert "Leave these out" in labels(shown)
    await press(world, shown, "Leave these out")
    assert "15 passages" in text_of(shown)
    await press(world, shown, "Keep these")
    await choose(world, shown, "kinds", "passages")
    await press(world, shown, "Last")
    assert "quay north" in text_of(shown)
    await press(world, shown, "Publish")
    assert "16 added" in text_of(shown)
    assert any("moor --quay north" in text for text in await own_passages(world))


async def test_headings_cannot_be_kept(world: World, shown: Any) -> None:
    await choose(world, shown, "kinds", "heading")
    assert "- Opening hours" in text_of(shown)
    assert "Keep these" not in labels(shown)


async def test_what_is_said_of_it_can_be_changed_without_a_new_upload(
    world: World, shown: Any
) -> None:
    form = await press(world, shown, "Change…")
    assert "Handbook of the harbour" in fields(form).values()
    await world.moderator.submit_modal(
        form, fields(form, title="Quays", source_url="https://example.org/quays", licence="MIT")
    )
    assert "**Quays**: 15 passages" in text_of(shown)
    await choose(world, shown, "markers", "leading")
    await choose(world, shown, "kinds", "code")
    await press(world, shown, "Keep these")
    assert "**Quays**: 16 passages" in text_of(shown)
    await press(world, shown, "Publish")
    own = await world.bot.app.librarian.own(Place(world.guild.id))
    assert own is not None
    (document,) = own.library.documents
    spec = document.spec
    assert (document.title, spec.source_url, spec.licence, spec.markers) == (
        "Quays", "https://example.org/quays", "MIT", "leading",
    )  # fmt: skip


async def test_an_emptied_title_is_the_files_own_again(world: World, shown: Any) -> None:
    await fill(world, shown, title="Quays")
    assert "**Quays**" in text_of(shown)
    await fill(world, shown, title="")
    assert "**Handbook of the harbour**" in text_of(shown)


async def test_a_text_can_be_laid_out_otherwise(world: World) -> None:
    file = ("towns.txt", b"The gate opens at seven. It closes at nine.\nThe moat is deep.\n")
    shown = await world.moderator.slash(world.channel, "index add", file=file)
    await choose(world, shown, "layout", "lines")
    assert "2 passages" in text_of(shown)
    await choose(world, shown, "layout", "prose")
    assert "3 passages" in text_of(shown)


async def test_a_file_of_passages_has_nothing_to_lay_out(world: World) -> None:
    file = ("a.yaml", b"title: A\npassages:\n- text: The gate opens at seven.\n")
    shown = await world.moderator.slash(world.channel, "index add", file=file)
    assert [one.rpartition(":")[2] for one in custom_ids(shown.response)] == [
        "yes",
        "change",
        "no",
    ]


async def test_a_second_reading_that_is_refused_leaves_the_first(world: World, shown: Any) -> None:
    await press(world, shown, "Next")
    await fill(world, shown, language="1x")
    text = text_of(shown)
    assert "**The file was not read again**" in text
    assert "must be a language code" in text
    assert "page 2 of 3" in text
    await press(world, shown, "Next")
    assert "not read again" not in text_of(shown)
    await press(world, shown, "Publish")
    assert "15 added" in text_of(shown)


async def test_a_second_reading_that_has_no_turn_is_told_so(world: World, shown: Any) -> None:
    for _ in range(AT_ONCE + MOST_WAITING_OF_ONE - 1):
        world.bot.app.uploads.join(world.guild.id)
    await choose(world, shown, "markers", "leading")
    assert "files of this server wait to be read already" in text_of(shown)
    assert "15 passages" in text_of(shown)


async def test_a_failure_that_nobody_foresaw_leaves_the_first(
    world: World, shown: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any, **__: Any) -> ReadUpload:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(ReadsHere, "read", fail)
    await choose(world, shown, "markers", "leading")
    assert "Something went wrong here" in text_of(shown)
    await press(world, shown, "Publish")
    assert "15 added" in text_of(shown)


class TestWhileItIsRead:
    @pytest.fixture
    def entered(self, world: World, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
        """No turn comes until this is set."""
        may_enter = asyncio.Event()

        async def enter(ticket: Ticket) -> Ticket:
            await world.env.external_wait(may_enter.wait(), reason="others are before it")
            await ticket.wait()
            return ticket

        monkeypatch.setattr(Ticket, "__aenter__", enter)
        return may_enter

    async def test_it_is_told_and_nothing_else_is_done(
        self, world: World, shown: Any, entered: asyncio.Event
    ) -> None:
        await choose(world, shown, "markers", "leading")
        await world.env.advance_time(2.5)
        assert "Your file is being read" in text_of(shown)
        assert "15 passages" in text_of(shown)
        for label in ("Publish", "Next", "Change…"):
            refused = await press(world, shown, label)
            assert text_of(refused) == "Your file is being read."
            assert refused.ephemeral
        entered.set()
        await world.env.advance_time(2)
        assert "being read" not in text_of(shown)
        assert await own_passages(world) == []
        await press(world, shown, "Publish")
        assert "15 added" in text_of(shown)

    async def test_it_can_be_cancelled(
        self, world: World, shown: Any, entered: asyncio.Event
    ) -> None:
        await choose(world, shown, "markers", "leading")
        await press(world, shown, "Cancel")
        entered.set()
        await world.env.advance_time(3)
        assert text_of(shown) == "Cancelled; nothing changed."
        assert world.bot.app.held_uploads.size == 0


async def test_it_is_held_once_and_released_at_the_end(world: World, shown: Any) -> None:
    held = world.bot.app.held_uploads
    before = held.size
    for _ in range(3):
        await choose(world, shown, "markers", "leading")
        await press(world, shown, "Next")
    assert abs(held.size - before) < 200
    await press(world, shown, "Cancel")
    assert held.size == 0


async def test_one_that_nobody_presses_is_released(world: World, shown: Any) -> None:
    await press(world, shown, "Next")
    assert world.bot.app.held_uploads.size > 0
    await world.env.advance_time(15 * 60)
    assert world.bot.app.held_uploads.size == 0


async def test_newer_uploads_take_its_place_and_say_so(world: World, shown: Any) -> None:
    world.bot.app.held_uploads = HeldUploads(most_of_one=1)
    first = await world.moderator.slash(world.channel, "index add", file=FILE)
    await press(world, first, "Next")
    form = await press(world, first, "Change…")
    await choose(world, shown, "markers", "leading")  # held among the others, it goes on
    assert "15 passages" in text_of(shown)
    await world.moderator.slash(world.channel, "index add", file=("b.txt", b"Moats are deep.\n"))
    assert "That upload waits no longer" in text_of(first)
    told = await world.moderator.submit_modal(form, fields(form, title="Quays"))
    assert "has ended meanwhile" in text_of(told)
    assert "That upload waits no longer" in text_of(first)


@pytest.mark.parametrize("label", ["Next", "Change…", "Publish", "Cancel"])
async def test_the_right_is_asked_for_again_at_every_control(
    world: World, shown: Any, label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        discord.Interaction, "permissions", property(lambda _: discord.Permissions.none())
    )
    assert "Manage Server" in text_of(await press(world, shown, label))
    assert "15 passages" in text_of(shown)


async def test_the_right_is_asked_for_again_at_the_form(
    world: World, shown: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = await press(world, shown, "Change…")
    monkeypatch.setattr(
        discord.Interaction, "permissions", property(lambda _: discord.Permissions.none())
    )
    refused = await world.moderator.submit_modal(form, fields(form, title="Quays"))
    assert "Manage Server" in text_of(refused)
    assert "Quays" not in text_of(shown)


async def test_a_card_that_discord_does_not_take_ends_it(
    world: World, shown: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = discord.HTTPException(SimpleNamespace(status=500, reason=""), "a bad moment")
    with monkeypatch.context() as broken:
        broken.setattr(discord.InteractionResponse, "edit_message", AsyncMock(side_effect=error))
        await press(world, shown, "Next")
    assert world.bot.app.held_uploads.size == 0
    assert "has ended meanwhile" in text_of(await press(world, shown, "Publish"))
    assert await own_passages(world) == []


async def test_a_stop_while_it_is_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    begin_event("slash", 1, 7)
    edited, deferred, begun = AsyncMock(), AsyncMock(), asyncio.Event()
    monkeypatch.setattr("bot.commands.index.upload_preview.edit_response", edited)
    monkeypatch.setattr("bot.commands.index.upload_preview.defer_response", deferred)

    async def read(_: Any) -> Understood:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    upload, uploads = ReadUpload.of(read_upload(*FILE)), HeldUploads()
    file: Any = SimpleNamespace(understand=read, server=1, content=FILE[1])
    preview = UploadPreview(file, Understood(upload), {}, uploads)
    interaction: Any = AsyncMock()
    await preview.begin(interaction)
    reading = asyncio.create_task(preview.change(interaction, {"markers": "leading"}))
    await asyncio.wait_for(begun.wait(), PATIENCE_S)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert "being restarted" in "\n".join(texts(edited.call_args.kwargs["view"]))
    assert uploads.size == 0
