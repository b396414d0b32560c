"""Dataclasses of arrays to arrays by name, and back.

A part is a dataclass whose fields are arrays, whole numbers, or parts. The array of the field
`hashes` of the part in the field `terms` is called `terms.hashes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from mmap import mmap
from typing import Any, TypeVar, get_type_hints

import numpy as np
from numpy.typing import NDArray

__all__ = ["from_arrays", "places_in", "private_bytes", "to_arrays"]

HEADER_BYTES = 200
"""What an array takes beside its values: its object, and that which it is a field of."""

Part = TypeVar("Part")


def to_arrays(part: object, prefix: str = "") -> dict[str, NDArray[Any]]:
    """All arrays of a part by name; a whole number is an array of shape ()."""
    arrays: dict[str, NDArray[Any]] = {}
    for field in fields(part):  # type: ignore[arg-type]  # a dataclass, which has no type
        name, value = f"{prefix}{field.name}", getattr(part, field.name)
        if is_dataclass(value):
            arrays |= to_arrays(value, f"{name}.")
        else:
            arrays[name] = np.asarray(value)
    return arrays


def from_arrays(kind: type[Part], arrays: Mapping[str, NDArray[Any]], prefix: str = "") -> Part:
    """The part that `to_arrays` gave; raises KeyError for an array that is missing."""
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]
        name, hint = f"{prefix}{field.name}", hints[field.name]
        if is_dataclass(hint):
            values[field.name] = from_arrays(hint, arrays, f"{name}.")  # type: ignore[arg-type]
        else:
            values[field.name] = int(arrays[name]) if hint is int else arrays[name]
    return kind(**values)


def private_bytes(arrays: Iterable[NDArray[Any]]) -> int:
    """About the bytes of memory that arrays take: those mapped from a file take their objects'."""
    return sum(HEADER_BYTES + (0 if _is_mapped(array) else array.nbytes) for array in arrays)


def _is_mapped(array: NDArray[Any]) -> bool:
    base: object = array
    while isinstance(base, np.ndarray | memoryview):
        base = base.base if isinstance(base, np.ndarray) else base.obj
    return isinstance(base, mmap)


def places_in(ordered: NDArray[Any], values: NDArray[Any]) -> NDArray[np.int64]:
    """Where each of `values` stands among `ordered`, ascending; -1 for those that do not."""
    if not len(ordered):
        return np.full(len(values), -1)
    places = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return np.where(ordered[places] == values, places, -1)
