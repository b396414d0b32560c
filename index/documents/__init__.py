"""Sources to documents of passages, and documents compared, edited and packed."""
