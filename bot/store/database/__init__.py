"""The ways to keep what is stored: a SQLite file, or a database server."""
