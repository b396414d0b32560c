"""The rooms of the house, and the one direction of the arrows between them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import bot
import index

HOUSE = Path(index.__file__).parent.parent
PACKAGES = (Path(index.__file__).parent, Path(bot.__file__).parent)

FLOORS: tuple[tuple[str, ...], ...] = (
    ("bot.__main__",),
    ("bot.cli",),
    ("bot.preview",),
    ("bot.gateway",),
    ("bot.monitoring", "bot.commands"),
    ("bot.interactions",),
    ("bot.people", "bot.cards"),
    ("bot.following",),
    ("bot.libraries", "bot.uploads", "bot.fetching"),
    ("bot.work",),
    ("bot.store", "bot.settings"),
    ("bot.errors", "bot.locales"),
    ("index.statements", "index.evaluation"),
    ("index.answering",),
    ("index.meaning",),
    ("index.library",),
    ("index.engines", "index.documents"),
    ("index.importers",),
    ("index.arrays",),
    ("index.files", "index.text"),
    ("index.errors",),
    ("index.system",),
)
"""From top to bottom. A room imports from the floors below and from itself, and from no other room
of its own floor."""

MOST_MODULES = 12
"""Modules of a folder beside its `__init__`."""
MOST_LINES = 500
MOST_METHODS = 15
"""Public methods of a class."""


def module_of(path: Path) -> str:
    """The dotted name of a file of the house."""
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for package in PACKAGES for path in sorted(package.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def imported(module: str) -> set[str]:
    """All that a module imports, wherever the import stands, for types only included."""
    names: set[str] = set()
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{module}: write the whole names of modules"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = inner & MODULES.keys()
            names |= modules
            if len(modules) < len(inner):
                names.add(node.module)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "import_module":
            names.update(str(one.value) for one in node.args if isinstance(one, ast.Constant))
    return names


ARROWS = {module: (imported(module) & MODULES.keys()) - {module} for module in MODULES}


def room_of(module: str) -> str | None:
    """The room that a module stands in; None for the doors of the two houses."""
    rooms = chain.from_iterable(FLOORS)
    return next((room for room in rooms if f"{module}.".startswith(f"{room}.")), None)


def floor_of(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def upward() -> Iterator[tuple[str, str]]:
    for module, targets in ARROWS.items():
        room = room_of(module)
        for target in targets:
            other = room_of(target)
            if other is None or room == other or (room is None and module == "index"):
                continue
            if room is None or floor_of(room) >= floor_of(other):
                yield module, target


def circles() -> Iterator[frozenset[str]]:
    """The strongly connected groups of more than one module."""
    reached: dict[str, set[str]] = {}
    for module in ARROWS:
        known: set[str] = set()
        ahead = [module]
        while ahead:
            for target in ARROWS[ahead.pop()] - known:
                known.add(target)
                ahead.append(target)
        reached[module] = known
    for module, known in reached.items():
        circle = frozenset(other for other in known if module in reached[other])
        if len(circle) > 1 and module == min(circle):
            yield circle


def test_every_module_stands_in_a_room() -> None:
    assert {module for module in MODULES if room_of(module) is None} <= {"index", "bot"}


def test_arrows_run_from_top_to_bottom() -> None:
    assert not list(upward())


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert not list(circles())


def test_no_folder_is_crowded() -> None:
    for folder in {path.parent for path in MODULES.values()}:
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        name = module_of(folder / "__init__.py")
        assert len(modules) <= MOST_MODULES, name


def test_index_knows_neither_discord_nor_asyncio_nor_the_bot() -> None:
    for module in MODULES:
        if module.startswith("index"):
            tops = {name.partition(".")[0] for name in imported(module)}
            assert tops.isdisjoint({"discord", "asyncio", "bot", "aiohttp"}), module


def test_no_class_has_more_than_fifteen_public_methods() -> None:
    for module, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                methods = [
                    member.name
                    for member in node.body
                    if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef)
                    and not member.name.startswith("_")
                ]
                assert len(methods) <= MOST_METHODS, f"{module}.{node.name}"


def test_no_module_is_longer_than_five_hundred_lines() -> None:
    for path in MODULES.values():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES, path


def test_contributing_lists_the_rooms_that_there_are() -> None:
    listing = (HOUSE / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Rooms")[2]
    listed: dict[str, set[str]] = {}
    for line in listing.split("```")[1].splitlines()[1:]:
        name = line.split()[0].rstrip("/")
        if not line.startswith(" "):
            house = listed.setdefault(name, set())
        else:
            house.add(name)
    for package in PACKAGES:
        rooms = {path.parent.name for path in package.glob("*/*.py")}
        modules = {path.name for path in package.glob("*.py")}
        assert listed[package.name] | {"__init__.py"} == rooms | modules, package.name
    assert {*listed} <= {path.name for path in HOUSE.iterdir()}


def test_every_module_says_what_it_is_for() -> None:
    for module, tree in TREES.items():
        assert ast.get_docstring(tree), module


def test_no_test_module_is_longer_than_five_hundred_lines() -> None:
    for path in Path(__file__).parent.rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES, path
