"""What the stand-in remembers: accounts, servers, commands, messages and open interactions."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from . import components as walking
from .limits import DiscordError, check_message
from .options import Upload
from .payloads import (
    EPHEMERAL,
    LOADING,
    Channel,
    Guild,
    Json,
    User,
    message_json,
    now,
)
from .reply import File, Kind, Reply, Response
from .waiting import Signal

# What a bot may put into a message: the rest of its payload says how to send it.
_CONTENT = {"content": "", "embeds": [], "components": []}


@dataclass
class World:
    """The state that the REST side, the gateway and the users' actions share."""

    bot: User
    guilds: Sequence[Guild]
    signal: Signal = field(default_factory=Signal)
    base_url: str = ""
    commands: dict[int | None, list[Json]] = field(default_factory=dict)
    dms: dict[int, Channel] = field(default_factory=dict)
    messages: dict[str, Json] = field(default_factory=dict)
    posts: list[Json] = field(default_factory=list)
    replies: dict[str, Reply] = field(default_factory=dict)
    chats: list[Reply] = field(default_factory=list)
    uploads: dict[int, Upload] = field(default_factory=dict)

    def dm(self, user: User) -> Channel:
        """The DM channel of a user with the bot."""
        return self.dms.setdefault(user.id, Channel("dm", recipient=user))

    def users(self) -> Iterable[User]:
        """Everybody in any of the servers, the bot included."""
        return {user.id: user for guild in self.guilds for user in guild.members}.values()

    def place(self, channel_id: str | int) -> tuple[Channel, Guild | None]:
        """The channel with this id and its server, if it has one."""
        for guild in self.guilds:
            for channel in guild.channels:
                if channel.id == int(channel_id):
                    return channel, guild
        for channel in self.dms.values():
            if channel.id == int(channel_id):
                return channel, None
        raise DiscordError(404, 10003, "Unknown Channel")

    def message(self, message_id: str) -> Json:
        """The message with this id."""
        if message_id not in self.messages:
            raise DiscordError(404, 10008, "Unknown Message")
        return self.messages[message_id]

    def create(
        self,
        channel: Channel,
        guild: Guild | None,
        payload: Json,
        files: list[File],
        *,
        flags: int = 0,
        **more: object,
    ) -> Json:
        """A new message of the bot; `flags` are those that the circumstances add."""
        message = message_json(self.bot.json(), channel, guild, **more)
        message["flags"] = flags
        if guild is not None:
            message["member"] = guild.member_json(self.bot, with_user=False)
        self._write(message, payload, files)
        self.messages[message["id"]] = message
        return message

    def edit(self, message: Json, payload: Json, files: list[File]) -> None:
        """Change a message in place; whether it is ephemeral was settled when it was sent."""
        # Written to a copy first, so that a refused edit leaves the message as it was.
        draft = copy.deepcopy(message)
        draft["flags"] &= ~LOADING
        draft["edited_timestamp"] = now()
        self._write(draft, payload | {"flags": (payload.get("flags") or 0) & ~EPHEMERAL}, files)
        message.update(draft)

    def delete(self, message: Json) -> Json:
        """Forget a message, and give the event that tells so."""
        self.messages.pop(message["id"], None)
        return {key: message[key] for key in ("id", "channel_id", "guild_id") if key in message}

    def forget(self, reply: Reply) -> None:
        """Forget an interaction and the messages that answer it."""
        self.replies.pop(reply.event["token"], None)
        for message in reply.messages:
            self.messages.pop(message["id"], None)

    def interaction_extras(self, reply: Reply) -> Json:
        """The keys that a message has because it answers an interaction."""
        return {
            "webhook_id": str(self.bot.id),
            "application_id": str(self.bot.id),
            "interaction_metadata": {
                "id": reply.event["id"],
                "type": reply.event["type"],
                "user": reply.scene.user.json(),
                "authorizing_integration_owners": reply.event["authorizing_integration_owners"],
            },
        }

    def owner_of(self, message: Json) -> Reply | None:
        """Whom a channel message answers: the message it refers to, else the channel's last one."""
        reference = (message.get("message_reference") or {}).get("message_id")
        for reply in reversed(self.chats):
            if reply.scene.channel.id != int(message["channel_id"]):
                continue
            if reference is None or reply.event["id"] == reference:
                return reply
        return None

    def shown_by(self, message_id: str) -> Reply | None:
        """The reply that already shows this message."""
        for reply in [*self.chats, *self.replies.values()]:
            if any(message["id"] == message_id for message in reply.messages):
                return reply
        return None

    def note(
        self,
        reply: Reply | None,
        kind: Kind,
        message: Json | None,
        *,
        payload: Json,
        files: list[File],
        at: float,
    ) -> None:
        """Add a response to the reply it belongs to, with the message as it stands now."""
        if reply is not None:
            reply.add(Response(kind, payload, files, at, copy.deepcopy(message)))

    def _write(self, message: Json, payload: Json, files: list[File]) -> None:
        for key, empty in _CONTENT.items():
            if key in payload:
                message[key] = copy.deepcopy(payload[key]) or empty
        message["flags"] |= int(payload.get("flags") or 0)
        if "attachments" in payload or files:
            kept = {str(entry["id"]) for entry in payload.get("attachments") or []}
            old = [entry for entry in message["attachments"] if entry["id"] in kept]
            message["attachments"] = old + [self._attach(file) for file in files]
        walking.number(message["components"])
        if not message["flags"] & LOADING:
            check_message(message)

    def _attach(self, file: File) -> Json:
        upload = Upload(file.name, file.data, file.content_type)
        self.uploads[upload.id] = upload
        return upload.json(self.base_url)
