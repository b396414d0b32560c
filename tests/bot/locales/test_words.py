"""The words of every language: all are there, each is used, and they keep to Discord's limits."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any, get_args, get_type_hints

import discord
import pytest
import yaml

import bot
import bot.preview.tour
from bot.cards.about import help_card, privacy_card
from bot.commands.index.upload_card import MOST_CHARS
from bot.fetching.errors import Key
from bot.following.follower import Failure
from bot.following.holding import HoldReason
from bot.libraries.meaning import State
from bot.locales import DEFAULT, LANGUAGES, catalogue, say, speaking
from bot.people.feedback import Feedback
from bot.store import Action, ServerSettings, Sureness
from index.answering.confidence import Reason
from index.answering.leaning import asked_anew
from index.documents.reading.sentences import Layout, Markers
from index.importers.blocks import KINDS
from index.statements.support import Kind

OTHERS = [language for language in LANGUAGES if language != DEFAULT]
FOLDER = Path(bot.__file__).parent


@cache
def own_words(language: str) -> dict[str, str]:
    """What stands in the file of a language."""
    text = files("bot.locales").joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


ENGLISH = own_words(DEFAULT)


# What the code says


@cache
def calls() -> tuple[ast.Call, ...]:
    """All calls in the code of the bot."""
    return tuple(node for node in nodes() if isinstance(node, ast.Call))


@cache
def nodes() -> tuple[ast.AST, ...]:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.rglob("*.py")))
    return tuple(node for tree in trees for node in ast.walk(tree))


def called(call: ast.AST) -> str:
    """The name of the function that is called, without what it is an attribute of."""
    function = call.func if isinstance(call, ast.Call) else None
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def is_said(node: ast.AST) -> bool:
    return called(node) in ("say", "words")


def literals(node: ast.AST) -> Iterator[str]:
    """The texts that an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def pattern(node: ast.JoinedStr) -> str:
    """`silence.{}` of an f-string."""
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
    )


def first_texts(*functions: str, position: int = 0) -> set[str]:
    """The literal arguments at a position of all calls of some functions."""
    return {
        text
        for call in calls()
        if called(call) in functions and len(call.args) > position
        for text in literals(call.args[position])
    }


