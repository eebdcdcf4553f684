"""Resources, changes and plans: plain values, made by pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from provisioner.core.errors import Where
from provisioner.core.transport import Operation

Risk = Literal["low", "medium", "high"]
Severity = Literal["error", "warning", "note"]


class Action(StrEnum):
    """What a plan may do: a closed set with one mark each."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    ADOPT = "adopt"
    FORGET = "forget"
    NOOP = "no-op"

    @property
    def mark(self) -> str:
        """One character for a terminal."""
        return {
            "create": "+",
            "update": "~",
            "replace": "±",
            "delete": "-",
            "adopt": "=",
            "forget": "!",
        }.get(self.value, " ")


@dataclass(frozen=True, slots=True)
class Resource:
    """One declared part of a workspace: its address and canonical properties.

    `keys` are natural names in order of trust, as `(sort, value)`: ("url", "/sites/a/Lists/R"),
    ("title", "Risk Register"); they find the same thing on the site when no id is recorded.
    `depends` are addresses that must exist first (beyond the parent). `extra` is what operations
    need and drift does not compare.
    """

    kind: str
    address: str
    properties: Mapping[str, Any]
    keys: tuple[tuple[str, str], ...] = ()
    depends: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    where: Where | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One part of a site as read, not yet matched to an address.

    `parent` is the address of what it sits in (already matched). `ids` are what the service
    assigned, by attribute; "id" is always there. `name` makes an address when nothing declared
    matches. `builtin` marks what Microsoft made with the site, which is never an extra.
    """

    kind: str
    parent: str
    name: str
    keys: tuple[tuple[str, str], ...]
    ids: Mapping[str, str]
    properties: Mapping[str, Any]
    builtin: bool = False


@dataclass(frozen=True, slots=True)
class Existing:
    """A `Found` with its address."""

    kind: str
    address: str
    properties: Mapping[str, Any]
    ids: Mapping[str, str]
    declared: bool
    builtin: bool = False


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One property before and after; `path` names it as the workspace file does."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """What is to happen to one address, and why."""

    address: str
    kind: str
    action: Action
    reason: str
    risk: Risk
    fields: tuple[FieldChange, ...] = ()
    operations: tuple[Operation, ...] = ()
    desired: Resource | None = None
    existing: Existing | None = None
    depends: tuple[str, ...] = ()
