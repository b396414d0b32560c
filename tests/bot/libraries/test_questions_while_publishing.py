"""Questions while the documents change: each answer comes wholly from one revision of each library.

Every passage of a revision carries that revision's mark, such as `shared17` or `own12`.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import simcord

from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.libraries.publisher import Publisher
from bot.libraries.publishing import Publication, Revision, load_revision, publish
from bot.settings.limits import Limits
from bot.store import SHARED, Person, Store
from index.answering.answer import Answer
from index.answering.confidence import Outcome
from index.documents.corpus import Source
from index.documents.document import DocumentSpec
from tests.bot.conftest import World, ask_at, forced, text_of
from tests.bot.pools import let_work_together
from tests.patience import PATIENCE_S
from tests.wire.waiting import Signal

MONA = Person(1, "mona")
SERVER = Place(77)
SOURCE = "japan-south-korea-relations.txt"
MARK = re.compile(r"\b(shared|own)(\d+)\b")

QUESTIONS_A_SECOND = 200
PUBLICATIONS = 25
"""Of each of the two libraries."""
ANSWERS_BETWEEN = 16
"""A publication of a library waits until so many questions were answered since the one before."""

QUESTIONS = (
    "who ruled South Korea from 1961 to 1979?",
    "when did the European Parliament adopt its resolution?",
    "who painted the Liancourt Rocks blue?",  # no answer, but the nearest passages
    "how many Koreans were conscripted?",
    '"a huge drop"',
    "which issues complicate relations?",
    "wat did the Eurpean Parliment adopt?",  # misspelt
)
OWN_LINES = re.compile(r"Park Chung-hee|European Parliament|conscripted|huge drop|Liancourt")


def marked(text: str, mark: str) -> str:
    """`text` with the mark as the last word of every line."""
    return "".join(f"{line} {mark}\n" for line in text.splitlines())


def document(text: str, document_id: str = "own") -> Source:
    file = f"{document_id}.txt"
    spec = DocumentSpec(id=document_id, title=document_id.title(), file=file)
    return Source(spec, text.encode(), file)


def marks_of(texts: Iterable[str]) -> dict[str, int]:
    """The one mark of each library that the passages carry; fails where they carry two."""
    found: dict[str, set[int]] = {}
    for text in texts:
        ((library, number),) = MARK.findall(text)
        found.setdefault(library, set()).add(int(number))
    assert all(len(numbers) == 1 for numbers in found.values()), f"an answer is of {found}"
    return {library: number for library, (number,) in found.items()}


def texts_of(answer: Answer) -> list[str]:
    hits = (*answer.hits, *answer.nearest)
    assert all(hit.passage in hit.document.passages for hit in hits)
    return [hit.passage.text for hit in hits]


@dataclass
class Rush:
    """Questions at a steady rate, and the publications of two libraries meanwhile."""

    store: Store
    data: Path
    asked: int = 0
    answered: int = 0
    from_both: int = 0
    newest: Counter[str] = field(default_factory=Counter)
    seen: set[tuple[str, int]] = field(default_factory=set)
    signal: Signal = field(default_factory=Signal)

    def __post_init__(self) -> None:
        self.shared_text = (self.data / SOURCE).read_text(encoding="utf-8")
        lines = self.shared_text.splitlines()
        self.own_text = "\n".join(line for line in lines if OWN_LINES.search(line))
        self.write_shared(1)
        limits = Limits(max_publications_an_hour=1000)
        self.librarian = Librarian(self.data, self.store, limits)
        self.publisher = Publisher(self.librarian)

    async def ask(self, question: str) -> None:
        """Check that the answer is of one revision, and none older than one that was seen."""
        self.asked += 1
        newest_before = self.newest.copy()
        answer = await ask_at(self.librarian, SERVER, question)
        marks = marks_of(texts_of(answer))
        assert marks, f"{question} brought nothing up"
        for library, number in marks.items():
            assert number >= newest_before[library], f"{library} {number} came back"
            self.newest[library] = max(self.newest[library], number)
            self.seen.add((library, number))
        self.from_both += len(marks) == 2
        self.answered += 1
        self.signal.notify()

    async def ask_until(self, done: asyncio.Event) -> float:
        """Ask at the rate for so long; how many seconds that took."""
        asking: list[asyncio.Task[None]] = []
        began = due = time.monotonic()
        while not done.is_set():
            asking.append(asyncio.create_task(self.ask(QUESTIONS[self.asked % len(QUESTIONS)])))
            # On a machine that is too slow for the rate, what is late is left out.
            due = max(due + 1 / QUESTIONS_A_SECOND, time.monotonic() - 0.1)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        seconds = time.monotonic() - began
        await asyncio.gather(*asking)
        return seconds

    async def publish(self, library: str) -> None:
        """Revisions 2, 3, 4 …, each after enough answers from the one before."""
        for number in range(2, PUBLICATIONS + 2):
            enough = self.answered + ANSWERS_BETWEEN
            await self.signal.until(
                lambda: self.answered >= enough,  # noqa: B023
                PATIENCE_S,
                lambda: "no answers",
            )
            if library == "shared":
                self.write_shared(number)
                report = await self.publisher.refresh(MONA)
            else:
                report = await self.publish_own(number)
            assert report.revision.number == number

    def write_shared(self, number: int) -> None:
        text = marked(self.shared_text, f"shared{number}")
        (self.data / SOURCE).write_text(text, encoding="utf-8")

    async def publish_own(self, number: int) -> Publication:
        made = document(marked(self.own_text, f"own{number}"))
        return await self.publisher.publish(SERVER, [made], MONA, "add")


async def test_two_hundred_questions_a_second_during_fifty_publications(
    data: Path, state: Path
) -> None:
    with Store.open(state) as store:
        rush = Rush(store, data)
        await rush.publish_own(1)

        done = asyncio.Event()
        asking = asyncio.create_task(rush.ask_until(done))
        try:
            await asyncio.gather(rush.publish("shared"), rush.publish("own"))
        finally:
            done.set()
            seconds = await asking
        print(  # noqa: T201
            f"\n{rush.asked} questions in {seconds:.1f} s ({rush.asked / seconds:.0f} a second) "
            f"during {2 * PUBLICATIONS} publications ({2 * PUBLICATIONS / seconds:.0f} a second); "
            f"{rush.from_both} answers came from both libraries"
        )
        assert rush.answered == rush.asked >= PUBLICATIONS * ANSWERS_BETWEEN
        assert rush.from_both > rush.asked / 4
        # Each revision but the last was served until enough was asked of it.
        for library in ("shared", "own"):
            assert rush.seen >= {(library, number) for number in range(1, PUBLICATIONS + 1)}
        await rush.ask(QUESTIONS[0])
        assert rush.newest == {"shared": PUBLICATIONS + 1, "own": PUBLICATIONS + 1}
        for owner in (SHARED, 77):
            current = store.libraries.current(owner)
            assert current is not None
            assert current.number == PUBLICATIONS + 1


class TestNothingGoesBack:
    """What was read before a publication ended is not served after it."""

    @pytest.fixture
    def store(self, state: Path) -> Iterator[Store]:
        with Store.open(state) as store:
            yield store

    async def test_when_a_first_question_loads_slowly(
        self, data: Path, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await Publisher(Librarian(data, store)).publish(SERVER, [document("One.\n")], MONA, "add")
        librarian = Librarian(data, store)
        publisher = Publisher(librarian)
        held = Held(load_revision)
        monkeypatch.setattr("bot.libraries.librarian.load_revision", held)
        asking = asyncio.create_task(librarian.own(SERVER))
        await held.reached()
        publishing = asyncio.create_task(  # waits for the same loading
            publisher.publish(SERVER, [document("Two.\n")], MONA, "add")
        )
        await asyncio.sleep(0)
        held.release()
        assert self.number(await asking) in {1, 2}
        await publishing
        assert self.number(await librarian.own(SERVER)) == 2
        await publisher.publish(SERVER, [document("Three.\n")], MONA, "add")

    async def test_when_the_follower_meets_a_refresh(
        self, data: Path, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        librarian = Librarian(data, store)
        let_work_together(librarian.pools.builds, monkeypatch)
        publisher = Publisher(librarian)
        publishing, loading = Held(publish), Held(load_revision)
        monkeypatch.setattr("bot.libraries.publishing.publish", publishing)
        monkeypatch.setattr("bot.libraries.librarian.load_revision", loading)
        (data / SOURCE).write_text("Two.\n")
        refreshing = asyncio.create_task(publisher.refresh(MONA))
        await publishing.reached()  # stored, and not yet served
        following = asyncio.create_task(librarian.catch_up())
        await loading.reached()
        publishing.release()
        assert (await refreshing).revision.number == 2
        (data / SOURCE).write_text("Three.\n")
        await publisher.refresh(MONA)
        loading.release()
        await following
        assert librarian.shared().number == 3

    async def test_when_the_store_answers_slowly(
        self, data: Path, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        librarian = Librarian(data, store)
        publisher = Publisher(librarian)
        await publisher.publish(SERVER, [document("One.\n")], MONA, "add")
        held = Held(store.libraries.changes_since)
        monkeypatch.setattr(store.libraries, "changes_since", held)
        following = asyncio.create_task(librarian.catch_up())
        await held.reached()
        await publisher.publish(SERVER, [document("Two.\n")], MONA, "add")
        held.release()
        await following
        assert await publisher.documents(SERVER) == [document("Two.\n")]

    def number(self, revision: Revision | None) -> int:
        assert revision is not None
        return revision.number


class Held:
    """A function whose first call comes back, with what it read, only once it is released."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._calls = count()
        self._reached = threading.Event()
        self._released = threading.Event()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        first = next(self._calls) == 0
        read = self._function(*args, **kwargs)
        if first:
            self._reached.set()
            assert self._released.wait(PATIENCE_S)
        return read

    async def reached(self) -> None:
        assert await asyncio.to_thread(self._reached.wait, PATIENCE_S)

    def release(self) -> None:
        self._released.set()


