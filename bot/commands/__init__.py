"""One extension a command family."""

EXTENSIONS = (
    "bot.commands.ask",
    "bot.commands.cite",
    "bot.commands.sources",
    "bot.commands.about",
    "bot.commands.index",
    "bot.commands.chat",
    "bot.commands.controls",
    "bot.commands.servers",
)
