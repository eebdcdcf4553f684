"""How somebody else changes each property of a column."""

from __future__ import annotations

import re
from typing import Any

from outsider import Send
from tampering import At, Outcome, Why, tampers

_OUTPUT = {"text": 2, "number": 9, "dateTime": 4, "boolean": 8}
_TITLES = {"displayName": "Title", "description": "Description", "group": "Group"}
_FLAGS = {
    "required": "Required",
    "hidden": "Hidden",
    "richText": "RichText",
    "appendChanges": "AppendOnly",
    "percentage": "ShowAsPercentage",
}


def _field(at: At) -> str:
    return f"{at.home}/fields(guid'{at.id()}')"


def _merge(at: At, **body: Any) -> Outcome:
    return [Send("MERGE", _field(at), body)]


@tampers("column", *_TITLES)
def _column_text(at: At) -> Outcome:
    return _merge(at, **{_TITLES[at.path]: f"{at.value} (neu)"})


@tampers("column", *_FLAGS)
def _column_flag(at: At) -> Outcome:
    return _merge(at, **{_FLAGS[at.path]: not at.value})


@tampers("column", "indexed", "unique")
def _column_index(at: At) -> Outcome:
    kind = str(at.said("type"))
    if at.said("multiple") or kind in {"note", "calculated", "hyperlink", "boolean", "term"}:
        return Why(f"a {kind} column has no index or no unique values")
    if at.path == "indexed":
        if at.said("unique") or at.said("onDelete"):
            return Why("unique values, and what happens on deletion, need the index")
        return _merge(at, Indexed=not at.value)
    if not at.said("indexed"):
        return Why("unique values need an index, and that is another property")
    return _merge(at, EnforceUniqueValues=not at.value)


@tampers("column", "choices")
def _choices(at: At) -> Outcome:
    return _merge(at, Choices={"results": [*at.value, "Sonstiges; autre"]})


_DEFAULTS: dict[str, str] = {
    "text": "anders",
    "choice": "Anders",
    "boolean": "1",
    "number": "4",
    "currency": "12",
    "dateTime": "[today]",
    "note": "x",
}


@tampers("column", "default")
def _default(at: At) -> Outcome:
    kind = str(at.said("type"))
    if kind not in _DEFAULTS:
        return Why(f"a {kind} column has no default in SharePoint REST")
    if isinstance(at.value, str) and at.value.startswith("="):
        return _merge(at, DefaultFormula="=1+2")
    value = "0" if kind == "boolean" and at.value else _DEFAULTS[kind]
    return _merge(at, DefaultValue="" if "today" in str(at.value) else value)


@tampers("column", "readOnly", "allowTextEntry", "showFullyQualifiedName")
def _column_more(at: At) -> Outcome:
    name = {"readOnly": "ReadOnlyField", "allowTextEntry": "FillInChoice"}.get(
        at.path, "IsPathRendered"
    )
    return _merge(at, **{name: not at.value})


@tampers("column", "displayAs")
def _display_as(at: At) -> Outcome:
    if at.said("type") == "dateTime":
        return _merge(at, FriendlyDisplayFormat=1 if at.value == "friendly" else 2)
    if at.said("multiple"):
        return Why("choices of which several can be taken are always boxes")
    return _merge(at, EditFormat=0 if at.value == "radioButtons" else 1)


@tampers("column", "showInForms")
def _forms(at: At) -> Outcome:
    shown = "false" if "new" in at.value else "true"
    return [Send("POST", f"{_field(at)}/setshowinnewform({shown})")]


@tampers("column", "chooseFromType")
def _people(at: At) -> Outcome:
    return _merge(at, SelectionMode=0 if at.value == "peopleAndGroups" else 1)


@tampers("column", "fromGroup")
def _from_group(at: At) -> Outcome:
    groups = [one for one in at.resources if one.startswith("group:") and one != at.value]
    return _merge(at, SelectionGroup=int(at.id(groups[-1])))


@tampers("column", "termSet")
def _terms(at: At) -> Outcome:
    return _merge(at, TermSetId="22222222-2222-4333-8444-555555555555")


@tampers("column", "onDelete")
def _on_delete(at: At) -> Outcome:
    if not at.said("indexed") or at.said("primaryColumn"):
        return Why("what happens on deletion needs an index, and that is another property")
    return _merge(at, RelationshipDeleteBehavior=0 if at.value else 2)


@tampers("column", "validation")
def _validation(at: At) -> Outcome:
    if at.value:
        return _merge(at, ValidationMessage="Non.")
    if str(at.said("type")) in {"note", "lookup", "person", "hyperlink", "calculated", "boolean"}:
        return Why("SharePoint has no validation for columns of this type")
    return _merge(at, ValidationFormula="=1=1", ValidationMessage="Non.")


@tampers("column", "maxLength")
def _length(at: At) -> Outcome:
    return _merge(at, MaxLength=77)


