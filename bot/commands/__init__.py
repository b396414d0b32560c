"""One extension a command family."""

EXTENSIONS = ("bot.commands.ask", "bot.commands.cite", "bot.commands.index", "bot.commands.chat")
