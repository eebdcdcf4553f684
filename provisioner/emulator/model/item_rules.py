"""What a row must be like to be stored: free of doubles, with the defaults of its columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from provisioner.emulator.model import dates, default_values
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Refusal


def check_free(tenant: Tenant, row: sqlite3.Row, principal: int, *, metadata: bool) -> None:
    """Raise `Refusal` 423 for a file that is open or checked out, 409 while an upload settles.

    The 423: microsoft-graph-docs#15111; the 409 right after an upload: onedrive-api-docs#1414.
    """
    if row["kind"] != "file":
        return
    locked = row["locked_until"] and datetime.fromisoformat(row["locked_until"]) > tenant.now()
    if locked or (row["checked_out"] and row["checked_out"] != principal):
        raise Refusal(
            423,
            "resourceLocked",
            "The resource you are attempting to access is locked",
            rest_code="-2130575306, Microsoft.SharePoint.SPFileCheckOutException",
        )
    settles = row["settles_at"]
    if metadata and settles and datetime.fromisoformat(settles) > tenant.now():
        raise Refusal(
            409,
            "resourceModified",
            "The resource has changed since the caller last read it; usually an eTag mismatch",
            rest_code="-2130575305, Microsoft.SharePoint.SPException",
        )


def check_unique(tenant: Tenant, opened: OpenList, values: Mapping[str, Any], but_id: int) -> None:
    """Raises `Refusal` where a column that must be unique has the value in another row."""
    for name, value in values.items():
        field = opened.columns.get(name)
        if field is None or not field.unique or value is None:
            continue
        said = _indexed(tenant, name)
        taken = tenant.one(
            f"SELECT 1 FROM item WHERE list_id = ? AND deleted = 0 AND {said} = ? AND id <> ?",  # noqa: S608 - the name is quoted
            opened.id,
            value,
            but_id,
        )
        if taken is not None:
            raise Refusal(
                400,
                "invalidRequest",
                "The list item could not be added or updated because duplicate values were found "
                f"in the following field(s) in the list: [{field.title}].",
                rest_code="-2130575169, Microsoft.SharePoint.SPDuplicateValuesFoundException",
            )


def _indexed(tenant: Tenant, name: str) -> str:
    """What a row says in that column, in SQL, with an index, as SharePoint wants one for uniqueness."""
    path = f'$."{name}"'.replace("'", "''")
    said = f"json_extract(fields, '{path}') COLLATE NOCASE"
    index = f"item_unique_{name.encode().hex()}"
    tenant.db.execute(
        f"CREATE INDEX IF NOT EXISTS {index} ON item (list_id, {said}) WHERE deleted = 0"
    )
    return said


def defaults(tenant: Tenant, opened: OpenList, place: str | None) -> dict[str, Any]:
    """Columns' defaults; of a new document (`place` is its folder) also those of its place."""
    found: dict[str, Any] = {}
    here = {} if place is None else default_values.located(opened, place)
    for name, field in opened.columns.items():
        text = here.get(name, field.default)
        if text is None or text == "" or field.read_only:
            continue
        if field.type == "Boolean":
            found[name] = str(text).lower() in ("1", "true")
        elif field.type in ("Number", "Currency", "Integer"):
            number = float(text)
            found[name] = int(number) if number.is_integer() else number
        elif field.type == "DateTime":
            if str(text).lower() == "[today]":
                today = tenant.now().astimezone(opened.zone).date()
                found[name] = dates.midnight(today, opened.zone)
            else:
                only = dates.date_only(field)
                found[name] = dates.from_iso(str(text), opened.zone, only_date=only)
        elif field.type == "MultiChoice":
            found[name] = [part for part in str(text).split(";#") if part]
        elif field.type in ("Text", "Note", "Choice"):
            found[name] = str(text)
    return found
