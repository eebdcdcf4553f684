"""SharePoint REST for content types of the site and of lists.

pnp/cli-microsoft365 ``spo contenttype``, ``spo list contenttype``.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import unquote

from provisioner.emulator.model import (
    content_type_fields,
    content_types,
    list_content_types,
    lists,
    sites,
)
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.rest import bodies, entities
from provisioner.emulator.rest.field_entity import field_node
from provisioner.emulator.rest.lists import LIST, list_of
from provisioner.emulator.rest.path import argument
from provisioner.emulator.rest.shape import collection, shape
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("rest")
TYPES = r"/_api/web(?:/lists\((?P<list>[^()]*)\))?/contenttypes"
TYPE = TYPES + r"\((?P<type>[^()]*)\)"
_SOURCE = "pnp/cli-microsoft365 spo list contenttype"
_WRITABLE = {
    "Name": "name",
    "Description": "description",
    "Group": "group_name",
    "Hidden": "hidden",
}


def require_enabled(row: sqlite3.Row) -> None:
    """Refuse a content type for a list whose content types are not enabled.

    The service's own words for this are not documented; the stricter answer is given.
    """
    if not lists.settings(row)["ContentTypesEnabled"]:
        raise Refusal(
            400,
            "invalidRequest",
            "Content types are not enabled on this list.",
            rest_code="-2146232832, Microsoft.SharePoint.SPException",
        )


def _scope(tenant: Tenant, call: Call, match: dict[str, str]) -> tuple[str, str]:
    site_id = str(sites.by_path(tenant, call.site_path)["id"])
    if not match.get("list"):
        return site_id, ""
    return site_id, str(lists.resolve(tenant, site_id, match["list"])["id"])


def _type(tenant: Tenant, call: Call, match: dict[str, str]) -> sqlite3.Row:
    site_id, list_id = _scope(tenant, call, match)
    return content_types.get(
        tenant, site_id, list_id, unquote(match["type"].partition("=")[2] or match["type"])
    )


def _answer(tenant: Tenant, call: Call, row: sqlite3.Row, status: int = 200) -> Reply:
    node = entities.content_type_node(tenant, row)
    body = shape(call, node.entity, node.expandable, node.explicit)
    return Reply(status, body, kind="SP.ContentType")


@ROUTES.add(
    "GET",
    TYPES,
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List the content types",
    source=_SOURCE,
)
def get_types(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The content types of the list, in its order, or of the site."""
    site_id, list_id = _scope(tenant, call, match)
    rows = content_types.all_of(tenant, site_id, list_id)
    nodes = [entities.content_type_node(tenant, r) for r in rows]
    return Reply(200, collection(call, nodes), kind="SP.ContentType")


@ROUTES.add(
    "GET",
    TYPE,
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a content type",
    source=_SOURCE,
)
def get_type(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One content type; its columns with ``$expand=Fields,FieldLinks``."""
    return _answer(tenant, call, _type(tenant, call, match))


@ROUTES.add(
    "GET",
    TYPE + "/fieldlinks",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List a content type's field links",
    source=_SOURCE,
)
def get_links(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Which columns the content type has, and whether they are required or hidden there."""
    node = entities.content_type_node(tenant, _type(tenant, call, match))
    return Reply(200, {"value": node.expandable["FieldLinks"]()}, kind="SP.FieldLink")


@ROUTES.add(
    "POST",
    TYPE + "/fieldlinks/reorder",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Order a content type's columns",
    source="learn.microsoft.com, FieldLinkCollection.Reorder method; Office365-REST-Python-Client",
    schema_scope="site",
)
def reorder(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"internalNames":["Title","Area"]}`` -> 200; lists that use the type keep their order."""
    names = argument(call, "internalNames", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Refusal(400, "invalidRequest", "internalNames is a list of internal names.")
    content_type_fields.reorder(tenant, _type(tenant, call, match), names)
    return Reply(200, {"odata.null": True})


@ROUTES.add(
    "GET",
    TYPE + "/fields",
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List a content type's fields",
    source=_SOURCE,
)
def get_fields(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """The columns of the content type."""
    columns = content_type_fields.linked(tenant, _type(tenant, call, match))
    nodes = [field_node(tenant, f) for f in columns]
    return Reply(200, collection(call, nodes), kind="SP.Field")


@ROUTES.add(
    "POST",
    LIST + "/contenttypes/addavailablecontenttype",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Add a content type to a list",
    source=_SOURCE,
    schema_scope="list",
)
def add_available(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``{"contentTypeId":"0x…"}`` -> 201, the child that the list got."""
    row = list_of(tenant, call, match)
    require_enabled(row)
    type_id = str(argument(call, "contentTypeId", ""))
    source = content_types.get(tenant, row["site_id"], "", type_id)
    child = list_content_types.copy_to_list(tenant, source, row["id"])
    lists.touch(tenant, row["id"])
    return _answer(tenant, call, child, 201)


@ROUTES.add(
    "PATCH",
    TYPE,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update a content type",
    source=_SOURCE,
    schema_scope="site",
)
def update(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Name, Description, Group, Hidden or DocumentTemplate -> 204."""
    row = _type(tenant, call, match)
    body = bodies.entity(call, "SP.ContentType")
    template = body.pop("DocumentTemplate", None)
    unknown = set(body) - set(_WRITABLE)
    if unknown:
        raise Refusal(
            400,
            "invalidRequest",
            f"The property '{min(unknown)}' does not exist on type 'SP.ContentType' or is "
            "read-only.",
            rest_code="-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
        )
    changes = {_WRITABLE[name]: value for name, value in body.items()}
    content_types.change(tenant, row, changes, push=False)
    if template is not None:
        content_types.set_template(tenant, row, str(template))
    return Reply(204)


@ROUTES.add(
    "DELETE",
    TYPE,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Delete a content type",
    source=_SOURCE,
    schema_scope="site",
)
def delete(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Delete a content type -> 200; one in use is refused."""
    content_types.delete(tenant, _type(tenant, call, match))
    return Reply(200)
