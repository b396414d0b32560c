"""The events that users cause: interactions and messages, as the gateway delivers them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from .options import Upload
from .payloads import UPLOAD_LIMIT, Json, Scene, message_json, snowflake
from .world import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
SERVER, BOT_DM = 0, 1


def interaction_json(
    world: World,
    kind: int,
    data: Json,
    scene: Scene,
    message: Json | None = None,
) -> Json:
    """An INTERACTION_CREATE with every key that Discord documents for it."""
    user, guild, channel = scene.user, scene.guild, scene.channel
    base: Json = {
        "id": str(snowflake()),
        "application_id": str(world.bot.id),
        "type": kind,
        "token": uuid.uuid4().hex,
        "version": 1,
        "data": data,
        "channel_id": str(channel.id),
        "locale": scene.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": UPLOAD_LIMIT,
    }
    if message is not None:
        base["message"] = message
    if guild is None:
        # A DM with the bot has no permissions to speak of: Discord grants the usual ones.
        return base | {
            "user": user.json(),
            "channel": channel.json(),
            "context": BOT_DM,
            "app_permissions": str(int(world.guilds[0].roles[0].permissions)),
            "authorizing_integration_owners": {"0": "0"},
        }
    permissions = str(int(guild.permissions(user)))
    return base | {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "guild_locale": guild.locale,
        "member": guild.member_json(user) | {"permissions": permissions},
        "channel": channel.json(guild_id=str(guild.id), permissions=permissions),
        "context": SERVER,
        "app_permissions": str(int(guild.permissions(world.bot))),
        "authorizing_integration_owners": {"0": str(guild.id)},
    }


def chat_json(
    world: World,
    text: str,
    scene: Scene,
    *,
    uploads: Sequence[Upload] = (),
    reply_to: Json | None = None,
    ping: bool = True,
) -> Json:
    """A user's message; a reply pings the author it replies to unless `ping` is off."""
    author, guild = scene.user, scene.guild
    pinged = {user.id: user for user in world.users() if f"<@{user.id}>" in text}
    more: Json = {}
    if reply_to is not None:
        reference = {key: reply_to[key] for key in ("channel_id", "guild_id") if key in reply_to}
        more = {
            "type": 19,
            "message_reference": {"type": 0, "message_id": reply_to["id"], **reference},
            "referenced_message": reply_to,
        }
        # Discord does not ping the bot when its answer to an interaction is replied to.
        if ping and "interaction_metadata" not in reply_to:
            pinged |= {u.id: u for u in world.users() if str(u.id) == reply_to["author"]["id"]}
    mentions = [user.json() for user in pinged.values()]
    if guild is not None:
        more["member"] = guild.member_json(author, with_user=False)
        for mention, user in zip(mentions, pinged.values(), strict=True):
            mention["member"] = guild.member_json(user, with_user=False)
    for upload in uploads:
        world.uploads[upload.id] = upload
    return message_json(
        author.json(),
        scene.channel,
        guild,
        content=text,
        mentions=mentions,
        attachments=[upload.json(world.base_url) for upload in uploads],
        **more,
    )
