"""Query options of Graph item and drive reads: `$select`, `$expand` with inner options, paging."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Call, Refusal

MAX_PAGE = 5000
NON_INDEXED = "honornonindexedquerieswarningmayfailrandomly"


@dataclass(frozen=True, slots=True)
class Shape:
    """What of an item to give: chosen properties (None: all), chosen fields, with which parts."""

    select: frozenset[str] | None = None
    fields: bool = False
    field_select: tuple[str, ...] | None = None
    drive_item: bool = False
    versions: bool = False


def option(call: Call, name: str) -> str:
    """A query option with or without its dollar sign, "" when absent."""
    return call.query.get(f"${name}", call.query.get(name, ""))


def expansions(text: str) -> dict[str, dict[str, str]]:
    """`fields($select=A,B),driveItem` as ``{"fields": {"select": "A,B"}, "driveItem": {}}``."""
    found: dict[str, dict[str, str]] = {}
    for part in _split(text, ","):
        name, _, inner = part.strip().partition("(")
        if not name:
            continue
        options: dict[str, str] = {}
        for each in _split(inner.removesuffix(")"), ";"):
            key, _, value = each.partition("=")
            if key.strip():
                options[key.strip().removeprefix("$")] = value.strip()
        found[name.strip()] = options
    return found


def item_shape(call: Call) -> Shape:
    """The `Shape` a list item request asks for. Raises `Refusal` 400 for an unknown expansion."""
    parts = expansions(option(call, "expand"))
    unknown = set(parts) - {"fields", "driveItem", "versions"}
    if unknown:
        raise Refusal(
            400,
            "invalidRequest",
            f"Could not find a property named '{min(unknown)}' on type 'microsoft.graph.listItem'.",
        )
    chosen = parts.get("fields", {}).get("select")
    select = option(call, "select")
    return Shape(
        frozenset(name.strip() for name in select.split(",")) if select else None,
        "fields" in parts,
        tuple(name.strip() for name in chosen.split(",")) if chosen else None,
        "driveItem" in parts,
        "versions" in parts,
    )


def page_size(tenant: Tenant, call: Call) -> int:
    """`$top`, or the tenant's page size. Raises `Refusal` 400 above 5,000 or for no number."""
    text = option(call, "top")
    if not text:
        return int(tenant.setting("pageSize"))
    if not text.isdigit() or int(text) < 1:
        raise Refusal(400, "invalidRequest", f"Invalid value '{text}' for $top.")
    if int(text) > MAX_PAGE:
        raise Refusal(
            400, "invalidRequest", f"The page size {text} is above the limit of {MAX_PAGE}."
        )
    return int(text)


def link(call: Call, **changes: str | None) -> str:
    """The address of this request with other query options; None takes one away."""
    query = {name: value for name, value in call.query.items() if name.lstrip("$") not in changes}
    for name, value in changes.items():
        if value is not None:
            query["token" if name == "token" else f"${name}"] = value
    text = urlencode(query, safe="$", quote_via=quote)
    return address(call, call.path) + (f"?{text}" if text else "")


def address(call: Call, path: str) -> str:
    """The absolute address of a path below the version, on the host the request came to."""
    return f"{call.base_url}/{call.version}{quote(path, safe='/:,!()')}"


def skip_token(call: Call, name: str) -> int:
    """The number a `$skiptoken` of ours carries under `name`, 0 without a token."""
    text = option(call, "skiptoken")
    if not text:
        return 0
    for part in text.split("&"):
        key, _, value = part.partition("=")
        if key == name and value.isdigit():
            return int(value)
    raise Refusal(400, "invalidRequest", "The skip token is malformed.")


def _split(text: str, separator: str) -> list[str]:
    parts, depth, current = [], 0, ""
    for char in text:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == separator and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += char
    return [*parts, current]
