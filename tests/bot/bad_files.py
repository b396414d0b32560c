"""Files that /index add refuses, and what it answers: the table of tests/README.md.

`python -m tests.bot.bad_files` writes the table anew, from what the bot says.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import shutil
import tempfile
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import discord
import simcord

from bot.gateway.client import FootnoteBot
from bot.interactions.app import App
from bot.libraries.librarian import Librarian
from bot.libraries.places import Place
from bot.store import Person, Store
from index.documents.corpus import Source
from index.documents.document import DocumentSpec
from index.documents.shipped import shipped_data
from tests.bot.conftest import text_of
from tests.bot.simulated import Simulated

__all__ = ["BAD_FILES", "README", "BadFile", "Served", "row", "rows_of", "served_library"]

README = Path(__file__).parents[1] / "README.md"
HEAD = "| File | Answer given | Revision still served |\n| --- | --- | --- |\n"
RULES = b"[1] The gate of the castle opens at seven.\n[2] The moat is deep.\n"


@dataclass(frozen=True)
class BadFile:
    """A file, and the part of the answer that says what is wrong with it."""

    what: str
    name: str
    content: bytes
    said: str


def zipped(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "The gate opens.")
    return buffer.getvalue()


def yaml_file(passages: str) -> bytes:
    return f"title: Harbour rules\n{passages}".encode()


GATE = "The gate of the harbour opens at eight.\n"
BOMB = yaml_file(
    "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "passages: *i\n"
)

BAD_FILES = (
    BadFile("binary", "a.txt", bytes(range(256)), "holds a NUL byte"),
    BadFile(
        "a NUL byte in text", "a.txt", GATE.encode() + b"The\x00moat.\n", "a.txt:2: holds a NUL"
    ),
    BadFile("ZIP archive", "a.txt", zipped("a.txt"), "office document or a ZIP archive"),
    BadFile("office document", "a.doc", zipped("word/document.xml"), "is none of .txt, .md"),
    BadFile("office document, renamed", "a.txt", zipped("word/document.xml"), "office document"),
    BadFile("PNG", "a.png", b"\x89PNG\r\n\x1a\n", "is none of .txt, .md"),
    BadFile("PNG, renamed", "a.txt", b"\x89PNG\r\n\x1a\n", "looks like a PNG image"),
    BadFile("PDF, renamed", "a.txt", b"%PDF-1.7\n1 0 obj\n", "looks like a PDF"),
    BadFile("gzip, renamed", "a.txt", gzip.compress(GATE.encode(), mtime=0), "a gzip archive"),
    BadFile("UTF-16 without a mark", "a.txt", GATE.encode("utf-16-le"), "like UTF-16 without"),
    BadFile("empty", "a.txt", b"", "is empty"),
    BadFile("white space alone", "a.txt", b" \n\t\n \n", "is empty"),
    BadFile("a byte order mark alone", "a.txt", b"\xef\xbb\xbf", "is empty"),
    BadFile("citation markers alone", "a.txt", b"[1][2]\n[3]\n", "holds no passage"),
    BadFile("1 MB on one line", "a.txt", b"The gate. " * 100_000, "a line of 1,000,000 characters"),
    BadFile("right-to-left override", "a.txt", "A \u202egate.\n".encode(), "U+202E at column 3"),
    BadFile("left-to-right isolate", "a.txt", "A \u2066gate.\n".encode(), "U+2066 at column 3"),
    BadFile("pop of an isolate", "a.txt", "A gate\u2069.\n".encode(), "U+2069 at column 7"),
    BadFile("2,000,001 bytes", "a.txt", b"The gate.\n" * 200_000 + b"\n", "2,000,000 are the most"),
    BadFile("the same file again", "again.txt", RULES, "is here already"),
    BadFile("YAML: aliases of aliases", "a.yaml", BOMB, "more than 50 aliases"),
    BadFile(
        "YAML: unknown key",
        "a.yaml",
        yaml_file("passages:\n  - text: The gate.\n    citation: [28]\n"),
        "a.yaml:4: unknown key 'citation'",
    ),
    BadFile("YAML: wrong type", "a.yaml", yaml_file("passages:\n  - text: 7\n"), "valid string"),
    BadFile("YAML: no passages", "a.yaml", yaml_file("passages: []\n"), "holds no passage"),
    BadFile(
        "YAML: deep nesting",
        "a.yaml",
        yaml_file(f"passages: {'[' * 1000}{']' * 1000}\n"),
        "nested more than 12 levels deep",
    ),
    BadFile("YAML: broken", "a.yaml", yaml_file("passages: [\n"), "not valid YAML"),
    BadFile("YAML: a list", "a.yaml", b"- The gate.\n", "holds no title and passages"),
)


@dataclass(frozen=True)
class Served:
    """A server whose own library is at revision 1, and its moderator."""

    librarian: Librarian
    moderator: simcord.MemberActor
    channel: simcord.ChannelHandle

    async def add(self, bad: BadFile) -> str:
        """Try to add the file; what the moderator is told."""
        file = (bad.name, bad.content)
        return text_of(await self.moderator.slash(self.channel, "index add", file=file))

    async def revision(self) -> int:
        """The revision that answers a question now; 0 for none."""
        result = await self.moderator.slash(
            self.channel, "ask", question="when does the gate of the castle open?"
        )
        own = await self.librarian.own(Place(self.moderator.guild.id))
        answered = "at seven" in text_of(result).replace("*", "")
        return own.number if own and answered else 0


@asynccontextmanager
async def served_library(folder: Path) -> AsyncIterator[Served]:
    """The bot in a simulated Discord."""
    data = Path(shutil.copytree(shipped_data(), folder / "data"))
    with Store.open(folder / "state") as store:
        bot = FootnoteBot(App.of(Librarian(data, store)), folder / "state")
        env = Simulated(bot)
        await env.start()
        guild = env.create_guild()
        role = guild.create_role("moderators", permissions=discord.Permissions(manage_guild=True))
        moderator = guild.add_member(env.create_user("mona"), roles=[role])
        served = Served(bot.app.librarian, moderator, guild.create_text_channel("general"))
        spec = DocumentSpec(id="rules", title="Rules", file="rules.txt")
        rules = Source(spec, RULES, spec.file)
        await bot.app.publisher.publish(Place(guild.id), [rules], Person(1, "mona"), "add")
        yield served
        await env.shutdown()


def row(bad: BadFile, answer: str, revision: int) -> str:
    """A row of the table."""
    answer = answer.replace("|", "\\|").replace("\n", "<br>")
    return f"| {bad.what} (`{bad.name}`) | {answer} | {revision or 'none'} |"


def rows_of(readme: str) -> list[str]:
    """The rows of the table in the text of tests/README.md."""
    _, _, rest = readme.partition(HEAD)
    return [line for line in rest.splitlines() if line.startswith("| ")]


async def main() -> None:
    """Write the table anew."""
    rows = []
    for bad in BAD_FILES:  # each in a server of its own, as so many in a row are too many
        with tempfile.TemporaryDirectory() as folder:
            async with served_library(Path(folder)) as served:
                rows.append(row(bad, await served.add(bad), await served.revision()))
    before, _, rest = README.read_text(encoding="utf-8").partition(HEAD)
    after = "".join(line for line in rest.splitlines(keepends=True) if not line.startswith("| "))
    README.write_text(before + HEAD + "\n".join(rows) + "\n" + after, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
