"""Answers to interactions: the callback, the original message and follow-ups."""

from __future__ import annotations

from .gateway import Gateway
from .limits import DiscordError, check_choices
from .payloads import EPHEMERAL, LOADING, Json
from .recording import Request
from .reply import CHOICES, DEFERRED_UPDATE, MESSAGE, MODAL, THINKING, UPDATE, Kind, Reply
from .world import World

_ON_COMPONENTS_ONLY = (DEFERRED_UPDATE, UPDATE)
_COMPONENT, _AUTOCOMPLETE, _MODAL_SUBMIT = 3, 4, 5

Answer = tuple[int, object]

DISCORDS_S = 3.0
"""So long Discord itself waits for a first response."""


class Interactions:
    """The routes under /interactions and /webhooks."""

    def __init__(self, world: World, gateway: Gateway, deadline: float) -> None:
        self.world = world
        self.gateway = gateway
        self.deadline = deadline

    async def callback(self, request: Request, interaction_id: str, token: str) -> Answer:
        """The first response, which must come once and in time."""
        reply = self.world.replies.get(token)
        if reply is None or reply.event["id"] != interaction_id:
            raise DiscordError(404, 10062, "Unknown interaction")
        if reply.callback_type is not None:
            raise DiscordError(400, 40060, "Interaction has already been acknowledged.")
        if reply.called_back_at is None:
            reply.called_back_at = request.received
        if request.received - reply.dispatched_at > self.deadline:
            raise DiscordError(404, 10062, "Unknown interaction")
        kind, data = request.form["type"], request.form.get("data") or {}
        message = await self._apply(reply, kind, data, request)
        self._note(reply, "callback", request, message)
        if request.query.get("with_response") not in ("1", "true"):
            return 204, None
        interaction: Json = {"id": interaction_id, "type": reply.event["type"]}
        answer: Json = {"interaction": interaction}
        if message is not None:
            interaction["response_message_id"] = message["id"]
            interaction["response_message_loading"] = bool(message["flags"] & LOADING)
            interaction["response_message_ephemeral"] = bool(message["flags"] & EPHEMERAL)
        if kind in (MESSAGE, UPDATE):
            answer["resource"] = {"type": kind, "message": message}
        return 200, answer

    async def _apply(self, reply: Reply, kind: int, data: Json, request: Request) -> Json | None:
        asked = reply.event["type"]
        clicked = reply.event.get("message")
        if (kind == CHOICES) != (asked == _AUTOCOMPLETE):
            raise DiscordError(400, 50035, f"Callback type {kind} does not answer this")
        if kind in _ON_COMPONENTS_ONLY:
            if clicked is None:
                raise DiscordError(400, 50035, f"Callback type {kind} needs a message to update")
            reply.original = shown = self.world.message(clicked["id"])
            if kind == DEFERRED_UPDATE:
                return None
            await self._edit(shown, data, request)
            return shown
        if kind in (MESSAGE, THINKING):
            reply.original = await self._create(reply, data, request, loading=kind == THINKING)
            return reply.original
        if kind == CHOICES:
            check_choices(data["choices"])
        elif kind != MODAL or asked == _MODAL_SUBMIT:
            raise DiscordError(400, 50035, f"Callback type {kind} does not answer this")
        return None

    async def follow_up(self, request: Request, _app_id: str, token: str) -> Answer:
        """A further message; the first one after a deferral takes the place of the deferral."""
        reply = self._acknowledged(token)
        if reply.original is not None and reply.original["flags"] & LOADING:
            message = reply.original
            await self._edit(message, request.form, request)
        else:
            message = await self._create(reply, request.form, request)
        self._note(reply, "followup", request, message)
        return (200, message) if request.query.get("wait") in ("1", "true") else (204, None)

    async def get(self, _request: Request, _app_id: str, token: str, message_id: str) -> Answer:
        """One message of the answer."""
        return 200, self._message(self._acknowledged(token), message_id)

    async def edit(self, request: Request, _app_id: str, token: str, message_id: str) -> Answer:
        """Change a message of the answer."""
        reply = self._acknowledged(token)
        message = self._message(reply, message_id)
        await self._edit(message, request.form, request)
        self._note(reply, "edit", request, message)
        return 200, message

    async def delete(self, request: Request, _app_id: str, token: str, message_id: str) -> Answer:
        """Take a message of the answer away."""
        reply = self._acknowledged(token)
        message = self._message(reply, message_id)
        gone = self.world.delete(message)
        self._note(reply, "delete", request, message)
        if not message["flags"] & EPHEMERAL:
            await self.gateway.dispatch("MESSAGE_DELETE", gone)
        return 204, None

    def _acknowledged(self, token: str) -> Reply:
        reply = self.world.replies.get(token)
        if reply is None or reply.callback_type is None:
            raise DiscordError(404, 10015, "Unknown Webhook")
        return reply

    def _message(self, reply: Reply, message_id: str) -> Json:
        if message_id == "@original":
            if reply.original is None or reply.original["id"] not in self.world.messages:
                raise DiscordError(404, 10008, "Unknown Message")
            return reply.original
        return self.world.message(message_id)

    async def _create(
        self, reply: Reply, data: Json, request: Request, *, loading: bool = False
    ) -> Json:
        message = self.world.create(
            reply.scene.channel,
            reply.scene.guild,
            data,
            request.files,
            flags=LOADING if loading else 0,
            **self.world.interaction_extras(reply),
        )
        if not message["flags"] & EPHEMERAL:
            await self.gateway.dispatch("MESSAGE_CREATE", message)
        return message

    async def _edit(self, message: Json, data: Json, request: Request) -> None:
        self.world.edit(message, data, request.files)
        if not message["flags"] & EPHEMERAL:
            await self.gateway.dispatch("MESSAGE_UPDATE", message)

    def _note(self, reply: Reply, kind: Kind, request: Request, message: Json | None) -> None:
        self.world.note(
            reply,
            kind,
            message,
            payload=request.form,
            files=request.files,
            at=request.received,
        )
