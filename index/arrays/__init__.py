"""Many strings and numbers in arrays, mapped into memory from a folder."""
