"""What was understood of an uploaded file, before it is published."""

from __future__ import annotations

from bot.cards.failures import problem_lines
from bot.cards.markdown import escape, one_line, quotation
from bot.locales import say
from bot.uploads.reading_child import ReadUpload

__all__ = ["upload_blocks"]

SHOWN_WARNINGS = 5
WARNING_CHARS = 200
PASSAGE_CHARS = 300
SHOWN_PASSAGES = 3


def upload_blocks(upload: ReadUpload) -> list[str]:
    """The counts and guesses, the first passages as they will be cited, and the warnings."""
    counts = say(
        "upload.counts",
        title=escape(one_line(upload.spec.title, 100)),
        passages=len(upload.passages),
        cited=upload.cited,
        numbers=upload.numbers,
    )
    if upload.guessed:
        guesses = ", ".join(_guess(name, value) for name, value in upload.guessed.items())
        counts += "\n" + say("upload.guessed", guesses=guesses)
    samples = []
    for passage in upload.passages[:SHOWN_PASSAGES]:
        numbers = " ".join(f"\\[{escape(number)}\\]" for number in passage.citations[:20])
        quote = quotation(one_line(passage.text, PASSAGE_CHARS))
        samples.append(f"{quote}\n**{numbers}**" if numbers else quote)
    if more := len(upload.passages) - len(samples):
        samples.append(say("status.more", count=more))
    blocks = [counts, "\n\n".join(samples)]
    if upload.warnings:
        lines = problem_lines(upload.warnings, SHOWN_WARNINGS, WARNING_CHARS)
        blocks.append(f"{say('refresh.warnings')}\n{lines}")
    return blocks


def _guess(name: str, value: str) -> str:
    """An option that was not given, and what is taken for it, as the command calls them."""
    text = value if name == "language" else say(f"index.add.{name}.{value}")
    return f"{say(f'option.{name}')}: {text}"
