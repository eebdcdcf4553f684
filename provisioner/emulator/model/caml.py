"""The CAML query of a view, read and asked of stored items.

Meaning from "Query schema" and the pages of its elements (learn.microsoft.com/sharepoint/dev/
schema/query-schema): And and Or have exactly two parts; without IncludeTimeValue the time of day is
ignored; LookupId compares ids, else what the lookup shows. A Value that is a date is a day of the
site, a Z at its end notwithstanding, unless StorageTZ says UTC. Whether Neq gives rows without a
value is written nowhere; the stricter reading is built: it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from provisioner.emulator.model.fields import Field

Stored = Mapping[str, Any]
Condition = Callable[[Stored], bool]
_Value = str | float | bool | int | date | datetime
_Kind = Literal["text", "number", "boolean", "day", "instant", "id"]

_NUMBERS = frozenset({"Number", "Currency", "Integer", "Counter", "ModStat", "Attachments"})
_TARGETS = frozenset({"User", "UserMulti", "Lookup", "LookupMulti"})
_RESULTS: Mapping[int, _Kind] = {4: "day", 8: "boolean", 9: "number", 10: "number"}


class CamlError(ValueError):
    """The query says something that is not CAML, or that is not built here; the text says what."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One column of OrderBy or GroupBy, by internal name."""

    name: str
    ascending: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A ViewQuery in its parts. `asks_user`: it compares with the person who looks."""

    where: ET.Element | None = None
    order: tuple[Sort, ...] = ()
    groups: tuple[Sort, ...] = ()
    asks_user: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query is asked of: the list's columns, what its lookups show, the day and the person.

    `shown(field, id)` is the text of a person or lookup. `user` is the site's id of the person
    signed in; None when nobody is.
    """

    columns: Mapping[str, Field]
    shown: Callable[[Field, int], str | None]
    zone: ZoneInfo
    now: datetime
    user: int | None = None

    def column(self, name: str) -> Field:
        """The column of a FieldRef. Raises `CamlError` for one the list does not have."""
        found = next((f for n, f in self.columns.items() if n.lower() == name.lower()), None)
        if found is None:
            raise CamlError(f"The list has no column “{name}”.")
        return found


def parse(text: str) -> Query:
    """The parts of a ViewQuery. Raises `CamlError` for what is not well formed."""
    if "<!" in text or "<?" in text:
        raise CamlError("The query is not plain XML.")
    try:
        root = ET.fromstring(f"<Query>{text}</Query>")  # noqa: S314 - no entities: "<!" is refused
    except ET.ParseError as error:
        raise CamlError("The query is not well-formed XML.") from error
    known = {"Where", "OrderBy", "GroupBy"}
    unknown = [part.tag for part in root if part.tag not in known]
    if unknown:
        raise CamlError(f"“{unknown[0]}” is no part of a query.")
    where = root.find("Where")
    if where is not None and len(where) != 1:
        raise CamlError("Where has exactly one condition.")
    return Query(
        None if where is None else where[0],
        _sorts(root.find("OrderBy")),
        _sorts(root.find("GroupBy"))[:2],  # SharePoint groups by two columns and ignores more
        where is not None and where.find(".//UserID") is not None,
    )


def _sorts(part: ET.Element | None) -> tuple[Sort, ...]:
    if part is None:
        return ()
    return tuple(
        Sort(each.get("Name", ""), each.get("Ascending", "TRUE").upper() != "FALSE")
        for each in part.findall("FieldRef")
    )


def condition(where: ET.Element | None, asked: Asked) -> Condition:
    """Whether an item's stored values meet a condition, as a function; without one, all do.

    Raises `CamlError` for an unknown element or column and for a value of the wrong form.
    """
    if where is None:
        return lambda _stored: True
    if where.tag in ("And", "Or"):
        if len(where) != 2:
            raise CamlError(f"{where.tag} has exactly two parts.")
        left, right = (condition(part, asked) for part in where)
        if where.tag == "And":
            return lambda stored: left(stored) and right(stored)
        return lambda stored: left(stored) or right(stored)
    build = _TESTS.get(where.tag)
    if build is None:
        raise CamlError(f"“{where.tag}” is not evaluated here.")
    return build(where, asked)


def sort_key(field: Field, asked: Asked) -> Callable[[Stored], tuple[int, Any]]:
    """What items are ordered by in a column: no value first, text without regard to case."""
    kind = _kind(field, by_id=False, with_time=True)

    def key(stored: Stored) -> tuple[int, Any]:
        values = _values(field, stored, kind, asked)
        if not values:
            return (0, "")
        return (1, values[0] if len(values) == 1 else "; ".join(str(each) for each in values))

    return key


def ordered(items: Sequence[Stored], sorts: Sequence[Sort], asked: Asked) -> list[Stored]:
    """The items in the order of `sorts`, the first of them counting most; ties stay as they were.

    Raises `CamlError` for an unknown column.
    """
    found = list(items)
    for sort in reversed(sorts):
        key = sort_key(asked.column(sort.name), asked)
        found.sort(key=key, reverse=not sort.ascending)
    return found


def _kind(field: Field, *, by_id: bool, with_time: bool) -> _Kind:
    if field.type in _TARGETS:
        return "id" if by_id else "text"
    if field.type in _NUMBERS:
        return "number"
    if field.type == "Boolean":
        return "boolean"
    if field.type == "DateTime":
        return "instant" if with_time else "day"
    if field.type == "Calculated":
        return _RESULTS.get(int(field.doc.get("OutputType") or 2), "text")
    return "text"


