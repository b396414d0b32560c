"""Coverage-guided fuzzing: `python -m tests.fuzz TARGET --seconds 60`."""
