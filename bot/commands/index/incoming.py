"""A file that a moderator hands in, or has fetched: understood, compared, published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import discord

from bot.cards.reports import report_card
from bot.cards.waiting import turn_words
from bot.interactions.app import App
from bot.interactions.origin import person_of
from bot.interactions.tracking import telling
from bot.interactions.trouble import fetch
from bot.libraries.places import Place
from bot.libraries.rules import (
    all_but,
    check_free,
    check_new,
    check_passages,
    check_room,
    find_source,
    in_its_place,
    taken_ids,
    twin_of,
)
from bot.store import Action
from bot.store.errors import RevisionConflictError
from bot.uploads.reading_child import ReadUpload
from index.documents.corpus import Source
from index.documents.differences import DocumentDifference

__all__ = ["Delivery", "HandedFile", "IncomingFile", "Replacement", "Understood"]


class Delivery(Protocol):
    """Where a file comes from, and what is done once it is a document."""

    async def take(self) -> tuple[str, bytes]:
        """Its name and its bytes."""

    async def published(self, place: Place, document: str) -> None:
        """It is now that document of the server's."""


class HandedFile:
    """A file that was sent in Discord; the document that it becomes follows no address."""

    def __init__(self, app: App, file: discord.Attachment) -> None:
        self._app, self._file = app, file

    async def take(self) -> tuple[str, bytes]:
        """Raises NotFetchedError."""
        return self._file.filename, await fetch(self._file)

    async def published(self, place: Place, document: str) -> None:
        """A page would write over it."""
        await self._app.follower.unfollow(place, document)


@dataclass(frozen=True, slots=True)
class Replacement:
    """An upload in the place of a document, `old`, as it is at a revision, and the difference."""

    upload: ReadUpload
    old: Source
    revision: int
    difference: DocumentDifference


@dataclass(frozen=True, slots=True)
class Understood:
    """What was read of a file, and what it would be in the place of a document that is there.

    `is_asked` is True where nobody said that it replaces that one, and they are asked.
    """

    upload: ReadUpload
    replacement: Replacement | None = None
    is_asked: bool = False


class IncomingFile:
    """A file for the library of a server, to be added to it, or to replace one of its documents."""

    def __init__(self, app: App, place: Place, delivery: Delivery, replaces: str | None) -> None:
        """`replaces` is the id in the store of the document that it is said to replace."""
        self.content = b""
        self._name = ""
        self._app = app
        self._place = place
        self._delivery = delivery
        self._replaces = replaces

    @property
    def server(self) -> int:
        return self._place.server

    async def understand(self, given: Mapping[str, Any]) -> Understood:
        """Read it when its turn comes, with what is `given` of it, and find what it replaces.

        Raises CorpusError, LimitReachedError, UnknownDocumentError, NoTurnLeftError.
        """
        turn = self._app.uploads.join(self.server)
        with telling(lambda: turn_words(turn.before)):
            async with turn:
                if not self.content:
                    self._name, self.content = await self._delivery.take()
                return await self._understand(given)

    async def publish(
        self, press: discord.Interaction, understood: Understood, *, beside: bool
    ) -> discord.ui.LayoutView:
        """Publish it as it was shown: in the place of what it replaces, or `beside` all others."""
        replacement = None if beside else understood.replacement
        place, publisher = self._place, self._app.publisher
        number = self._app.librarian.number(place)
        sources = await publisher.documents(place)
        if replacement is None:
            check_room(len(sources), self._app.limits.max_server_documents)
            check_new(self.content, sources)
            check_free(understood.upload.spec.id, self._taken_ids(sources))
            await self._check_passages(understood.upload)
            made = [*sources, understood.upload.source(self.content)]
        else:
            if replacement.old not in sources:
                raise RevisionConflictError(replacement.revision, number)
            await self._check_passages(replacement.upload, replacement.old.spec.id)
            made = in_its_place(replacement.upload.source(self.content), sources)
        action: Action = "add" if replacement is None else "replace"
        report = await publisher.publish(place, made, person_of(press), action, expected=number)
        spec = understood.upload.spec if replacement is None else replacement.upload.spec
        await self._delivery.published(place, spec.id)
        return report_card(report)

    async def _understand(self, given: Mapping[str, Any]) -> Understood:
        own = await self._app.librarian.own(self._place)
        number = own.number if own is not None else 0
        sources = await self._app.publisher.documents(self._place, number)
        if self._replaces is not None:
            old: Source | None = find_source(self._replaces, sources)
            check_new(self.content, all_but(self._replaces, sources))
        else:
            check_room(len(sources), self._app.limits.max_server_documents)
            check_new(self.content, sources)
            old = None
        upload = await self._read(given, sources, old)
        if self._replaces is None:
            twin = twin_of(upload.spec, sources)
            if twin is not None:  # its layout and markers may have been set right by hand
                old = find_source(twin, sources)
                upload = await self._read(given, sources, old)
        if old is None or own is None:
            await self._check_passages(upload)
            return Understood(upload)
        await self._check_passages(upload, old.spec.id)
        document = next(one for one in own.library.documents if one.id == old.spec.id)
        in_place = upload.in_place_of(old.spec)
        difference = await self._app.librarian.pools.store.run(
            self.server, in_place.compared_with, document
        )
        replacement = Replacement(in_place, old, number, difference)
        return Understood(upload, replacement, is_asked=self._replaces is None)

    async def _read(
        self, given: Mapping[str, Any], sources: list[Source], like: Source | None
    ) -> ReadUpload:
        limits = self._app.limits
        return await self._app.uploads.read(
            self.server,
            self._name,
            self.content,
            **given,
            like=None if like is None else like.spec,
            taken_ids=self._taken_ids(sources),
            max_bytes=limits.max_file_bytes,
            max_passages=limits.max_document_passages,
        )

    async def _check_passages(self, upload: ReadUpload, but: str | None = None) -> None:
        """Raise LimitReachedError where the server has no place for so many more passages.

        Those of the document `but` go for them.
        """
        own = await self._app.librarian.own(self._place)
        documents = own.library.documents if own is not None else ()
        passages = sum(len(one.passages) for one in documents if one.id != but)
        check_passages(passages, len(upload.passages), self._app.limits.max_server_passages)

    def _taken_ids(self, sources: list[Source]) -> set[str]:
        return taken_ids(self._app.librarian.shared().library.documents, sources)
