"""Hosts that the operator allows: written plainly, compared in one form."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings.hosts import names_host
from bot.settings.settings import load_settings
from index.errors import SetupError


@pytest.mark.parametrize(
    ("written", "hosts"),
    [
        ("", ()),
        ("docs.example.org", ("docs.example.org",)),
        ("Docs.Example.ORG, *.example.net ,*", ("docs.example.org", "*.example.net", "*")),
        ("*.edu", ("*.edu",)),
        ("bücher.example", ("xn--bcher-kva.example",)),
        ("*.例え.テスト", ("*.xn--r8jz45g.xn--zckzah",)),
    ],
)
def test_are_read_from_the_environment(written: str, hosts: tuple[str, ...]) -> None:
    assert load_settings({"FOOTNOTE_FETCH_HOSTS": written}).fetch_hosts == hosts


def test_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(
        "fetch_hosts: [docs.example.org, '*.example.net']\nfetch_contact: me@a.example\n"
    )
    settings = load_settings({"FOOTNOTE_SETTINGS": str(file)})
    assert settings.fetch_hosts == ("docs.example.org", "*.example.net")
    assert settings.fetch_contact == "me@a.example"


@pytest.mark.parametrize(
    "written",
    [
        "https://docs.example.org", "docs.example.org/", "docs.example.org:443",
        "a@docs.example.org", "localhost", "127.0.0.1", "[::1]", "2130706433", "1.2", "0x7f.1",
        "*.", "**", "*.*.org",
        "docs.*.org", "docs example.org", "-a.example", ".example", "a..example",
        "docs.example.org,,", f"{'a' * 64}.example", ".".join(["a"] * 200),
    ],
)  # fmt: skip
def test_what_is_no_host_is_refused(written: str) -> None:
    with pytest.raises(SetupError, match=r"^FOOTNOTE_FETCH_HOSTS: .* is no host; give names alone"):
        load_settings({"FOOTNOTE_FETCH_HOSTS": f"docs.example.org, {written}"})


@pytest.mark.parametrize(
    ("patterns", "host", "named"),
    [
        (["docs.example.org"], "docs.example.org", True),
        (["docs.example.org"], "more.docs.example.org", False),
        (["*.example.org"], "docs.example.org", True),
        (["*.example.org"], "example.org", False),
        (["*.example.org"], "badexample.org", False),
        (["*.example.org"], "docs.example.org.evil.example", False),
        (["*"], "docs.example.org", True),
        ([], "docs.example.org", False),
    ],
)
def test_stand_for_themselves_and_patterns_for_all_below(
    patterns: list[str], host: str, named: bool
) -> None:
    assert names_host(patterns, host) is named


@pytest.mark.parametrize("contact", ["a b", "me(you)", "a\r\nb: c", "ü@a.example", "x" * 300])
def test_a_contact_that_no_header_takes_is_refused(contact: str) -> None:
    with pytest.raises(SetupError, match="FOOTNOTE_FETCH_CONTACT: must be an address"):
        load_settings({"FOOTNOTE_FETCH_CONTACT": contact})
