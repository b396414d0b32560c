"""The operator's entries that are fetched, on a schedule; the shared library follows them."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.errors import BusyError, TooManyPublicationsError
from bot.fetching.corpus import EntryReport, fetch_entry
from bot.fetching.fetcher import Fetcher
from bot.following.follower import BY_SCHEDULE
from bot.following.schedule import next_check
from bot.libraries.librarian import Librarian
from bot.libraries.publisher import Publisher
from bot.store.errors import StoreError
from index.documents.corpus import fetched_entries
from index.documents.listing import Entry
from index.errors import CorpusError

__all__ = ["CorpusFollower"]

log = logging.getLogger("footnote.following")

LOOK_EVERY_S = 60.0


class CorpusFollower:
    """Fetches what corpus.yaml names, each entry when it is due, and publishes what changed."""

    def __init__(
        self,
        librarian: Librarian,
        publisher: Publisher,
        fetcher: Fetcher,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._librarian, self._publisher, self._fetcher = librarian, publisher, fetcher
        self._chance = chance
        self._next: dict[tuple[str, int], datetime] = {}
        self._failures: dict[str, int] = {}
        self._waits = False
        """Whether something was fetched that is not published yet."""

    async def keep_following(self) -> None:
        """Fetch what is due, for as long as this runs."""
        while True:
            try:
                await self.check_due()
            except Exception:
                log.exception("what corpus.yaml names could not be fetched")
            await asyncio.sleep(LOOK_EVERY_S)

    async def check_due(self) -> list[EntryReport]:
        """Fetch the entries that are due now, one after another, and publish what changed."""
        run = self._fetcher.pool.run
        try:
            entries = await run(None, fetched_entries, self._librarian.data)
        except CorpusError:  # told where the folder is read to be served
            return []
        reports = [await self._fetch(one) for one in entries if await run(None, self._is_due, one)]
        self._waits |= any(report.outcome in ("new", "changed") for report in reports)
        if self._waits:
            await self._publish()
        return reports

    def _is_due(self, entry: Entry) -> bool:
        """Whether it is time; after a start that is counted from when it was fetched last."""
        now = self._librarian.store.followed.now()
        due = self._next.get(_key(entry))
        if due is None:
            try:
                looked = (self._librarian.fetched / entry.fetched_name).stat().st_mtime
            except OSError:  # never yet
                return True
            due = datetime.fromtimestamp(looked, UTC) + timedelta(hours=_key(entry)[1])
        return due <= now

    async def _fetch(self, entry: Entry) -> EntryReport:
        """Fetch one entry, and note when it is due again."""
        try:
            report = await fetch_entry(self._fetcher, entry, self._librarian.fetched)
        except OSError as error:
            reason = f"{self._librarian.fetched} cannot be written to: {error.strerror or error}"
            report = EntryReport(entry, "failed", 0, (reason,))
        name, hours = key = _key(entry)
        failed = report.outcome == "failed"
        self._failures[name] = self._failures.get(name, 0) + 1 if failed else 0
        now, failures = self._librarian.store.followed.now(), self._failures[name]
        self._next[key] = next_check(now, hours, failures, self._chance())
        level = logging.WARNING if failed else logging.INFO
        log.log(level, "%s: %s, %d files", entry.spec.id, report.outcome, report.files)
        for note in report.notes:
            log.log(level, "%s", note)
        return report

    async def _publish(self) -> None:
        """Have the folder served as it is; where that must wait it is tried at the next look."""
        try:
            await self._publisher.refresh(BY_SCHEDULE)
        except CorpusError as error:  # the operator's to mend, and to refresh then
            for problem in error.problems:
                log.warning("%s", problem)
        except (BusyError, TooManyPublicationsError, StoreError) as error:
            log.info("what was fetched waits: %s", error)
            return
        self._waits = False


def _key(entry: Entry) -> tuple[str, int]:
    """The files that an entry means, and every how many hours they are fetched."""
    assert entry.origin is not None  # noqa: S101 - of those that are fetched alone
    return entry.fetched_name, entry.origin.every_hours
