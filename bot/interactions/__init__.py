"""What every interaction has in common: who, where, once, in which language."""
