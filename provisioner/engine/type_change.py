"""Whether a column can become another type without losing a value. Pure.

SharePoint changes the type of a column in place between the types below (kivati.com, "Supported
SharePoint field type conversions"; support.microsoft.com, "Change the type of a column"), and loses
what it cannot read. So the values are looked at first, one by one, and each has one value that it
must have afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from provisioner.core.resource import Action, Change, Existing, FieldChange, Resource
from provisioner.engine.column_values import ColumnValues
from provisioner.engine.plan import Blocked

IN_PLACE: Mapping[str, frozenset[str]] = {
    "text": frozenset({"text", "note", "choice", "number", "currency", "dateTime"}),
    "choice": frozenset({"text", "note", "choice", "number", "currency", "dateTime"}),
    "number": frozenset({"text", "note", "choice", "number", "currency", "boolean"}),
    "currency": frozenset({"text", "note", "choice", "number", "currency", "boolean"}),
    "dateTime": frozenset({"text", "note", "choice", "dateTime"}),
    "boolean": frozenset({"text", "note", "choice", "number", "currency", "boolean"}),
    "person": frozenset({"person"}),
    "lookup": frozenset({"lookup"}),
}
"""From the file's word for a type to the words it can become."""
_NUMERAL = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_SHOWN = 5
_YES_NO = (("Yes", "No"), ("Oui", "Non"), ("Ja", "Nein"), ("True", "False"))
_CHANGING = frozenset({"type", "multiple"})
_FIXED = frozenset({"list", "show", "primaryColumn", "fromGroup", "termSet", "parentTerm"})


class Unconvertible(ValueError):
    """A value that the new type cannot hold. The message says why, without the value."""


