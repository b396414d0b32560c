"""Discord fails while the bot answers: one answer arrives, or one line of the log says why not."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from index.documents.shipped import shipped_data

from .options import Upload
from .process import QUESTION, Process, running
from .reply import THINKING, Reply
from .standin import StandIn
from .uploads import hand_in

CALLBACK = "^/interactions/"
ORIGINAL = "^/webhooks/.*/messages/@original$"
POST = r"^/channels/\d+/messages$"
ASKED = QUESTION["question"]

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
    folder = tmp_path_factory.mktemp("footnote")
    shutil.copytree(shipped_data(), folder / "data")
    async with running(standin, folder, FOOTNOTE_COOLDOWN_QUESTIONS="1000") as made:
        await standin.wait_synced()
        yield made


class Log:
    """The lines that one test brought into the log."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._mark = len(process.log)

    async def said(self, words: str) -> str:
        """Wait for the line with these words; the only one of its kind, without its colours."""
        await self._process.said(words, since=self._mark)
        lines = [
            re.sub(r"\x1b\[[\d;]*m", "", line)
            for line in self._process.log[self._mark :].splitlines()
        ]
        (found,) = (line for line in lines if words in line)
        return found

    def quiet_about(self, *words: str) -> None:
        for word in words:
            assert word not in self._process.log[self._mark :]


@pytest.fixture
def log(process: Process) -> Log:
    return Log(process)


@pytest.fixture(autouse=True)
def _no_traceback_and_no_question(log: Log) -> Iterator[None]:
    yield
    log.quiet_about("Traceback", ASKED)


def is_answered_once(reply: Reply) -> None:
    assert "line 4" in reply.text
    assert len(reply.messages) == 1


# The callback


@pytest.mark.parametrize("globally", [False, True])
async def test_too_many_requests(standin: StandIn, log: Log, globally: bool) -> None:
    body = {"message": "You are being rate limited.", "retry_after": 0.1, "global": globally}
    standin.fail_next("POST", CALLBACK, 429, body=body)
    is_answered_once(await standin.slash("ask", QUESTION))
    standin.fail_next("POST", POST, 429, body=body)
    is_answered_once(await standin.message(ASKED, mention=True))


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_discord_fails_for_a_moment(standin: StandIn, log: Log, status: int) -> None:
    standin.fail_next("POST", CALLBACK, status)
    reply = await standin.slash("ask", QUESTION)
    is_answered_once(reply)
    await log.said(f"Discord answers POST /api/v10/interactions/… with {status}")
    log.quiet_about(reply.event["token"])


async def test_the_answer_arrives_and_its_receipt_is_an_error(standin: StandIn, log: Log) -> None:
    standin.fail_next("POST", CALLBACK, 502, arrives=True)
    reply = await standin.slash("ask", QUESTION)
    await log.said("was answered already")
    is_answered_once(reply)


@pytest.mark.parametrize("where", ["at once", "halfway"])
async def test_the_answer_arrives_and_its_receipt_is_cut(
    standin: StandIn, log: Log, where: str
) -> None:
    standin.cut_next("POST", CALLBACK, "at once" if where == "at once" else "halfway")
    reply = await standin.slash("ask", QUESTION)
    await log.said("was answered already")
    is_answered_once(reply)


async def test_the_answer_is_cut_on_its_way(standin: StandIn, log: Log) -> None:
    standin.cut_next("POST", CALLBACK, "at once", arrives=False)
    is_answered_once(await standin.slash("ask", QUESTION))


async def test_the_answer_never_gets_through(standin: StandIn, log: Log) -> None:
    fault = standin.cut_next("POST", CALLBACK, "at once", arrives=False, times=3)
    reply = await standin.slash("ask", QUESTION, within=None)
    line = await log.said("was not delivered")
    assert f"/ask, interaction {reply.event['id']} in channel {reply.event['channel_id']}" in line
    assert (fault.times, reply.responses) == (0, [])


async def test_a_late_receipt(standin: StandIn, log: Log) -> None:
    standin.delay_next("POST", CALLBACK, 1.5)
    is_answered_once(await standin.slash("ask", QUESTION))


async def test_asked_too_long_ago(standin: StandIn, log: Log) -> None:
    standin.refuse_next("POST", CALLBACK, 10062)
    reply = await standin.slash("ask", QUESTION, within=None)
    assert "it was asked too long ago (HTTP 404, code 10062)" in await log.said("not delivered")
    assert reply.responses == []


