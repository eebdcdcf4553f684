"""How the structure of a site reads in SharePoint REST: list, view, content type, folder.

Property names follow what the service answers, as the sample answers in pnp/cli-microsoft365
``spo list get``, ``spo list view get`` and ``spo contenttype get`` show them.
"""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

from provisioner.emulator.model import (
    content_type_fields,
    content_types,
    fields,
    lists,
    roles,
    views,
)
from provisioner.emulator.rest.field_entity import field_node
from provisioner.emulator.rest.shape import Node

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

Row = sqlite3.Row
_LIST_EXPLICIT = frozenset(
    {
        "OnQuickLaunch",
        "HasUniqueRoleAssignments",
        "ValidationFormula",
        "ValidationMessage",
        "EnforceDataValidation",
        "DefaultViewUrl",
        "ReadSecurity",
        "WriteSecurity",
    }
)
_FOLDER_EXPLICIT = frozenset({"UniqueContentTypeOrder", "ContentTypeOrder"})


def view_node(row: Row) -> Node:
    """A view as `SP.View`; ``ViewFields`` comes when expanded."""
    doc = views.properties(row)
    server_url = doc["ServerRelativeUrl"]
    entity = {
        "odata.type": "SP.View",
        "Id": row["id"],
        "Title": row["title"],
        **doc,
        "ContentTypeId": {"StringValue": doc["ContentTypeId"]},
        "HtmlSchemaXml": views.list_view_xml(row),
        "ListViewXml": views.list_view_xml(row),
        "ImageUrl": "/_layouts/15/images/generic.png",
        "MethodsXml": None,
        "ServerRelativePath": {"DecodedUrl": server_url},
        "StyleId": None,
        "Toolbar": "",
        "ToolbarTemplateName": None,
    }
    return Node(entity, {"ViewFields": lambda: view_fields(row)})


def view_fields(row: Row) -> dict[str, Any]:
    """The columns of a view as `SP.ViewFieldCollection`."""
    return {"SchemaXml": views.fields_xml(row), "Items": views.field_names(row)}


def content_type_node(tenant: Tenant, row: Row) -> Node:
    """A content type as `SP.ContentType`; ``Fields`` and ``FieldLinks`` come when expanded."""
    entity = {
        "odata.type": "SP.ContentType",
        "ClientFormCustomFormatter": "",
        "Description": row["description"],
        "DisplayFormTemplateName": "ListForm",
        "DisplayFormUrl": "",
        "DocumentTemplate": content_types.template(row),
        "DocumentTemplateUrl": content_types.template(row),
        "EditFormTemplateName": "ListForm",
        "EditFormUrl": "",
        "Group": row["group_name"],
        "Hidden": bool(row["hidden"]),
        "Id": {"StringValue": row["id"]},
        "JSLink": "",
        "MobileDisplayFormUrl": "",
        "MobileEditFormUrl": "",
        "MobileNewFormUrl": "",
        "Name": row["name"],
        "NewFormTemplateName": "ListForm",
        "NewFormUrl": "",
        "ReadOnly": False,
        "SchemaXml": f'<ContentType ID="{row["id"]}" Name="{row["name"]}" />',
        "Scope": _type_scope(tenant, row),
        "Sealed": bool(row["sealed"]),
        "StringId": row["id"],
    }
    return Node(
        entity,
        {
            "Fields": lambda: [
                field_node(tenant, f) for f in content_type_fields.linked(tenant, row)
            ],
            "FieldLinks": lambda: _field_links(tenant, row),
            "Parent": lambda: {
                "Id": {"StringValue": row["parent_id"]},
                "StringId": row["parent_id"],
            },
        },
    )


def _type_scope(tenant: Tenant, row: Row) -> str:
    if row["list_id"]:
        found = tenant.one("SELECT url AS path FROM list WHERE id = ?", row["list_id"])
    else:
        found = tenant.one("SELECT path FROM site WHERE id = ?", row["site_id"])
    return str(found["path"] or "/") if found is not None else "/"


def _field_links(tenant: Tenant, row: Row) -> list[dict[str, Any]]:
    names = {f.id: f.internal_name for f in content_type_fields.linked(tenant, row)}
    return [
        {
            "FieldInternalName": names[join["field_id"]],
            "Hidden": bool(join["hidden"]),
            "Id": join["field_id"],
            "Name": names[join["field_id"]],
            "ReadOnly": False,
            "Required": bool(join["required"]),
            "ShowInDisplayForm": True,
        }
        for join in content_type_fields.links(tenant, row)
        if join["field_id"] in names
    ]


