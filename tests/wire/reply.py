"""What the bot answered to one thing a user did."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.patience import PATIENCE_S

from . import components as walking
from .payloads import EPHEMERAL, Json, Scene
from .waiting import Signal

Kind = Literal["callback", "followup", "edit", "delete", "post"]

# Callback types after which the bot still owes the user something.
MESSAGE, THINKING, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
_PROMISES = (THINKING, DEFERRED_UPDATE)


@dataclass(frozen=True)
class File:
    """A file that the bot sent."""

    name: str
    data: bytes
    content_type: str


@dataclass(frozen=True)
class Response:
    """One request of the bot that answers; `message` is what then stands in Discord."""

    kind: Kind
    payload: Json
    files: list[File]
    at: float
    message: Json | None


@dataclass(repr=False)
class Reply:
    """All that the bot answered to one interaction or message, as it arrives."""

    label: str
    event: Json
    scene: Scene
    signal: Signal
    responses: list[Response] = field(default_factory=list)
    typing: bool = False
    original: Json | None = None
    dispatched_at: float = field(default_factory=time.monotonic)
    called_back_at: float | None = None

    def __repr__(self) -> str:
        return f"<Reply: {self._explain()}>"

    async def wait(self, within: float = PATIENCE_S) -> Reply:
        """Wait until the user sees the answer: a deferral alone is none."""
        await self.until(lambda: self.answered, within)
        return self

    async def wait_callback(self, within: float = PATIENCE_S) -> Reply:
        """Wait for the first response of any kind."""
        await self.until(lambda: self.responses, within)
        return self

    async def until(self, condition: Callable[[], object], within: float = PATIENCE_S) -> None:
        """Wait for anything else about this reply, such as a second follow-up."""
        await self.signal.until(condition, within, self._explain)

    @property
    def answered(self) -> bool:
        """Whether the bot has kept what its callback promised."""
        pending = self.callback_type in _PROMISES
        return len(self.responses) > 1 if pending else bool(self.responses)

    @property
    def callback_type(self) -> int | None:
        """The type of the interaction's callback; None before it came, and for a message."""
        payload = self._callback
        return None if payload is None else int(payload["type"])

    @property
    def latency(self) -> float:
        """Seconds from the event to the first try at a callback (a message: the first answer)."""
        if self.called_back_at is None:
            raise LookupError(self._explain())
        return self.called_back_at - self.dispatched_at

    @property
    def messages(self) -> list[Json]:
        """The messages of this answer as they now stand, the first response first."""
        latest: dict[str, Json] = {}
        for response in self.responses:
            if response.message is not None:
                latest[response.message["id"]] = response.message
                if response.kind == "delete":
                    del latest[response.message["id"]]
        return list(latest.values())

    @property
    def message(self) -> Json:
        """The first message of the answer, as it now stands."""
        if not self.messages:
            raise LookupError(self._explain())
        return self.messages[0]

    @property
    def flags(self) -> int:
        """The flags of the first message."""
        return int(self.message["flags"])

    @property
    def ephemeral(self) -> bool:
        """Whether only the user sees the answer."""
        return bool(self.flags & EPHEMERAL)

    @property
    def components(self) -> list[Json]:
        """The components of all messages of the answer."""
        return [part for message in self.messages for part in message["components"]]

    @property
    def texts(self) -> list[str]:
        """Every piece of text the user can read in the answer."""
        found: list[str] = []
        for message in self.messages:
            found += [message["content"]] if message["content"] else []
            for embed in message["embeds"]:
                found += [str(embed[key]) for key in ("title", "description") if embed.get(key)]
            found += walking.texts(message["components"])
        return found

    @property
    def text(self) -> str:
        """The texts, a line each."""
        return "\n".join(self.texts)

    @property
    def files(self) -> list[File]:
        """The files the bot sent along."""
        return [file for response in self.responses for file in response.files]

    @property
    def choices(self) -> list[Json]:
        """The choices of an autocomplete answer."""
        return list(self._data(CHOICES).get("choices", []))

    @property
    def modal(self) -> Json:
        """The modal that the bot opened."""
        return self._data(MODAL)

    def add(self, response: Response) -> None:
        """Note a response and wake those who wait for it."""
        self.responses.append(response)
        if self.called_back_at is None:
            self.called_back_at = response.at
        self.signal.notify()

    @property
    def _callback(self) -> Json | None:
        return next((r.payload for r in self.responses if r.kind == "callback"), None)

    def _data(self, callback_type: int) -> dict[str, Any]:
        payload = self._callback
        if payload is None or payload["type"] != callback_type:
            raise LookupError(f"no callback of type {callback_type}; {self._explain()}")
        return dict(payload["data"])

    def _explain(self) -> str:
        if not self.responses:
            return f"the bot has not answered {self.label}"
        seen = ", ".join(
            f"{r.kind} after {r.at - self.dispatched_at:.2f} s" for r in self.responses
        )
        return f"{self.label} was answered with {seen} (callback type {self.callback_type})"
