"""Controls that live as long as the process are heard in the server where they were shown alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock

import pytest

from bot.interactions.tracking import begin_event
from bot.interactions.views import Form, ModeratorView
from index.errors import FootnoteError

HERE, ELSEWHERE = 1, 2


@pytest.fixture(autouse=True)
def _taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.interactions.views.take_interaction", AsyncMock(return_value=True))
    monkeypatch.setattr("bot.interactions.views.moderators_only", lambda _: True)


def pressed_in(guild_id: int | None) -> Any:
    return SimpleNamespace(guild_id=guild_id, extras={})


@pytest.mark.parametrize("kind", [ModeratorView, lambda: Form("A form")])
async def test_a_press_in_another_server_is_refused(kind: Any) -> None:
    begin_event("slash", HERE, 7)
    control = kind()
    assert await control.interaction_check(pressed_in(HERE))
    for elsewhere in (ELSEWHERE, None):
        with pytest.raises(FootnoteError, match="has ended meanwhile"):
            await control.interaction_check(pressed_in(elsewhere))


async def test_a_form_in_direct_messages_belongs_there() -> None:
    begin_event("dm", None, 7)
    form = Form("A form")
    assert await form.interaction_check(pressed_in(None))
    with pytest.raises(FootnoteError):
        await form.interaction_check(pressed_in(HERE))
