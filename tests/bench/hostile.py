"""What somebody might do to stall a bot: files that are hard to read, and purges."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count, cycle, islice

from tests.bench.wired import happened
from tests.wire.options import Upload
from tests.wire.payloads import Guild
from tests.wire.standin import StandIn
from tests.wire.uploads import hand_in

__all__ = ["HOSTILE", "hand_in_until", "hostile_uploads", "purge_until"]

MAX_FILE_BYTES = 10_000_000
"""What the bot is told to take at most, five times the default."""
YAML_BYTES = 2_000_000
HOSTILE = {
    "FOOTNOTE_MAX_FILE_BYTES": str(MAX_FILE_BYTES),
    "FOOTNOTE_COOLDOWN_UPLOADS": "1000000",
    "FOOTNOTE_MAX_PUBLICATIONS_AN_HOUR": "1000000",
}
"""Settings under which as much can be handed in and published as anybody likes."""
PURGED_WITHIN_S = 600.0
TOGETHER = 3


def hostile_uploads(count: int) -> Iterator[Upload]:
    """So many files, of each kind in turn, no two of the same bytes."""
    for number, (name, start, repeated, size) in enumerate(islice(cycle(_KINDS), count)):
        head = start.replace("TITLE", f"Rules {number}")
        body = repeated * ((size - len(head)) // len(repeated))
        yield Upload(f"{number}-{name}", (head + body).encode())


_KINDS = (
    ("passages.yaml", "title: TITLE\npassages:\n", "- {text: a, citations: [1]}\n", YAML_BYTES),
    ("one-line.txt", "TITLE ", "harbour ", MAX_FILE_BYTES),
    ("tiny-values.yaml", "title: TITLE\npassages:\n", "- {text: 1}\n", 150_000 * 12),
    ("long-lines.txt", "TITLE\n", "x" * 99_900 + "\n", YAML_BYTES),
    ("abbreviations.md", "TITLE\n", "a.b.c? " * 14_000 + "\n", YAML_BYTES),
    ("sentences.txt", "TITLE\n", "[1] Is it a.b.c?\n", YAML_BYTES),
    ("brackets.txt", "TITLE\n", "[" * 9_999 + "]" * 9_999 + "\n", YAML_BYTES),
    ("nested.yaml", "title: TITLE\npassages: ", "[", YAML_BYTES),
    ("aliases.yaml", "title: &a TITLE\npassages:\n", "- {text: *a}\n", YAML_BYTES),
    ("accents.txt", "TITLE\n", "a" + "\u0301" * 3_000 + ".\n", YAML_BYTES),
)
"""Name, begin, what is repeated after it, and bytes or characters in all."""


async def hand_in_until(standin: StandIn, guild: Guild, enough: asyncio.Event) -> int:
    """Hand in hostile files, a few at a time; how many, in all."""
    for number in count():
        files = list(hostile_uploads(TOGETHER * (number + 1)))[-TOGETHER:]
        await asyncio.gather(*(hand_in(standin, file, guild) for file in files))
        for file in files:  # its reply stays: the bot may tell there that it waits no longer
            del standin.world.uploads[file.id]
        if enough.is_set():
            return TOGETHER * (number + 1)
    raise AssertionError  # count never ends


async def purge_until(
    standin: StandIn, guild: Guild, enough: asyncio.Event, every: float
) -> list[str]:
    """Publish a document and purge it, `every` so many seconds; what went wrong with that."""
    wrong: list[str] = []
    for number in count():
        if await happened(enough, every):
            break
        file = Upload("purged.txt", f"[1] Gate {number} opens at seven.\n".encode())
        added = await hand_in(standin, file, guild)
        await standin.click(added, "Publish", user=standin.moderator)
        asked = await standin.slash(
            "index purge", {"document": "purged"}, user=standin.moderator, guild=guild
        )
        purged = await standin.click(asked, "Delete for good", within=PURGED_WITHIN_S)
        if "gone from every revision" not in purged.text:
            wrong.append(f"a purge was answered with: {purged.text}")
        for reply in (added, asked, purged):
            standin.forget(reply)
    return wrong
