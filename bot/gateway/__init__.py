"""The process on Discord: from a token to a clean end."""
