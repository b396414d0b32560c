"""What users do: commands, clicks, forms and messages, each with the bot's reply to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import EllipsisType

from tests.patience import PATIENCE_S

from . import commands
from . import components as walking
from .events import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, chat_json, interaction_json
from .gateway import Gateway
from .limits import CHAT_INPUT
from .options import Form, Upload, Value
from .payloads import EPHEMERAL, Channel, Guild, Json, Scene, User
from .reply import Reply
from .world import World

MESSAGE_MENU = 3

# Where something happens: `...` is the first server, None the user's DM with the bot.
Where = Guild | None | EllipsisType


class Actions:
    """Each action gives its Reply once answered; with `within=None` at once, to wait later."""

    world: World
    gateway: Gateway
    member: User
    moderator: User

    async def slash(
        self,
        name: str,
        options: Mapping[str, Value] | None = None,
        *,
        user: User | None = None,
        guild: Where = ...,
        channel: Channel | None = None,
        locale: str | None = None,
        within: float | None = PATIENCE_S,
    ) -> Reply:
        """Send a slash command, such as "ask" or "index refresh", as it was synced."""
        scene = self._scene(user, guild, channel, locale)
        values = dict(options or {})
        self._keep(value for value in values.values() if isinstance(value, Upload))
        data = self._filled(name, values, scene)
        return await self._interact(f"/{name}", COMMAND, data, scene, within)

    async def autocomplete(
        self,
        name: str,
        option: str,
        typed: str = "",
        options: Mapping[str, Value] | None = None,
        *,
        user: User | None = None,
        guild: Where = ...,
        channel: Channel | None = None,
        locale: str | None = None,
        within: float | None = PATIENCE_S,
    ) -> Reply:
        """Type into an option of a command; the reply has the `choices`."""
        scene = self._scene(user, guild, channel, locale)
        data = self._filled(name, {**(options or {}), option: typed}, scene, typing_at=option)
        label = f"typing {typed!r} in /{name} {option}"
        return await self._interact(label, AUTOCOMPLETE, data, scene, within)

    async def menu(
        self,
        name: str,
        target: Reply | Json,
        *,
        user: User | None = None,
        locale: str | None = None,
        within: float | None = PATIENCE_S,
    ) -> Reply:
        """Choose an app command from the context menu of a message."""
        message = self._current(target)
        scene = self._scene_of(message, user, locale)
        command = commands.find(self._synced(scene.guild), name, MESSAGE_MENU, scene.guild)
        data: Json = {
            "id": command["id"],
            "name": name,
            "type": MESSAGE_MENU,
            "target_id": message["id"],
            "resolved": {"messages": {message["id"]: message}},
        }
        return await self._interact(f"menu {name}", COMMAND, data, scene, within)

    async def click(
        self,
        target: Reply | Json,
        name: str,
        *,
        user: User | None = None,
        values: Sequence[str] | None = None,
        locale: str | None = None,
        within: float | None = PATIENCE_S,
    ) -> Reply:
        """Press the button with this custom_id or label, or choose `values` of that select."""
        message = self._current(target)
        who = user or (target.scene.user if isinstance(target, Reply) else None)
        scene = self._scene_of(message, who, locale)
        invoker = message.get("interaction_metadata", {}).get("user", {}).get("id")
        if message["flags"] & EPHEMERAL and invoker != str(scene.user.id):
            raise LookupError(f"{scene.user.name} cannot see this ephemeral message")
        part = walking.find(message["components"], name)
        if part.get("disabled"):
            raise LookupError(f"{name} is disabled")
        data: Json = {
            "custom_id": part["custom_id"],
            "component_type": part["type"],
            "id": part["id"],
        }
        if values is not None:
            data["values"] = list(values)
        return await self._interact(f"click on {name}", COMPONENT, data, scene, within, message)

    async def submit(
        self,
        opened: Reply,
        values: Mapping[str, str | list[str]],
        within: float | None = PATIENCE_S,
    ) -> Reply:
        """Fill in and send the modal that a reply opened; values go by custom_id."""
        modal = opened.modal
        parts = walking.custom_ids(modal["components"])
        if unknown := set(values) - set(parts):
            raise LookupError(f"the modal has no {sorted(unknown)}; it has {parts}")
        filled = walking.fill_in(modal["components"], dict(values))
        data: Json = {"custom_id": modal["custom_id"], "components": filled}
        label, behind = f"modal {modal['custom_id']}", opened.event.get("message")
        return await self._interact(label, MODAL_SUBMIT, data, opened.scene, within, behind)

    async def message(
        self,
        text: str,
        *,
        author: User | None = None,
        guild: Where = ...,
        channel: Channel | None = None,
        mention: bool = False,
        reply_to: Reply | Json | None = None,
        ping: bool = True,
        uploads: Sequence[Upload] = (),
        within: float | None = PATIENCE_S,
    ) -> Reply:
        """Write a message; `mention` puts the bot's mention in front of it."""
        scene = self._scene(author, guild, channel, None)
        quoted = None if reply_to is None else self._current(reply_to)
        if quoted is not None:
            scene = self._scene_of(quoted, author, None)
        self._keep(uploads)
        event = chat_json(
            self.world,
            f"<@{self.world.bot.id}> {text}" if mention else text,
            scene,
            uploads=uploads,
            reply_to=quoted,
            ping=ping,
        )
        self.world.messages[event["id"]] = event
        reply = Reply(f"message {text!r}", event, scene, self.world.signal)
        self.world.chats.append(reply)
        return await self._send("MESSAGE_CREATE", reply, within)

    def _scene(
        self, user: User | None, guild: Where, channel: Channel | None, locale: str | None
    ) -> Scene:
        who = user or self.member
        where = self.world.guilds[0] if isinstance(guild, EllipsisType) else guild
        room = channel or (self.world.dm(who) if where is None else where.channels[0])
        return Scene(who, where, room, locale or who.locale)

    def _scene_of(self, message: Json, user: User | None, locale: str | None) -> Scene:
        channel, guild = self.world.place(message["channel_id"])
        who = user or channel.recipient or self.member
        return Scene(who, guild, channel, locale or who.locale)

    def _current(self, target: Reply | Json) -> Json:
        message = target.message if isinstance(target, Reply) else target
        return self.world.messages[message["id"]]

    def _keep(self, uploads: Iterable[Upload]) -> None:
        self.world.uploads.update({upload.id: upload for upload in uploads})

    def _synced(self, guild: Guild | None) -> list[Json]:
        # A server's own command hides a global one of the same name, so it is found first.
        own = [] if guild is None else self.world.commands.get(guild.id, [])
        return [*own, *self.world.commands.get(None, [])]

    def _filled(
        self, name: str, values: Mapping[str, Value], scene: Scene, typing_at: str | None = None
    ) -> Json:
        first, *path = name.split()
        command = commands.find(self._synced(scene.guild), first, CHAT_INPUT, scene.guild)
        return Form(scene.guild, self.world.base_url).fill(command, path, values, typing_at)

    async def _interact(
        self,
        label: str,
        kind: int,
        data: Json,
        scene: Scene,
        within: float | None,
        message: Json | None = None,
    ) -> Reply:
        event = interaction_json(self.world, kind, data, scene, message)
        reply = Reply(label, event, scene, self.world.signal)
        self.world.replies[event["token"]] = reply
        return await self._send("INTERACTION_CREATE", reply, within)

    async def _send(self, event: str, reply: Reply, within: float | None) -> Reply:
        if not self.gateway.sessions:
            raise RuntimeError(f"no bot has a gateway session, so {reply.label} cannot reach one")
        await self.gateway.dispatch(event, reply.event)
        return reply if within is None else await reply.wait(within)
