"""Which hosts of the web the operator allows to be fetched from: names, and patterns of names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from yarl import URL

__all__ = ["ANY_HOST", "checked_pattern", "is_host_name", "names_host"]

ANY_HOST = "*"
SUBDOMAINS = "*."
MAX_NAME = 253

_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def is_host_name(host: str) -> bool:
    """Whether it is a name as public servers have it, in lower case and in ASCII.

    It has a dot, and is no way to write a number, which some libraries take for an address.
    """
    last = host.rpartition(".")[2]
    return len(host) <= MAX_NAME and bool(_NAME.fullmatch(host)) and not _NUMBER.fullmatch(last)


def checked_pattern(pattern: str) -> str:
    """`docs.example.org`, `*.example.org` or `*`, its name in lower case and in ASCII.

    Raises ValueError for everything else.
    """
    pattern = pattern.strip()
    if pattern == ANY_HOST:
        return pattern
    subdomains = SUBDOMAINS if pattern.startswith(SUBDOMAINS) else ""
    try:
        host = URL.build(scheme="https", host=pattern.removeprefix(SUBDOMAINS)).raw_host or ""
    except ValueError:
        host = ""
    if not is_host_name(f"any.{host}" if subdomains else host):
        raise ValueError(
            f"{pattern[:100]!r} is no host; give names alone, such as docs.example.org, "
            "*.example.org for all below it, or * for all"
        )
    return subdomains + host


def names_host(patterns: Iterable[str], host: str) -> bool:
    """Whether one of the patterns stands for the host, which is in lower case and in ASCII."""
    return any(
        pattern in (ANY_HOST, host)
        or (pattern.startswith(SUBDOMAINS) and host.endswith(pattern.removeprefix("*")))
        for pattern in patterns
    )
