"""SharePoint REST for columns of a list and of the site: read, change, delete.

learn.microsoft.com/previous-versions/office/sharepoint-csom, Field class.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from provisioner.emulator.model import (
    field_changes,
    field_rules,
    fields,
    lists,
    retyping,
    sites,
)
from provisioner.emulator.model.app_roles import MANAGE, READ
from provisioner.emulator.model.fields import Field
from provisioner.emulator.rest import bodies
from provisioner.emulator.rest.field_entity import FIELD_CLASSES, field_node
from provisioner.emulator.rest.field_writing import CLIENT_QUERY, check_writable
from provisioner.emulator.rest.shape import collection, shape
from provisioner.emulator.routing import Routes
from provisioner.emulator.wire import Call, Refusal, Reply

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

ROUTES = Routes("rest")
LIST_FIELDS = r"/_api/web/lists\((?P<list>[^()]*)\)/fields"
SITE_FIELDS = r"/_api/web/fields"
_ONE = r"\((?P<field>[^()]*)\)"
_SOURCE = "pnp/cli-microsoft365 spo field"
_FORMS = "learn.microsoft.com, Fields REST API reference (SetShowInNewForm)"


def scope(tenant: Tenant, call: Call, match: dict[str, str]) -> tuple[str, str]:
    """(site id, list id) a path addresses; the list id is "" for the site's own columns."""
    site_id = str(sites.by_path(tenant, call.site_path)["id"])
    if not match.get("list"):
        return site_id, ""
    return site_id, str(lists.resolve(tenant, site_id, match["list"])["id"])


def _field(tenant: Tenant, call: Call, match: dict[str, str]) -> Field:
    key, _, value = match["field"].partition("=")
    site_id, list_id = scope(tenant, call, match)
    wanted = unquote(value).strip("{}").lower()
    keys = {"id": ("id",), "title": ("title",), "name": ("internal_name", "title")}[key]
    for attribute in keys:
        for field in fields.of(tenant, site_id, list_id):
            if str(getattr(field, attribute)).lower() == wanted:
                return field
    raise Refusal(
        404,
        "itemNotFound",
        f"Column '{unquote(value)}' does not exist. It may have been deleted by another user.",
        rest_code="-2147024809, System.ArgumentException",
    )


def answer(tenant: Tenant, call: Call, field: Field, status: int = 200) -> Reply:
    """The column as the call asks for it."""
    node = field_node(tenant, field)
    return Reply(
        status,
        shape(call, node.entity, node.expandable, node.explicit),
        kind=FIELD_CLASSES.get(field.type, "SP.Field"),
    )


