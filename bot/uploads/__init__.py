"""Files that others hand in: read in a process of their own, and held until they are published."""