async def test_another_has_answered(standin: StandIn, log: Log) -> None:
    """As where two bots run with one token: one of them answers."""
    standin.refuse_next("POST", CALLBACK, 40060)
    reply = await standin.slash("ask", QUESTION, within=None)
    await log.said("was answered already")
    await standin.wait_read()
    assert reply.responses == []


@pytest.mark.parametrize("code", [10062, 40060])
async def test_a_press_that_is_too_late(standin: StandIn, log: Log, code: int) -> None:
    answer = await standin.slash("ask", QUESTION)
    standin.refuse_next("POST", CALLBACK, code)
    await standin.click(answer, "Follow up", within=None)
    await log.said(f"code {code}")


async def test_a_form_that_does_not_open(standin: StandIn, log: Log) -> None:
    answer = await standin.slash("ask", QUESTION)
    standin.cut_next("POST", CALLBACK, "at once", arrives=False)
    told = await standin.click(answer, "Follow up")
    assert "Something went wrong" in told.text
    assert told.ephemeral
    await log.said("unexpected failure, code")


async def test_publishing_once_though_the_receipt_is_lost(standin: StandIn, log: Log) -> None:
    file = Upload("piers.txt", b"[1] Anglers stand on the pier.\n")
    shown = await hand_in(standin, file)
    standin.fail_next("POST", CALLBACK, 502, arrives=True)
    told = await standin.click(shown, "Publish")
    assert "answers now" in told.text
    status = await standin.slash("index status", user=standin.moderator)
    assert "**Documents of this server**: revision 1," in status.text


@pytest.mark.parametrize("code", [10062, 40060])
async def test_typing_faster_than_discord(standin: StandIn, log: Log, code: int) -> None:
    standin.refuse_next("POST", CALLBACK, code)
    await standin.autocomplete("cite", "number", "1", within=None)
    await log.said(f"code {code}")


# What takes longer than a second is deferred first: here it waits for the attached file.


async def slow_add(standin: StandIn) -> Reply:
    """A moderator adds a file that does not come until the bot has asked Discord to wait."""
    standin.hold_uploads()
    file = Upload("quays.txt", b"[1] Boats moor at the quay.\n")
    tried = len(standin.requests_to("POST", "/interactions/.*"))
    reply = await standin.slash("index add", {"file": file}, user=standin.moderator, within=None)
    await standin.until(lambda: len(standin.requests_to("POST", "/interactions/.*")) > tried)
    return reply


@pytest.mark.parametrize("cut", [False, True])
async def test_the_deferral_arrives_and_its_receipt_is_lost(
    standin: StandIn, log: Log, cut: bool
) -> None:
    if cut:
        standin.cut_next("POST", CALLBACK, "halfway")
    else:
        standin.fail_next("POST", CALLBACK, 503, arrives=True)
    reply = await slow_add(standin)
    standin.release_uploads()
    await reply.wait()
    assert reply.callback_type == THINKING
    assert "1 passage" in reply.text
    assert len(reply.messages) == 1


async def test_the_deferral_is_too_late(standin: StandIn, log: Log) -> None:
    standin.refuse_next("POST", CALLBACK, 10062)
    reply = await slow_add(standin)
    assert "/index add" in await log.said("was not delivered")
    standin.release_uploads()
    assert reply.responses == []


@pytest.mark.parametrize("arrives", [False, True])
@pytest.mark.parametrize("status", [500, 502])
async def test_the_edit_fails_for_a_moment(
    standin: StandIn, log: Log, status: int, arrives: bool
) -> None:
    standin.fail_next("PATCH", ORIGINAL, status, arrives=arrives)
    reply = await slow_add(standin)
    standin.release_uploads()
    await reply.until(lambda: "1 passage" in reply.text)
    assert len(reply.messages) == 1


async def test_the_deferred_message_was_deleted(standin: StandIn, log: Log) -> None:
    reply = await slow_add(standin)
    await reply.wait_callback()
    assert reply.original is not None
    standin.world.delete(reply.original)
    standin.release_uploads()
    assert "the message is gone (HTTP 404, code 10008)" in await log.said("was not delivered")
    assert len(reply.responses) == 1


