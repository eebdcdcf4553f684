"""Lists and libraries: how one is found, made, changed and deleted.

Graph `list` and REST `SP.List` are two readings of the same row; everything REST alone can set
lives in `doc` under its SharePoint name.
"""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from provisioner.emulator.model import (
    field_rules,
    fields,
    labels,
    list_content_types,
    list_settings,
    views,
)
from provisioner.emulator.model.localised import by_lcid
from provisioner.emulator.wire import Refusal

if TYPE_CHECKING:
    from provisioner.emulator.tenant import Tenant

Row = sqlite3.Row

# Graph template name -> BaseTemplate (learn.microsoft.com/graph/api/resources/listinfo and the
# ListTemplateType enumeration). Only those whose columns the emulator has.
TEMPLATES = {"genericList": 100, "documentLibrary": 101}
_NAMES = {
    100: "genericList",
    101: "documentLibrary",
    112: "userInformation",
    119: "webPageLibrary",
}
LIBRARIES = frozenset({101, 119})
# Templates SharePoint knows and the emulator does not build: said so with 501, never pretended.
KNOWN_TEMPLATES = frozenset(
    {
        "accessRequest",
        "announcements",
        "contacts",
        "customGrid",
        "dataConnectionLibrary",
        "dataSources",
        "discussionBoard",
        "events",
        "ganttTasks",
        "issueTracking",
        "links",
        "pictureLibrary",
        "promotedLinks",
        "survey",
        "tasks",
        "task",
        "webPageLibrary",
        "xmlForm",
    }
)
_ILLEGAL_IN_URL = re.compile(r'["#%&*:<>?/\\{|}~]|\.\.')
_GUID = re.compile(r"\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?\Z", re.IGNORECASE)


def is_library(row: Row) -> bool:
    """Whether the list holds files."""
    return int(row["template"]) in LIBRARIES


def template_name(row: Row) -> str:
    """The template as Graph names it, "genericList" for one it has no name for."""
    return _NAMES.get(int(row["template"]), "genericList")


def settings(row: Row) -> dict[str, Any]:
    """The list's `doc`: its REST settings, and `_version` that moves its ETag."""
    doc: dict[str, Any] = json.loads(row["doc"])
    return doc


def etag(row: Row) -> str:
    """The list's ETag, quoted, ``"guid,version"`` (learn.microsoft.com/graph/api/list-get)."""
    return f'"{row["id"]},{settings(row).get("_version", 0)}"'


def all_of(tenant: Tenant, site_id: str) -> list[Row]:
    """Every list of the site that is not deleted, in the order they were made."""
    return tenant.rows(
        "SELECT * FROM list WHERE site_id = ? AND deleted = 0 ORDER BY rowid", site_id
    )


def _missing(what: str) -> Refusal:
    return Refusal(
        404,
        "itemNotFound",
        f"List {what} does not exist at site.",
        rest_code="-1, System.ArgumentException",
    )


def get(tenant: Tenant, list_id: str) -> Row:
    """The list of an id. Raises `Refusal` 404."""
    row = tenant.one("SELECT * FROM list WHERE id = ? AND deleted = 0", list_id.lower())
    if row is None:
        raise _missing(f"'{list_id}'")
    return row


def resolve(tenant: Tenant, site_id: str, selector: str) -> Row:
    """The list of a selector: ``id=``, ``title=`` or ``url=`` from REST, or Graph's id or title.

    Raises `Refusal` 404 when there is none in the site.
    """
    key, sign, value = selector.partition("=")
    if not sign or key not in ("id", "title", "url"):
        key, value = ("id" if _GUID.match(selector) else "title"), selector
    else:
        value = unquote(value)
    if key == "id":
        value = value.strip("{}").lower()
    sql = f"SELECT * FROM list WHERE site_id = ? AND {key} = ? AND deleted = 0"  # noqa: S608
    row = tenant.one(sql, site_id, value)
    if row is None:
        raise _missing(f"'{value}'")
    return row


def touch(tenant: Tenant, list_id: str) -> None:
    """The list has changed: move its modified time and its ETag."""
    row = tenant.one("SELECT doc FROM list WHERE id = ?", list_id)
    if row is not None:
        doc = json.loads(row["doc"])
        doc["_version"] = int(doc.get("_version", 0)) + 1
        tenant.run(
            "UPDATE list SET modified = ?, doc = ? WHERE id = ?",
            tenant.stamp(),
            json.dumps(doc),
            list_id,
        )


def _drive_id(site: Row, list_id: str) -> str:
    packed = b"".join(uuid.UUID(part).bytes_le for part in (site["id"], site["web_id"], list_id))
    return "b!" + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def _free_url(tenant: Tenant, site: Row, title: str, *, library: bool) -> str:
    segment = _ILLEGAL_IN_URL.sub("", title).strip(" .") or "List"
    base = f"{site['path']}/{segment}" if library else f"{site['path']}/Lists/{segment}"
    url, number = base, 0
    while tenant.one("SELECT 1 FROM list WHERE url = ? AND deleted = 0", url) is not None:
        number += 1
        url = f"{base}{number}"
    return url


