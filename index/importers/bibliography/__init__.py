"""What the keys of citations stand for, by a BibTeX or CSL-JSON file beside the document."""

from index.importers.bibliography.reading import Bibliography, read_bibliography

__all__ = ["Bibliography", "read_bibliography"]
