"""The small world the stand-in pretends to be, and its JSON as Discord's API would write it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntFlag
from typing import Any

Json = dict[str, Any]

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAwMQ.stand.in-of-discord-never-a-real-token"
UPLOAD_LIMIT = 10 * 1024 * 1024

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15

TEXT_CHANNEL, DM_CHANNEL = 0, 1

_DISCORD_EPOCH_MS = 1_420_070_400_000
_increments = itertools.count()


class Permission(IntFlag):
    """The permission bits that the stand-in's roles use."""

    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31


EVERYONE = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
)


def snowflake() -> int:
    """A new id that carries the present moment, because clients read an object's age from it."""
    moment = int(time.time() * 1000) - _DISCORD_EPOCH_MS
    return (moment << 22) | (next(_increments) & 0x3FFFFF)


def now() -> str:
    """The present moment as Discord writes it."""
    return datetime.now(UTC).isoformat()


@dataclass(frozen=True)
class User:
    """A Discord account; `locale` is the language its client is set to."""

    name: str
    locale: str = "en-US"
    bot: bool = False
    id: int = field(default_factory=snowflake)

    def json(self) -> Json:
        """The user object."""
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": None if self.bot else self.name.title(),
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(frozen=True)
class Role:
    """A role of a server and what it allows."""

    name: str
    permissions: Permission
    id: int = field(default_factory=snowflake)

    def json(self, position: int = 0) -> Json:
        """The role object."""
        return {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(int(self.permissions)),
            "position": position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }


@dataclass(frozen=True)
class Channel:
    """A text channel of a server, or with a `recipient` the DM channel of that user."""

    name: str
    recipient: User | None = None
    id: int = field(default_factory=snowflake)

    def json(self, **more: Any) -> Json:
        """The channel object."""
        if self.recipient is not None:
            return {
                "id": str(self.id),
                "type": DM_CHANNEL,
                "recipients": [self.recipient.json()],
                "last_message_id": None,
                "flags": 0,
            }
        return {
            "id": str(self.id),
            "type": TEXT_CHANNEL,
            "name": self.name,
            "topic": None,
            "position": 0,
            "nsfw": False,
            "parent_id": None,
            "last_message_id": None,
            "rate_limit_per_user": 0,
            "permission_overwrites": [],
            "flags": 0,
            **more,
        }


@dataclass(frozen=True)
class Guild:
    """A server: its roles (@everyone shares its id), channels and members with their roles."""

    name: str
    id: int
    owner_id: int
    roles: Sequence[Role]
    channels: Sequence[Channel]
    members: Mapping[User, Sequence[Role]]
    locale: str = "en-US"

    def permissions(self, user: User) -> Permission:
        """What a member may do: the union of its roles, or nothing for a stranger."""
        if user not in self.members:
            return Permission(0)
        allowed = self.roles[0].permissions
        for role in self.members[user]:
            allowed |= role.permissions
        return allowed

    def member_json(self, user: User, *, with_user: bool = True) -> Json:
        """The member object; without its user as it stands inside a message."""
        if user not in self.members:
            raise LookupError(f"{user.name} is not a member of {self.name}")
        member: Json = {
            "nick": None,
            "avatar": None,
            "banner": None,
            "roles": [str(role.id) for role in self.members[user]],
            "joined_at": now(),
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "communication_disabled_until": None,
            "flags": 0,
        }
        return member | {"user": user.json()} if with_user else member

    def json(self) -> Json:
        """The guild object of a GUILD_CREATE event."""
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "owner_id": str(self.owner_id),
            "unavailable": False,
            "large": False,
            "member_count": len(self.members),
            "joined_at": now(),
            "preferred_locale": self.locale,
            "features": [],
            "verification_level": 0,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "afk_timeout": 300,
            "system_channel_flags": 0,
            "roles": [role.json(position) for position, role in enumerate(self.roles)],
            "channels": [channel.json() for channel in self.channels],
            "members": [self.member_json(user) for user in self.members],
            "emojis": [],
            "stickers": [],
            "threads": [],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }


@dataclass(frozen=True)
class Scene:
    """Who does something where; without a server it is the user's DM with the bot."""

    user: User
    guild: Guild | None
    channel: Channel
    locale: str


def make_guild(
    name: str, *, bot: User, member: User, moderator: User, people: Sequence[User] = ()
) -> Guild:
    """A server of the usual kind: none of them owns it, and the moderator may manage it."""
    everyone = Role("@everyone", EVERYONE)
    moderators = Role("Moderators", Permission.MANAGE_GUILD)
    owner = User("owner")
    return Guild(
        name=name,
        id=everyone.id,
        owner_id=owner.id,
        roles=[everyone, moderators],
        channels=[Channel("general")],
        members={
            bot: [],
            owner: [],
            member: [],
            moderator: [moderators],
            **{person: [] for person in people},
        },
    )


def message_json(author: Json, channel: Channel, guild: Guild | None, **more: Any) -> Json:
    """A message object with every key a client may expect; `more` fills in the rest."""
    message: Json = {
        "id": str(snowflake()),
        "type": 0,
        "channel_id": str(channel.id),
        "channel_type": TEXT_CHANNEL if channel.recipient is None else DM_CHANNEL,
        "author": author,
        "content": "",
        "timestamp": now(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "flags": 0,
    }
    if guild is not None:
        message["guild_id"] = str(guild.id)
    return message | more


def application_json(bot: User, owner: User) -> Json:
    """The application object of GET /oauth2/applications/@me."""
    return {
        "id": str(bot.id),
        "name": bot.name,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": owner.json(),
        "team": None,
        "verify_key": "0" * 64,
        "flags": 0,
        "integration_types_config": {"0": {}},
    }
