"""The rooms and the one direction of the arrows between them."""

import ast
from pathlib import Path

import bot
import index

INDEX, BOT = Path(index.__file__).parent, Path(bot.__file__).parent


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_index_knows_neither_discord_nor_asyncio_nor_the_bot() -> None:
    for path in INDEX.rglob("*.py"):
        tops = {name.partition(".")[0] for name in imported(path)}
        assert tops.isdisjoint({"discord", "asyncio", "bot", "aiohttp"}), path


def test_cards_and_locales_ask_no_command() -> None:
    for room in ("cards", "locales"):
        for path in (BOT / room).rglob("*.py"):
            assert not any(name.startswith("bot.commands") for name in imported(path)), path


def test_no_module_is_longer_than_five_hundred_lines() -> None:
    for path in [*INDEX.rglob("*.py"), *BOT.rglob("*.py")]:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 500, path


def test_every_module_says_what_it_is_for() -> None:
    for path in [*INDEX.rglob("*.py"), *BOT.rglob("*.py")]:
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def test_no_test_module_is_longer_than_five_hundred_lines() -> None:
    for path in Path(__file__).parent.rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 500, path
