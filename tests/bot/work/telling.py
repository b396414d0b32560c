"""A process that tells of itself, for tests."""

from __future__ import annotations

import os

from index.system import connection_of_parent


def main() -> None:
    """Tell what the process was started with, then wait to be ended."""
    with connection_of_parent() as connection:
        connection.send((os.getpid(), dict(os.environ)))
        connection.recv()