@ROUTES.add(
    "GET",
    LIST_FIELDS,
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List the list fields",
    source=_SOURCE,
)
@ROUTES.add(
    "GET",
    SITE_FIELDS,
    cost=2,
    permissions=READ,
    selected_role="read",
    title="List the site fields",
    source=_SOURCE,
)
def get_fields(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Every column of the list or the site, hidden ones too."""
    site_id, list_id = scope(tenant, call, match)
    nodes = [field_node(tenant, f) for f in fields.of(tenant, site_id, list_id)]
    return Reply(200, collection(call, nodes), kind="SP.Field")


@ROUTES.add(
    "GET",
    LIST_FIELDS + _ONE,
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a list field",
    source=_SOURCE,
)
@ROUTES.add(
    "GET",
    SITE_FIELDS + _ONE,
    cost=1,
    permissions=READ,
    selected_role="read",
    title="Get a site field",
    source=_SOURCE,
)
def get_field(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """One column by id, internal name or title."""
    return answer(tenant, call, _field(tenant, call, match))


@ROUTES.add(
    "PATCH",
    LIST_FIELDS + _ONE,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update a list field",
    source=_SOURCE,
    schema_scope="list",
)
@ROUTES.add(
    "PATCH",
    SITE_FIELDS + _ONE,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Update a site field",
    source=_SOURCE,
    schema_scope="site",
)
def update(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """MERGE of a column's properties -> 204. InternalName and id cannot be set.

    `FieldTypeKind`, and `AllowMultipleValues` of people and lookups, change the type in place.
    """
    field = _field(tenant, call, match)
    changes = bodies.entity(call, "SP.Field")
    field = _retyped(tenant, field, changes)
    check_writable(field.type, changes)
    _check_texts(tenant, field, changes)
    title = changes.pop("Title", None)
    field_changes.change(tenant, field, title=title, changes=changes)
    if field.list_id:
        lists.touch(tenant, field.list_id)
    return Reply(204)


def _retyped(tenant: Tenant, field: Field, changes: dict[str, Any]) -> Field:
    """The column with the type that the changes name; takes that out of them."""
    number = changes.pop("FieldTypeKind", None)
    if number is not None:
        return retyping.retype(tenant, field, retyping.by_number(field, number))
    several = changes.pop("AllowMultipleValues", None)
    if several is None:
        return field
    single = field.type.removesuffix("Multi")
    if single not in ("User", "Lookup") or not isinstance(several, bool):
        raise Refusal(
            400,
            "invalidRequest",
            f"The property 'AllowMultipleValues' does not exist on type "
            f"'{FIELD_CLASSES.get(field.type, 'SP.Field')}'.",
            rest_code=CLIENT_QUERY,
        )
    return retyping.retype(tenant, field, f"{single}Multi" if several else single)


@ROUTES.add(
    "POST",
    LIST_FIELDS + _ONE + r"/setshowin(?P<form>new|edit|display)form",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Show or hide a list field in a form",
    source=_FORMS,
    schema_scope="list",
)
@ROUTES.add(
    "POST",
    SITE_FIELDS + _ONE + r"/setshowin(?P<form>new|edit|display)form",
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Show or hide a site field in a form",
    source=_FORMS,
    schema_scope="site",
)
def show_in_form(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """``/setshowinnewform(true)`` -> 200. The word is true or false."""
    field = _field(tenant, call, match)
    shown = str(call.args.get("0", "")).lower()
    if shown not in ("true", "false"):
        raise Refusal(
            400, "invalidRequest", "The expression is not a boolean.", rest_code=CLIENT_QUERY
        )
    form = match["form"].capitalize()
    field_changes.change(tenant, field, title=None, changes={f"ShowIn{form}Form": shown == "true"})
    return Reply(200)


def _check_texts(tenant: Tenant, field: Field, changes: dict[str, Any]) -> None:
    """Column formatting must be JSON, a validation formula one SharePoint can parse."""
    if changes.get("CustomFormatter"):
        try:
            json.loads(changes["CustomFormatter"])
        except ValueError:
            raise Refusal(
                400,
                "invalidRequest",
                "CustomFormatter is not valid JSON.",
                rest_code="-2147024809, System.ArgumentException",
            ) from None
    if changes.get("ValidationFormula"):
        others = fields.of(tenant, field.site_id, field.list_id)
        changes["ValidationFormula"] = field_rules.normalise_formula(
            str(changes["ValidationFormula"]),
            [(f.internal_name, f.title, f.type) for f in others],
        )


@ROUTES.add(
    "DELETE",
    LIST_FIELDS + _ONE,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Delete a list field",
    source=_SOURCE,
    schema_scope="list",
)
@ROUTES.add(
    "DELETE",
    SITE_FIELDS + _ONE,
    cost=2,
    permissions=MANAGE,
    selected_role="manage",
    title="Delete a site field",
    source=_SOURCE,
    schema_scope="site",
)
def delete(tenant: Tenant, call: Call, match: dict[str, str]) -> Reply:
    """Delete a column -> 200; a built-in one is refused."""
    field = _field(tenant, call, match)
    field_changes.remove(tenant, field)
    if field.list_id:
        lists.touch(tenant, field.list_id)
    return Reply(200)
