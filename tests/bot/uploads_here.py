"""Uploads read in this process, for tests of what is done with them."""

from __future__ import annotations

from bot.uploads.reader import UploadReader
from bot.uploads.reading_child import ANSWER, Reading, ReadUpload, answer_to
from index.errors import Problem

__all__ = ["ReadsHere"]


class ReadsHere(UploadReader):
    """Starts no process for a file: the suite reads some hundreds, all of them harmless."""

    def _answer_of_process(
        self, reading: Reading, content: bytes
    ) -> ReadUpload | tuple[Problem, ...] | str:
        return ANSWER.validate_json(answer_to(reading, content))
