"""What was understood of an uploaded file, before it is published: its counts, and page by page."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.failures import problem_lines
from bot.cards.layout import MAX_TEXT
from bot.cards.markdown import (
    escape,
    headings,
    labels_within,
    number_label,
    one_line,
    row_in_words,
)
from bot.locales import say
from bot.uploads.reading_child import ReadUpload
from index.documents.differences import DocumentDifference
from index.documents.document import DocumentSpec
from index.documents.passages import Passage
from index.errors import CorpusError
from index.importers.blocks import KINDS, Kind

__all__ = [
    "choice_words",
    "counts_of",
    "difference_page",
    "difference_pages",
    "kind_words",
    "kinds_left_out",
    "left_page",
    "pages_of",
    "passage_page",
    "refusal_words",
    "replacement_words",
    "summary",
    "warning_words",
]

SHOWN_WARNINGS = 5
WARNING_CHARS = 200
SHOWN_PROBLEMS = 3
PROBLEM_CHARS = 150
MAX_NOTE = 1000
"""Characters of the warnings, or of why a file was not read again."""
PASSAGE_CHARS = 300
LEFT_CHARS = 150
PASSAGES_A_PAGE = 5
LEFT_A_PAGE = 10
MAX_NUMBERS = 100
MAX_LOST = 300
"""Characters of the numbers that no passage carries any more."""


def summary(upload: ReadUpload) -> str:
    """The title, the counts in one sentence, and what was guessed."""
    title = escape(one_line(upload.spec.title, 100))
    text = say("upload.counts", title=title, counts=counts_of(upload))
    if upload.guessed:
        guesses = ", ".join(choice_words(name, value) for name, value in upload.guessed.items())
        text += "\n" + say("upload.guessed", guesses=guesses)
    return text


def counts_of(upload: ReadUpload) -> str:
    """How many passages and numbers there are, and how many blocks of each kind are left out."""
    parts = [say("upload.passages", count=len(upload.passages))]
    if upload.sections:
        parts[0] = say("upload.sections", passages=parts[0], count=upload.sections)
    if upload.cited:
        parts.append(say("upload.cited", count=upload.cited, numbers=upload.numbers))
    known = _known_numbers(upload)
    left = {kind: kind_words(kind, upload.left_out[kind]) for kind in kinds_left_out(upload)}
    if known and "reference" in left:
        left["reference"] = f"{left['reference']} ({known})"
    elif known:
        parts.append(known)
    if left:
        parts.append(say("upload.left_out", kinds=", ".join(left.values())))
    return "; ".join(parts)


def _known_numbers(upload: ReadUpload) -> str:
    """How many numbers it is known of what they stand for; nothing where there are none."""
    references = upload.spec.references.values()
    if not references:
        return ""
    links = sum(reference.url is not None for reference in references)
    return say("upload.known", count=len(references), links=links)


def kinds_left_out(upload: ReadUpload) -> list[Kind]:
    """The kinds of which something is left out, in the order of KINDS."""
    return [kind for kind in KINDS if upload.left_out.get(kind)]


def kind_words(kind: Kind, count: int) -> str:
    """`43 headings`."""
    return say(f"upload.kind.{kind}", count=count)


def choice_words(name: str, value: str) -> str:
    """An option of /index add and its value, as the command calls them."""
    text = value if name == "language" else say(f"index.add.{name}.{value}")
    return f"{say(f'option.{name}')}: {text}"


def warning_words(upload: ReadUpload) -> str:
    """The first warnings; nothing where there are none."""
    if not upload.warnings:
        return ""
    for most in range(SHOWN_WARNINGS, 0, -1):
        lines = problem_lines(upload.warnings, most, WARNING_CHARS)
        if len(lines) <= MAX_NOTE:
            break
    return f"{say('refresh.warnings')}\n{lines}"


def refusal_words(error: CorpusError | str) -> str:
    """That a file stays as it was read before, and why: its problems, or words for the person."""
    if isinstance(error, str):
        reason = error[:MAX_NOTE]
    else:
        reason = problem_lines(error.problems, SHOWN_PROBLEMS, PROBLEM_CHARS)
    return f"{say('upload.as_before')}\n{reason}"


def pages_of(count: int, *, left: bool) -> int:
    """How many pages so many passages have, or texts that are left out; one at least."""
    return max(1, -(-count // (LEFT_A_PAGE if left else PASSAGES_A_PAGE)))


def passage_page(passages: Sequence[Passage], page: int, blocks: Sequence[str]) -> str:
    """The passages of a page, from 0, with the section above them; it fits in beside `blocks`."""
    first = page * PASSAGES_A_PAGE
    shown = passages[first : first + PASSAGES_A_PAGE]
    line = _page_line(page, pages_of(len(passages), left=False))
    room = _room(blocks, line)
    entries: list[str] = []
    section: tuple[str, ...] = ()
    for position, passage in enumerate(shown):
        entry = _passage(passage, section, room // (len(shown) - position) - 2)
        section = passage.section
        entries.append(entry)
        room -= len(entry) + 2
    return "\n\n".join([*entries, line])


def left_page(
    kind: Kind, texts: Sequence[str], count: int, page: int, blocks: Sequence[str]
) -> str:
    """A page, from 0, of the first of `count` texts of a kind; it fits in beside `blocks`."""
    first = page * LEFT_A_PAGE
    shown = texts[first : first + LEFT_A_PAGE]
    line = _page_line(page, pages_of(len(texts), left=True))
    if count > len(texts):
        line += f"\n{say('upload.first_texts', shown=len(texts), all=count)}"
    heading = f"**{kind_words(kind, count)}**"
    room = _room([*blocks, heading], line)
    entries = [f"- {_fitted(text, LEFT_CHARS, room // LEFT_A_PAGE - 3)}" for text in shown]
    return "\n".join([heading, *entries, line])


def replacement_words(
    old: DocumentSpec, new: DocumentSpec, difference: DocumentDifference, *, asks: bool
) -> str:
    """What a document would change in the place of another; `asks` is to ask whether it should."""
    title = escape(one_line(old.title, 100))
    if difference.same:
        return say("upload.same", title=title)
    added, removed, changed = difference.counts
    lines = [
        say(
            "upload.may_replace" if asks else "upload.replaces",
            title=title,
            id=old.id,
            added=added,
            removed=removed,
            changed=changed,
            unchanged=difference.unchanged,
        )
    ]
    if not any(difference.counts):
        lines.append(say("upload.same_words"))
    if new.title != old.title:
        lines.append(say("upload.renamed", title=title))
    if difference.lost_numbers:
        numbers = labels_within(map(number_label, difference.lost_numbers), MAX_LOST)
        lines.append(say("upload.lost", numbers=numbers))
    return "\n".join(lines)


def difference_pages(difference: DocumentDifference) -> int:
    """How many pages the passages have that were changed, removed or added; one at least."""
    return max(1, -(-sum(difference.counts) // PASSAGES_A_PAGE))


def difference_page(difference: DocumentDifference, page: int, blocks: Sequence[str]) -> str:
    """A page, from 0, of the passages that were changed, removed and added, in that order."""
    every: list[tuple[Passage | None, Passage | None]] = [
        *difference.changed,
        *((passage, None) for passage in difference.removed),
        *((None, passage) for passage in difference.added),
    ]
    first = page * PASSAGES_A_PAGE
    shown = every[first : first + PASSAGES_A_PAGE]
    line = _page_line(page, difference_pages(difference))
    room = _room(blocks, line)
    entries: list[str] = []
    for position, (old, new) in enumerate(shown):
        signs = [("−", old), ("\\+", new)]
        both = [(sign, passage) for sign, passage in signs if passage is not None]
        most = (room // (len(shown) - position) - 2) // len(both)
        entry = "\n".join(_signed(sign, passage, most - 1) for sign, passage in both)
        entries.append(entry)
        room -= len(entry) + 2
    return "\n\n".join([*entries, line])


def _page_line(page: int, pages: int) -> str:
    return say("upload.page", page=page + 1, pages=pages)


def _room(blocks: Sequence[str], line: str) -> int:
    """Characters left of a message beside other blocks and the line below a page."""
    return MAX_TEXT - sum(map(len, blocks)) - len(line) - 10


def _passage(passage: Passage, above: tuple[str, ...], room: int) -> str:
    """A passage in at most `room` characters, under its section where that is another one."""
    numbers = labels_within(map(number_label, passage.citations), MAX_NUMBERS)
    below = f"\n**{numbers}**" if numbers else ""
    heading = ""
    if passage.section and passage.section != above:
        heading = f"-# {_fitted(headings(passage.section), 100, room // 3)}\n"
    text = _fitted(row_in_words(passage)[0], PASSAGE_CHARS, room - len(heading) - len(below) - 2)
    return f"{heading}> {text}{below}"


def _signed(sign: str, passage: Passage, room: int) -> str:
    """A passage that comes or goes, with its numbers, on one line of at most `room` characters."""
    numbers = labels_within(map(number_label, passage.citations), MAX_NUMBERS)
    behind = f" **{numbers}**" if numbers else ""
    text = row_in_words(passage)[0]
    return f"{sign} {_fitted(text, PASSAGE_CHARS, room - len(sign) - len(behind) - 1)}{behind}"


def _fitted(text: str, length: int, room: int) -> str:
    """`text` on one line of so many characters, escaped, in at most `room`."""
    shown = escape(one_line(text, length))
    while len(shown) > room and length > 1:
        length -= max(1, (len(shown) - room) // 2)
        shown = escape(one_line(text, max(length, 1)))
    return shown
