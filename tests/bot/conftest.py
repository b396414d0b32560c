"""The real bot in a simulated Discord, over a copy of the shipped document that tests may edit."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.gateway.client import FootnoteBot
from bot.interactions.app import App
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.people.cooldowns import Cooldowns
from bot.store import Store
from index.answering.answer import Answer
from index.answering.confidence import CHOICES, Outcome, Thresholds
from index.documents.shipped import shipped_data
from tests.bot.simulated import Simulated
from tests.bot.uploads_here import ReadsHere


@dataclass
class World:
    """A server with a member and a moderator, the bot, and the folder it reads."""

    env: Simulated
    bot: FootnoteBot
    store: Store
    data: Path
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    member: simcord.MemberActor
    moderator: simcord.MemberActor

    @property
    def document(self) -> Path:
        return self.data / "japan-south-korea-relations.txt"

    @property
    def mention(self) -> str:
        assert self.bot.user is not None
        return self.bot.user.mention

    def lift_cooldowns(self) -> None:
        """Let everybody ask as fast as they can."""
        self.bot.app.cooldowns = Cooldowns(100_000, 20)
        self.bot.app.upload_cooldowns = Cooldowns(100_000, 20)

    def admit_everyone_to_index(self) -> None:
        """Lift Discord's own hiding of /index, so that the check in code is what refuses."""
        command = next(
            c
            for c in self.env.backend.visible_commands(
                user_id=self.moderator.id, channel_id=self.channel.id
            )
            if c["name"] == "index"
        )
        self.guild.set_command_permissions(int(command["id"]), {self.guild.default_role: True})


FORCED = {
    Outcome.SURE: Thresholds(0.0, 0.0),
    Outcome.CLOSEST: Thresholds(2.0, 0.0),
    Outcome.SILENT: Thresholds(2.0, 2.0),
}


@contextmanager
def forced(outcome: Outcome) -> Iterator[None]:
    """Every question asked within that has candidates ends so, look-ups aside."""
    with pytest.MonkeyPatch.context() as patch:
        for choice in CHOICES:
            patch.setitem(CHOICES, choice, FORCED[outcome])
        yield


async def ask_at(librarian: Librarian, place: Place, question: str) -> Answer:
    """The answer to a question asked at a place."""
    return await librarian.answer(await librarian.served(place), question)


def text_of(result: simcord.InteractionResult) -> str:
    """All text of the answer to an interaction."""
    messages = [*([result.response] if result.response else []), *result.followups]
    return "\n".join(_texts([part for m in messages for part in m.components]))


def text_of_message(message: discord.Message | None) -> str:
    """All text of a Components V2 message."""
    assert message is not None
    return "\n".join(_texts([dict(component.to_dict()) for component in message.components]))


def id_of(message: Any, name: str) -> str:
    """The custom_id of the control of a message that ends in `name`."""
    return next(custom_id for custom_id in custom_ids(message) if custom_id.endswith(name))


def custom_ids(message: Any) -> list[str]:
    """The custom_ids of all controls of a message."""
    return [str(part["custom_id"]) for part in parts_of(message.components) if "custom_id" in part]


def parts_of(part: Any) -> Iterator[dict[str, Any]]:
    """Every component within components, a modal, or a part of them, as Discord has it."""
    if isinstance(part, list | tuple):
        for child in part:
            yield from parts_of(child)
        return
    as_dict = getattr(part, "to_dict", None)
    plain = as_dict() if as_dict is not None else part
    if isinstance(plain, dict):
        yield plain
        for value in plain.values():
            if isinstance(value, dict | list):
                yield from parts_of(value)


def _texts(components: list[dict[str, Any]]) -> list[str]:
    texts: list[str] = []
    for component in components:
        if component.get("type") == 10:
            texts.append(str(component["content"]))
        children = component.get("components")
        if isinstance(children, list):
            texts += _texts(children)
    return texts


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_data(), tmp_path / "data"))


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def no_variables(monkeypatch: pytest.MonkeyPatch, state: Path) -> None:
    """Settings of this machine's own do not count; the state folder is the test's."""
    for name in os.environ:
        if name.startswith("FOOTNOTE_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.setenv("FOOTNOTE_STATE", str(state))


@pytest.fixture(scope="session")
def started_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder as a first start over the shipped document leaves it.

    Each world begins with a copy of it: migrating and publishing anew takes most of its set-up.
    """
    folder = tmp_path_factory.mktemp("started") / "state"
    with Store.open(folder) as store:
        Librarian(shipped_data(), store)
    return folder


@pytest.fixture
async def world(data: Path, state: Path, started_state: Path) -> AsyncIterator[World]:
    shutil.copytree(started_state, state)
    store = Store.open(state)
    app = App.of(Librarian(data, store))
    app.uploads = ReadsHere()
    bot = FootnoteBot(app, state)
    env = Simulated(bot)
    await env.start()
    guild = env.create_guild()
    channel = guild.create_text_channel("general")
    member = guild.add_member(env.create_user("alice"))
    role = guild.create_role("moderators", permissions=discord.Permissions(manage_guild=True))
    moderator = guild.add_member(env.create_user("mona"), roles=[role])
    yield World(env, bot, store, data, guild, channel, member, moderator)
    await env.shutdown()
    store.close()
