"""Files that others wrote, read within bounds; files of our own, written whole or not at all."""