@tampers("column", "lines")
def _lines(at: At) -> Outcome:
    return _merge(at, NumberOfLines=19)


@tampers("column", "decimals")
def _decimals(at: At) -> Outcome:
    return _merge(at, DisplayFormat=4)


@tampers("column", "format", "picture")
def _display(at: At) -> Outcome:
    other = 0 if at.value in (True, "dateTime") else 1
    if at.said("type") == "calculated":  # whose DisplayFormat is its digits
        return _merge(at, DateFormat=other)
    return _merge(at, DisplayFormat=other)


@tampers("column", "min")
def _least(at: At) -> Outcome:
    return _merge(at, MinimumValue=-3)


@tampers("column", "max")
def _most(at: At) -> Outcome:
    return _merge(at, MaximumValue=999999)


@tampers("column", "locale")
def _money(at: At) -> Outcome:
    return _merge(at, CurrencyLocaleId=1033)


@tampers("column", "formatting")
@tampers("formatting", "formatting")
def _formatting(at: At) -> Outcome:
    name = at.address.rpartition(":")[2]
    body = {"CustomFormatter": '{"elmType":"span","txtContent":"x"}'}
    return [Send("MERGE", f"{at.home}/fields/getbyinternalnameortitle('{name}')", body)]


@tampers("column", "show")
def _show(at: At) -> Outcome:
    return _merge(at, LookupField="Created" if at.value != "Created" else "Title")


@tampers("column", "formula")
def _formula(at: At) -> Outcome:
    return _merge(at, Formula=f'{at.value}&"!"')


@tampers("column", "result")
def _result(at: At) -> Outcome:
    return _merge(at, OutputType=_OUTPUT["number" if at.value == "text" else "text"])


_SORTS = {"choice": "Choice", "person": "User", "lookup": "Lookup"}


@tampers("column", "type", "multiple", "list")
def _made_again(at: At) -> Outcome:
    """What is fixed when a column is made: somebody deletes it and makes another of its name."""
    why = _stays(at)
    if why is not None:
        return why
    xml = str(at.ask(Send("GET", _field(at)))["SchemaXml"])
    xml = re.sub(r' (ID|SourceID|StaticName|ColName|RowOrdinal|Version)="[^"]*"', "", xml)
    change = {"list": _other_list, "multiple": _as_many, "type": _other_type}[at.path]
    made = {"parameters": {"SchemaXml": change(at, xml), "Options": 8}}
    return [Send("DELETE", _field(at)), Send("POST", f"{at.home}/fields/createfieldasxml", made)]


def _stays(at: At) -> Why | None:
    """Why a column is not made again, or None."""
    name, kind = at.address.rpartition(":")[2], str(at.said("type"))
    reasons = {
        "a site column that content types use cannot be deleted": not at.list,
        "the column every list has cannot be deleted": name == "Title",
        "a lookup and those it brings along go together": at.said("primaryColumn")
        or at.said("onDelete"),
        "other parts name the column, and they would change with it": at.said("unique")
        or _is_named(at, name),
        "the column it shows is one of the list it points at": at.path == "list"
        and at.said("show") != "Title",
        f"a {kind} column never takes several values": at.path == "multiple" and kind not in _SORTS,
        "a column of another type has not its other properties either": at.path == "type"
        and kind in {"lookup", "calculated"},
    }
    return next((Why(text) for text, holds in reasons.items() if holds), None)


def _other_list(at: At, xml: str) -> str:
    others = [one for one, each in at.resources.items() if each.kind == "list"]
    other = next(one for one in others if one.removeprefix("list:") != at.value)
    return re.sub(r' List="[^"]*"', f' List="{{{at.id(other)}}}"', xml)


def _as_many(at: At, xml: str) -> str:
    kind = str(at.said("type"))
    many = "MultiChoice" if kind == "choice" else f"{_SORTS[kind]}Multi"
    xml = re.sub(r' Type="[^"]*"', f' Type="{_SORTS[kind] if at.value else many}"', xml)
    xml = re.sub(r' Mult="[^"]*"', "", xml)
    several = kind != "choice" and not at.value
    return xml.replace("<Field ", '<Field Mult="TRUE" ', 1) if several else xml


def _other_type(at: At, xml: str) -> str:
    other = "Boolean" if at.said("type") != "boolean" else "Text"
    return re.sub(r' Type="[^"]*"', f' Type="{other}"', xml)


def _is_named(at: At, name: str) -> bool:
    title = str(at.said("displayName"))
    for other in at.resources.values():
        if not other.address.startswith(f"{at.list}/") or other.address == at.address:
            continue
        if other.kind in {"view", "validation"} or "formula" in other.properties:
            text = str(dict(other.properties))
            if f"'{name}'" in text or f'"{name}"' in text or f"[{title}]" in text or title in text:
                return True
        if other.kind == "item" and name in other.properties:
            return True
    return False
