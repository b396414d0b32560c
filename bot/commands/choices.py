"""Choices that an option offers while it is being typed, within Discord's limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from discord import app_commands

from bot.cards.markdown import one_line
from index.documents.document import Document

__all__ = ["MAX_CHOICES", "MAX_CHOICE_CHARS", "document_choices"]

MAX_CHOICES = 25
MAX_CHOICE_CHARS = 100


def document_choices(documents: Iterable[Document], part: str) -> list[app_commands.Choice[str]]:
    """The documents whose title or id holds what was typed; of one title, each with its id."""
    documents, part = list(documents), part.casefold()
    titles = Counter(document.title for document in documents)
    return [
        app_commands.Choice(
            name=_name(document, with_id=titles[document.title] > 1), value=document.id
        )
        for document in documents
        if part in document.title.casefold() or part in document.id
    ][:MAX_CHOICES]


def _name(document: Document, *, with_id: bool) -> str:
    if not with_id:
        return one_line(document.title, MAX_CHOICE_CHARS)
    ending = f" ({document.id})"
    return one_line(document.title, MAX_CHOICE_CHARS - len(ending)) + ending
