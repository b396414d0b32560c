"""Where the shipped documents lie: inside the installed package, or in a checkout's data/."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

__all__ = ["shipped_data"]


def shipped_data() -> Path:
    """The folder of the shipped corpus.yaml."""
    packaged = Path(str(files("index"))) / "shipped_data"
    if packaged.is_dir():
        return packaged
    return Path(str(files("index"))).parent / "data"
