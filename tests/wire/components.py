"""Walking the components of a message or a modal, classic ones and Components V2 alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from .payloads import Json

BUTTON, TEXT_INPUT, TEXT_DISPLAY = 2, 4, 10

# Keys that hold what a person reads on a component, in the order in which it is seen.
_WORDS = ("content", "label", "placeholder", "description")
# Keys that hold further components: one, or a list of them.
_CHILDREN = ("components", "component", "accessory", "items", "options")


def walk(components: Iterable[Json]) -> Iterator[Json]:
    """Every component, parents before children, in reading order."""
    for component in components:
        yield component
        for key in _CHILDREN:
            inner = component.get(key) or []
            yield from walk([inner] if isinstance(inner, dict) else inner)


def texts(components: Iterable[Json]) -> list[str]:
    """All the text a person would read on these components, in reading order."""
    return [str(part[key]) for part in walk(components) for key in _WORDS if part.get(key)]


def custom_ids(components: Iterable[Json]) -> list[str]:
    """The custom_id of everything that can be clicked, chosen or filled in."""
    return [part["custom_id"] for part in walk(components) if "custom_id" in part]


def find(components: Iterable[Json], name: str) -> Json:
    """The component with this custom_id, or failing that with this label."""
    parts = [part for part in walk(components) if "custom_id" in part]
    for key in ("custom_id", "label"):
        for part in parts:
            if part.get(key) == name:
                return part
    known = [f"{part['custom_id']} ({part.get('label')})" for part in parts]
    raise LookupError(f"nothing to click called {name!r}; there is {', '.join(known) or 'nothing'}")


def number(components: Iterable[Json]) -> None:
    """Give every component the id that Discord adds when the sender left it out."""
    # Select options and gallery items are walked too but are no components: they have no type.
    parts = [part for part in walk(components) if isinstance(part.get("type"), int)]
    taken = {part["id"] for part in parts if part.get("id")}
    free = (n for n in count(1) if n not in taken)
    for part in parts:
        if not part.get("id"):
            part["id"] = next(free)


def fill_in(components: Iterable[Json], values: dict[str, str | list[str]]) -> list[Json]:
    """A modal's components as its submission carries them, with these values typed in."""
    return [_filled(component, values) for component in components]


def _filled(component: Json, values: dict[str, str | list[str]]) -> Json:
    kept: Json = {key: component[key] for key in ("type", "id") if key in component}
    if "components" in component:
        return kept | {"components": fill_in(component["components"], values)}
    if "component" in component:
        return kept | {"component": _filled(component["component"], values)}
    if "custom_id" not in component:
        return kept
    kept["custom_id"] = component["custom_id"]
    if component["type"] == TEXT_INPUT:
        return kept | {"value": values.get(component["custom_id"], component.get("value") or "")}
    return kept | {"values": values.get(component["custom_id"], [])}
