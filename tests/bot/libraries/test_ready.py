"""Which of the servers' own libraries are kept ready, and that the others take no memory."""

from __future__ import annotations

import gc
from weakref import ref

from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.libraries.publisher import Publisher
from bot.settings.limits import Limits
from tests.bot.conftest import World
from tests.bot.libraries.test_server_libraries import publish


async def test_the_least_recently_used_libraries_go_where_they_take_too_much(
    world: World,
) -> None:
    librarian, publisher = world.bot.app.librarian, world.bot.app.publisher
    librarian.limits = Limits(kept_megabytes=1)
    places = [Place(guild_id) for guild_id in (1, 2, 3)]
    texts = [f"The gate {number} of the castle opens at {number}." for number in range(600)]
    for place in places[:2]:
        await publish(publisher, place, "\n".join(texts))
    one, two = [await librarian.own(place) for place in places[:2]]
    assert one is not None
    assert 1_000_000 / 3 < one.library.nbytes < 1_000_000 / 2  # two may stay
    assert await librarian.own(places[0]) is one
    await publish(publisher, places[2], "\n".join(texts))
    assert await librarian.own(places[0]) is one
    again = await librarian.own(places[1])
    assert again is not None
    assert again is not two
    assert again.library.passages == one.library.passages


async def test_a_library_that_takes_more_than_all_may_is_kept_while_it_is_asked(
    world: World,
) -> None:
    librarian, place = world.bot.app.librarian, Place(1)
    librarian.limits = Limits(kept_megabytes=1)
    texts = [f"The gate {number} of town {number} opens at {number}." for number in range(3000)]
    await publish(world.bot.app.publisher, place, "\n".join(texts))
    own = await librarian.own(place)
    assert own is not None
    assert own.library.nbytes > 1_000_000
    assert await librarian.own(place) is own


async def test_what_another_program_replaced_takes_no_memory_any_more(world: World) -> None:
    librarian, place = world.bot.app.librarian, Place(1)
    await publish(world.bot.app.publisher, place, "The gate of the castle opens at seven.")
    served = await librarian.served(place)
    library = ref(served.revisions[-1].library)
    del served
    await publish(Publisher(Librarian(world.data, world.store)), place, "It opens at nine.")
    await librarian.catch_up()
    gc.collect()
    assert library() is None