@pytest.mark.parametrize("cut", [False, True])
async def test_the_receipt_of_a_file_is_lost(standin: StandIn, log: Log, cut: bool) -> None:
    """Discord takes no nonce for what follows a deferral: it has to be an edit of that."""
    moderator, webhook = standin.moderator, "^/webhooks/"
    file = Upload("jetties.txt", b"[1] Herons wait on the jetty.\n")
    shown = await standin.slash("index add", {"file": file}, user=moderator)
    if "Publish" in str(shown.components):
        await standin.click(shown, "Publish")
    for method in ("POST", "PATCH"):
        if cut:
            standin.cut_next(method, webhook, "halfway")
        else:
            standin.fail_next(method, webhook, 502, arrives=True)
    reply = await standin.slash("index download", {"document": "jetties"}, user=moderator)
    token = reply.event["token"]
    await standin.until(lambda: sum(token in one.path for one in standin.requests) >= 3)
    standin.rest.faults.pending.clear()
    assert [entry["filename"] for entry in reply.message["attachments"]] == ["jetties.txt"]
    assert len(reply.messages) == 1
    assert standin.requests_to("POST", r"/webhooks/.*") == []


# Mentions


@pytest.mark.parametrize("status", [500, 502])
async def test_a_reply_that_arrives_and_whose_receipt_is_an_error(
    standin: StandIn, log: Log, status: int
) -> None:
    before = len(standin.posts)
    standin.fail_next("POST", POST, status, arrives=True)
    reply = await standin.message(ASKED, mention=True)
    await standin.until(lambda: len(standin.requests_to("POST", POST[1:-1])) >= before + 2)
    is_answered_once(reply)
    assert len(standin.posts) == before + 1


async def test_a_reply_that_arrives_and_whose_receipt_is_cut(standin: StandIn, log: Log) -> None:
    before = len(standin.posts)
    standin.cut_next("POST", POST, "halfway")
    is_answered_once(await standin.message(ASKED, mention=True))
    await log.said("; again")
    await standin.wait_read()
    assert len(standin.posts) == before + 1


@pytest.mark.parametrize(
    ("code", "why"),
    [(10003, "the channel is gone (HTTP 404, code 10003)"), (10008, "the message is gone")],
)
async def test_what_is_replied_to_is_gone(standin: StandIn, log: Log, code: int, why: str) -> None:
    standin.refuse_next("POST", POST, code)
    reply = await standin.message(ASKED, mention=True, within=None)
    assert why in await log.said("was not delivered")
    assert reply.responses == []


@pytest.mark.parametrize("code", [50001, 50013])
async def test_it_may_not_post_there(standin: StandIn, log: Log, code: int) -> None:
    before, dm = len(standin.posts), str(standin.world.dm(standin.member).id)
    standin.refuse_next("POST", POST, code)
    asked = await standin.message(ASKED, mention=True, within=None)

    def told() -> list[str]:
        posts = standin.posts[before:]
        return [str(post["components"]) for post in posts if post["channel_id"] == dm]

    await standin.until(lambda: bool(told()))
    assert "I may not post in general" in told()[-1]
    await log.said(f"may not post in channel {asked.event['channel_id']}")


async def test_it_may_post_nowhere(standin: StandIn, log: Log) -> None:
    standin.refuse_next("POST", POST, 50013)
    standin.refuse_next("POST", POST, 50007)
    await standin.message(ASKED, mention=True, within=None)
    assert "they take no direct messages" in await log.said("was not delivered")


async def test_the_asker_edits_a_question_whose_answer_is_gone(standin: StandIn, log: Log) -> None:
    reply = await standin.message(ASKED, mention=True)
    standin.refuse_next("PATCH", r"^/channels/\d+/messages/\d+$", 10008)
    edited = reply.event | {
        "content": f"{standin.mention} when did the European Parliament adopt its resolution?",
        "edited_timestamp": reply.event["timestamp"],
    }
    await standin.gateway.dispatch("MESSAGE_UPDATE", edited)
    await log.said("the edited answer to message")


async def test_it_still_answers(standin: StandIn, log: Log) -> None:
    is_answered_once(await standin.slash("ask", QUESTION))
    is_answered_once(await standin.message(ASKED, mention=True))
    is_answered_once(await standin.message(ASKED, guild=None))