def root_folder_node(tenant: Tenant, row: Row) -> Node:
    """A list's root folder as `SP.Folder`."""
    doc = lists.settings(row)
    order = doc.get("UniqueContentTypeOrder")
    types = [
        {"StringValue": r["id"]}
        for r in content_types.all_of(tenant, row["site_id"], row["id"])
        if not r["id"].upper().startswith(content_types.FOLDER.upper())
    ]
    entity = {
        "odata.type": "SP.Folder",
        "Exists": True,
        "IsWOPIEnabled": False,
        "ItemCount": lists.item_count(tenant, row["id"]),
        "Name": row["url"].rsplit("/", 1)[-1],
        "ProgID": None,
        "ServerRelativeUrl": row["url"],
        "TimeCreated": row["created"],
        "TimeLastModified": row["modified"],
        "UniqueId": row["id"],
        "WelcomePage": "",
        "ContentTypeOrder": types,
        "UniqueContentTypeOrder": [{"StringValue": t} for t in order] if order else None,
    }
    return Node(entity, {}, _FOLDER_EXPLICIT)


def list_node(tenant: Tenant, row: Row) -> Node:
    """A list as `SP.List` with everything below it expandable."""
    doc = {k: v for k, v in lists.settings(row).items() if not k.startswith("_")}
    doc.pop("UniqueContentTypeOrder", None)
    library = lists.is_library(row)
    name = entity_name(row)
    site_id, list_id = row["site_id"], row["id"]
    path = row["url"].rsplit("/", 1 if library else 2)[0]
    scope = roles.list_scope(list_id)
    entity = {
        "odata.type": "SP.List",
        "odata.etag": lists.etag(row),
        **doc,
        "BaseTemplate": row["template"],
        "BaseType": 1 if library else 0,
        "Created": row["created"],
        "CurrentChangeToken": {"StringValue": _token(row)},
        "DefaultViewUrl": _default_view(tenant, row),
        "EntityTypeName": name,
        "HasExternalDataSource": False,
        "HasUniqueRoleAssignments": bool(row["unique_permissions"]),
        "Hidden": bool(row["hidden"]),
        "Id": list_id,
        "ImagePath": {"DecodedUrl": "/"},
        "ImageUrl": "/_layouts/15/images/itgen.png?rev=47",
        "IsApplicationList": False,
        "IsCatalog": bool(row["system"]),
        "IsPrivate": False,
        "ItemCount": lists.item_count(tenant, list_id),
        "LastItemDeletedDate": row["created"],
        "LastItemModifiedDate": row["modified"],
        "LastItemUserModifiedDate": row["modified"],
        "ListItemEntityTypeFullName": f"SP.Data.{name}Item",
        "ParentWebPath": {"DecodedUrl": path or "/"},
        "ParentWebUrl": path or "/",
        "ServerTemplateCanCreateFolders": True,
        "TemplateFeatureId": "00bfea71-e717-4e80-aa17-d0c71b360101"
        if library
        else "00bfea71-de22-43b2-a848-c05709900100",
        "Title": row["title"],
    }
    return Node(
        entity,
        {
            "Fields": lambda: [field_node(tenant, f) for f in fields.of_list(tenant, list_id)],
            "Views": lambda: [view_node(v) for v in views.all_of(tenant, list_id)],
            "DefaultView": lambda: view_node(views.default(tenant, list_id)),
            "ContentTypes": lambda: [
                content_type_node(tenant, r) for r in content_types.all_of(tenant, site_id, list_id)
            ],
            "RootFolder": lambda: root_folder_node(tenant, row),
            "RoleAssignments": lambda: [
                assignment_node(a) for a in roles.assignments(tenant, site_id, scope)
            ],
        },
        _LIST_EXPLICIT,
    )


def assignment_node(assignment: dict[str, Any]) -> Node:
    """A role assignment of an expanded ``RoleAssignments``."""
    return Node(
        {"PrincipalId": assignment["PrincipalId"]},
        {
            "Member": lambda: assignment["Member"],
            "RoleDefinitionBindings": lambda: assignment["RoleDefinitionBindings"],
        },
    )


def entity_name(row: Row) -> str:
    """`EntityTypeName`: the URL segment as an XML name, with "List" after it for lists."""
    leaf = str(lists.settings(row).get("_leaf") or row["url"].rsplit("/", 1)[-1])
    escaped = "".join(
        c if c.isascii() and (c.isalnum() or c == "_") else f"_x{ord(c):04x}_" for c in leaf
    )
    escaped = escaped[:1].upper() + escaped[1:]
    return escaped if lists.is_library(row) else f"{escaped}List"


def _token(row: Row) -> str:
    return f"1;3;{row['id']};{json.loads(row['doc']).get('_version', 0)};1"


def _default_view(tenant: Tenant, row: Row) -> str:
    return str(views.properties(views.default(tenant, row["id"]))["ServerRelativeUrl"])
