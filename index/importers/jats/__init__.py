"""JATS, the XML that journals publish and archives keep, to blocks."""

from index.importers.jats.reading import read

__all__ = ["read"]
