"""Turns go round among those who wait, and nobody waits for ever or without a word."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NoTurnLeftError
from bot.work.turns import Ticket, Turns


def test_a_second_turn_waits_for_the_first_of_others() -> None:
    turns = Turns(1)
    first, second, third = turns.join(1), turns.join(1), turns.join(1)
    other, another = turns.join(2), turns.join(3)
    assert first.given.is_set()
    assert [ticket.before for ticket in (second, third, other, another)] == [2, 3, 0, 1]
    order = []
    for now in (first, other, another, second, third):
        assert now.given.is_set()
        order.append(now.owner)
        now.leave()
    assert order == [1, 2, 3, 1, 1]


def test_of_one_owner_only_so_many_work_at_once() -> None:
    turns = Turns(3, of_one=2)
    tickets = [turns.join(owner) for owner in (1, 1, 1, 2)]
    assert [ticket.given.is_set() for ticket in tickets] == [True, True, False, True]
    tickets[3].leave()
    assert not tickets[2].given.is_set()
    tickets[0].leave()
    assert tickets[2].given.is_set()


def test_who_finds_no_place_is_told_how_many_wait() -> None:
    turns = Turns(1, most_waiting=3, most_waiting_of_one=2)
    for _ in range(3):
        turns.join(1)
    with pytest.raises(NoTurnLeftError) as refused:
        turns.join(1)
    assert (refused.value.waiting, refused.value.of_one) == (2, True)
    turns.join(2)
    with pytest.raises(NoTurnLeftError) as refused:
        turns.join(3)
    assert (refused.value.waiting, refused.value.of_one) == (3, False)


async def test_who_is_cancelled_while_waiting_holds_up_nobody() -> None:
    turns = Turns(1)
    held = turns.join(1)

    async def work(ticket: Ticket) -> None:
        async with ticket:
            pass

    tickets = [turns.join(2), turns.join(3)]
    tasks = [asyncio.create_task(work(ticket)) for ticket in tickets]
    await asyncio.sleep(0)
    tasks[0].cancel()
    await asyncio.wait(tasks[:1])
    held.leave()
    await tasks[1]
    assert turns.waiting == 0
    assert turns.join(4).given.is_set()


@given(
    st.integers(1, 3),
    st.integers(1, 2),
    st.lists(st.one_of(st.integers(1, 4), st.none()), max_size=40),
)
def test_everybody_has_a_turn_in_the_order_that_was_told(
    at_once: int, of_one: int, moves: list[int | None]
) -> None:
    """A number joins for that owner, None ends the oldest turn that is taken."""
    turns = Turns(at_once, of_one=of_one)
    taken: list[Ticket] = []
    waiting: list[Ticket] = []

    def look() -> None:
        for ticket in [one for one in waiting if one.given.is_set()]:
            waiting.remove(ticket)
            taken.append(ticket)
        assert len(taken) <= at_once
        for owner in range(1, 5):
            assert sum(one.owner == owner for one in taken) <= of_one
        places = sorted(ticket.before for ticket in waiting)
        assert places == list(range(len(waiting)))

    for move in moves:
        if move is not None:
            waiting.append(turns.join(move))
        elif taken:
            taken.pop(0).leave()
        look()
    while taken:
        taken.pop(0).leave()
        look()
    assert not waiting
