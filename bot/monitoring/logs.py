"""Logs to standard error: text or JSON, each record with its request, none with a secret."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Sequence
from typing import TextIO

import discord
from pythonjsonlogger.json import JsonFormatter

from bot.interactions.tracking import current_id
from bot.interactions.trouble import OneLine
from bot.settings.settings import LogFormat, Settings

__all__ = ["log_handler", "set_up_logging"]

_DISCORD_LOGGERS = (
    "discord.client",
    "discord.app_commands.tree",
    "discord.ui.view",
    "footnote.failures",
)
"""The loggers that tell what went wrong with Discord: of its own bad days a line is enough."""
REDACTED = "[redacted]"
_ANY_TOKEN = re.compile(r"[\w-]{23,30}\.[\w-]{6,7}\.[\w-]{27,}")
"""What Discord's bot tokens look like: an earlier one, or another bot's, is nobody's to read."""
_WEBHOOK_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w%.-]{20,}")
"""In the addresses that discord.py logs; whoever has it may answer in the bot's name."""


class _NameRequest(logging.Filter):
    """Gives each record the id of the request that it was made for, None outside of any.

    On the handler, since those of loggers do not see the records of the loggers below them.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = current_id()
        return True


class _TextFormatter(logging.Formatter):
    """A line a record, and the traceback below it."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname:<7} {name} {request_shown}{message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        record.request_shown = f"[{request}] " if request else ""
        return super().format(record)


class _Redacting(logging.Formatter):
    """Takes secrets out of what another formatter made: message, fields and traceback alike."""

    def __init__(self, inner: logging.Formatter, secrets: Sequence[str]) -> None:
        super().__init__()
        self._inner = inner
        bare = [secret for secret in secrets if secret]
        # In JSON a secret with a quotation mark or a backslash stands escaped.
        self._secrets = [*bare, *(json.dumps(secret, ensure_ascii=False)[1:-1] for secret in bare)]

    def format(self, record: logging.LogRecord) -> str:
        try:
            text = self._inner.format(record)
        except Exception as error:  # noqa: BLE001 - logging would print the arguments as they are
            place = f"{record.pathname}:{record.lineno}"
            substitute = logging.makeLogRecord(
                {
                    "name": record.name,
                    "levelno": record.levelno,
                    "levelname": record.levelname,
                    "msg": f"a record that cannot be written ({type(error).__name__}), of {place}",
                    "request": getattr(record, "request", None),
                }
            )
            text = self._inner.format(substitute)
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        text = _WEBHOOK_TOKEN.sub(rf"\g<1>{REDACTED}", text)
        return _ANY_TOKEN.sub(REDACTED, text)


def log_handler(
    log_format: LogFormat, secrets: Sequence[str] = (), stream: TextIO | None = None
) -> logging.Handler:
    """A handler that writes records to `stream`, by default standard error, without `secrets`.

    JSON is an object a line: `time` (ISO 8601, UTC), `level`, `logger`, `message`, `request`,
    `exc_info` with the traceback, and the fields of its own that a record has.
    """
    handler = logging.StreamHandler(sys.stderr if stream is None else stream)
    inner: logging.Formatter
    if log_format == "json":
        inner = JsonFormatter(
            ["levelname", "name", "message"],
            timestamp="time",
            rename_fields={"levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
        )
    else:
        inner = _TextFormatter()
    handler.setFormatter(_Redacting(inner, secrets))
    handler.addFilter(_NameRequest())
    return handler


def set_up_logging(settings: Settings) -> None:
    """Log to standard error, with the records of discord.py and all other libraries among ours."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    root = logging.getLogger()
    root.addHandler(log_handler(settings.log_format, settings.secrets()))
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    # A bot without voice needs no library for it, and Alembic tells each start what it is.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    logging.getLogger("alembic").setLevel(max(level, logging.WARNING))
    # Below INFO, discord.py writes down whole messages, and with them what people ask.
    logging.getLogger("discord").setLevel(max(level, logging.INFO))
    for name in _DISCORD_LOGGERS:
        logging.getLogger(name).addFilter(OneLine())
