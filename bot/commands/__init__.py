"""One extension a command family."""

EXTENSIONS = (
    "bot.commands.ask",
    "bot.commands.cite",
    "bot.commands.sources",
    "bot.commands.messages",
    "bot.commands.about",
    "bot.commands.index",
    "bot.commands.mentions",
    "bot.commands.presses",
    "bot.commands.servers",
)
