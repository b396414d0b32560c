"""The follower: looks at what is due, publishes what changed, and holds what changed too much."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal
from weakref import WeakValueDictionary

from bot.errors import LimitReachedError
from bot.fetching.errors import FetchError, Key
from bot.fetching.fetcher import Fetched, Fetcher, Unchanged, Validators
from bot.following.holding import reason_to_hold
from bot.following.reading import read_change
from bot.following.schedule import next_check
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.libraries.publisher import Publisher
from bot.store import FollowedAddress, Person
from bot.store.documents import sha256
from bot.store.errors import StoreError
from bot.uploads.reader import UploadReader
from index.errors import CorpusError, FootnoteError, UnknownDocumentError

__all__ = ["BY_SCHEDULE", "Checked", "Failure", "Follower"]

log = logging.getLogger("footnote.following")

Failure = Key | Literal["limit", "unexpected"]
"""Which words tell why an address was not read."""

_NO_ANSWER: frozenset[Failure] = frozenset({"too_slow", "server"})

BY_SCHEDULE = Person(None, "schedule")
LOOK_EVERY_S = 30.0
MOST_AT_ONCE = 4
"""Hosts that are fetched from together."""
MOST_DUE = 500
MOST_OF_HOST = 10
"""Addresses that are due of one host and looked at together, before others have come due."""
CLAIM = timedelta(minutes=15)
"""A check that has not ended by then is anybody's again: its process is gone."""
BUSY = timedelta(minutes=5)
"""Where this machine, and no server, was the reason, it is looked again so soon."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An address as it was left; `counts` of passages that a new revision added, removed, changed.

    `is_busy` tells that it was not looked at: its host does not answer, or something else is being
    done with the document or this machine.
    """

    followed: FollowedAddress
    counts: tuple[int, int, int] | None = None
    is_busy: bool = False


