"""Whatever people can do in Discord, done with the real `footnote run` over real sockets."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.documents.shipped import shipped_data

from .components import custom_ids
from .options import Upload
from .process import QUESTION, running
from .reply import MODAL
from .standin import StandIn
from .uploads import hand_in

FOLLOW_UP = "and the US House of Representatives?"
EARLIER = {"question": "when did the European Parliament adopt its resolution?"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(shipped_data(), tmp_path / "data")
    return tmp_path


async def test_everything(folder: Path) -> None:
    more = {"FOOTNOTE_COOLDOWN_QUESTIONS": "1000"}
    async with StandIn() as standin, running(standin, folder, **more) as process:
        await standin.wait_synced()

        # Buttons, for the asker alone and for all, and a form.
        asked = await standin.slash("ask", EARLIER)
        assert "line 12" in asked.text
        around = await standin.click(asked, "Context")
        assert around.ephemeral
        form = await standin.click(asked, "Follow up")
        assert form.callback_type == MODAL
        (field,) = custom_ids(form.modal["components"])
        followed = await standin.submit(form, {field: FOLLOW_UP})
        assert "line 11" in followed.text
        assert not followed.ephemeral

        # What is offered while typing, look-ups, the menu of a message.
        offered = await standin.autocomplete("cite", "number", "2")
        assert "28" in [choice["value"] for choice in offered.choices]
        assert "line 12" in (await standin.slash("cite", {"number": "28"})).text
        written = await standin.message("Park Chung Hee ruled from 1961 to 1979.", within=None)
        await standin.wait_read()
        assert not written.responses, "nobody talked to the bot"
        found = await standin.menu("Find sources", written.event)
        assert found.ephemeral
        assert "line 4" in found.text

        # Mentions, replies to the bot, direct messages, edits and deletions.
        mentioned = await standin.message(EARLIER["question"], mention=True)
        assert "line 12" in mentioned.text
        replied = await standin.message(FOLLOW_UP, reply_to=mentioned)
        assert "line 11" in replied.text
        assert "line 4" in (await standin.message(QUESTION["question"], guild=None)).text
        edited = mentioned.event | {
            "content": f"{standin.mention} {QUESTION['question']}",
            "edited_timestamp": mentioned.event["timestamp"],
        }
        await standin.gateway.dispatch("MESSAGE_UPDATE", edited)
        await mentioned.until(lambda: "line 4" in mentioned.text)
        gone = standin.world.delete(mentioned.event)
        await standin.gateway.dispatch("MESSAGE_DELETE", gone)
        await mentioned.until(lambda: not mentioned.messages)

        # A document of the server's own, from the file to its end.
        file = Upload("quays.txt", b"[7] Herons fish at the northern quay.\n")
        refused = await standin.slash("index add", {"file": file})
        assert "Manage Server" in refused.text
        shown = await hand_in(standin, file)
        assert "Herons" in shown.text
        published = await standin.click(shown, "Publish")
        assert "**Revision 1** answers now" in published.text
        answer = await standin.slash("ask", {"question": "where do herons fish?"})
        assert "quays, line 1" in answer.text
        titles = await standin.autocomplete("index remove", "document", user=standin.moderator)
        (title,) = titles.choices
        got = await standin.slash(
            "index download", {"document": title["value"]}, user=standin.moderator
        )
        assert [sent.data for sent in got.files] == [file.data]
        question = await standin.slash(
            "index remove", {"document": title["value"]}, user=standin.moderator
        )
        assert "**Revision 2** answers now" in (await standin.click(question, "Remove")).text

        assert standin.unknown_requests == []
        assert "ERROR" not in process.log
