"""The Discord bot and the command line. Asks `index` for answers."""