class Follower:
    """Has documents follow their addresses, for all libraries; of many processes one looks."""

    def __init__(
        self,
        librarian: Librarian,
        publisher: Publisher,
        uploads: Callable[[], UploadReader],
        fetcher: Fetcher,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.fetcher = fetcher
        self._librarian, self._publisher, self._uploads = librarian, publisher, uploads
        self._followed, self._pool = librarian.store.followed, librarian.pools.store
        self._chance = chance
        self._publishing: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def keep_following(self) -> None:
        """Look at what is due, for as long as this runs."""
        while True:
            try:
                await self.check_due()
            except StoreError as error:
                log.warning("what is due could not be looked at: %s", error)
            except Exception:
                log.exception("what is due could not be looked at")
            await asyncio.sleep(LOOK_EVERY_S)

    async def check_due(self) -> list[Checked]:
        """Look at what is due now, one address of a host after another, ten of each at most."""
        due = await self._pool.run(None, self._followed.due, MOST_DUE)
        return await self._check(due, MOST_OF_HOST)

    async def check_all(self, place: Place) -> list[Checked]:
        """Look at all addresses of a server now, due or not, in the order of their documents."""
        checked = await self._check(await self.of(place))
        return sorted(checked, key=lambda one: one.followed.document)

    async def of(self, place: Place) -> list[FollowedAddress]:
        """The followed addresses of a server."""
        return await self._pool.run(place.server, self._followed.of, place.server)

    async def follow(
        self, place: Place, document: str, address: str, every_hours: int, fetched: Fetched
    ) -> None:
        """Follow the address of a document that was published as it was fetched."""
        now, found = self._followed.now(), fetched.validators
        followed = FollowedAddress(
            owner=place.server,
            document=document,
            address=address,
            fetched_from=found.address,
            etag=found.etag,
            last_modified=found.last_modified,
            digest=sha256(fetched.content),
            every_hours=every_hours,
            next_check=next_check(now, every_hours, 0, self._chance()),
            checked_at=now,
        )
        await self._pool.run(place.server, self._followed.follow, followed)

    async def unfollow(self, place: Place, document: str) -> None:
        """Fetch a document of a server no more."""
        await self._pool.run(place.server, self._followed.unfollow, place.server, document)

    async def tell(self, place: Place) -> list[FollowedAddress]:
        """What the moderators of a server have not been told; it counts as told from here on."""
        return await self._pool.run(place.server, self._followed.tell, place.server)

    async def _check(
        self, addresses: Iterable[FollowedAddress], most: int | None = None
    ) -> list[Checked]:
        """Look at addresses, at `most` of each host."""
        by_host: dict[str | None, list[FollowedAddress]] = defaultdict(list)
        for one in addresses:
            by_host[self.fetcher.host_of(one.address)].append(one)
        at_once = asyncio.Semaphore(MOST_AT_ONCE)

        async def check_host(those: list[FollowedAddress]) -> list[Checked]:
            async with at_once:
                return await self._check_host(those)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(check_host(those[:most])) for those in by_host.values()]
        return [checked for task in tasks for checked in task.result()]

    async def _check_host(self, addresses: list[FollowedAddress]) -> list[Checked]:
        """Look at addresses of one host; where it does not answer, the others stay as they are."""
        checked: list[Checked] = []
        for position, followed in enumerate(addresses):
            try:
                one = await self._check_one(followed)
            except StoreError as error:
                log.warning("%s could not be looked at: %s", followed.address, error)
                one = Checked(followed, is_busy=True)
            if one is not None:
                checked.append(one)
                if one.followed.failure in _NO_ANSWER:
                    later = addresses[position + 1 :]
                    return [*checked, *(Checked(other, is_busy=True) for other in later)]
        return checked

    async def _check_one(self, followed: FollowedAddress) -> Checked | None:
        """What came of it; None where another process looks, or nothing is to be followed."""
        owner, run = followed.owner, self._pool.run
        until = self._followed.now() + CLAIM
        claimed = await run(owner, self._followed.claim, followed, until)
        if claimed is None:
            return None
        try:
            checked = await self._look(claimed)
        except UnknownDocumentError:
            await self.unfollow(Place(owner), followed.document)
            return None
        except (FetchError, CorpusError, LimitReachedError) as error:
            log.info("%s", error)
            checked = Checked(self._failed(claimed, _key_of(error)))
        except FootnoteError as error:  # a turn, a publication, the store: it is busy here
            log.info("%s waits: %s", claimed.address, error)
            later = replace(claimed, next_check=self._followed.now() + BUSY)
            checked = Checked(later, is_busy=True)
        except Exception:
            log.exception("%s could not be looked at", claimed.address)
            checked = Checked(self._failed(claimed, "unexpected"))
        kept = await run(owner, self._followed.record, claimed, checked.followed)
        return None if kept is None else checked

    async def _look(self, claimed: FollowedAddress) -> Checked:
        """Decide by what the server says, then by the bytes, then by the passages."""
        known = Validators(claimed.fetched_from, claimed.etag, claimed.last_modified)
        has_validators = claimed.etag or claimed.last_modified
        found = await self.fetcher.fetch(claimed.address, known if has_validators else None)
        if isinstance(found, Unchanged):
            return Checked(self._well(claimed))
        validators, digest = found.validators, sha256(found.content)
        seen = replace(
            self._well(claimed),
            fetched_from=validators.address,
            etag=validators.etag,
            last_modified=validators.last_modified,
            digest=digest,
        )
        if digest == claimed.digest:
            return Checked(seen)
        place = Place(claimed.owner)
        lock = self._publishing.setdefault(claimed.owner, asyncio.Lock())
        async with lock:
            change = await read_change(
                self._librarian, self._publisher, self._uploads(), place, claimed.document, found
            )
            released = replace(seen, held=None, held_since=None, told_at=None)
            if not any(change.difference.counts):
                return Checked(released)
            if reason := reason_to_hold(change.difference, self._librarian.limits):
                since = claimed.held_since or self._followed.now()
                told = claimed.told_at if claimed.held else None
                return Checked(replace(seen, held=reason, held_since=since, told_at=told))
            await self._publisher.publish(
                place, change.documents, BY_SCHEDULE, "refresh", expected=change.revision
            )
        return Checked(released, change.difference.counts)

    def _well(self, claimed: FollowedAddress) -> FollowedAddress:
        """The address as it answered now, for whatever reason it failed before."""
        now = self._followed.now()
        return replace(
            claimed,
            checked_at=now,
            next_check=next_check(now, claimed.every_hours, 0, self._chance()),
            failures=0,
            failing_since=None,
            failure=None,
            told_at=claimed.told_at if claimed.held else None,
        )

    def _failed(self, claimed: FollowedAddress, key: Failure) -> FollowedAddress:
        now, failures = self._followed.now(), claimed.failures + 1
        return replace(
            claimed,
            next_check=next_check(now, claimed.every_hours, failures, self._chance()),
            failures=failures,
            failing_since=claimed.failing_since or now,
            failure=key,
        )


def _key_of(error: FetchError | CorpusError | LimitReachedError) -> Failure:
    """The key of the words for a failure."""
    if isinstance(error, FetchError):
        return error.key
    return "unreadable" if isinstance(error, CorpusError) else "limit"
