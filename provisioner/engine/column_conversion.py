"""What a value becomes when its column gets another type, and whether it can. Pure.

SharePoint changes the type of a column in place between some types (kivati.com, "Supported
SharePoint field type conversions"; support.microsoft.com, "Change the type of a column"). Between
others the column is made again under its internal name, and its values are written to the new one.
Either way each value has one value that it must have afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from html import unescape
from typing import Any, Literal

Way = Literal["in place", "remade"]

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
"""From the file's word for a type to the words it can become in place."""
_PLAIN = frozenset({"text", "choice", "number", "currency", "dateTime", "boolean"})
REMADE: Mapping[str, frozenset[str]] = {
    "text": frozenset({"choice", "boolean", "hyperlink"}),
    "note": _PLAIN | {"hyperlink"},
    "choice": frozenset({"text", "note", "boolean"}),
    "number": frozenset({"choice"}),
    "currency": frozenset({"choice"}),
    "boolean": frozenset({"choice"}),
    "hyperlink": frozenset({"text", "note"}),
}
"""Those for which the column is made again: notes, hyperlinks, and several values of something else."""
_AS_THEY_ARE = frozenset({"person", "lookup", "hyperlink", "note"})
"""Types whose values stay as they are in a column of the same type."""
_NUMERAL = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
YES_NO = (("Yes", "No"), ("Oui", "Non"), ("Ja", "Nein"), ("True", "False"), ("1", "0"))
_SEVERAL = ";#"
"""Between the values of a choice with several, as SharePoint writes them in one text."""
_WRAPPED = re.compile(r"<(div|p)\b[^>]*>([^<]*)</\1>")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_LONGEST = 255


class Unconvertible(ValueError):
    """A value that the new type cannot hold. The message says why, without the value."""


