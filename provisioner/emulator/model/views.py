"""List views: SharePoint REST's alone, because Graph has none.

Properties keep their REST names (learn.microsoft.com/previous-versions/office/sharepoint-csom,
View class; a full read-back is in pnp/cli-microsoft365 ``spo list view get``).
"""

from __future__ import annotations

import json
import re
import sqlite3
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from provisioner.emulator.model import fields
from provisioner.emulator.model.localised import Language
from provisioner.emulator.model.view_properties import DEFAULTS, WRITABLE
from provisioner.emulator.wire import Refusal

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

Row = sqlite3.Row
_LIBRARIES = (101, 119)
_ILLEGAL = re.compile(r'["#%&*:<>?/\\{|}~.]')
_NEVER = "00000000-0000-0000-0000-000000000000"


def _bad(message: str, code: str = "-2147024809, System.ArgumentException") -> Refusal:
    return Refusal(400, "invalidRequest", message, rest_code=code)


def all_of(tenant: Tenant, list_id: str) -> list[Row]:
    """The views of a list, in the order they were made."""
    return tenant.rows("SELECT * FROM view WHERE list_id = ? ORDER BY position", list_id)


def properties(row: Row) -> dict[str, Any]:
    """The view's properties under REST names."""
    doc: dict[str, Any] = json.loads(row["doc"])
    return doc


def field_names(row: Row) -> list[str]:
    """Internal names of the view's columns, in order."""
    names: list[str] = json.loads(row["fields"])
    return names


def resolve(tenant: Tenant, list_id: str, selector: str) -> Row:
    """The view of ``id=`` or ``title=``. Raises `Refusal` 404 when there is none."""
    key, _, value = selector.partition("=")
    value = unquote(value)
    for row in all_of(tenant, list_id):
        if (row["id"] if key == "id" else row["title"]).lower() == value.strip("{}").lower():
            return row
    raise Refusal(
        404,
        "itemNotFound",
        "The specified view is invalid.",
        rest_code="-2147024809, System.ArgumentException",
    )


def default(tenant: Tenant, list_id: str) -> Row:
    """The list's default view. Raises `Refusal` 404 where a list has none."""
    for row in all_of(tenant, list_id):
        if properties(row)["DefaultView"]:
            return row
    raise Refusal(404, "itemNotFound", "The list has no default view.")


def _file_name(tenant: Tenant, list_row: Row, title: str) -> str:
    folder = list_row["url"] + ("/Forms" if list_row["template"] in _LIBRARIES else "")
    base = _ILLEGAL.sub("", title).strip() or "View"
    taken = {properties(r)["ServerRelativeUrl"].lower() for r in all_of(tenant, list_row["id"])}
    url, number = f"{folder}/{base}.aspx", 0
    while url.lower() in taken:
        number += 1
        url = f"{folder}/{base}{number}.aspx"
    return url


def seed(tenant: Tenant, list_row: Row, language: Language) -> None:
    """Give a new list its default view, named in the site's language."""
    template = int(list_row["template"])
    if template == 119:
        title, names = language("All Pages"), ["DocIcon", "LinkFilename", "Editor", "Modified"]
        file_name = "AllPages"
    elif template in _LIBRARIES:
        title, names = language("All Documents"), ["DocIcon", "LinkFilename", "Modified", "Editor"]
        file_name = "AllItems"
    else:
        title, names, file_name = language("All Items"), ["LinkTitle"], "AllItems"
    row = add(tenant, list_row, title=title, names=names, changes={"DefaultView": True})
    doc = properties(row)
    folder = doc["ServerRelativeUrl"].rsplit("/", 1)[0]
    doc["ServerRelativeUrl"] = f"{folder}/{file_name}.aspx"
    if template in _LIBRARIES:
        doc["ViewQuery"] = '<OrderBy><FieldRef Name="FileLeafRef" /></OrderBy>'
    tenant.run("UPDATE view SET doc = ? WHERE id = ?", json.dumps(doc), row["id"])


def normalise_query(query: str) -> str:
    """The CAML query as it reads back: written anew from the XML that was understood.

    ``<FieldRef Name='Due'/>`` becomes ``<FieldRef Name="Due" />``, as the answers of
    pnp/cli-microsoft365 ``spo list view get`` show it. Raises `Refusal` 400 for what is not
    well formed.
    """
    if not query.strip():
        return ""
    try:
        root = ET.fromstring(f"<Query>{query}</Query>")  # noqa: S314 - no entities: "<!" refused
    except ET.ParseError:
        raise _bad(
            "One or more field types are not installed properly. The query is not valid XML.",
            "-2130575340, Microsoft.SharePoint.SPException",
        ) from None
    parts = list(root)
    if len(parts) == 1 and parts[0].tag == "Query":
        raise _bad("The query must not have a Query element around it.")
    for child in parts:
        if child.tag not in ("Where", "OrderBy", "GroupBy") or "<!" in query:
            raise _bad(f"The query element '{child.tag}' is not valid.")
        child.tail = None
    return "".join(ET.tostring(child, encoding="unicode") for child in parts)


def _internal(tenant: Tenant, list_id: str, name: str) -> str:
    wanted = name.lower()
    for field in fields.of_list(tenant, list_id):
        if wanted in (field.internal_name.lower(), field.title.lower()):
            return field.internal_name
    raise _bad(
        f"Column '{name}' does not exist. It may have been deleted by another user.  /{list_id}"
    )


