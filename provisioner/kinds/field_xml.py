"""Columns as SharePoint's Field element: what Graph omits on read-back is all there.

Attributes: learn.microsoft.com, "Field element (Field)". `SchemaXml` of SharePoint REST `fields`
carries validation, number limits, lookup targets and formulas, which the Graph columnDefinition
leaves out of its answers (learn.microsoft.com/graph/api/resources/columndefinition).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from provisioner.kinds.column_locales import LOCALES
from provisioner.kinds.column_spec import FORMS
from provisioner.kinds.column_terms import read_term

TYPES = {
    "Text": ("text", False),
    "Note": ("note", False),
    "Choice": ("choice", False),
    "MultiChoice": ("choice", True),
    "Number": ("number", False),
    "DateTime": ("dateTime", False),
    "Boolean": ("boolean", False),
    "User": ("person", False),
    "UserMulti": ("person", True),
    "Lookup": ("lookup", False),
    "LookupMulti": ("lookup", True),
    "Calculated": ("calculated", False),
    "Currency": ("currency", False),
    "URL": ("hyperlink", False),
    "TaxonomyFieldType": ("term", False),
    "TaxonomyFieldTypeMulti": ("term", True),
}
"""SharePoint's type name -> the file's word, and whether it takes several values."""
RESULTS = {
    "Text": "text",
    "Number": "number",
    "DateTime": "dateTime",
    "Boolean": "boolean",
    "Currency": "currency",
}
LARGEST = 1.7976931348623157e308
"""SharePoint's number for "no limit"."""
_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")|\[(?P<ref>[^\[\]]+)\]|(?P<call>[A-Za-z]\w*)(?=\s*\()|\s+"""
    r"""|(?P<sep>;)|(?P<rest>[^\W\d]\w*|\d[\w.]*|.)""",
    re.DOTALL,
)
_BARE = re.compile(r"[^\W\d]\w*\Z")
_WORD = re.compile(r"\w")
_DATED = frozenset({"Created", "Modified", "ID"})
"""Columns every list has that formulas may use and nobody relabels."""
_TRUTHS = frozenset({"TRUE", "FALSE"})


def formula(text: str | None, names: Mapping[str, str] | None = None) -> str | None:
    """One spelling for formulas that mean the same; None for none.

    SharePoint rewrites what it is given: blanks between tokens go, brackets go where the column's
    name needs none, function names become capitals. Text in quotes and column names are kept. `;`
    separates arguments where the site's language writes decimals with a comma. `names` are columns
    to call otherwise: see `unlocalised`.
    """
    stripped = (text or "").strip().removeprefix("=").strip()
    if not stripped:
        return None
    text = ""
    for token in _TOKEN.finditer(stripped):
        part = _token(token, stripped[token.end() :].lstrip()[:1], names or {})
        glued = _WORD.match(text[-1:]) and _WORD.match(part[:1])
        text += f" {part}" if glued else part
    return f"={text}"


def _token(token: re.Match[str], following: str, names: Mapping[str, str]) -> str:
    """One token in its normal spelling; "" for a blank."""
    if token["text"] is not None:
        return token["text"]
    if token["ref"] is not None:
        name = names.get(token["ref"].strip(), token["ref"].strip())
        plain = _BARE.match(name) and following != "(" and name.upper() not in _TRUTHS
        return name if plain else f"[{name}]"
    if token["call"] is not None:
        return token["call"].upper()
    if token["sep"] is not None:
        return ","
    word = token["rest"] or ""
    word = names.get(word, word)
    return word.upper() if word.upper() in _TRUTHS else word


