"""The statements of a text, and the passages that bear them out."""
