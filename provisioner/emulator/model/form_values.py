"""Values as a SharePoint form sends them: text in the site's language, judged field by field.

`ValidateUpdateListItem` answers 200 with `HasException` and a sentence for each field it could not
take; its wording for a date is quoted in pnp/pnpcore#1433, and that ISO dates are refused in
sp-dev-docs#4917 and cli-microsoft365#4375. Nothing is written when one field fails, which is the
stricter reading of an undocumented case.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from provisioner.emulator.model import dates, principals, values
from provisioner.emulator.model.fields import Field
from provisioner.emulator.model.open_list import OpenList
from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Refusal

STAMPS = ("Modified", "Editor", "Created", "Author")
_ERROR = -2146232832
DECIMAL_COMMA = (1036, 1031, 3082, 1043)
_TRUE, _FALSE = ("1", "true", "yes"), ("0", "false", "no")


class FieldError(ValueError):
    """A sentence SharePoint gives for one field."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one form value: the store form, or the sentence it was refused with."""

    name: str
    text: str
    value: Any = None
    problem: str | None = None

    def answer(self, item_id: int) -> dict[str, Any]:
        """The row of the answer (SP.ListItemFormUpdateValue)."""
        return {
            "ErrorCode": _ERROR if self.problem else 0,
            "ErrorMessage": self.problem,
            "FieldName": self.name,
            "FieldValue": self.text,
            "HasException": self.problem is not None,
            "ItemId": item_id,
        }


def judge(tenant: Tenant, opened: OpenList, given: Any) -> list[Outcome]:
    """Judge each `{"FieldName","FieldValue"}`. Raises `Refusal` 400 when the list is malformed."""
    rows = given["results"] if isinstance(given, dict) and "results" in given else given
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get("FieldName"), str) for row in rows
    ):
        raise Refusal(
            400,
            "invalidRequest",
            "The parameter formValues does not exist or is malformed.",
            rest_code="-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
        )
    found: list[Outcome] = []
    for row in rows:
        name, text = row["FieldName"], row.get("FieldValue")
        shown = "" if text is None else str(text)
        if not isinstance(text, str | None):
            raise Refusal(
                400,
                "invalidRequest",
                "Cannot convert a primitive value to the expected type 'Edm.String'.",
                rest_code="-1, Microsoft.SharePoint.Client.InvalidClientQueryException",
            )
        try:
            found.append(Outcome(name, shown, _value(tenant, opened, name, shown)))
        except FieldError as problem:
            found.append(Outcome(name, shown, problem=str(problem)))
        except Refusal as problem:
            found.append(Outcome(name, shown, problem=problem.message))
    return found


def _value(tenant: Tenant, opened: OpenList, name: str, text: str) -> Any:
    if name in ("ContentType", "ContentTypeId"):
        return opened.find_type(text)
    if name in ("Modified", "Created"):
        return _date(opened, text, only=False)
    field = opened.columns.get(name)
    if field is None:
        raise FieldError(
            f"Column '{name}' does not exist. It may have been deleted by another user."
        )
    if name in ("Editor", "Author"):
        return _people(tenant, opened, field, text)
    if name == "FileLeafRef" and opened.library:
        return text
    if field.read_only:
        raise FieldError("This field is read-only and cannot be changed.")
    if text == "":
        return None
    return _typed(tenant, opened, field, text)


def _typed(tenant: Tenant, opened: OpenList, field: Field, text: str) -> Any:
    if field.type.startswith("User"):
        return _people(tenant, opened, field, text)
    if field.type.startswith("Lookup"):
        return _lookups(tenant, field, text)
    if field.type == "DateTime":
        return _date(opened, text, only=dates.date_only(field))
    return _plain(opened, field, text)


def _plain(opened: OpenList, field: Field, text: str) -> Any:
    if field.type in ("Number", "Currency", "Integer"):
        return _number(opened, text)
    if field.type == "Boolean":
        if text.lower() not in _TRUE + _FALSE:
            raise FieldError("Enter Yes or No.")
        return text.lower() in _TRUE
    if field.type == "MultiChoice":
        return [part for part in text.split(";#") if part] or None
    if field.type == "URL":
        address, _, words = text.partition(", ")
        return values.hyperlink({"Url": address.strip(), "Description": words})
    return values.scalar(opened, field, text)


def _date(opened: OpenList, text: str, *, only: bool) -> str:
    lcid = int(opened.site["lcid"])
    try:
        return dates.from_form(text, lcid, opened.zone, only_date=only)
    except ValueError:
        raise FieldError(f"Enter a date like this: {dates.form_example(lcid)}") from None


def _number(opened: OpenList, text: str) -> int | float:
    plain = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    if int(opened.site["lcid"]) in DECIMAL_COMMA:
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", "")
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        raise FieldError("Only numbers can go here.")
    return float(plain) if "." in plain else int(plain)


def _people(tenant: Tenant, opened: OpenList, field: Field, text: str) -> Any:
    """`[{"Key": "login"}]`, as the form's people picker writes it."""
    try:
        keys = [str(each["Key"]) for each in json.loads(text)]
    except (ValueError, TypeError, KeyError):
        raise FieldError("The user does not exist or is not unique.") from None
    try:
        ids = [int(principals.ensure_user(tenant, opened.site_id, key)["id"]) for key in keys]
    except Refusal:
        raise FieldError("The user does not exist or is not unique.") from None
    if field.multi:
        return ids or None
    if len(ids) > 1:
        raise FieldError("You may only enter one user.")
    return ids[0] if ids else None


def _lookups(tenant: Tenant, field: Field, text: str) -> Any:
    parts = [part for part in text.split(";#") if part]
    ids = [int(part) for part in parts if part.isdigit()]
    if not ids or (len(ids) > 1 and not field.multi):
        raise FieldError("The value is not one of the items of the list that is looked up.")
    values.check_ids(tenant, field, ids)
    return ids if field.multi else ids[0]
