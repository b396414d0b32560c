"""A text to words and terms, and what single words and whole questions are alike."""
