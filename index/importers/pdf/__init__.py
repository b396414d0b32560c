"""PDF to blocks: glyphs to lines in their order, lines to paragraphs, and what those are."""

from index.importers.pdf.reading import read

__all__ = ["read"]