def all_texts() -> set[str]:
    return {
        node.value
        for node in nodes()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def option_keys() -> tuple[set[str], set[str]]:
    """The keys of the descriptions and of the names of the commands' options."""
    described, named = set(), set()
    for call in calls():
        if called(call) == "options":
            command, *names = (text for one in call.args for text in literals(one))
            described |= {f"{command}.{name}" for name in names}
            named |= {f"option.{name}" for name in names}
    return described, named


DESCRIBED, NAMED = option_keys()
SUBCOMMANDS = first_texts("moderator_command")
CARD_OPTIONS = first_texts("_option")
VOTES = get_args(get_type_hints(Feedback.vote)["return"])
CONTROLS = {"role", "channels", "language"}
SWITCHES = {name for name, field in ServerSettings.model_fields.items() if field.annotation is bool}
GUESSED = {
    f"index.add.{name}.{value}"
    for name, kind in (("layout", Layout), ("markers", Markers))
    for value in get_args(kind)
}
TOUR = {f"preview.{stop}" for stop in bot.preview.tour._STOPS}
PAGES = ("first", "back", "middle", "next", "last")
GAPS = {"index.gaps.do.show", "index.gaps.do.clear"}

FAMILIES: dict[str, Iterable[str]] = {
    "silence.{}": {f"silence.{reason}" for reason in set(Reason) - {Reason.OTHER_LANGUAGE}},
    "meaning.{}": {f"meaning.{state}" for state in get_args(State)},
    "settings.{}": {f"settings.{name}" for name in CONTROLS | SWITCHES},
    "settings.sureness.{}": {f"settings.sureness.{choice}" for choice in get_args(Sureness)},
    "settings.sureness.{}.description": {
        f"settings.sureness.{choice}.description" for choice in get_args(Sureness)
    },
    "refused.{}": {f"refused.{key}" for key in first_texts("LimitReachedError")},
    "fetch.{}": {f"fetch.{key}" for key in get_args(Key)},
    "following.failure.{}": {
        f"following.failure.{key}" for one in get_args(Failure) for key in get_args(one)
    },
    "following.reason.{}": {f"following.reason.{key}" for key in get_args(HoldReason)},
    "sources.mark.{}": {f"sources.mark.{kind}" for kind in Kind},
    "action.{}": {f"action.{action}" for action in get_args(Action)},
    "context.{}": {"context.contiguous", "context.excerpts", "context.placed"},
    "status.{}": {"status.shared", "status.own"},
    "control.{}": {f"control.{name}" for name in CARD_OPTIONS | first_texts("page")},
    "control.{}.description": {f"control.{name}.description" for name in CARD_OPTIONS},
    "vote.{}": {f"vote.{outcome}" for outcome in VOTES},
    "history.{}": {"history.added", "history.removed", "history.changed"},
    "index.{}.name": {f"index.{name}.name" for name in SUBCOMMANDS},
    "index.{}.description": {f"index.{name}.description" for name in SUBCOMMANDS},
    "index.gaps.do.{}": GAPS,
    "index.add.{}.{}": GUESSED,
    "upload.kind.{}": {f"upload.kind.{kind}" for kind in KINDS},
    "upload.page.{}": {f"upload.page.{name}" for name in PAGES},
    "upload.change.{}": {f"upload.change.{name}" for name in MOST_CHARS},
    "option.{}": NAMED,
    "{}.{}": DESCRIBED,
    "preview.{}": TOUR,
    "{}.name": (),  # of commands, whose own line names the key
    "{}.description": (),
}
"""The keys that each f-string in the code stands for."""


def used_keys() -> set[str]:
    """The keys that the code says: literals, and the families of its f-strings."""
    family = {key for keys in FAMILIES.values() for key in keys}
    counted = {key for key in ENGLISH if key.endswith(".one")}
    plain = family | (all_texts() & set(ENGLISH))
    return plain | {key for key in counted if key.removesuffix(".one") in plain}


def test_every_key_is_used() -> None:
    assert set(ENGLISH) - used_keys() == set()


def test_every_key_that_the_code_says_is_there() -> None:
    family = {key for keys in FAMILIES.values() for key in keys}
    assert (family | first_texts("say", "words")) - set(ENGLISH) == set()


def test_every_f_string_that_is_said_has_its_family() -> None:
    found = {
        pattern(call.args[0])
        for call in calls()
        if is_said(call) and isinstance(call.args[0], ast.JoinedStr)
    }
    assert found == set(FAMILIES)


def test_what_is_said_gets_the_fields_that_its_words_name() -> None:
    for call in calls():
        given = {keyword.arg for keyword in call.keywords}
        if called(call) == "say" and None not in given:
            for key in literals(call.args[0]):
                assert fields(ENGLISH[key]) <= given, key


def test_a_singular_is_of_a_key_that_counts() -> None:
    for key in ENGLISH:
        if key.endswith(".one"):
            assert "count" in fields(ENGLISH[key.removesuffix(".one")]), key


# What the languages say


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_the_keys_of_english_and_no_others(language: str) -> None:
    needed = {key for key in ENGLISH if not key.endswith(".one")}
    assert needed - set(own_words(language)) == set()
    assert set(own_words(language)) - set(ENGLISH) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_no_text(language: str) -> None:
    for key, text in own_words(language).items():
        assert isinstance(text, str), key
        assert text.strip(), key
        assert unicodedata.normalize("NFC", text) == text, key


@pytest.mark.parametrize("language", OTHERS)
def test_fields_are_those_of_english(language: str) -> None:
    for key, text in own_words(language).items():
        assert fields(text) == fields(ENGLISH[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_marks_of_markdown_pair_up(language: str) -> None:
    for key, text in own_words(language).items():
        for line in text.split("\n"):
            assert line.count("**") % 2 == 0, key
            assert line.replace("**", "").count("*") % 2 == 0, key
            assert line.count("`") % 2 == 0, key


def shape(text: str) -> list[str]:
    """How each line begins: as small print, heading, list, bold or plain text."""
    marks = (re.match(r"-# |#{1,3} |- |\d+\. |> ", line) for line in text.split("\n"))
    return [match[0] if match else "" for match in marks]


@pytest.mark.parametrize("language", OTHERS)
def test_lines_begin_as_in_english(language: str) -> None:
    for key, text in own_words(language).items():
        assert shape(text) == shape(ENGLISH[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 2])
def test_every_text_is_said_whole(language: str, count: int) -> None:
    for key in (key for key in ENGLISH if not key.endswith(".one")):
        words = catalogue(language)
        dummies: dict[str, Any] = {name: f"<{name}>" for name in fields(words[key])}
        if "seconds" in dummies:
            dummies["seconds"] = 1.5
        if "count" in dummies:
            dummies["count"] = count
        with speaking(language):
            said = say(key, **dummies)
        assert "{" not in said, key
        singular = own_words(language).get(f"{key}.one", "")
        shown = singular if count == 1 and singular and "count" in dummies else words[key]
        assert all(str(dummies[name]).split(".")[0] in said for name in fields(shown)), key


@pytest.mark.parametrize("language", OTHERS)
def test_one_is_said_in_the_language_spoken(language: str) -> None:
    key = "sources.also_touched"
    assert f"{key}.one" not in own_words(language)
    with speaking(language):
        assert say(key, count=1) == own_words(language)[key].format(count=1)
    with speaking(DEFAULT):
        assert say(key, count=1) == ENGLISH[f"{key}.one"].format(count=1)


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_asked_of_the_english_document_stays_english(language: str) -> None:
    for key in ("preview.silence.question", "preview.sources.text", "preview.hints.question"):
        assert own_words(language)[key] == ENGLISH[key]


# Commands by their names


def commands_of(language: str) -> set[str]:
    """`ask`, `index`, `index status` …, as the language calls them."""
    words = own_words(language)
    top = {key for key in ENGLISH if re.fullmatch(r"[a-z]+\.name", key)}
    below = {f"{words['index.name']} {words[f'index.{name}.name']}" for name in SUBCOMMANDS}
    return {words[key] for key in top} | below


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_call_commands_as_they_are_called_in_their_language(language: str) -> None:
    known = commands_of(language)
    for key, text in own_words(language).items():
        named = re.findall(r"(?:`|\*\*)/([^`*{]+)(?:`|\*\*)", text)
        assert text.count("/") == len(named) + text.count("/{name}"), key
        assert set(named) <= known, key
        assert len(named) == len(re.findall(r"(?:`|\*\*)/[a-z]", ENGLISH[key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_that_begin_afresh_are_understood(language: str) -> None:
    for key in ("help.mention", "help.direct", "prompt.welcome"):
        (quoted,) = re.findall('[\u201c\u300c"](.+?)[\u201d\u300d"]', own_words(language)[key])
        assert asked_anew(quoted.replace("…", "who?"))[1], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_entry_is_called_as_help_calls_it(language: str) -> None:
    words = own_words(language)
    assert f"**{words['sources.menu']}**" in words["help.find_sources"]


# Discord's limits


def spoken_keys(node: ast.AST) -> set[str]:
    """The keys of the words that an expression says."""
    if not isinstance(node, ast.Call) or not is_said(node):
        return set()
    key = node.args[0]
    return (
        set(FAMILIES[pattern(key)])
        if isinstance(key, ast.JoinedStr)
        else {*literals(key)} - {"key"}
    )


def keys_at(keyword: str) -> set[str]:
    """The keys of what is said as a keyword argument of a control or command."""
    return {
        key
        for call in calls()
        if not is_said(call)
        for given in call.keywords
        if given.arg == keyword
        for key in spoken_keys(given.value)
    }


def keys_of_argument(function: str, position: int) -> set[str]:
    return {
        key
        for call in calls()
        if called(call) == function and len(call.args) > position
        for key in spoken_keys(call.args[position])
    }


COMMAND_NAMES = {key for key in ENGLISH if key.endswith(".name")} | NAMED
BUTTONS = keys_at("label") | keys_of_argument("_button", 0) | keys_of_argument("Confirm", 1) | TOUR
LIMITS: dict[int, set[str]] = {
    32: COMMAND_NAMES | {"sources.menu", "messages.menu"},
    45: keys_at("title") | keys_at("text"),
    80: BUTTONS,
    100: {
        *(key for key in ENGLISH if key.endswith(".description")),
        *DESCRIBED,
        *GAPS,
        *GUESSED,
        *FAMILIES["control.{}"],
        *FAMILIES["settings.sureness.{}"],
        *keys_at("description"),
        *keys_at("placeholder"),
        "settings.language.own",
        "preview.server",
        "preview.channel",
    },
}
LONGEST_FIELD = {"tried": "x" * 60}
"""Fields of bounded texts that people fill; others are figures."""


def test_the_bounded_texts_are_found() -> None:
    assert {
        "control.context",
        "index.purge.confirm",
        "confirm.cancel",
        "settings.turn_on",
    } < BUTTONS
    assert {"follow.title", "follow.label"} <= LIMITS[45]
    assert {"follow.placeholder", "settings.role.none", "settings.sureness.open"} < LIMITS[100]


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_keep_to_discords_limits(language: str) -> None:
    for limit, keys in LIMITS.items():
        for key in keys:
            text = own_words(language)[key]
            filled = text.format(**{f: LONGEST_FIELD.get(f, "0.50") for f in fields(text)})
            assert 1 <= len(filled) <= limit, key
            assert "\n" not in filled, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_commands_and_options_are_such_as_discord_takes(language: str) -> None:
    for key in COMMAND_NAMES:
        name = own_words(language)[key]
        assert name == name.lower(), key
        assert all(sign in "-_'" or unicodedata.category(sign)[0] in "LN" for sign in name), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_cards_fit_into_a_message(language: str) -> None:
    with speaking(language):
        cards = (
            help_card("x" * 300, in_server=True, moderator=True),
            privacy_card(1000, questions_logged=True),
        )
    for card in cards:
        texts = (one for one in card.walk_children() if isinstance(one, discord.ui.TextDisplay))
        assert sum(len(one.content) for one in texts) <= 4000
