"""Work of each kind has threads of its own, in which one owner's never holds up another's."""

from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar

import pytest

from bot.work.pools import Pool, Pools
from tests.patience import PATIENCE_S

said: ContextVar[str] = ContextVar("said")


async def test_it_gives_what_the_work_gives_or_raises() -> None:
    pool = Pool("test", 1)
    assert await pool.run(1, divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await pool.run(1, divmod, 7, 0)


async def test_the_work_knows_what_its_caller_knows() -> None:
    said.set("hello")
    assert await Pool("test", 1).run(None, said.get) == "hello"


async def test_an_owners_work_is_done_in_its_order_and_beside_others() -> None:
    pool = Pool("test", 2)
    release, done = threading.Event(), []

    def slow() -> None:
        assert release.wait(PATIENCE_S)
        done.append("slow")

    first = asyncio.create_task(pool.run(1, slow))
    second = asyncio.create_task(pool.run(1, done.append, "after it"))
    await asyncio.sleep(0)
    await pool.run(2, done.append, "another's")
    release.set()
    await asyncio.gather(first, second)
    assert done == ["another's", "slow", "after it"]


async def test_who_gives_up_frees_no_thread_that_still_works() -> None:
    pool = Pool("test", 1)
    begun, release = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        assert release.wait(PATIENCE_S)

    given_up = asyncio.create_task(pool.run(1, slow))
    assert await asyncio.to_thread(begun.wait, PATIENCE_S)
    given_up.cancel()
    await asyncio.wait({given_up})
    following = asyncio.create_task(pool.run(2, release.is_set))
    await asyncio.sleep(0)
    release.set()
    assert await following is True


async def test_builds_without_end_hold_up_no_question_and_no_note() -> None:
    pools = Pools()
    release = threading.Event()
    builds = [
        asyncio.create_task(pools.builds.run(owner, release.wait, PATIENCE_S))
        for owner in range(20)
    ]
    await asyncio.sleep(0)
    assert await pools.questions.run(1, divmod, 7, 2) == (3, 1)
    assert await pools.store.run(1, divmod, 7, 2) == (3, 1)
    release.set()
    assert all(await asyncio.gather(*builds))
