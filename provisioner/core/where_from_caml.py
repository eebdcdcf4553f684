"""A condition of the `where` language from CAML: the inverse of `where_caml`.

Only what `to_caml` would write again, element for element, is given; for any other query there is
no condition, because a view that is declared differently from what it is would be changed by the
next apply. What CAML means is said in learn.microsoft.com, "Query schema in CAML".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from provisioner.core.where_caml import to_caml
from provisioner.core.where_terms import WhereError, parse

_OPERATORS = {
    "Eq": "eq", "Includes": "eq", "Lt": "lt", "Leq": "le", "Gt": "gt", "Geq": "ge",
    "Contains": "contains", "BeginsWith": "beginsWith",
}  # fmt: skip
_NOT_EQUAL = frozenset({"Neq", "NotIncludes"})
_JOINS = {"And": "all", "Or": "any"}
_MIDNIGHT = "T00:00:00Z"
_SORTS = {"Choice": "Text", "MultiChoice": "Text", "Note": "Text", "Computed": "Text",
          "Counter": "Number", "Currency": "Number"}  # fmt: skip
"""Words for the type of a value that ask the same; SharePoint's pane writes Text for a choice."""

Terms = dict[str, Any]


class _CannotBeSaid(Exception):
    """The query asks something the language has no words for."""


def from_caml(inside: str, field_types: Mapping[str, str]) -> Terms | None:
    """The condition, as plain data, of what stands inside a `<Where>`; None when there is none.

    `field_types` as in `to_caml`: internal name -> type word.
    """
    try:
        element = ET.fromstring(inside)  # noqa: S314 - from the signed-in service, no entities
        terms = _terms(element)
        again = ET.fromstring(to_caml(parse(terms), field_types))  # noqa: S314 - our own text
    except (ET.ParseError, WhereError, _CannotBeSaid):
        return None
    return terms if _shape(again) == _shape(element) else None


def _terms(element: ET.Element) -> Terms:
    if element.tag in _JOINS:
        return _without(element) or _joined(element)
    if element.tag in {"IsNull", "IsNotNull"}:
        return {_field(element): {"empty": element.tag == "IsNull"}}
    if element.tag == "In":
        values = element.find("Values")
        several = [_value(one) for one in values] if values is not None else []
        return {_field(element): {"in": several}}
    if element.tag not in _OPERATORS:
        raise _CannotBeSaid(element.tag)
    return {_field(element): {_OPERATORS[element.tag]: _compared(element)}}


def _without(element: ET.Element) -> Terms | None:
    """`ne` and `notIn`, which say in CAML that an empty row is welcome too."""
    if element.tag != "Or" or len(element) != 2 or element[0].tag != "IsNull":
        return None
    name = _field(element[0])
    parts = _leaves(element[1], "And")
    if any(part.tag not in _NOT_EQUAL or _field(part) != name for part in parts):
        return None
    values = [_compared(part) for part in parts]
    return {name: {"ne": values[0]} if len(values) == 1 else {"notIn": values}}


def _joined(element: ET.Element) -> Terms:
    """All parts of one join side by side where `to_caml` pairs them the same way, else as nested."""
    parts = _leaves(element, element.tag)
    if _shape(_paired(element.tag, parts)) != _shape(element):
        parts = list(element)
    said = [_terms(part) for part in parts]
    if element.tag == "Or":
        return _one_of(said) or {"any": said}
    names = [name for one in said for name in one]
    if len(set(names)) == len(names) and all(len(one) == 1 for one in said):
        return {name: value for one in said for name, value in one.items()}
    return {"all": said}


def _one_of(said: list[Terms]) -> Terms | None:
    """`in` for a column that CAML's In cannot be asked about: the same value test again and again."""
    names = {name for one in said for name in one}
    if len(names) != 1 or any(len(one) != 1 for one in said):
        return None
    (name,) = names
    tests = [one[name] for one in said]
    if all(isinstance(test, dict) and list(test) == ["eq"] for test in tests):
        return {name: {"in": [test["eq"] for test in tests]}}
    return None


def _leaves(element: ET.Element, tag: str) -> list[ET.Element]:
    if element.tag != tag or _without(element) is not None:
        return [element]
    return [leaf for part in element for leaf in _leaves(part, tag)]


def _paired(tag: str, parts: list[ET.Element]) -> ET.Element:
    """The balanced tree that `to_caml` writes."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    made = ET.Element(tag)
    made.extend([_paired(tag, parts[:half]), _paired(tag, parts[half:])])
    return made


def _field(element: ET.Element) -> str:
    reference = element.find("FieldRef")
    name = reference.get("Name") if reference is not None else None
    if not name:
        raise _CannotBeSaid("no column")
    return name


def _compared(element: ET.Element) -> Any:
    value = element.find("Value")
    if value is None:
        raise _CannotBeSaid("no value")
    return _value(value)


def _value(value: ET.Element) -> Any:
    kind, text = value.get("Type", "Text"), (value.text or "").strip()
    if value.find("UserID") is not None:
        return "me"
    today = value.find("Today")
    if today is not None:
        days = _number(today.get("OffsetDays") or "0")
        return f"today{days:+}d" if days else "today"
    if kind == "DateTime":
        return text.removesuffix(_MIDNIGHT)
    if kind == "Boolean":
        return text.lower() in {"1", "true"}
    if kind in {"Number", "Integer"}:
        return _number(text)
    return text


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise _CannotBeSaid(text) from None


def _shape(element: ET.Element) -> tuple[Any, ...]:
    """An element as a value: tag, attributes, text and children."""
    text, given = (element.text or "").strip(), dict(element.attrib)
    if element.tag == "Value":
        sort = given.get("Type", "Text")
        given["Type"] = _SORTS.get(sort, sort)
        # A day is compared, however much of a time is written behind it.
        text = text.removesuffix(_MIDNIGHT) if sort == "DateTime" else text
    return element.tag, given, text, tuple(_shape(one) for one in element)