def _check_title(tenant: Tenant, site_id: str, title: str, *, but: str = "") -> None:
    if not title.strip() or len(title) > 255:
        raise Refusal(
            400,
            "invalidRequest",
            "The list title is empty or longer than 255 characters.",
            rest_code="-2147024809, System.ArgumentException",
        )
    same = tenant.one(
        "SELECT id FROM list WHERE site_id = ? AND title = ? AND deleted = 0", site_id, title
    )
    if same is not None and same["id"] != but:
        raise Refusal(
            409,
            "nameAlreadyExists",
            "A list, survey, discussion board, or document library with the specified title "
            "already exists in this Web site.  Please choose another title.",
            rest_code="-2130575342, Microsoft.SharePoint.SPException",
        )


def create_list(
    tenant: Tenant,
    site: Row,
    *,
    title: str,
    template: int,
    description: str = "",
    url: str | None = None,
    changes: dict[str, Any] | None = None,
    system: bool = False,
) -> Row:
    """Make a list with its built-in columns, content types and default view.

    The URL follows the title and takes a digit where another list has it; `changes` are REST
    settings. Raises `Refusal` 409 for a title that is taken.
    """
    _check_title(tenant, site["id"], title)
    library = template in LIBRARIES
    list_id, stamp = tenant.guid(), tenant.stamp()
    doc = list_settings.defaults(library=library) | {"Description": description, "_version": 0}
    doc = list_settings.merged(doc, changes or {}, library=library)
    hidden = bool(doc.pop("Hidden", False))
    path = url if url is not None else _free_url(tenant, site, title, library=library)
    doc["_leaf"] = path.rsplit("/", 1)[-1]
    tenant.run(
        "INSERT INTO list (id, site_id, title, url, template, hidden, system, drive_id, created,"
        " modified, doc) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        list_id,
        site["id"],
        title,
        path,
        template,
        int(hidden),
        int(system),
        _drive_id(site, list_id) if library else None,
        stamp,
        stamp,
        json.dumps(doc),
    )
    language = by_lcid(int(site["lcid"]))
    fields.seed(tenant, site["id"], list_id, language, library=library)
    list_content_types.seed_list(tenant, site["id"], list_id, library=library)
    row = get(tenant, list_id)
    views.seed(tenant, row, language)
    if doc.get("OnQuickLaunch"):
        _quick_launch(tenant, row, shown=True)
    return get(tenant, list_id)


def change(tenant: Tenant, row: Row, changes: dict[str, Any]) -> Row:
    """Set REST settings of a list. Raises `Refusal` 400 or, for a title that is taken, 409."""
    library = is_library(row)
    doc = list_settings.merged(settings(row), changes, library=library)
    labels.check_sensitivity(tenant, str(changes.get("DefaultSensitivityLabelForLibrary") or ""))
    title = str(doc.pop("Title", row["title"]))
    if "Title" in changes:
        _check_title(tenant, row["site_id"], title, but=row["id"])
    hidden = bool(doc.pop("Hidden", row["hidden"]))
    if doc.get("ValidationFormula") and "ValidationFormula" in changes:
        columns = fields.of_list(tenant, row["id"])
        doc["ValidationFormula"] = field_rules.normalise_formula(
            str(doc["ValidationFormula"]), [(f.internal_name, f.title, f.type) for f in columns]
        )
    tenant.run(
        "UPDATE list SET title = ?, hidden = ?, doc = ? WHERE id = ?",
        title,
        int(hidden),
        json.dumps(doc),
        row["id"],
    )
    touch(tenant, row["id"])
    changed = get(tenant, row["id"])
    if "OnQuickLaunch" in changes:
        _quick_launch(tenant, changed, shown=bool(changes["OnQuickLaunch"]))
    return changed


def _quick_launch(tenant: Tenant, row: Row, *, shown: bool) -> None:
    # Imported late: navigation reads lists.
    from provisioner.emulator.model import navigation  # noqa: PLC0415

    navigation.show_list(tenant, row, shown=shown)


def delete(tenant: Tenant, row: Row) -> None:
    """Delete a list, or send it to the recycle bin. Raises `Refusal` 403 for a system list."""
    if row["system"]:
        raise Refusal(
            403,
            "accessDenied",
            "This list cannot be deleted.",
            rest_code="-2147024891, System.UnauthorizedAccessException",
        )
    _quick_launch(tenant, row, shown=False)
    tenant.run("UPDATE list SET deleted = 1, modified = ? WHERE id = ?", tenant.stamp(), row["id"])


def item_count(tenant: Tenant, list_id: str) -> int:
    """How many items, files and folders the list holds."""
    row = tenant.one("SELECT COUNT(*) AS n FROM item WHERE list_id = ? AND deleted = 0", list_id)
    assert row is not None
    return int(row["n"])
