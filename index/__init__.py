"""Finds the cited passages that answer a question. Knows nothing of Discord."""
