"""Requests that create, change and delete views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from provisioner.core.resource import Action, Change, Resource
from provisioner.core.transport import Operation, ref
from provisioner.kinds.base import Capabilities, Scope
from provisioner.kinds.formatters import sent
from provisioner.kinds.requests import (
    VERBOSE,
    quoted,
    rest,
    rest_list,
)
from provisioner.kinds.view_parts import (
    LAYOUTS,
    NEW,
    data_xml,
    settings,
    widths_xml,
)


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """`views/add` takes everything at once; an update sets what differs, then the columns."""
    own = change.address
    path = f"{rest_list(own)}/views(guid'{ref(own)}')"
    if change.action is Action.DELETE:
        return (rest("DELETE", path, own, tolerates=(404,), what=f"Delete {own}"),)
    wanted = change.desired
    if wanted is None:
        return ()
    if change.action is Action.CREATE:
        return _take_first(wanted, path) if wanted.extra.get("first") else _add(wanted, path)
    names = {field.path.partition(".")[0] for field in change.fields}
    body = settings({name: value for name, value in wanted.properties.items() if name in names})
    made = [rest("MERGE", path, own, body, what=f"Update {own}")] if body else []
    if "columns" in names:
        before = change.existing.properties["columns"] if change.existing else ()
        made += _columns(own, path, list(before), list(wanted.properties["columns"]))
    return made


def _add(wanted: Resource, path: str) -> Sequence[Operation]:
    """Body as pnp/cli-microsoft365 sends it (spo list view add).

    Depth and totals have no place in it, so a view that has them is told of them right after.
    """
    said = wanted.properties
    parameters: dict[str, Any] = {
        "Title": said["name"],
        "ViewFields": {"results": list(said["columns"])},
        "Query": said["query"],
        "RowLimit": said["rowLimit"],
        "Paged": said["paged"],
        "PersonalView": False,
        "SetAsDefaultView": bool(said.get("default")),
    }
    if said["layout"] != "list":
        parameters["ViewType2"] = LAYOUTS[said["layout"]]
        parameters["ViewData"] = data_xml(said.get("layoutData") or {})
    if said["formatting"] or said["layout"] == "board":
        parameters["CustomFormatter"] = sent(said["formatting"]) or "{}"
    if said.get("widths"):
        parameters["ColumnWidth"] = widths_xml(said["widths"])
    own = wanted.address
    made = rest(
        "POST",
        f"{rest_list(own)}/views/add",
        own,
        {"parameters": parameters},
        headers=VERBOSE,
        produces={"id": "/Id", "url": "/ServerRelativeUrl"},
        what=f"Create {own}",
    )
    later = {name: said[name] for name in ("scope", "totals") if said[name] != NEW[name]}
    return (
        (made, rest("MERGE", path, own, settings(later), what=f"Settle {own}"))
        if later
        else (made,)
    )


def _take_first(wanted: Resource, path: str) -> Sequence[Operation]:
    """Change the view that came with the list, the first one there is, instead of adding one."""
    own = wanted.address
    look = rest(
        "GET",
        f"{rest_list(own)}/views?$select=Id",
        own,
        cost=2,
        produces={"id": "/value/0/Id"},
        what=f"Look up {own}",
    )
    said = {
        name: value
        for name, value in wanted.properties.items()
        if name not in NEW or value != NEW[name]
    }
    body = settings(said)
    clear = rest("POST", f"{path}/viewfields/removeallviewfields", own, what=f"Clear {own}")
    columns = _columns(own, path, [], list(wanted.properties["columns"]))
    return (look, rest("MERGE", path, own, body, what=f"Update {own}"), clear, *columns)


def _columns(own: str, path: str, now: list[str], wanted: list[str]) -> list[Operation]:
    """The fewest requests that bring the columns of a view into the wanted order."""
    made = []
    for name in [name for name in now if name not in wanted]:
        now.remove(name)
        made.append(_on_fields(own, path, f"removeviewfield('{quoted(name)}')"))
    for place, name in enumerate(wanted):
        if name not in now:
            now.append(name)
            made.append(_on_fields(own, path, f"addviewfield('{quoted(name)}')"))
        if now[place] != name:
            now.remove(name)
            now.insert(place, name)
            body = {"field": name, "index": place}
            made.append(_on_fields(own, path, "moveviewfieldto", body))
    return made


def _on_fields(own: str, path: str, call: str, body: Any = None) -> Operation:
    return rest("POST", f"{path}/viewfields/{call}", own, body, what=f"Columns of {own}")
