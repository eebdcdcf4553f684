"""Readings of one list, asked as one: its columns, views, content types and grants. Pure.

SharePoint gives what lies below a list with the list itself ("Use OData query operations in
SharePoint REST requests", learn.microsoft.com: `$expand`, and `$select=Fields/Title`). Asked so, a
list costs one request instead of four, and the units of the dearest of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from provisioner.core.transport import Answer, Reading

_BELOW = re.compile(
    r"(/_api/web/lists\(guid'[^']+'\))/(fields|views|contenttypes|roleassignments)\?([^?]*)\Z"
)
_NAMES = {
    "fields": "Fields",
    "views": "Views",
    "contenttypes": "ContentTypes",
    "roleassignments": "RoleAssignments",
}
_OPTIONS = frozenset({"$select", "$expand"})


@dataclass(frozen=True, slots=True)
class Combined:
    """One reading, and the name under which its answer holds that of each reading it stands for."""

    reading: Reading
    members: Mapping[Reading, str]

    def answers(self, whole: Answer) -> dict[Reading, Answer]:
        """The answer to each member, in the shape in which it would have come alone."""
        body = whole.body if isinstance(whole.body, Mapping) else {}
        return {
            reading: Answer(whole.status, {"value": _rows(body.get(name))}, whole.headers)
            for reading, name in self.members.items()
        }


def combined(readings: Sequence[Reading]) -> tuple[list[Reading], list[Combined]]:
    """What is asked as it is, and what is asked together; equal readings once."""
    by_list: dict[str, list[tuple[Reading, str, dict[str, str]]]] = {}
    alone: list[Reading] = []
    for reading in dict.fromkeys(readings):
        found = _BELOW.match(reading.path) if reading.audience == "sharepoint" else None
        options = _options(found[3]) if found is not None and not reading.absent_ok else None
        if found is None or options is None:
            alone.append(reading)
        else:
            by_list.setdefault(found[1], []).append((reading, _NAMES[found[2]], options))
    together: list[Combined] = []
    for home, members in by_list.items():
        if len(members) == 1:
            alone.append(members[0][0])
        else:
            together.append(_joined(home, members))
    return alone, together


def _joined(home: str, members: Sequence[tuple[Reading, str, dict[str, str]]]) -> Combined:
    selected, expanded = ["Id"], []
    for _, name, options in members:
        asked = [one for one in options.get("$select", "").split(",") if one]
        selected += [f"{name}/{one}" for one in asked] or [name]
        expanded.append(name)
        expanded += [f"{name}/{one}" for one in options.get("$expand", "").split(",") if one]
    reading = Reading(
        "sharepoint",
        f"{home}?$select={','.join(selected)}&$expand={','.join(expanded)}",
        cost=max(one.cost for one, _, _ in members),
        permission=members[0][0].permission,
    )
    return Combined(reading, {one: name for one, name, _ in members})


def _options(query: str) -> dict[str, str] | None:
    """The query's options by name; None where one of them cannot be said of a part."""
    pairs = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
    return pairs if _OPTIONS.issuperset(pairs) else None


def _rows(value: object) -> list[object]:
    """A collection inside an entity: a list, or `{"results": […]}` as verbose answers write it."""
    if isinstance(value, Mapping):
        value = value.get("results")
    return list(value) if isinstance(value, list) else []
