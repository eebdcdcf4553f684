"""Each facet of a Graph ``columnDefinition``, read into what SharePoint keeps."""

from __future__ import annotations

from typing import Any

from provisioner.emulator.wire import Refusal

DECIMALS = ("none", "one", "two", "three", "four", "five")
OUTPUTS = {"text": 2, "dateTime": 4, "boolean": 8, "number": 9, "currency": 10}
FRIENDLY = {"default": 0, "standard": 1, "friendly": 2}
MAX_TEXT = 255
UNDETERMINED = "Unable to determine type of provided column definition"


def bad(message: str) -> Refusal:
    """A 400 ``invalidRequest``."""
    return Refusal(400, "invalidRequest", message)


def _choice_of(value: Any, allowed: dict[str, Any] | tuple[str, ...], what: str) -> Any:
    if value not in allowed:
        raise bad(f"'{value}' is not a value of {what}.")
    return allowed[value] if isinstance(allowed, dict) else value


def _text(value: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if value.get("allowMultipleLines"):
        kind = _choice_of(value.get("textType", "plain"), ("plain", "richText"), "textType")
        return "Note", {
            "NumberOfLines": int(value.get("linesForEditing") or 6),
            "AppendOnly": bool(value.get("appendChangesToExistingText", False)),
            "RichText": kind == "richText",
        }
    length = value.get("maxLength", MAX_TEXT)
    if not isinstance(length, int) or not 1 <= length <= MAX_TEXT:
        raise bad("maxLength must be between 1 and 255.")
    return "Text", {"MaxLength": length}


def _choice(value: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    shown = value.get("displayAs", "dropDownMenu")
    if shown == "checkBoxes":
        # microsoftgraph/microsoft-graph-docs #21021: documented, and answered with an error.
        raise bad(UNDETERMINED)
    choices = value.get("choices")
    if choices is not None and (
        not isinstance(choices, list) or not all(isinstance(c, str) and c for c in choices)
    ):
        raise bad("choices must be a list of texts.")
    return "Choice", {
        "Choices": choices or [],
        "FillInChoice": bool(value.get("allowTextEntry", False)),
        "EditFormat": _choice_of(shown, {"dropDownMenu": 0, "radioButtons": 1}, "displayAs"),
    }


def _number(value: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    places = {"automatic": -1} | {name: number for number, name in enumerate(DECIMALS)}
    doc: dict[str, Any] = {
        "DisplayFormat": _choice_of(
            value.get("decimalPlaces", "automatic"), places, "decimalPlaces"
        ),
        "ShowAsPercentage": _choice_of(
            value.get("displayAs", "number"), ("number", "percentage"), "displayAs"
        )
        == "percentage",
    }
    for name, stored in (("minimum", "MinimumValue"), ("maximum", "MaximumValue")):
        if value.get(name) is not None:
            if isinstance(value[name], bool) or not isinstance(value[name], (int, float)):
                raise bad(f"{name} must be a number.")
            doc[stored] = float(value[name])
    return "Number", doc


def _date(value: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "DateTime", {
        "DisplayFormat": _choice_of(
            value.get("format", "dateTime"), {"dateOnly": 0, "dateTime": 1}, "format"
        ),
        "FriendlyDisplayFormat": _choice_of(
            value.get("displayAs", "default"), FRIENDLY, "displayAs"
        ),
    }


def _boolean(value: dict[str, Any]) -> tuple[str, dict[str, Any]]:  # noqa: ARG001
    return "Boolean", {}


def _person(value: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    mode = _choice_of(
        value.get("chooseFromType", "peopleAndGroups"),
        {"peopleOnly": 0, "peopleAndGroups": 1},
        "chooseFromType",
    )
    shown = value.get("displayAs", "nameWithPresence")
    many = bool(value.get("allowMultipleSelection", False))
    return ("UserMulti" if many else "User"), {"SelectionMode": mode, "_DisplayAs": shown}


def _lookup(value: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    many = bool(value.get("allowMultipleValues", False))
    doc: dict[str, Any] = {
        "LookupList": str(value.get("listId") or "").strip("{}").lower(),
        "LookupField": str(value.get("columnName") or "Title"),
        "UnlimitedLengthInDocumentLibrary": bool(value.get("allowUnlimitedLength", False)),
    }
    if value.get("primaryLookupColumnId"):
        doc["PrimaryFieldId"] = str(value["primaryLookupColumnId"])
    return ("LookupMulti" if many else "Lookup"), doc


def _calculated(value: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    formula = value.get("formula")
    if not isinstance(formula, str) or not formula.strip():
        raise bad("A calculated column needs a formula.")
    return "Calculated", {
        "Formula": formula,
        "OutputType": _choice_of(value.get("outputType", "text"), OUTPUTS, "outputType"),
        "DateFormat": _choice_of(
            value.get("format", "dateOnly"), {"dateOnly": 0, "dateTime": 1}, "format"
        ),
    }


FACET_READERS = {
    "text": _text,
    "choice": _choice,
    "number": _number,
    "dateTime": _date,
    "boolean": _boolean,
    "personOrGroup": _person,
    "lookup": _lookup,
    "calculated": _calculated,
}