async def at_once(
    world: World, *actions: Coroutine[Any, Any, simcord.InteractionResult]
) -> list[simcord.InteractionResult]:
    """Do all of it before the bot has answered any of it, then wait for all the answers."""
    with world.env.at_once():
        results = [await action for action in actions]
    await world.env.settle()
    return results


def quoted(result: simcord.InteractionResult) -> list[str]:
    """The passages of an answer, without what is bold."""
    lines = text_of(result).splitlines()
    return [line.replace("*", "") for line in lines if line.startswith("> ")]


async def test_members_ask_while_a_moderator_publishes(world: World) -> None:
    world.lift_cooldowns()
    text = world.document.read_text(encoding="utf-8")
    publisher, place = world.bot.app.publisher, Place(world.guild.id)
    for number in (1, 2, 3):
        await publisher.publish(place, [document(marked(text, f"own{number}"))], MONA, "add")
    world.document.write_text(marked(text, "shared1"), encoding="utf-8")
    await world.moderator.slash(world.channel, "index refresh")
    served = {"shared": 1, "own": 3}

    async def publish(action: Coroutine[Any, Any, simcord.InteractionResult], **new: int) -> None:
        """Ask before and while it is published: the old or the new; then again: the new."""
        asking = [
            world.member.slash(world.channel, "ask", question=question)
            for question in (QUESTIONS[0], QUESTIONS[3]) * 3
        ]
        before, done, *during = await at_once(world, asking.pop(), action, *asking)
        assert marks_of(quoted(before)) == served
        for answer in during:
            assert marks_of(quoted(answer)) in (served, served | new)
        assert "answers now" in text_of(done)
        served.update(new)
        after = await world.member.slash(world.channel, "ask", question=QUESTIONS[0])
        assert marks_of(quoted(after)) == served

    for number in (2, 3, 4):
        world.document.write_text(marked(text, f"shared{number}"), encoding="utf-8")
        await publish(world.moderator.slash(world.channel, "index refresh"), shared=number)
    for number in (1, 2):
        asked = await world.moderator.slash(world.channel, "index rollback", revision=number)
        assert asked.response is not None
        await publish(world.moderator.click(asked.response, label="Bring it back"), own=number)


