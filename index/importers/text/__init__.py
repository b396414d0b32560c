"""Plain text to blocks: what its lines, their places and their words tell of it."""

from index.importers.text.reading import read

__all__ = ["read"]
