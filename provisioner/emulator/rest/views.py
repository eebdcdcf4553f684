"""SharePoint REST for list views and their columns.

Bodies: pnp/cli-microsoft365 ``spo list view add``, ``set``, ``field add``, ``field remove``,
``field set``. Graph has no list views.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from provisioner.emulator.model import lists, views
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.rest import bodies, entities
from provisioner.emulator.rest.lists import LIST, list_of
from provisioner.emulator.rest.path import argument
from provisioner.emulator.rest.shape import collection, shape
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("rest")
VIEW = LIST + r"/(?:views\((?P<view>[^()]*)\)|defaultview)"
_SOURCE = "pnp/cli-microsoft365 spo list view"

# ViewCreationInformation: name -> the view's own property, None for those handled apart.
_CREATION: dict[str, str | None] = {
    "Title": None,
    "ViewFields": None,
    "Query": "ViewQuery",
    "RowLimit": "RowLimit",
    "Paged": "Paged",
    "PersonalView": "PersonalView",
    "SetAsDefaultView": "DefaultView",
    "ViewTypeKind": None,
    "CustomFormatter": "CustomFormatter",
    "ViewType2": "ViewType2",
    "ViewData": "ViewData",
    "baseViewId": "BaseViewId",
    "AssociatedContentTypeId": None,
    "CalendarViewStyles": None,
    "ColumnWidth": "ColumnWidth",
}
_KINDS = {1: "HTML", 524288: "CALENDAR", 2048: "GRID", 131072: "CHART", 67108864: "GANTT"}


def _view(tenant: Tenant, call: Call, match: dict[str, str]) -> sqlite3.Row:
    list_id = list_of(tenant, call, match)["id"]
    if not match.get("view"):
        return views.default(tenant, list_id)
    return views.resolve(tenant, list_id, match["view"])


@ROUTES.add(
    "GET",
    LIST + "/views",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List the views",
    source=_SOURCE,
)
def get_views(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Every view of the list; their columns with ``$expand=ViewFields``."""
    rows = views.all_of(tenant, list_of(tenant, call, match)["id"])
    return Reply(200, collection(call, [entities.view_node(r) for r in rows]), kind="SP.View")


def _create(tenant: Tenant, call: Call, list_row: sqlite3.Row, given: dict[str, Any]) -> Reply:
    changes: dict[str, Any] = {}
    for name, value in given.items():
        if name not in _CREATION:
            raise Refusal(
                400,
                "invalidRequest",
                f"The property '{name}' does not exist on type 'SP.ViewCreationInformation'. Make "
                "sure to only use property names that are defined by the type.",
                rest_code="-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
            )
        target = _CREATION[name]
        if target is not None and value is not None:
            changes[target] = value
    changes["ViewType"] = _KINDS.get(given.get("ViewTypeKind", 1), "HTML")
    names = [str(n) for n in given.get("ViewFields") or []]
    title = str(given.get("Title") or "")
    row = views.add(tenant, list_row, title=title, names=names, changes=changes)
    lists.touch(tenant, list_row["id"])
    node = entities.view_node(row)
    return Reply(
        200 if call.path.lower().endswith("/add") else 201,
        shape(call, node.entity, node.expandable, node.explicit),
        kind="SP.View",
    )


@ROUTES.add(
    "POST",
    LIST + "/views/add",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Create a view",
    source=_SOURCE,
    schema_scope="list",
)
def add(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"parameters":{"Title","ViewFields":{"results":[…]},"Query",…}}`` -> 200, the view."""
    return _create(tenant, call, list_of(tenant, call, match), bodies.parameters(call))


@ROUTES.add(
    "POST",
    LIST + "/views",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Create a view from an entity",
    source=_SOURCE,
    schema_scope="list",
)
def create(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """An `SP.View` body (Title, PersonalView, ViewQuery, RowLimit …) -> 201."""
    body = bodies.entity(call, "SP.View")
    renamed = {"ViewQuery": "Query", "DefaultView": "SetAsDefaultView"}
    given = {renamed.get(name, name): value for name, value in body.items()}
    return _create(tenant, call, list_of(tenant, call, match), given)


@ROUTES.add(
    "GET", VIEW, cost=1, permissions=READ, selected_role="read", title="Get a view", source=_SOURCE
)
def get(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One view by id or title."""
    node = entities.view_node(_view(tenant, call, match))
    return Reply(200, shape(call, node.entity, node.expandable, node.explicit), kind="SP.View")


@ROUTES.add(
    "PATCH",
    VIEW,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update a view",
    source=_SOURCE,
    schema_scope="list",
)
def update(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Any of Title, ViewQuery, RowLimit, DefaultView, Hidden, CustomFormatter, Scope … -> 204."""
    row = _view(tenant, call, match)
    views.change(tenant, row, bodies.entity(call, "SP.View"))
    lists.touch(tenant, row["list_id"])
    return Reply(204)


@ROUTES.add(
    "DELETE",
    VIEW,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Delete a view",
    source=_SOURCE,
    schema_scope="list",
)
def delete(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Delete a view -> 200; the default view is refused."""
    row = _view(tenant, call, match)
    views.delete(tenant, row)
    lists.touch(tenant, row["list_id"])
    return Reply(200)


@ROUTES.add(
    "GET",
    VIEW + "/viewfields",
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a view's columns",
    source=_SOURCE,
)
def get_fields(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"SchemaXml", "Items": [internal names]}``."""
    return Reply(
        200, entities.view_fields(_view(tenant, call, match)), kind="SP.ViewFieldCollection"
    )


def _named(call: Call, *names: str) -> str:
    for name in names:
        value = argument(call, name)
        if value:
            return str(value)
    raise Refusal(
        400,
        "invalidRequest",
        f"The parameter {names[0]} is missing.",
        rest_code="-2147024809, System.ArgumentException",
    )


@ROUTES.add(
    "POST",
    VIEW + "/viewfields/addviewfield",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Add a column to a view",
    source=_SOURCE,
    schema_scope="list",
)
def add_field(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``addviewfield('X')`` puts a column at the end; an unknown one is refused."""
    row = _view(tenant, call, match)
    views.add_field(tenant, row, _named(call, "strField"))
    lists.touch(tenant, row["list_id"])
    return Reply(200)


@ROUTES.add(
    "POST",
    VIEW + "/viewfields/removeviewfield",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Remove a column from a view",
    source=_SOURCE,
    schema_scope="list",
)
def remove_field(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``removeviewfield('X')``."""
    row = _view(tenant, call, match)
    views.remove_field(tenant, row, _named(call, "strField"))
    lists.touch(tenant, row["list_id"])
    return Reply(200)


@ROUTES.add(
    "POST",
    VIEW + "/viewfields/removeallviewfields",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Remove all columns from a view",
    source=_SOURCE,
    schema_scope="list",
)
def remove_all_fields(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The view shows no column until some are added."""
    row = _view(tenant, call, match)
    views.set_fields(tenant, row, [])
    lists.touch(tenant, row["list_id"])
    return Reply(200)


@ROUTES.add(
    "POST",
    VIEW + "/viewfields/moveviewfieldto",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Move a column of a view",
    source=_SOURCE,
    schema_scope="list",
)
def move_field(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"field","index"}`` moves a column to a position counted from 0."""
    row = _view(tenant, call, match)
    index = argument(call, "index", "", position=1)
    if not str(index).isdigit():
        raise Refusal(400, "invalidRequest", "The parameter index needs a number.")
    views.move_field(tenant, row, _named(call, "field"), int(index))
    lists.touch(tenant, row["list_id"])
    return Reply(200)
