"""Property promotion: SharePoint writes column values into Office files, so their bytes move.

Reported in OneDrive/onedrive-api-docs#935 and rclone/rclone#2599 for uploads; for edits of columns
it is not documented, so the stricter case is built and can be switched off.
"""

from __future__ import annotations

import io
import sqlite3
import zipfile
from typing import Any

from provisioner.emulator.model.hashes import quick_xor_hash, store_blob
from provisioner.emulator.tenant import Tenant

OFFICE = (".docx", ".xlsx", ".pptx")
_PROPERTIES = "docProps/custom.xml"
_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.'
    'openxmlformats.org/officeDocument/2006/custom-properties"><!-- edit {} --></Properties>'
)


def promoted(tenant: Tenant, row: sqlite3.Row) -> dict[str, Any]:
    """New `blob`, `hash` and `size` for an Office file whose columns changed; {} for any other.

    The document itself is untouched: only `docProps/custom.xml` inside the package is rewritten.
    """
    if not str(row["name"]).lower().endswith(OFFICE):
        return {}
    blob = tenant.one("SELECT data FROM blob WHERE digest = ?", row["blob"])
    if blob is None:
        return {}
    try:
        with zipfile.ZipFile(io.BytesIO(blob["data"])) as source:
            parts = [(each, source.read(each)) for each in source.infolist()]
    except zipfile.BadZipFile:
        return {}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for info, data in parts:
            if info.filename != _PROPERTIES:
                package.writestr(info, data)
        package.writestr(zipfile.ZipInfo(_PROPERTIES), _XML.format(int(row["version"]) + 1))
    data = target.getvalue()
    return {"blob": store_blob(tenant, data), "hash": quick_xor_hash(data), "size": len(data)}
