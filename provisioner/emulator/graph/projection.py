"""What of an entity a Graph answer shows: ``$select``, ``$expand``, ``$filter``, ``$top``.

"Customize Microsoft Graph responses with query parameters"
(learn.microsoft.com/graph/query-parameters).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from provisioner.emulator.wire import Call, Refusal

_EQUALS = re.compile(r"\s*(\w+)\s+eq\s+('(?:[^']|'')*'|true|false)\s*", re.IGNORECASE)
_EXPANSION = re.compile(r"(\w+)(?:\((.*)\))?\Z", re.DOTALL)
_MAX_PAGE = 5000


@dataclass(frozen=True, slots=True)
class Resource:
    """A Graph entity, what may be expanded below it, and what comes only when selected."""

    entity: Mapping[str, Any]
    expandable: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    explicit: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paged:
    """A collection below an entity that reads its own options and may go on elsewhere.

    `page` takes the options of the expansion and gives the members and the address of the rest.
    """

    page: Callable[[Mapping[str, str]], tuple[list[Any], str]]


def one(call: Call, resource: Resource, context: str) -> dict[str, Any]:
    """The entity as the call asks for it, with its ``@odata.context``.

    Raises `Refusal` 400 for an expansion that does not exist.
    """
    shown = _project(resource, call.query.get("$select", ""), call.query.get("$expand", ""))
    return {"@odata.context": _context(call, context + "/$entity"), **shown}


def many(call: Call, resources: Iterable[Resource], context: str, page_size: int) -> dict[str, Any]:
    """``{"value": […]}``, filtered and paged; ``@odata.nextLink`` where more is to come."""
    chosen = [r for r in resources if _kept(r.entity, call.query.get("$filter", ""))]
    start = _number(call, "$skiptoken") or 0
    size = min(_number(call, "$top") or page_size, _MAX_PAGE)
    select, expand = call.query.get("$select", ""), call.query.get("$expand", "")
    body: dict[str, Any] = {"@odata.context": _context(call, context)}
    if start + size < len(chosen):
        query = {**call.query, "$skiptoken": str(start + size)}
        text = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
        body["@odata.nextLink"] = f"{call.base_url}/{call.version}{quote(call.path)}?{text}"
    body["value"] = [_project(r, select, expand) for r in chosen[start : start + size]]
    return body


def _context(call: Call, what: str) -> str:
    return f"{call.base_url}/{call.version}/$metadata#{what}"


def _number(call: Call, name: str) -> int | None:
    text = call.query.get(name, "")
    if not text:
        return None
    if not text.isdigit() or (name == "$top" and int(text) == 0):
        raise Refusal(400, "invalidRequest", f"Invalid value for {name}.")
    return int(text)


def _kept(entity: Mapping[str, Any], condition: str) -> bool:
    if not condition:
        return True
    found = _EQUALS.fullmatch(condition)
    if found is None or found[1] not in entity:
        raise Refusal(400, "invalidRequest", "Invalid filter clause")
    value: Any = found[2].lower() == "true"
    if found[2].startswith("'"):
        value = found[2][1:-1].replace("''", "'")
        return bool(str(entity[found[1]]).lower() == value.lower())
    return bool(entity[found[1]] is value)


def _split(text: str, separator: str = ",") -> list[str]:
    parts, depth, current = [], 0, ""
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == separator and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += char
    return [part for part in [*parts, current.strip()] if part]


def _project(resource: Resource, select: str, expand: str) -> dict[str, Any]:
    names = _split(select)
    if names and "*" not in names:
        known = {**resource.entity, **resource.explicit}
        shown = {n: v for n, v in known.items() if n in names or n.startswith("@odata.")}
        # Graph gives the id whether or not it is named.
        shown |= {"id": known["id"]} if "id" in known else {}
        for name in names:
            # Navigation properties that are selected come as if expanded ("system", "columns").
            if name in resource.expandable and name not in _split(expand):
                shown[name] = _nested(resource.expandable[name](), "")
    else:
        shown = dict(resource.entity)
    for part in _split(expand):
        found = _EXPANSION.fullmatch(part)
        if found is None or found[1] not in resource.expandable:
            raise Refusal(
                400,
                "BadRequest",
                f"Parsing OData Select and Expand failed: Could not find a property named "
                f"'{part}'.",
            )
        value = resource.expandable[found[1]]()
        if isinstance(value, Paged):
            members, following = value.page(_settings(found[2] or ""))
            shown[found[1]] = members
            if following:
                shown[f"{found[1]}@odata.nextLink"] = following
        else:
            shown[found[1]] = _nested(value, found[2] or "")
    return shown


def _settings(options: str) -> dict[str, str]:
    """The options of an expansion by name, the dollar sign put where it was left out."""
    pairs = (part.partition("=") for part in _split(options, ";"))
    return {f"${name.strip().removeprefix('$').lower()}": value.strip() for name, _, value in pairs}


def _nested(value: Any, options: str) -> Any:
    settings = _settings(options)
    select, expand = settings.get("$select", ""), settings.get("$expand", "")
    if isinstance(value, Paged):
        return value.page(settings)[0]
    if isinstance(value, list):
        return [_project(member, select, expand) for member in value]
    return _project(value, select, expand) if isinstance(value, Resource) else value
