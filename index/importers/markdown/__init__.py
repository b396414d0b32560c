"""Markdown to blocks: CommonMark and what documentation systems, notes and papers add to it."""

from index.importers.markdown.reading import read

__all__ = ["read"]