def possible(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Whether SharePoint can make the one of the other in place."""
    before, after = str(there.get("type")), str(wanted.get("type"))
    several = {bool(wanted.get("multiple")), bool(there.get("multiple"))}
    if before == "choice" and several == {True}:
        return after == "choice"
    if True in several and before != after:
        return False
    return after in IN_PLACE.get(before, frozenset())


def converted(value: Any, there: Mapping[str, Any], wanted: Mapping[str, Any]) -> Any:
    """What a value must be once the column has the wanted type.

    `there` and `wanted` are the properties of the column before and after.

    Raises:
        Unconvertible: when the new type cannot hold it without loss.
    """
    if isinstance(value, list):
        if wanted.get("multiple"):
            return _each_chosen(value, wanted)
        if len(value) > 1:
            raise Unconvertible("it has several values")
        value = value[0]
    kind = str(wanted["type"])
    if kind in {"person", "lookup"}:
        return [value] if wanted.get("multiple") else value
    if kind == "choice":
        chosen = _each_chosen([_as_choice(value, there, wanted)], wanted)
        return chosen if wanted.get("multiple") else chosen[0]
    return _TO[kind](value, there, wanted)


def _each_chosen(values: list[Any], wanted: Mapping[str, Any]) -> list[Any]:
    if wanted["type"] == "choice" and not wanted.get("allowTextEntry"):
        for one in values:
            if one not in wanted.get("choices", ()):
                raise Unconvertible("it is not one of the choices")
    return values


def _as_choice(value: Any, there: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    if isinstance(value, bool):
        choices = set(wanted.get("choices", ()))
        pair = next((pair for pair in _YES_NO if choices.issuperset(pair)), None)
        if pair is None:
            raise Unconvertible("the choices have no Yes and No")
        return pair[0] if value else pair[1]
    return str(_to_text(value, there, wanted))


def _to_text(value: Any, _there: Mapping[str, Any], wanted: Mapping[str, Any]) -> Any:
    if isinstance(value, bool):
        text = "Yes" if value else "No"
    else:
        text = _numeral(value) if isinstance(value, (int, float)) else str(value)
    if len(text) > int(wanted.get("maxLength") or 255) or "\n" in text:
        raise Unconvertible("it is longer than the column may hold, or has several lines")
    return text


def _to_note(value: Any, there: Mapping[str, Any], wanted: Mapping[str, Any]) -> Any:
    text = str(_to_text(value, there, {}))
    if wanted.get("richText") and re.search("[<>&]", text):
        raise Unconvertible("it has signs that formatted text reads as formatting")
    return text


def _numeral(value: float) -> str:
    whole = isinstance(value, int) or value.is_integer()
    return str(int(value)) if whole else repr(value)


def _to_number(value: Any, _there: Mapping[str, Any], wanted: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        if not _NUMERAL.fullmatch(value.strip()):
            raise Unconvertible("it is not a number, written as 12 or 12.5")
        value = float(value)
    number = int(value) if float(value).is_integer() else float(value)
    low, high = wanted.get("min"), wanted.get("max")
    if (low is not None and number < low) or (high is not None and number > high):
        raise Unconvertible("it is outside the limits of the column")
    return number


def _to_boolean(value: Any, _there: Mapping[str, Any], _wanted: Mapping[str, Any]) -> Any:
    if value not in (0, 1):
        raise Unconvertible("it is neither 0 nor 1")
    return bool(value)


def _to_date(value: Any, there: Mapping[str, Any], wanted: Mapping[str, Any]) -> Any:
    text, days = str(value).strip(), wanted.get("format") == "dateOnly"
    if there.get("type") == "dateTime":
        if there.get("format") == wanted.get("format"):
            return text
        raise Unconvertible("a day is not a moment")
    try:
        read = date.fromisoformat(text) if days else datetime.fromisoformat(text)
    except ValueError:
        raise Unconvertible("it is not a date written as 2026-03-31") from None
    if days:
        return read.isoformat()
    if not isinstance(read, datetime) or read.tzinfo is None or not text.endswith("Z"):
        raise Unconvertible("it is not a moment written as 2026-03-31T09:00:00Z")
    return read.strftime("%Y-%m-%dT%H:%M:%SZ")


_TO: Mapping[str, Callable[[Any, Mapping[str, Any], Mapping[str, Any]], Any]] = {
    "text": _to_text,
    "note": _to_note,
    "number": _to_number,
    "currency": _to_number,
    "boolean": _to_boolean,
    "dateTime": _to_date,
}


def conversions(
    values: Mapping[int, Any], there: Mapping[str, Any], wanted: Mapping[str, Any]
) -> tuple[dict[int, Any], dict[int, str]]:
    """What each row must hold afterwards, and for the rows that stand in the way, why."""
    after: dict[int, Any] = {}
    why: dict[int, str] = {}
    for item, value in values.items():
        try:
            after[item] = converted(value, there, wanted)
        except Unconvertible as reason:
            why[item] = str(reason)
    return after, why


def proposed(
    resource: Resource,
    existing: Existing,
    fields: tuple[FieldChange, ...],
    values: ColumnValues | None,
    home: Mapping[str, Any],
    *,
    unfinished: bool,
    allowed: bool,
) -> Change | Blocked | None:
    """What to do about a list column of another type than the file's.

    `home` are the properties of its list; `unfinished` says that a change was cut off. None when
    SharePoint cannot make the one of the other.
    """
    wanted, there = resource.properties, existing.properties
    stuck = {field.path for field in fields} & _CHANGING
    fixed = {field.path for field in fields} & _FIXED
    if values is None or not (stuck or unfinished) or (fixed and wanted["type"] == there["type"]):
        return None
    if stuck and not possible(wanted, there):
        return None
    what = f"from {_said(there)} to {_said(wanted)}"

    def blocked(code: str, message: str, hint: str) -> Blocked:
        return Blocked(resource.address, code, message, hint, resource.where, fields)

    _, why = conversions(values.cells, there, wanted) if stuck else ({}, {})
    if why and not unfinished:
        return blocked(
            "VALUES-DO-NOT-CONVERT",
            f"{resource.address} cannot change {what}: {len(why)} of {values.count} values would "
            f"be lost: {_reasons(why)}.",
            "Change those values in SharePoint, or let the file say what the column is.",
        )
    gate = next((word for word in ("approval", "checkout") if home.get(word)), None)
    if gate is not None and values.count:
        return blocked(
            "TYPE-CHANGE-GATED",
            f"{resource.address} cannot change {what} while its list has `{gate}: true`: writing a "
            "value again would undo approvals, or be refused.",
            f"Set `{gate}: false` and apply, change the type, then set it back.",
        )
    if not allowed:
        return blocked(
            "TYPE-CHANGE-NEEDS-ALLOW",
            f"{resource.address} would change {what}; {values.count} rows hold a value, and all "
            "of them can be kept."
            if not unfinished
            else f"A change of the type of {resource.address} was cut off; its values stand in "
            "the site's ledger.",
            f"Look at the column, then plan and apply with --allow {resource.address}.",
        )
    return Change(
        resource.address,
        resource.kind,
        Action.REPLACE,
        f"its type changes {what}; {values.count} rows hold a value, all of them are kept, and as "
        "many as SharePoint does not carry over are written again"
        if not unfinished
        else "the change of its type was cut off, and goes on from the values in the ledger",
        "high",
        fields,
        desired=resource,
        existing=existing,
        depends=resource.depends,
    )


def _reasons(why: Mapping[int, str]) -> str:
    """Each reason once, with up to five items that it holds for."""
    items: dict[str, list[int]] = {}
    for item in sorted(why):
        items.setdefault(why[item], []).append(item)
    said = []
    for reason, those in items.items():
        more = f" and {len(those) - _SHOWN} more" if len(those) > _SHOWN else ""
        named = ", ".join(str(item) for item in those[:_SHOWN])
        said.append(f"{'item' if len(those) == 1 else 'items'} {named}{more}, because {reason}")
    return "; ".join(said)


def _said(properties: Mapping[str, Any]) -> str:
    several = " with several values" if properties.get("multiple") else ""
    return f"{properties.get('type')}{several}"