def unlocalised(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """For formulas read from a site: what Microsoft's own columns are called there -> in a file.

    SharePoint gives formulas back with the names people see, and a French site calls Created `Créé`.
    """
    return {
        str(row.get("Title") or ""): str(row["InternalName"])
        for row in rows
        if row.get("InternalName") in _DATED
    }


def with_names(read: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """What `facets` read, its formulas with `names`."""
    said = dict(read)
    if said.get("formula"):
        said["formula"] = formula(said["formula"], names)
    if said.get("validation"):
        said["validation"] = {
            **said["validation"],
            "formula": formula(said["validation"]["formula"], names),
        }
    if str(said.get("default") or "").startswith("="):
        said["default"] = formula(said["default"], names)
    return said


def number(value: Any) -> int | float | None:
    """A number however it was written; whole ones as `int`; None for none or not a number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        read = float(value)
    except (TypeError, ValueError):
        return None
    return int(read) if read.is_integer() and abs(read) < LARGEST / 2 else read


def flag(value: Any) -> bool:
    """TRUE, 1 and true as true, everything else as false."""
    return str(value).strip().upper() in {"TRUE", "1"}


def facets(schema: str) -> dict[str, Any]:
    """The properties that depend on the type, in the file's words, from `SchemaXml`.

    `source` is where the column was defined (a list's or web's id, or Microsoft's schema).
    """
    field = ET.fromstring(schema)  # noqa: S314 - from the signed-in service, entities undefined
    given = field.attrib
    kind, multiple = TYPES.get(given.get("Type", ""), (given.get("Type", ""), False))
    multiple = multiple or flag(given.get("Mult", ""))
    read: dict[str, Any] = {
        "type": kind,
        "multiple": multiple,
        "default": _default(kind, field),
        "validation": _validation(field),
        "readOnly": flag(given.get("ReadOnly")),
        "showInForms": [
            one for one in FORMS if flag(given.get(f"ShowIn{one.capitalize()}Form") or "TRUE")
        ],
        "source": given.get("SourceID", "").strip("{}").lower(),
    }
    return read | _of_type(kind, field)


def _of_type(kind: str, field: ET.Element) -> dict[str, Any]:
    read = _READ.get(kind)
    return read(field) if read is not None else {}


def _format(field: ET.Element) -> str:
    return "dateOnly" if field.get("Format", "DateTime") == "DateOnly" else "dateTime"


def _text(field: ET.Element) -> dict[str, Any]:
    return {"maxLength": int(field.get("MaxLength") or 255)}


def _note(field: ET.Element) -> dict[str, Any]:
    return {
        "lines": int(field.get("NumLines") or 6),
        "richText": flag(field.get("RichText")),
        "appendChanges": flag(field.get("AppendOnly")),
    }


def _choice(field: ET.Element) -> dict[str, Any]:
    radio = field.get("Format") == "RadioButtons"
    return {
        "choices": [choice.text or "" for choice in field.findall("CHOICES/CHOICE")],
        "allowTextEntry": flag(field.get("FillInChoice")),
        "displayAs": "radioButtons" if radio else "dropDownMenu",
    }


def _date(field: ET.Element) -> dict[str, Any]:
    friendly = field.get("FriendlyDisplayFormat") == "Relaxed"
    return {"format": _format(field), "displayAs": "friendly" if friendly else "standard"}


def _person(field: ET.Element) -> dict[str, Any]:
    groups = field.get("UserSelectionMode") in {"PeopleAndGroups", "1"}
    scope = number(field.get("UserSelectionScope"))
    return {
        "chooseFromType": "peopleAndGroups" if groups else "peopleOnly",
        "fromGroup": str(scope) if scope else None,
    }


def _number(field: ET.Element) -> dict[str, Any]:
    return {"percentage": flag(field.get("Percentage")), **_range(field)}


def _currency(field: ET.Element) -> dict[str, Any]:
    given = field.get("LCID") or "1033"
    regions = {str(number): name for name, number in LOCALES.items()}
    return {"locale": regions.get(given, given), **_range(field)}


def _hyperlink(field: ET.Element) -> dict[str, Any]:
    return {"picture": field.get("Format") == "Image"}


def _range(field: ET.Element) -> dict[str, Any]:
    return {
        "decimals": number(field.get("Decimals")),
        "min": _limit(field.get("Min")),
        "max": _limit(field.get("Max")),
    }


def _limit(text: str | None) -> int | float | None:
    read = number(text)
    return None if read is None or abs(read) > LARGEST / 2 else read


def _lookup(field: ET.Element) -> dict[str, Any]:
    target = field.get("List", "").strip("{}").lower()
    behaviour = field.get("RelationshipDeleteBehavior", "").lower()
    return {
        "list": target,
        "show": field.get("ShowField") or "Title",
        "onDelete": behaviour if behaviour in {"restrict", "cascade"} else None,
        "primaryColumn": field.get("FieldRef", "").strip("{}").lower() or None,
    }


def _calculated(field: ET.Element) -> dict[str, Any]:
    text = field.findtext("FormulaDisplayNames") or field.findtext("Formula")
    result = RESULTS.get(field.get("ResultType", "Text"), "text")
    return {
        "formula": formula(text),
        "result": result,
        "format": _format(field),
        "decimals": number(field.get("Decimals")),
        "percentage": flag(field.get("Percentage")),
    }


_READ: Mapping[str, Callable[[ET.Element], dict[str, Any]]] = {
    "text": _text,
    "note": _note,
    "choice": _choice,
    "dateTime": _date,
    "number": _number,
    "lookup": _lookup,
    "calculated": _calculated,
    "currency": _currency,
    "hyperlink": _hyperlink,
    "person": _person,
    "term": read_term,
}


def _validation(field: ET.Element) -> dict[str, str] | None:
    rule = field.find("Validation")
    text = formula(rule.text) if rule is not None else None
    if rule is None or text is None:
        return None
    return {"formula": text, "message": rule.get("Message", "")}


def _default(kind: str, field: ET.Element) -> str | None:
    text = field.findtext("Default")
    computed = field.findtext("DefaultFormula")
    return formula(computed) if computed else default(kind, text)


def default(kind: str, value: Any) -> str | None:
    """A default as text in one spelling; None for none (and for no, a boolean's own default)."""
    if value is None or value == "":
        return None
    if kind == "boolean":
        return "1" if value is True or flag(value) else None
    if kind == "dateTime" and str(value).strip().lower() in {"today", "[today]"}:
        return "[today]"
    if kind in {"number", "currency"} and (read := number(value)) is not None:
        return str(read)
    return str(value)
