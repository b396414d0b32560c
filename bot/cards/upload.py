"""What was understood of an uploaded file, before it is published."""

from __future__ import annotations

from bot.cards.markdown import escape, one_line, quotation
from bot.locales import say
from index.uploads import Upload

__all__ = ["upload_blocks"]

SHOWN_PASSAGES = 3
SHOWN_WARNINGS = 5
PASSAGE_CHARS = 300


def upload_blocks(upload: Upload) -> list[str]:
    """The counts and guesses, the first passages as they will be cited, and the warnings."""
    document = upload.document
    counts = say(
        "upload.counts",
        title=escape(one_line(document.title, 100)),
        passages=len(document.passages),
        cited=document.cited,
        numbers=document.numbers,
    )
    if upload.guessed:
        guesses = ", ".join(f"{key}: {value}" for key, value in upload.guessed.items())
        counts += "\n" + say("upload.guessed", guesses=guesses)
    shown = []
    for passage in document.passages[:SHOWN_PASSAGES]:
        numbers = " ".join(f"\\[{escape(number)}\\]" for number in passage.citations[:20])
        shown.append(f"{quotation(one_line(passage.text, PASSAGE_CHARS))}\n{numbers}".strip())
    blocks = [counts, "\n".join(shown)]
    if upload.warnings:
        lines = [
            f"- {escape(one_line(str(problem), 200))}"
            for problem in upload.warnings[:SHOWN_WARNINGS]
        ]
        if more := len(upload.warnings) - len(lines):
            lines.append(say("status.more", count=more))
        blocks.append("\n".join([say("refresh.warnings"), *lines]))
    return blocks
