"""What of an entity an answer shows: ``$select``, ``$expand``, ``$filter``, ``$orderby``, ``$top``.

Rules as in "Use OData query operations in SharePoint REST requests"
(learn.microsoft.com/sharepoint/dev/sp-add-ins): a property of an expanded entity is selected as
``Member/Title``, and some properties come only when they are named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.emulator.wire import Call, Refusal

Expandable = Mapping[str, Callable[[], Any]]
_CONDITION = re.compile(
    r"\s*(?P<name>[\w/]+)\s+(?P<op>eq|ne)\s+(?P<value>'(?:[^']|'')*'|guid'[^']*'|[\w.\-]+)\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Node:
    """An entity with what may be expanded below it.

    `explicit` names properties given only when ``$select`` asks for them.
    """

    entity: Mapping[str, Any]
    expandable: Expandable = field(default_factory=dict)
    explicit: frozenset[str] = frozenset()


def shape(
    call: Call,
    entity: Mapping[str, Any],
    expandable: Expandable,
    explicit: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """The entity as the call's ``$select`` and ``$expand`` ask for it.

    `expandable` names what may be expanded and gives it: a plain value, a `Node`, or a list of
    either. Raises `Refusal` 400 for a property or expansion that does not exist.
    """
    node = Node(entity, expandable, explicit)
    return _shaped(node, _paths(call, "$select"), _expands(call))


def collection(call: Call, nodes: Iterable[Node]) -> dict[str, Any]:
    """``{"value": […]}`` of many entities, filtered, ordered, cut and shaped as the call asks."""
    chosen = [node for node in nodes if matches(call, node.entity)]
    order = _option(call, "$orderby")
    if order:
        for part in reversed(order.split(",")):
            name, _, direction = part.strip().partition(" ")
            key = name
            chosen.sort(
                key=lambda n, k=key: str(_named(n.entity, k)).lower(),  # type: ignore[misc]
                reverse=direction.strip().lower() == "desc",
            )
    skip, top = _option(call, "$skip"), _option(call, "$top")
    if skip.isdigit():
        chosen = chosen[int(skip) :]
    if top.isdigit():
        chosen = chosen[: int(top)]
    selects, expands = _paths(call, "$select"), _expands(call)
    return {"value": [_shaped(node, selects, expands) for node in chosen]}


def matches(call: Call, entity: Mapping[str, Any]) -> bool:
    """Whether ``$filter`` (``Name eq 'x'``, joined by ``and``/``or``) keeps the entity."""
    text = _option(call, "$filter")
    if not text:
        return True
    alternatives = re.split(r"\s+or\s+(?=(?:[^']*'[^']*')*[^']*\Z)", text, flags=re.IGNORECASE)
    return any(
        all(
            _holds(condition, entity)
            for condition in re.split(
                r"\s+and\s+(?=(?:[^']*'[^']*')*[^']*\Z)", alternative, flags=re.IGNORECASE
            )
        )
        for alternative in alternatives
    )


def _holds(condition: str, entity: Mapping[str, Any]) -> bool:
    found = _CONDITION.fullmatch(condition.strip().strip("()"))
    if found is None:
        raise _invalid(f"The query string '{condition}' is not valid.")
    value = found["value"]
    actual = _named(entity, found["name"])
    if value.lower() in ("true", "false"):
        same = actual is (value.lower() == "true")
    elif "'" in value:
        inner = value[value.index("'") + 1 : -1].replace("''", "'")
        same = str(actual).lower() == inner.lower()
    else:
        same = str(actual) == value
    return same if found["op"].lower() == "eq" else not same


def _invalid(message: str) -> Refusal:
    return Refusal(
        400,
        "invalidRequest",
        message,
        rest_code="-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
    )


def _option(call: Call, name: str) -> str:
    for key, value in call.query.items():
        if key.lower() == name:
            return value
    return ""


def _paths(call: Call, name: str) -> list[tuple[str, ...]]:
    text = _option(call, name)
    return [tuple(part.strip().split("/")) for part in text.split(",") if part.strip()]


def _expands(call: Call) -> list[tuple[str, ...]]:
    return _paths(call, "$expand")


def _named(entity: Mapping[str, Any], name: str) -> Any:
    for key, value in entity.items():
        if key.lower() == name.lower():
            return value
    raise _invalid(f"The field or property '{name}' does not exist.")


def _shaped(
    node: Node, selects: list[tuple[str, ...]], expands: list[tuple[str, ...]]
) -> dict[str, Any]:
    entity, known = node.entity, {name.lower(): name for name in node.expandable}
    if not selects and not expands and not node.explicit:
        return dict(entity)
    plain = {path[0].lower() for path in selects if len(path) == 1}
    everything = not selects or "*" in plain
    names = {name.lower() for name in entity} if plain or expands else set()
    # Metadata annotations ("odata.…") and, for list items, values under other names stay visible.
    result = {
        name: value
        for name, value in entity.items()
        if (everything and name not in node.explicit)  # the usual case, so it is asked first
        or name.lower() in plain
        or name.startswith("odata.")
    }
    for name in plain - {"*"}:
        if name not in names and name not in known:
            raise _invalid(f"The field or property '{name}' does not exist.")
    for path in dict.fromkeys(part[0].lower() for part in expands):
        if path not in known:
            if path in names:
                continue
            raise _invalid(f"The field or property '{path}' does not exist.")
        deeper_selects = [p[1:] for p in selects if p[0].lower() == path and len(p) > 1]
        if selects and not everything and path not in plain and not deeper_selects:
            continue
        deeper_expands = [p[1:] for p in expands if p[0].lower() == path and len(p) > 1]
        result[known[path]] = _expanded(
            node.expandable[known[path]](), deeper_selects, deeper_expands
        )
    for path_ in selects:
        if len(path_) > 1 and path_[0].lower() not in {p[0].lower() for p in expands}:
            raise _invalid(
                f"The query to field '{'/'.join(path_)}' is not valid. The $select query string "
                "must specify the target fields and the $expand query string must contain "
                f"{path_[0]}."
            )
    return result


def _expanded(value: Any, selects: list[tuple[str, ...]], expands: list[tuple[str, ...]]) -> Any:
    if isinstance(value, list):
        return [_expanded(member, selects, expands) for member in value]
    if isinstance(value, Node):
        return _shaped(value, selects, expands)
    if isinstance(value, dict):
        return _shaped(Node(value), selects, expands)
    return value
