"""Every request as it came in, and what tests let go wrong with the answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import BodyPartReader, web

from .payloads import Json
from .reply import File

# Errors of Discord's by their code: HTTP status and message.
ERRORS = {
    10003: (404, "Unknown Channel"),
    10008: (404, "Unknown Message"),
    10062: (404, "Unknown interaction"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50041: (400, "Invalid API version provided."),
}

Cut = Literal["at once", "halfway"]
"""Where the connection breaks: before the answer, or within its body."""


@dataclass
class Request:
    """One request to the REST API; `path` is what follows /api/v10."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    json: Any
    files: list[File]
    received: float
    status: int = 0

    @property
    def form(self) -> Json:
        """The JSON body as an object, empty when there was none."""
        return self.json if isinstance(self.json, dict) else {}


@dataclass
class Fault:
    """What goes wrong with the answers to some requests, a number of times.

    Without a `status` the real answer is given. A request that `arrives` is done all the same.
    Without a `method` any is meant, and `lot` draws which of the requests it befalls.
    """

    method: str
    path: re.Pattern[str]
    times: int
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json | str = ""
    arrives: bool = False
    delay_s: float = 0.0
    cut: Cut | None = None
    lot: Callable[[], bool] = lambda: True

    def takes(self, request: Request) -> bool:
        """Whether this request gets the injected answer, which uses one of them up."""
        if not self.times or self.method not in ("", request.method):
            return False
        if not self.path.search(request.path) or not self.lot():
            return False
        self.times -= 1
        return True


@dataclass
class Faults:
    """The faults that are still to come."""

    pending: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> Fault:
        """Plan a fault."""
        self.pending.append(fault)
        return fault

    def add_answer(
        self,
        method: str,
        path_regex: str,
        status: int,
        headers: Mapping[str, str] | None,
        body: Json | str | None,
        times: int,
        *,
        arrives: bool,
    ) -> Fault:
        """Plan an answer; headers and body default to what Discord sends with that status."""
        if headers is None:
            # discord.py takes a 429 without Via for a ban by the proxy and does not retry it.
            headers = {"Via": "1.1 google", "Retry-After": "1"} if status == 429 else {}
        if body is None:
            body = {"message": f"{status}: injected by the test", "code": 0}
            if status == 429:
                body |= {"retry_after": 0.05, "global": False}
        path = re.compile(path_regex)
        return self.add(Fault(method.upper(), path, times, status, headers, body, arrives))

    def take(self, request: Request) -> Fault | None:
        """The fault of this request, if one was planned."""
        return next((fault for fault in self.pending if fault.takes(request)), None)


async def read(request: web.Request, prefix: str, received: float) -> Request:
    """Read a request whole: JSON, or multipart with its payload_json and files."""
    body: Any = None
    files: list[File] = []
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            data = bytes(await part.read(decode=True))
            if part.name == "payload_json":
                body = json.loads(data)
            else:
                kind = part.headers.get("Content-Type", "application/octet-stream")
                files.append(File(part.filename or "", data, kind))
    elif request.can_read_body:
        body = json.loads(await request.read())
    return Request(
        method=request.method,
        path=request.path.removeprefix(prefix),
        query=dict(request.query),
        headers=request.headers,
        json=body,
        files=files,
        received=received,
    )
