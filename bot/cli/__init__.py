"""The command line: `footnote`, the same as `python -m bot`."""
