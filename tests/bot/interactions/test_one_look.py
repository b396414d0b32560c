"""Where a question comes from is found out once, and so is what was chosen for that place."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from tests.bot.commands.test_presses import ask, press
from tests.bot.conftest import World

Looks = Counter[str]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """How often a place was found, and its settings read."""
    counted: Looks = Counter()

    def count(owner: type, method: str, what: str) -> None:
        original = getattr(owner, method)

        def counting(self: Any, *given: Any, **named: Any) -> Any:
            counted[what] += 1
            return original(self, *given, **named)

        monkeypatch.setattr(owner, method, counting)

    count(Place, "__init__", "place")
    count(Librarian, "settings", "settings")
    return counted


@pytest.mark.parametrize("options", [{}, {"private": True}, {"private": False}])
async def test_a_slash_command_looks_once(
    world: World, looks: Looks, options: dict[str, Any]
) -> None:
    await ask(world)
    looks.clear()
    await ask(world, **options)
    assert looks == {"place": 1, "settings": 1}


async def test_a_silence_that_is_kept_looks_once(world: World, looks: Looks) -> None:
    await ask(world)
    looks.clear()
    await ask(world, "what is the capital of France?")
    assert len(world.store.gaps.recent(world.guild.id)) == 1
    assert looks == {"place": 1, "settings": 1}


async def test_a_press_looks_once(world: World, looks: Looks) -> None:
    shown = await ask(world)
    looks.clear()
    await press(world.member, shown, "context")
    assert looks == {"place": 1, "settings": 1}


async def test_a_moderators_command_looks_once(world: World, looks: Looks) -> None:
    await ask(world)
    looks.clear()
    await world.moderator.slash(world.channel, "index status")
    assert looks == {"place": 1, "settings": 1}


async def test_a_mention_looks_once(world: World, looks: Looks) -> None:
    await ask(world)
    looks.clear()
    await world.member.send(world.channel, f"{world.mention} when did Park visit?")
    assert looks == {"place": 1, "settings": 1}
