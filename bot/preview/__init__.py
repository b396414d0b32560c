"""The bot in a local browser page, with a guided tour."""
