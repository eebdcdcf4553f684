"""Values that are made by the hundred thousand: as cheap as plain objects, and as unchanging."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

_Made = TypeVar("_Made")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(made: type[_Made]) -> type[_Made]:
    """A dataclass with slots that nobody changes: by the type checker's word, not at run time.

    What `@dataclass(frozen=True)` does at run time makes each value cost nine times as much (of thirteen
    fields 3.6 against 0.4 microseconds), which is paid for every document several times over. Equal,
    hashed and shown as a frozen one is. For values that are few, use a frozen dataclass.
    """
    return dataclass(slots=True, unsafe_hash=True)(made)
