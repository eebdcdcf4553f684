"""Default values of a library's columns by folder, as a file of the library holds them.

``Forms/client_LocationBasedDefaults.html`` is XML: ``<MetadataDefaults><a href="/sites/x/Lib/2026">
<DefaultValue FieldName="Area">Access</DefaultValue></a></MetadataDefaults>``, with blanks in an
address as ``%20`` (pnp/cli-microsoft365 spo list defaultvalue set; @pnp/sp column-defaults). A new
document gets those of the nearest folder for each column, if the event receiver of that name is
registered; without it "the values are stored but never applied" (pnp/powershell pull request 5468).
"""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from provisioner.emulator.model.open_list import OpenList
    from provisioner.emulator.tenant import Tenant

FILE = "client_LocationBasedDefaults.html"
RECEIVER = "LocationBasedMetadataDefaultsReceiver ItemAdded"
_TEXT, _RECEIVERS = "_locationDefaults", "_receivers"


def text_of(row: sqlite3.Row) -> str | None:
    """What the file of a library holds; None before it is made."""
    text = json.loads(row["doc"]).get(_TEXT)
    return None if text is None else str(text)


def store(tenant: Tenant, row: sqlite3.Row, text: str) -> None:
    """Keep the file of a library, whatever is in it: the service does not look either."""
    _change(tenant, row, _TEXT, text)


def receivers(row: sqlite3.Row) -> list[dict[str, object]]:
    """The event receivers registered on a list, as they were given."""
    found: list[dict[str, object]] = json.loads(row["doc"]).get(_RECEIVERS, [])
    return found


def register(tenant: Tenant, row: sqlite3.Row, receiver: dict[str, object]) -> None:
    """Add an event receiver to a list."""
    _change(tenant, row, _RECEIVERS, [*receivers(row), receiver])


def _change(tenant: Tenant, row: sqlite3.Row, name: str, value: object) -> None:
    doc = json.loads(row["doc"]) | {name: value}
    tenant.run("UPDATE list SET doc = ? WHERE id = ?", json.dumps(doc), row["id"])


def located(opened: OpenList, parent_path: str) -> dict[str, str]:
    """Default texts by internal name for a new document in a folder ("" for the root)."""
    names = {one.get("ReceiverName") for one in opened.settings.get(_RECEIVERS, ())}
    if RECEIVER not in names:
        return {}
    try:
        root = ET.fromstring(str(opened.settings.get(_TEXT) or "<a/>"))  # noqa: S314 - no entities
    except ET.ParseError:
        return {}
    here = f"{opened.row['url']}{parent_path}"
    found: dict[str, tuple[int, str]] = {}
    for place in root.iter("a"):
        address = unquote(str(place.get("href") or "")).rstrip("/")
        if address != here and not here.startswith(f"{address}/"):
            continue
        for value in place.iter("DefaultValue"):
            name, depth = str(value.get("FieldName")), len(address)
            if _fits(opened, name, value.text or "") and depth >= found.get(name, (0, ""))[0]:
                found[name] = (depth, value.text or "")
    return {name: text for name, (_, text) in found.items()}


def _fits(opened: OpenList, name: str, text: str) -> bool:
    field = opened.columns.get(name)
    if field is None or field.type not in ("Number", "Currency", "Integer"):
        return field is not None
    try:
        float(text)
    except ValueError:
        return False
    return True
