"""A column's value between an HTML form and the text a SharePoint form sends.

A browser sends days and instants as ISO 8601; `ValidateUpdateListItem`, which SharePoint's own form
uses, takes them as the site's language writes them, people as `[{"Key": login}]`, lookups as ids and
several choices joined by ";#" (pnp/pnpcore#1433).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from provisioner.emulator.model import dates, principals
from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.form_values import DECIMAL_COMMA
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.tenant import Tenant

_SORTS = frozenset(
    {
        "Text", "Note", "Choice", "MultiChoice", "Number", "Currency", "Integer", "Boolean",
        "DateTime", "User", "UserMulti", "Lookup", "LookupMulti", "URL",
    }
)  # fmt: skip


def editable(opened: OpenList) -> list[Field]:
    """The columns a form shows, in the list's order. Rich text, which needs an editor, is not."""
    return [
        field
        for field in opened.columns.values()
        if field.type in _SORTS
        and not (field.hidden or field.read_only or field.doc.get("RichText"))
        and field.doc.get("ShowInEditForm") is not False
        and (not field.builtin or field.internal_name == "Title")
        and not (field.type.startswith("Lookup") and not field.lookup_list)
    ]


def shown(tenant: Tenant, opened: OpenList, field: Field, value: Any) -> tuple[str, ...]:
    """The texts of a stored value in an HTML form; () for an empty column."""
    several = value if isinstance(value, list) else [value]
    found = (_text(tenant, opened, field, each) for each in several if each not in (None, ""))
    return tuple(text for text in found if text)


def _text(tenant: Tenant, opened: OpenList, field: Field, value: Any) -> str:
    text = str(value)
    if field.type.startswith("User"):
        row = principals.by_id(tenant, opened.site_id, int(value))
        text = "" if row is None else str(row["login"])
    elif field.type == "DateTime":
        moment = datetime.fromisoformat(text).astimezone(opened.zone)
        text = moment.strftime("%Y-%m-%d" if dates.date_only(field) else "%Y-%m-%dT%H:%M")
    elif field.type == "URL":
        text = ", ".join(str(value.get(key) or "") for key in ("Url", "Description"))
    elif field.type == "Boolean":
        text = "Yes" if value else "No"
    elif field.type in ("Number", "Currency", "Integer"):
        text = f"{value:.15g}"
        if int(opened.site["lcid"]) in DECIMAL_COMMA:
            text = text.replace(".", ",")
    return text


def spoken(opened: OpenList, field: Field, texts: Sequence[str]) -> str:
    """The text SharePoint's form would send for what an HTML form sent; "" clears the column."""
    given = [text.replace("\r\n", "\n") for text in texts if text.strip()]
    if not given:
        return ""
    if field.type.startswith("User"):
        return json.dumps([{"Key": login} for login in given])
    if field.type.startswith("Lookup"):
        return ";#;#".join(given)
    if field.type == "MultiChoice":
        return ";#".join(given)
    if field.type == "DateTime":
        return _moment(opened, field, given[0])
    return given[0]


def _moment(opened: OpenList, field: Field, text: str) -> str:
    only = dates.date_only(field)
    try:
        stored = dates.from_iso(text, opened.zone, only_date=only)
    except ValueError:
        return text
    day = dates.to_form(stored, int(opened.site["lcid"]), opened.zone)
    return day if only else f"{day} {text.partition('T')[2][:5]}".strip()
