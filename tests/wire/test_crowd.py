"""Many people against a bot that only echoes, as a process over real sockets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.echo import ECHO
from tests.patience import PATIENCE_S

from .crowd import ask_evenly
from .logged_process import bot_process
from .standin import StandIn

CALLBACK = r"/interactions/\d+/[^/]+/callback"


async def test_everybody_asks_in_turn_and_what_was_answered_is_forgotten(tmp_path: Path) -> None:
    async with StandIn(people=3) as standin, bot_process(standin, tmp_path, ECHO):
        kept = len(standin.requests)
        asked = await ask_evenly(standin, standin.people, ["a?", "b?"], seconds=0.5, every=0.2)
        await standin.wait_read()
        assert len(asked) == 8
        assert [one.sent for one in asked] == sorted(one.sent for one in asked)
        assert all(one.callback is not None and one.refusal is None for one in asked)
        assert [one.answer for one in asked] == [one.callback for one in asked]
        assert (standin.world.replies, standin.world.messages) == ({}, {})
        assert len(standin.requests) == kept


async def test_they_stop_when_told_to(tmp_path: Path) -> None:
    async with StandIn(people=2) as standin, bot_process(standin, tmp_path, ECHO):
        seen: list[bool] = []

        def three_looks() -> bool:
            seen.append(True)
            return len(seen) > 3

        asked = await ask_evenly(standin, standin.people, ["a?"], until=three_looks, every=0.1)
        assert len(asked) == 3


async def test_a_question_without_an_answer_is_told_and_holds_up_nobody(tmp_path: Path) -> None:
    async with StandIn(people=2) as standin, bot_process(standin, tmp_path, ECHO):
        standin.fail_next("POST", CALLBACK, 500)
        # The one that nobody answers is waited for to the end, so it is not all of the patience.
        first, *others = await ask_evenly(
            standin, standin.people, ["a?"], seconds=0.4, every=0.2, within=PATIENCE_S / 20
        )
        assert (first.callback, first.answer) == (None, None)
        assert len(others) == 3
        assert all(one.answer is not None for one in others)


async def test_events_that_a_bot_has_read_are_let_go_of(tmp_path: Path) -> None:
    async with StandIn(people=1) as standin, bot_process(standin, tmp_path, ECHO):
        await ask_evenly(standin, standin.people, ["a?"], seconds=0.2, every=0.1)
        await standin.wait_read()
        await ask_evenly(standin, standin.people, ["a?"], seconds=0.05, every=0.1)
        (session,) = standin.gateway.sessions.values()
        forgotten = [frame["d"] is None for frame in session.history]
        assert True in forgotten
        assert forgotten == sorted(forgotten, reverse=True)
        assert [frame["s"] for frame in session.history] == list(range(1, len(forgotten) + 1))


async def test_a_bot_that_ends_at_once_is_told_with_its_log(tmp_path: Path) -> None:
    async with StandIn() as standin:
        with pytest.raises(RuntimeError, match=r"(?s)ended with status 3:.*no such luck"):
            async with bot_process(
                standin,
                tmp_path,
                ("-c", "import sys; print('no such luck', file=sys.stderr); sys.exit(3)"),
            ):
                pass
