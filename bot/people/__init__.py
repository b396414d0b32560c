"""What is remembered of a person, and for how long."""
