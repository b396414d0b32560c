"""What is told of an address that was not fetched: in every language, and harmless."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.cards.failures import words_of
from bot.fetching.errors import (
    FetchError,
    HostNotAllowedError,
    Key,
    MalformedAddressError,
    PageGoneError,
    RefusedAddressError,
    RobotsError,
    ServerError,
    TooLargeError,
    TooSlowError,
    UnreadableError,
)
from bot.locales import LANGUAGES, speaking

ADDRESS = "https://docs.example/rules"


def errors(address: str = ADDRESS) -> list[FetchError]:
    return [
        RefusedAddressError(address),
        MalformedAddressError(address),
        HostNotAllowedError(address, "docs.example"),
        RobotsError(address),
        PageGoneError(address),
        TooLargeError(address, 2_000_000),
        TooSlowError(address, 20.0),
        UnreadableError(address, "image/png"),
        ServerError(address, "is answered with 503", 503),
        ServerError(address, "its server does not answer as it should"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_has_words_in_every_language(language: str) -> None:
    with speaking(language):
        told = [words_of(error) or "" for error in errors()]
    assert len(set(told)) == len(told) == len(get_args(Key))
    for words in told:
        assert "docs.example" in words.replace("\\", "")
    for fact, words in zip(("2,000,000", "20", "image/png", "503"), told[5:9], strict=True):
        assert fact in words.replace("\\", "")


def test_an_address_takes_no_effect_in_what_is_told() -> None:
    hostile = "https://docs.example/\n\u202e**@everyone**" + "a" * 3_000
    for error in errors(hostile):
        assert "\n" not in str(error)
        assert len(str(error)) < 600
        words = words_of(error) or ""
        assert "**" not in words
        assert len(words) < 600