def _values(field: Field, stored: Stored, kind: _Kind, asked: Asked) -> list[Any]:
    """The item's values in the column, each comparable with others of its kind; none if empty."""
    raw = stored.get(field.internal_name)
    several = raw if isinstance(raw, list) else [raw]
    found = [_value(field, each, kind, asked) for each in several if each not in (None, "")]
    return [each for each in found if each is not None]


def _value(field: Field, raw: Any, kind: _Kind, asked: Asked) -> _Value | None:
    if kind == "text":
        return _shown(field, raw, asked)
    try:
        if kind in ("day", "instant"):
            moment = datetime.fromisoformat(str(raw)).astimezone(asked.zone)
            return moment.date() if kind == "day" else moment
        read: Callable[[Any], _Value] = {"number": float, "id": int, "boolean": bool}[kind]
        return read(raw)
    except ValueError:
        return None


def _shown(field: Field, raw: Any, asked: Asked) -> str | None:
    # The built-in columns of type Lookup (FileRef, FSObjType…) name no list: they hold their text.
    target = field.lookup_list or field.type.startswith("User")
    if field.type in _TARGETS and target and isinstance(raw, int):
        shown = asked.shown(field, raw)
        return None if shown is None else shown.casefold()
    return str(raw.get("Url") or "" if isinstance(raw, dict) else raw).casefold()


def _wanted(value: ET.Element, kind: _Kind, asked: Asked) -> _Value | None:
    """What a Value element compares with; None for the person signed in when nobody is."""
    word = value[0] if len(value) else None
    text = (value.text or "").strip()
    if word is not None and word.tag not in ("Today", "Now", "UserID"):
        raise CamlError(f"“{word.tag}” is not evaluated here.")
    if word is not None and word.tag == "UserID":
        return asked.user
    try:
        if kind in ("day", "instant"):
            moment = _moment(text, word, value, asked)
            return moment.date() if kind == "day" else moment
        if kind == "number":
            return float(text)
        if kind == "id":
            return int(text)
    except ValueError:
        raise CamlError(f"“{text}” is no value for this column.") from None
    if kind == "boolean":
        return text.upper() in ("1", "TRUE", "YES")
    return (value.text or "").casefold()


def _moment(text: str, word: ET.Element | None, value: ET.Element, asked: Asked) -> datetime:
    if word is not None:
        here = asked.now.astimezone(asked.zone)
        if word.tag == "Now":
            return here
        offset = timedelta(days=int(word.get("OffsetDays") or word.get("Offset") or 0))
        return here.replace(hour=0, minute=0, second=0, microsecond=0) + offset
    moment = datetime.fromisoformat(text)
    if value.get("StorageTZ", "").upper() == "TRUE":
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(asked.zone)
    return moment.replace(tzinfo=asked.zone)


def _reference(test: ET.Element, asked: Asked) -> tuple[Field, bool]:
    part = test.find("FieldRef")
    if part is None:
        raise CamlError(f"{test.tag} names no column.")
    by_id = part.get("LookupId", "").upper() == "TRUE"
    return asked.column(part.get("Name", "")), by_id


def _comparison(holds: Callable[[list[Any], list[Any]], bool]) -> Callable[..., Condition]:
    """A test of a column's values against the values given; a column without any fails it."""

    def build(test: ET.Element, asked: Asked) -> Condition:
        field, by_id = _reference(test, asked)
        elements = test.findall("Values/Value") if test.tag == "In" else test.findall("Value")
        if not elements or (test.tag != "In" and len(elements) != 1):
            raise CamlError(f"{test.tag} has no value to compare with.")
        person = any(each.find("UserID") is not None for each in elements)
        with_time = any(each.get("IncludeTimeValue", "").upper() == "TRUE" for each in elements)
        kind = _kind(field, by_id=by_id or person, with_time=with_time)
        if test.tag in ("Contains", "BeginsWith") and kind != "text":
            raise CamlError(f"{test.tag} compares text, and “{field.title}” is none.")
        if person and kind != "id":
            raise CamlError(f"“{field.title}” is no person.")
        given = [_wanted(each, kind, asked) for each in elements]

        def meets(stored: Stored) -> bool:
            values = _values(field, stored, kind, asked)
            return bool(values) and holds(values, given)

        return meets

    return build


def _emptiness(*, empty: bool) -> Callable[..., Condition]:
    def build(test: ET.Element, asked: Asked) -> Condition:
        field, _ = _reference(test, asked)
        return lambda stored: (stored.get(field.internal_name) in (None, "", [])) is empty

    return build


def _any(compare: Callable[[Any, Any], bool]) -> Callable[..., Condition]:
    return _comparison(
        lambda values, given: any(
            compare(value, want) for value in values for want in given if want is not None
        )
    )


_EQUAL = _any(lambda value, want: bool(value == want))
_NONE_EQUAL = _comparison(lambda values, given: not any(value in given for value in values))
_TESTS: Mapping[str, Callable[..., Condition]] = {
    "Eq": _EQUAL,
    "In": _EQUAL,
    "Includes": _EQUAL,
    "Neq": _NONE_EQUAL,
    "NotIncludes": _NONE_EQUAL,
    "Lt": _any(lambda value, want: bool(value < want)),
    "Leq": _any(lambda value, want: bool(value <= want)),
    "Gt": _any(lambda value, want: bool(value > want)),
    "Geq": _any(lambda value, want: bool(value >= want)),
    "Contains": _any(lambda value, want: want in value),
    "BeginsWith": _any(lambda value, want: value.startswith(want)),
    "IsNull": _emptiness(empty=True),
    "IsNotNull": _emptiness(empty=False),
}