class TestContradictingServers:
    """The documents of two servers say the opposite of each other, under the same numbers."""

    WORDS = ("seven", "nine")
    GATES = range(901, 951)

    @pytest.fixture
    async def sides(self, world: World) -> list[tuple[simcord.MemberActor, simcord.ChannelHandle]]:
        """A member and a channel of each server."""
        world.lift_cooldowns()
        there = world.env.create_guild()
        other = there.add_member(world.env.create_user("otto"))
        sides = [(world.member, world.channel), (other, there.create_text_channel("general"))]
        for (actor, _), word in zip(sides, self.WORDS, strict=True):
            lines = [
                f"[{gate}] Gate {gate} of the castle opens at {word}.\n" for gate in self.GATES
            ]
            made = document("".join(lines), f"gates-{word}")
            await world.bot.app.publisher.publish(Place(actor.guild.id), [made], MONA, "add")
        return sides

    async def test_no_passage_crosses_from_one_to_the_other(
        self, world: World, sides: list[tuple[simcord.MemberActor, simcord.ChannelHandle]]
    ) -> None:
        answers = await at_once(
            world,
            *(
                actor.slash(channel, "ask", question=f"when does gate {gate} of the castle open?")
                for gate in self.GATES
                for actor, channel in sides
            ),
        )
        assert len(answers) == 100
        for position, answer in enumerate(answers):
            self.check(text_of(answer), position % 2)
        cited = await at_once(
            world, *(actor.slash(room, "cite", number="950") for actor, room in sides)
        )
        for side, result in enumerate(cited):
            self.check(text_of(result), side)

    async def test_nor_does_a_choice_that_is_offered(
        self, sides: list[tuple[simcord.MemberActor, simcord.ChannelHandle]]
    ) -> None:
        for side, (actor, channel) in enumerate(sides):
            for typed in ("9", "95", "950"):
                choices = await actor.autocomplete(channel, "cite", "number", typed)
                self.check("\n".join(str(choice["name"]) for choice in choices), side)
            for typed in ("", "g", "nine", "seven"):
                choices = await actor.autocomplete(channel, "cite", "document", typed)
                own = {f"gates-{self.WORDS[side]}"} if typed in f"gates-{self.WORDS[side]}" else {}
                offered = {str(choice["value"]) for choice in choices}
                assert offered - {"japan-south-korea-relations"} == set(own)

    @pytest.mark.parametrize("outcome", [Outcome.SILENT, Outcome.CLOSEST])
    async def test_nor_does_the_nearest(
        self,
        world: World,
        sides: list[tuple[simcord.MemberActor, simcord.ChannelHandle]],
        outcome: Outcome,
    ) -> None:
        questions = [f"who paid for the paint of gate {gate}?" for gate in self.GATES]
        places = [Place(actor.guild.id) for actor, _ in sides]
        with forced(outcome):
            answers = await asyncio.gather(
                *(
                    ask_at(world.bot.app.librarian, place, asked)
                    for asked in questions
                    for place in places
                )
            )
            said = await at_once(
                world,
                *(
                    actor.slash(channel, "ask", question=question)
                    for question in questions
                    for actor, channel in sides
                ),
            )
        assert {answer.outcome for answer in answers} == {outcome}
        for position, answer in enumerate(answers):
            self.check("\n".join(texts_of(answer)), position % 2)
        for position, result in enumerate(said):
            assert self.WORDS[1 - position % 2] not in text_of(result)
            shown = self.WORDS[position % 2] in text_of(result)
            assert shown == (outcome is Outcome.CLOSEST)

    def check(self, text: str, side: int) -> None:
        assert self.WORDS[side] in text
        assert self.WORDS[1 - side] not in text
