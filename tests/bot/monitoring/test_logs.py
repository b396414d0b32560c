"""Every record is one line of text or JSON, knows its request and gives no secret away."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from contextvars import copy_context
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.interactions.tracking import begin_event
from bot.monitoring.logs import log_handler, set_up_logging
from bot.settings.settings import LogFormat, load_settings
from index.errors import SetupError

TOKEN = "a-token.of-this.bot"
OTHER_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz_0123456789-A"
FORMATS: tuple[LogFormat, ...] = ("text", "json")


@pytest.fixture
def logger() -> logging.Logger:
    """One that no other handler hears, such as pytest's."""
    return logging.Logger("tests.logs")  # noqa: LOG001


def attach(logger: logging.Logger, log_format: LogFormat) -> io.StringIO:
    stream = io.StringIO()
    logger.addHandler(log_handler(log_format, [TOKEN], stream))
    return stream


def test_a_json_record_is_an_object_a_line_with_its_fields(logger: logging.Logger) -> None:
    stream = attach(logger, "json")
    logger.info("안녕 %s\nsecond line", "you", extra={"outcome": "silent"})
    try:
        raise ValueError("wrong")
    except ValueError:
        logger.exception("it broke")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert datetime.fromisoformat(first.pop("time")).tzinfo is not None
    assert first == {
        "level": "INFO",
        "logger": "tests.logs",
        "message": "안녕 you\nsecond line",
        "request": None,
        "outcome": "silent",
    }
    assert "안녕" in stream.getvalue()
    assert second["exc_info"].endswith("ValueError: wrong")


def test_a_text_record_names_its_request_where_there_is_one(logger: logging.Logger) -> None:
    stream = attach(logger, "text")

    def handle() -> str:
        request = begin_event("delete", 1, 2)
        logger.info("during")
        return request.id

    logger.info("before")
    request = copy_context().run(handle)
    before, during = stream.getvalue().splitlines()
    assert before.endswith("INFO    tests.logs before")
    assert during.endswith(f"INFO    tests.logs [{request}] during")


async def test_tasks_and_threads_of_a_request_carry_its_id(logger: logging.Logger) -> None:
    stream = attach(logger, "json")

    async def handle(name: str) -> tuple[str, str]:
        request = begin_event("delete", 1, 2)
        await asyncio.to_thread(logger.info, name)
        await asyncio.create_task(asyncio.to_thread(logger.info, name))
        return name, request.id

    ids = dict(await asyncio.gather(handle("one"), handle("two")))
    records = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert len(records) == 4
    assert ids["one"] != ids["two"]
    assert all(record["request"] == ids[record["message"]] for record in records)


def nested(secret: str) -> None:
    try:
        raise KeyError(secret)
    except KeyError as error:
        raise ValueError(f"Bot {secret}") from error


@pytest.mark.parametrize("log_format", FORMATS)
@pytest.mark.parametrize("secret", [TOKEN, OTHER_TOKEN])
@pytest.mark.parametrize("way", ["message", "argument", "traceback", "field", "exception"])
def test_no_way_into_a_record_gives_a_token_away(
    logger: logging.Logger, log_format: LogFormat, secret: str, way: str
) -> None:
    stream = attach(logger, log_format)
    if way == "message":
        logger.warning("headers: {'Authorization': 'Bot " + secret + "'}")
    elif way == "argument":
        logger.warning("%r %s", {"token": secret}, secret.encode())
    elif way == "field":
        logger.warning("see the field", extra={"sent": [secret]})
    else:
        try:
            nested(secret)
        except ValueError as error:
            if way == "traceback":
                logger.exception("it broke")
            else:
                logger.error("it broke: %s", error)  # noqa: TRY400 - the message alone
    written = stream.getvalue()
    assert secret not in written
    assert written.strip()
    if way != "field" or log_format == "json":
        assert "[redacted]" in written


@pytest.mark.parametrize("log_format", FORMATS)
def test_a_record_that_cannot_be_written_says_where_and_not_what(
    logger: logging.Logger, log_format: LogFormat, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = attach(logger, log_format)
    logger.info("%d passages", TOKEN)
    assert "cannot be written (TypeError)" in stream.getvalue()
    assert Path(__file__).name in stream.getvalue()
    assert TOKEN not in stream.getvalue() + "".join(capsys.readouterr())


@pytest.mark.parametrize(
    "address",
    [
        "POST https://discord.com/api/v10/webhooks/12/{}/messages/@original",
        "POST https://discord.com/api/v10/interactions/12/{}/callback",
    ],
)
def test_what_answers_an_interaction_is_taken_out_of_addresses(
    logger: logging.Logger, address: str
) -> None:
    stream = attach(logger, "text")
    token = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4"
    logger.warning("we are being rate limited. %s", address.format(token))
    assert token not in stream.getvalue()
    assert address.format("[redacted]") in stream.getvalue()


@pytest.fixture
def process_logging() -> Iterator[None]:
    """Put back what belongs to the whole process."""
    names = ("", "discord", "alembic")
    levels = {name: logging.getLogger(name).level for name in names}
    handlers = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = handlers
    logging.captureWarnings(capture=False)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.usefixtures("process_logging")
def test_records_of_libraries_are_written_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(
        load_settings(
            {
                "FOOTNOTE_LOG_FORMAT": "json",
                "DISCORD_TOKEN": TOKEN,
                "DATABASE_URL": "postgresql://footnote:open%20sesame@db/footnote",
            }
        )
    )
    logging.getLogger("discord.gateway").info("shard up with %s", TOKEN)
    logging.getLogger("alembic.runtime.migration").warning("connecting with open sesame")
    logging.getLogger("asyncio").error("or %s", "open%20sesame")
    records: list[dict[str, Any]] = [
        json.loads(line) for line in capsys.readouterr().err.splitlines()
    ]
    assert [record["message"] for record in records] == [
        "shard up with [redacted]",
        "connecting with [redacted]",
        "or [redacted]",
    ]


@pytest.mark.usefixtures("process_logging")
def test_the_token_of_a_file_is_a_secret_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    set_up_logging(load_settings({"DISCORD_TOKEN_FILE": str(file)}))
    logging.getLogger("footnote").info("with %s", TOKEN)
    assert capsys.readouterr().err.endswith("INFO    footnote with [redacted]\n")


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(SetupError, match="FOOTNOTE_LOG_FORMAT: Input should be 'text' or 'json'"):
        load_settings({"FOOTNOTE_LOG_FORMAT": "xml"})