def way(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> Way | None:
    """How the one can become the other with its values; None where there is no way."""
    before, after = str(there.get("type")), str(wanted.get("type"))
    if there.get("appendChanges") and after != "note":
        return None  # what was written earlier stands in the versions only
    if possible(wanted, there):
        return "in place"
    several = {bool(wanted.get("multiple")), bool(there.get("multiple"))}
    if True in several and "choice" not in {before, after}:
        return None
    return "remade" if after in REMADE.get(before, ()) else None


def possible(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Whether SharePoint can make the one of the other in place."""
    before, after = str(there.get("type")), str(wanted.get("type"))
    several = {bool(wanted.get("multiple")), bool(there.get("multiple"))}
    if before == "choice" and several == {True}:
        return after == "choice"
    if True in several and before != after:
        return False
    return after in IN_PLACE.get(before, frozenset())


def keeps(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Whether the values of the one have their place in a new column like the other."""
    if _same_shape(wanted, there):
        words = ("list", "show") if wanted["type"] == "lookup" else ()
        known = wanted["type"] in _TO or wanted["type"] in _AS_THEY_ARE
        return known and all(wanted.get(word) == there.get(word) for word in words)
    return wanted.get("type") != "lookup" and way(wanted, there) is not None


def _same_shape(wanted: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    return wanted.get("type") == there.get("type") and bool(wanted.get("multiple")) == bool(
        there.get("multiple")
    )


def converted(value: Any, there: Mapping[str, Any], wanted: Mapping[str, Any]) -> Any:
    """What a value must be once the column has the wanted type.

    `there` and `wanted` are the properties of the column before and after.

    Raises:
        Unconvertible: when the new type cannot hold it without loss.
    """
    kind = str(wanted["type"])
    if _same_shape(wanted, there) and _as_it_is(there, wanted):
        return value
    if isinstance(value, list):
        if wanted.get("multiple"):
            return _each_chosen(value, wanted)
        if len(value) > 1 and kind not in {"text", "note"}:
            raise Unconvertible("it has several values")
        value = value[0] if len(value) == 1 else _joined(value)
    if kind in {"person", "lookup"}:
        return [value] if wanted.get("multiple") else value
    if there.get("type") == "hyperlink":
        value = _address(value)
    elif there.get("type") == "note" and there.get("richText"):
        value = _unwrapped(str(value))
    if kind == "choice":
        chosen = _each_chosen(_as_choices(value, there, wanted), wanted)
        return chosen if wanted.get("multiple") else chosen[0]
    return _TO[kind](value, there, wanted)


def _as_it_is(there: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a value of the one is one of the other, with nothing to look at."""
    if wanted["type"] == "note":
        return bool(there.get("richText")) == bool(wanted.get("richText"))
    return wanted["type"] in _AS_THEY_ARE


def _joined(values: list[Any]) -> str:
    """Several values in one text, as people write them."""
    if any(";" in str(one) for one in values):
        raise Unconvertible("it has several values, and a semicolon in one of them")
    return "; ".join(str(one) for one in values)


def _address(value: Any) -> str:
    """A hyperlink as text: its address, and its description where it says more."""
    url, said = str(value["url"]), str(value.get("description") or "")
    return url if said in {"", url} else f"{url}, {said}"


def _unwrapped(value: str) -> str:
    """The text inside formatted text that has no formatting but its frame."""
    found = _WRAPPED.fullmatch(value.strip())
    text = found[2] if found is not None else value
    if "<" in text:
        raise Unconvertible("it is formatted text")
    return unescape(text)


def _each_chosen(values: list[Any], wanted: Mapping[str, Any]) -> list[Any]:
    if wanted["type"] == "choice" and not wanted.get("allowTextEntry"):
        for one in values:
            if one not in wanted.get("choices", ()):
                raise Unconvertible("it is not one of the choices")
    return values


def _as_choices(value: Any, there: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    if isinstance(value, bool):
        choices = set(wanted.get("choices", ()))
        pair = next((pair for pair in YES_NO if choices.issuperset(pair)), None)
        if pair is None:
            raise Unconvertible("the choices have no Yes and No")
        return [pair[0] if value else pair[1]]
    text = str(_to_text(value, there, {}))
    if wanted.get("multiple") and _SEVERAL in text:
        parts = sorted({part for part in text.split(_SEVERAL) if part})
        if not parts:
            raise Unconvertible("it is not one of the choices")
        return parts
    return [text]


def _to_text(value: Any, _there: Mapping[str, Any], wanted: Mapping[str, Any]) -> Any:
    if isinstance(value, bool):
        text = "Yes" if value else "No"
    else:
        text = numeral(value) if isinstance(value, (int, float)) else str(value)
    if len(text) > int(wanted.get("maxLength") or _LONGEST) or "\n" in text:
        raise Unconvertible("it is longer than the column may hold, or has several lines")
    return text


def _to_note(value: Any, there: Mapping[str, Any], wanted: Mapping[str, Any]) -> Any:
    long = there.get("type") in {"note", "hyperlink", "choice"}
    text = str(value) if long and isinstance(value, str) else str(_to_text(value, there, {}))
    if wanted.get("richText") and re.search("[<>&]", text):
        raise Unconvertible("it has signs that formatted text reads as formatting")
    return text


def numeral(value: float) -> str:
    """A number as text, whole ones without a point."""
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
    if isinstance(value, str):
        pair = next((pair for pair in YES_NO if value.strip() in pair), None)
        if pair is None:
            raise Unconvertible("it is neither Yes nor No")
        return value.strip() == pair[0]
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


def _to_link(value: Any, _there: Mapping[str, Any], _wanted: Mapping[str, Any]) -> Any:
    """An address, or an address, a comma and its description."""
    url, _, said = str(value).strip().partition(", ")
    if not _LINK.fullmatch(url) or len(url) > _LONGEST or len(said) > _LONGEST or "\n" in said:
        raise Unconvertible("it is not an address that begins with https:// or http://")
    return {"url": url, "description": said or url}


_TO: Mapping[str, Callable[[Any, Mapping[str, Any], Mapping[str, Any]], Any]] = {
    "text": _to_text,
    "choice": _to_text,
    "note": _to_note,
    "number": _to_number,
    "currency": _to_number,
    "boolean": _to_boolean,
    "dateTime": _to_date,
    "hyperlink": _to_link,
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
