"""Columns in Graph's words: what every column says, and a facet for each type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from provisioner.core.address import address
from provisioner.core.transport import ref

_DECIMALS = ("none", "one", "two", "three", "four", "five")
_COMMON = {
    "displayName": "displayName",
    "description": "description",
    "required": "required",
    "hidden": "hidden",
    "readOnly": "readOnly",
    "indexed": "indexed",
    "unique": "enforceUniqueValues",
    "group": "columnGroup",
}
_FACETS = frozenset(
    {
        "choices",
        "maxLength",
        "lines",
        "richText",
        "format",
        "decimals",
        "percentage",
        "min",
        "max",
        "show",
        "formula",
        "result",
        "appendChanges",
        "allowTextEntry",
        "displayAs",
        "chooseFromType",
    }
)


def graph_body(changed: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What Graph is told of the properties in `changed`; a facet always goes whole."""
    creating = changed is wanted
    body = graph_words(changed, creating=creating)
    if creating or _FACETS.intersection(changed):
        body |= _facet(wanted)
    return body


def graph_words(changed: Mapping[str, Any], *, creating: bool) -> dict[str, Any]:
    """What Graph is told that is the same for every type."""
    body: dict[str, Any] = {
        word: changed[name]
        for name, word in _COMMON.items()
        if name in changed and not (creating and changed[name] in (False, "", None))
    }
    if "default" in changed and (changed["default"] is not None or not creating):
        body["defaultValue"] = _default(changed["default"])
    if "validation" in changed and (changed["validation"] or not creating):
        body["validation"] = _validation(changed["validation"])
    return body


def _default(value: str | None) -> dict[str, str] | None:
    if value is None:
        return None
    return {"formula": value} if value.startswith("=") else {"value": value}


def _validation(rule: Mapping[str, str] | None) -> dict[str, Any] | None:
    if not rule:
        return None
    told = [{"languageTag": "en-US", "displayName": rule["message"]}] if rule["message"] else []
    return {"formula": rule["formula"], "descriptions": told, "defaultLanguage": "en-US"}


def _facet(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The one facet that says the type; facets exclude one another."""
    return _FACET[wanted["type"]](wanted)


def _text(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": {"allowMultipleLines": False, "maxLength": wanted["maxLength"]}}


def _note(wanted: Mapping[str, Any]) -> dict[str, Any]:
    style = "richText" if wanted.get("richText") else "plain"
    return {
        "text": {
            "allowMultipleLines": True,
            "linesForEditing": wanted["lines"],
            "textType": style,
            "appendChangesToExistingText": bool(wanted.get("appendChanges")),
        }
    }


def _choice(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "choice": {
            "choices": list(wanted["choices"]),
            "allowTextEntry": bool(wanted.get("allowTextEntry")),
            "displayAs": wanted.get("displayAs") or "dropDownMenu",
        }
    }


def _date(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "dateTime": {"format": wanted["format"], "displayAs": wanted.get("displayAs") or "standard"}
    }


def _boolean(_wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {"boolean": {}}


def _person(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "personOrGroup": {
            "allowMultipleSelection": bool(wanted.get("multiple")),
            "chooseFromType": wanted.get("chooseFromType") or "peopleOnly",
        }
    }


def _lookup(wanted: Mapping[str, Any]) -> dict[str, Any]:
    facet: dict[str, Any] = {
        "listId": ref(address("list", wanted["list"])),
        "columnName": wanted["show"],
        "allowMultipleValues": bool(wanted.get("multiple")),
    }
    if wanted.get("primaryColumn"):
        facet["primaryLookupColumnId"] = ref(str(wanted["primaryColumn"]))
    return {"lookup": facet}


def _calculated(wanted: Mapping[str, Any]) -> dict[str, Any]:
    calculated = {"formula": wanted["formula"], "outputType": wanted["result"]}
    if wanted.get("format"):
        calculated["format"] = wanted["format"]
    return {"calculated": calculated}


def _number(wanted: Mapping[str, Any]) -> dict[str, Any]:
    decimals = wanted.get("decimals")
    facet: dict[str, Any] = {
        "decimalPlaces": "automatic" if decimals is None else _DECIMALS[decimals],
        "displayAs": "percentage" if wanted.get("percentage") else "number",
    }
    facet |= {
        word: wanted[name]
        for name, word in (("min", "minimum"), ("max", "maximum"))
        if wanted.get(name) is not None
    }
    return {"number": facet}


_FACET: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "text": _text,
    "note": _note,
    "choice": _choice,
    "number": _number,
    "dateTime": _date,
    "boolean": _boolean,
    "person": _person,
    "lookup": _lookup,
    "calculated": _calculated,
}
