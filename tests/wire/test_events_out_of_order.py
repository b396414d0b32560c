"""Discord's events come in another order than things happened: what is asked is answered, once."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from index.documents.shipped import shipped_data

from .components import custom_ids
from .gateway import INVALID_SESSION
from .options import Upload
from .process import QUESTION, Process, running
from .reply import Reply
from .standin import StandIn

ASKED = QUESTION["question"]
OWN = "when does the lock of Ghent open?"
EDITED = "when did the European Parliament adopt its resolution?"
CALLBACK = "^/interactions/"

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn() as made:
        yield made
        assert made.unknown_requests == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def process(
    standin: StandIn, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Process]:
    """A bot whose server has a document of its own."""
    folder = tmp_path_factory.mktemp("footnote")
    shutil.copytree(shipped_data(), folder / "data")
    quick = {"FOOTNOTE_RECONNECT_MAX_SECONDS": "0.2", "FOOTNOTE_COOLDOWN_QUESTIONS": "1000"}
    async with running(standin, folder, **quick) as made:
        await standin.wait_synced()
        shown = await show_upload(standin, "locks.txt", b"[1] The lock of Ghent opens at six.\n")
        await standin.click(shown, "Publish")
        yield made
        assert "Traceback" not in made.log


async def show_upload(standin: StandIn, name: str, data: bytes) -> Reply:
    """What is shown of a file: on a busy machine not at once, but that it is being read."""
    file = {"file": Upload(name, data)}
    reply = await standin.slash("index add", file, user=standin.moderator)
    await reply.until(lambda: custom_ids(reply.components))
    return reply


async def is_answered(standin: StandIn) -> None:
    """By command, mention and direct message; in the server from its own document, too."""
    asked = await standin.slash("ask", {"question": OWN})
    mentioned = await standin.message(OWN, mention=True)
    direct = await standin.message(ASKED, guild=None)
    assert "at six" in asked.text
    assert "at six" in mentioned.text
    assert "line 4" in direct.text
    await standin.wait_read()
    assert [len(one.messages) for one in (asked, mentioned, direct)] == [1, 1, 1]


async def is_left_alone(standin: StandIn) -> None:
    """What is not meant for the bot; a mention after it is answered, and by then it would be."""
    talk = await standin.message("the boats are late today", within=None)
    await is_answered(standin)
    assert talk.responses == []


# Servers


async def test_questions_before_discord_has_told_of_their_server(
    standin: StandIn, process: Process
) -> None:
    standin.gateway.late_guilds = True
    identifies = standin.identifies
    await standin.gateway.send(INVALID_SESSION, data=False)
    await standin.until(lambda: standin.identifies > identifies)
    await standin.wait_ready()
    await is_left_alone(standin)
    standin.gateway.late_guilds = False
    await standin.gateway.tell_guilds()
    await is_left_alone(standin)


async def test_questions_of_a_server_that_is_unavailable(
    standin: StandIn, process: Process
) -> None:
    gone = {"id": str(standin.guild.id), "unavailable": True}
    await standin.gateway.dispatch("GUILD_DELETE", gone)
    await is_left_alone(standin)
    await standin.gateway.tell_guilds()
    await is_left_alone(standin)


async def test_questions_of_a_server_that_has_gone(standin: StandIn, process: Process) -> None:
    """Its last events, or those of a server that has come, before Discord tells of that."""
    await standin.gateway.dispatch("GUILD_DELETE", {"id": str(standin.guild.id)})
    await is_left_alone(standin)
    await standin.gateway.tell_guilds()
    await is_left_alone(standin)


# Messages


async def test_an_edit_before_its_message(standin: StandIn, process: Process) -> None:
    await standin.drop_gateway(hold=True)
    asked = await standin.message(ASKED, mention=True, within=None)
    changes = {"content": f"{standin.mention} {EDITED}"}
    changes["edited_timestamp"] = asked.event["timestamp"]
    await standin.gateway.dispatch("MESSAGE_UPDATE", asked.event | changes)
    standin.gateway.swap_last()
    standin.release_gateway()
    await asked.wait()
    await standin.wait_read()
    assert "line 12" in asked.text
    assert len(asked.messages) == 1
    changes["content"] = f"{standin.mention} {ASKED}"
    await standin.gateway.dispatch("MESSAGE_UPDATE", asked.event | changes)
    await asked.until(lambda: "line 4" in asked.text)
    assert len(asked.messages) == 1


async def test_a_deletion_before_its_message(standin: StandIn, process: Process) -> None:
    await standin.drop_gateway(hold=True)
    asked = await standin.message(ASKED, mention=True, within=None)
    await standin.gateway.dispatch("MESSAGE_DELETE", standin.world.delete(asked.event))
    standin.gateway.swap_last()
    standin.release_gateway()
    await process.said(f"message {asked.event['id']} in channel")
    assert "was gone before it was answered" in process.log
    assert asked.responses == []


# Presses


@pytest.mark.parametrize("lost", [False, True])
async def test_a_press_before_the_receipt_of_its_message(
    standin: StandIn, process: Process, lost: bool
) -> None:
    """The moderator sees the card, and the bot does not know that yet, or is told of an error."""
    if lost:
        standin.fail_next("POST", CALLBACK, 502, arrives=True)
    else:
        standin.delay_next("POST", CALLBACK, 2.0)
    name = "weirs" if lost else "gates"
    shown = await show_upload(standin, f"{name}.txt", f"[1] The {name} are new.\n".encode())
    pressed = await standin.click(shown, "Publish")
    await pressed.until(lambda: "answers now" in pressed.text)
    assert len(shown.messages) == 1


async def test_a_press_after_the_receipt_of_its_message_was_lost(
    standin: StandIn, process: Process
) -> None:
    mark = len(process.log)
    standin.fail_next("POST", CALLBACK, 502, arrives=True)
    shown = await show_upload(standin, "sluices.txt", b"[1] The sluice is old.\n")
    await process.said("was answered already", since=mark)
    pressed = await standin.click(shown, "Publish")
    await pressed.until(lambda: "answers now" in pressed.text)
    assert len(shown.messages) == 1


@pytest.mark.parametrize("lost", [False, True])
async def test_a_form_before_its_receipt(standin: StandIn, process: Process, lost: bool) -> None:
    asked = await standin.slash("ask", QUESTION)
    if lost:
        standin.fail_next("POST", CALLBACK, 502, arrives=True)
    else:
        standin.delay_next("POST", CALLBACK, 2.0)
    opened = await standin.click(asked, "Follow up")
    (field,) = custom_ids(opened.modal["components"])
    answered = await standin.submit(opened, {field: OWN})
    assert "at six" in answered.text
    await standin.wait_read()
    assert len(answered.messages) == 1