def add(
    tenant: Tenant, list_row: Row, *, title: str, names: list[str], changes: dict[str, Any]
) -> Row:
    """Make a view. Raises `Refusal` 400 for an unknown column or a query that is no CAML."""
    if not title.strip():
        raise _bad("The view title is empty.")
    list_id = list_row["id"]
    resolved = [_internal(tenant, list_id, name) for name in names]
    doc = DEFAULTS | {
        "ServerRelativeUrl": _file_name(tenant, list_row, title),
        "ContentTypeId": "0x",
        "Modified": tenant.stamp(),
    }
    doc = _merged(doc, changes)
    view_id = tenant.guid()
    tenant.run(
        "INSERT INTO view VALUES (?,?,?,?,?,?)",
        view_id,
        list_id,
        title,
        tenant.next_id("view position"),
        json.dumps(resolved),
        json.dumps(doc),
    )
    if doc["DefaultView"]:
        _only_default(tenant, list_id, view_id)
    return resolve(tenant, list_id, f"id={view_id}")


def _merged(doc: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    limit = changes.get("RowLimit", 1)
    if not isinstance(limit, int) or not 1 <= limit <= 5000:
        raise _bad("RowLimit must be between 1 and 5000.")
    if changes.get("Scope", 0) not in (0, 1, 2, 3):
        raise _bad("Scope must be 0, 1, 2 or 3.")
    if "ViewQuery" in changes:
        changes = changes | {"ViewQuery": normalise_query(str(changes["ViewQuery"] or ""))}
    if changes.get("CustomFormatter"):
        try:
            json.loads(changes["CustomFormatter"])
        except ValueError:
            raise _bad("CustomFormatter is not valid JSON.") from None
    return doc | changes


def _only_default(tenant: Tenant, list_id: str, view_id: str) -> None:
    for row in all_of(tenant, list_id):
        doc = properties(row)
        if doc["DefaultView"] and row["id"] != view_id:
            doc["DefaultView"] = False
            tenant.run("UPDATE view SET doc = ? WHERE id = ?", json.dumps(doc), row["id"])


def change(tenant: Tenant, row: Row, changes: dict[str, Any]) -> None:
    """Set properties of a view. Raises `Refusal` 400 for one it does not have or cannot take."""
    for name, value in changes.items():
        allowed = WRITABLE.get(name)
        if allowed is None:
            raise _bad(
                f"The property '{name}' does not exist on type 'SP.View'. Make sure to only use "
                "property names that are defined by the type.",
                "-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
            )
        if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
            raise _bad(f"The value of '{name}' has the wrong type.")
    changes = dict(changes)
    doc = properties(row)
    title = str(changes.pop("Title", row["title"]))
    if doc["DefaultView"] and changes.get("DefaultView") is False:
        raise _bad("The default view cannot be unset; make another view the default.")
    doc = _merged(doc, changes) | {"Modified": tenant.stamp()}
    tenant.run("UPDATE view SET title = ?, doc = ? WHERE id = ?", title, json.dumps(doc), row["id"])
    if changes.get("DefaultView"):
        _only_default(tenant, row["list_id"], row["id"])


def set_fields(tenant: Tenant, row: Row, names: list[str]) -> None:
    """Replace the view's columns. Raises `Refusal` 400 for one the list does not have."""
    resolved = [_internal(tenant, row["list_id"], name) for name in names]
    tenant.run("UPDATE view SET fields = ? WHERE id = ?", json.dumps(resolved), row["id"])


def add_field(tenant: Tenant, row: Row, name: str) -> None:
    """Put a column at the end of the view; one that is there stays. Raises `Refusal` 400."""
    internal = _internal(tenant, row["list_id"], name)
    if internal not in field_names(row):
        set_fields(tenant, row, [*field_names(row), internal])


def remove_field(tenant: Tenant, row: Row, name: str) -> None:
    """Take a column out of the view. Raises `Refusal` 400 for an unknown column."""
    internal = _internal(tenant, row["list_id"], name)
    set_fields(tenant, row, [n for n in field_names(row) if n != internal])


def move_field(tenant: Tenant, row: Row, name: str, index: int) -> None:
    """Move a column of the view to a position. Raises `Refusal` 400 for one that is not shown."""
    internal = _internal(tenant, row["list_id"], name)
    names = field_names(row)
    if internal not in names or not 0 <= index < len(names):
        raise _bad(f"The view has no column '{name}' or no position {index}.")
    names.remove(internal)
    names.insert(index, internal)
    set_fields(tenant, row, names)


def delete(tenant: Tenant, row: Row) -> None:
    """Delete a view. Raises `Refusal` 400 for the default view."""
    if properties(row)["DefaultView"]:
        raise _bad("The default view cannot be deleted.")
    tenant.run("DELETE FROM view WHERE id = ?", row["id"])


def fields_xml(row: Row) -> str:
    """The view's columns as ``<FieldRef …/>`` elements (`SchemaXml` of ViewFields)."""
    return "".join(f"<FieldRef Name={quoteattr(name)} />" for name in field_names(row))


def list_view_xml(row: Row) -> str:
    """The view as CAML (`ListViewXml`)."""
    doc = properties(row)
    flags = ' DefaultView="TRUE"' if doc["DefaultView"] else ""
    return (
        f'<View Name="{{{row["id"].upper()}}}"{flags} Type="{doc["ViewType"]}"'
        f" DisplayName={quoteattr(row['title'])} Url={quoteattr(doc['ServerRelativeUrl'])}"
        f' Level="1" BaseViewID="{doc["BaseViewId"]}">'
        f"<Query>{doc['ViewQuery']}</Query><ViewFields>{fields_xml(row)}</ViewFields>"
        f'<RowLimit Paged="{str(doc["Paged"]).upper()}">{doc["RowLimit"]}</RowLimit></View>'
    )
