"""BM25: one formula, an exact engine for small libraries and a fast one for large ones."""
