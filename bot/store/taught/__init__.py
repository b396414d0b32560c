"""What moderators teach the bot in a server: words, passages of questions, people's messages."""
