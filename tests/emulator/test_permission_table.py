"""Every Graph route against Microsoft's own table of permissions.

Source of the table: microsoftgraph/microsoft-graph-devx-content, permissions/new/permissions.json.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest

from provisioner.emulator.dispatch import PREAUTHENTICATED, find_route, routes_of
from provisioner.emulator.routing import Route
from provisioner.emulator.wire import Call, Refusal

GUID = "11111111-2222-4333-8444-555555555555"
NESTED = ("Sites.Read.All", "Sites.ReadWrite.All", "Sites.Manage.All", "Sites.FullControl.All")
# What stands for `{id}` after a segment; a GUID everywhere else.
SAMPLES = {"contenttypes": "0x0101", "items": "7", "root:": "a.txt"}
Rows = dict[str, dict[str, Any]]


def sample(path: str) -> str:
    """A path of the table with identifiers of the right kind."""
    parts: list[str] = []
    for part in path.split("/"):
        before = parts[-1].lower() if parts else ""
        given = SAMPLES.get(before, GUID)
        if before.endswith(":") and before != "root:":
            given = "a.txt" if "items" in path else "acme"
        elif before == "items" and path.startswith(("/drives", "/sites/{id}/drive/")):
            given = "01ABCDEFQRSTUVWXYZ"
        parts.append(re.sub(r"\{[^}]*\}", given, part))
    return "/".join(parts).replace(f"/sites/{GUID}:/", "/sites/contoso.sharepoint.com:/sites/")


def rows_by_route(table: dict[str, Any]) -> dict[int, Rows]:
    """The rows of the table that each route serves, by the route's place."""
    places = {id(route): place for place, route in enumerate(routes_of("graph"))}
    found: dict[int, Rows] = defaultdict(dict)
    for name, row in table["endpoints"].items():
        method, path = name.split(" ", 1)
        if path.endswith("/media/reactions"):  # reads like a path inside a library
            continue
        call = Call("graph", method, sample(path), version="beta")
        try:
            route, _ = find_route(call)
        except Refusal:
            continue
        found[places[id(route)]][name] = row
    return found


def sufficient(rows: Rows) -> set[str]:
    """The application permissions that suffice for every one of the rows.

    The `Sites.*` permissions nest ("Microsoft Graph permissions reference"): where one suffices a
    greater one does, though many rows leave the greater ones out.
    """
    sets = []
    for row in rows.values():
        told = set(row["application"])
        lowest = min((NESTED.index(one) for one in told if one in NESTED), default=len(NESTED))
        sets.append(told | set(NESTED[lowest:]))
    return set.intersection(*sets)


def name_of(route: Route) -> str:
    return f"{route.method} {route.title}"


@pytest.mark.parametrize("place", range(len(routes_of("graph"))))
def test_a_route_asks_for_what_the_table_says_or_notes_why_not(
    graph_permissions: dict[str, Any], place: int
) -> None:
    """learn.microsoft.com/graph/permissions-reference; what differs is noted beside the route."""
    route = routes_of("graph")[place]
    ours = set(route.permissions)
    if ours == {PREAUTHENTICATED}:
        return
    known = {one for row in graph_permissions["endpoints"].values() for one in row["application"]}
    rows = rows_by_route(graph_permissions).get(place, {})
    if not rows:
        assert route.permission_note, f"{name_of(route)} has no row in the table and no note"
        return
    enough = sufficient(rows)
    wider = (ours & known) - enough  # what the table does not know at all needs a note, no row
    assert not wider, f"{name_of(route)} accepts {wider}; {sorted(rows)} say {sorted(enough)}"
    if ours != enough:
        assert route.permission_note, (
            f"{name_of(route)} leaves out {sorted(enough - ours)}, no note"
        )


def test_a_note_is_not_kept_when_it_is_no_longer_needed(graph_permissions: dict[str, Any]) -> None:
    found = rows_by_route(graph_permissions)
    for place, route in enumerate(routes_of("graph")):
        rows = found.get(place, {})
        if route.permission_note and rows:
            assert set(route.permissions) != sufficient(rows), name_of(route)


def test_most_of_the_table_that_we_serve_is_found(graph_permissions: dict[str, Any]) -> None:
    """A mapping that silently finds nothing would prove nothing."""
    assert sum(len(rows) for rows in rows_by_route(graph_permissions).values()) > 60
