"""The operator's limits: each refuses in words that name it, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.libraries.places import Place
from bot.settings.limits import Limits
from bot.settings.settings import load_settings
from index.errors import SetupError
from tests.bot.conftest import World, text_of
from tests.bot.libraries.test_server_libraries import publish

TOWNS = ("towns.txt", b"[1] The gate of Ghent opens at seven.\n[2] The moat of Ghent is deep.\n")


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"max_file_bytes": 50}, "has 69 bytes, and 50 are the most"),
        ({"max_document_passages": 1}, "1 are the most"),
        ({"max_server_passages": 2}, "more than 2 passages, the most for a server"),
        ({"max_server_documents": 1}, "has 1 documents, the most here"),
    ],
)
async def test_an_upload_beyond_a_limit_is_refused(
    world: World, limits: dict[str, int], said: str
) -> None:
    place = Place(world.guild.id)
    await publish(world.bot.app.publisher, place, "[1] Bruges has canals.")
    world.bot.app.librarian.limits = Limits.model_validate(limits)
    result = await world.moderator.slash(world.channel, "index add", file=TOWNS)
    assert said in text_of(result)
    own = await world.bot.app.librarian.own(place)
    assert own is not None
    assert own.number == 1


async def test_limits_are_looked_at_again_at_publish(world: World) -> None:
    place = Place(world.guild.id)
    world.bot.app.librarian.limits = Limits(max_server_documents=1)
    first = await world.moderator.slash(world.channel, "index add", file=TOWNS)
    second = await world.moderator.slash(world.channel, "index add", file=("b.txt", b"Hello.\n"))
    assert first.response is not None
    assert second.response is not None
    await world.moderator.click(first.response, label="Publish")
    await world.moderator.click(second.response, label="Publish")
    assert "has 1 documents, the most here" in text_of(second)
    own = await world.bot.app.librarian.own(place)
    assert own is not None
    assert len(own.library.documents) == 1


async def test_a_file_is_published_once_however_often_it_was_looked_at(world: World) -> None:
    asked = [await world.moderator.slash(world.channel, "index add", file=TOWNS) for _ in "12"]
    for shown in asked:
        assert shown.response is not None
        await world.moderator.click(shown.response, label="Publish")
    assert "That file is here already" in text_of(asked[1])


async def test_another_file_of_the_same_name_is_not_taken_for_it(world: World) -> None:
    asked = [
        await world.moderator.slash(world.channel, "index add", file=(TOWNS[0], content))
        for content in (TOWNS[1], b"Something else.\n")
    ]
    for shown in asked:
        assert shown.response is not None
        await world.moderator.click(shown.response, label="Publish")
    assert "Another document has taken that name" in text_of(asked[1])


async def test_publications_an_hour_are_counted(world: World) -> None:
    place = Place(world.guild.id)
    world.bot.app.librarian.limits = Limits(max_publications_an_hour=2)
    for n in range(2):
        await publish(world.bot.app.publisher, place, f"[{n}] The gate opens on day {n}.")
    asked = await world.moderator.slash(world.channel, "index remove", document="rules-0")
    assert asked.response is not None
    await world.moderator.click(asked.response, label="Remove")
    assert "2 times within an hour, the most here" in text_of(asked)
    world.document.write_text("One line.\n", encoding="utf-8")
    refreshed = text_of(await world.moderator.slash(world.channel, "index refresh"))
    assert "Revision 2" in refreshed


async def test_the_operator_says_which_servers_refresh(world: World) -> None:
    world.bot.app.librarian.limits = Limits(refresh_servers=(1, 2))
    refused = await world.moderator.slash(world.channel, "index refresh")
    assert "lets other servers refresh" in text_of(refused)
    world.bot.app.librarian.limits = Limits(refresh_servers=(world.guild.id,))
    assert "Nothing changed" in text_of(await world.moderator.slash(world.channel, "index refresh"))


def test_limits_are_settings(tmp_path: Path) -> None:
    settings = load_settings(
        {"FOOTNOTE_MAX_FILE_BYTES": "1000", "FOOTNOTE_REFRESH_SERVERS": "12, 34"}
    )
    assert (settings.max_file_bytes, settings.refresh_servers) == (1000, (12, 34))
    file = tmp_path / "settings.yaml"
    file.write_text("refresh_servers: [12, 34]\nmax_server_documents: 3\n")
    settings = load_settings({"FOOTNOTE_SETTINGS": str(file)})
    assert (settings.max_server_documents, settings.refresh_servers) == (3, (12, 34))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_FILE_BYTES", "0"),
        ("MAX_FILE_BYTES", "many"),
        ("KEPT_MEGABYTES", "0"),
        ("REFRESH_SERVERS", "my-server"),
    ],
)
def test_a_wrong_limit_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SetupError, match=f"FOOTNOTE_{name}: "):
        load_settings({f"FOOTNOTE_{name}": value})
