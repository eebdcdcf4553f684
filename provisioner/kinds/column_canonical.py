"""A declared column in the one form that is compared with what is on a site."""

from __future__ import annotations

from typing import Any

from provisioner.core.address import address
from provisioner.kinds.column_spec import BUILT_IN, Column, SiteColumn
from provisioner.kinds.field_xml import default, formula, number
from provisioner.kinds.formatters import column_normal


def canonical(spec: Column, above: str = "") -> dict[str, Any]:
    """What the file says, and the defaults we own, in the one form that is compared.

    `above` is the address of the list it stands in, "" for the site.
    """
    whole: dict[str, Any] = {
        "displayName": spec.display_name or spec.name,
        "type": spec.type,
        "required": spec.required,
        "indexed": spec.indexed or spec.unique,
        "unique": spec.unique,
        "hidden": spec.hidden,
        "readOnly": spec.read_only,
        "multiple": spec.multiple,
        "default": formula(spec.default_formula) or default(spec.type or "", spec.default),
        "validation": spec.validation
        and {
            "formula": formula(spec.validation.formula),
            "message": spec.validation.message,
        },
        **_of_type(spec, above),
    }
    if spec.description is not None:
        whole["description"] = spec.description.strip()
    if spec.type == "calculated" or spec.primary_column:
        del whole["readOnly"]  # such a column always is, whatever is said
    if spec.show_in_forms is not None:
        whole["showInForms"] = list(spec.show_in_forms)
    if spec.formatting is not None:
        whole["formatting"] = column_normal(spec.formatting)
    if isinstance(spec, SiteColumn) and spec.group is not None:
        whole["group"] = spec.group
    if spec.name in BUILT_IN:
        names = {Column.model_fields[name].alias or name for name in spec.model_fields_set}
        if spec.unique:
            names.add("indexed")  # SharePoint tells by the index that a value is new
        return {name: value for name, value in whole.items() if name in names}
    return whole


def _of_type(spec: Column, above: str) -> dict[str, Any]:
    dates = spec.format or "dateOnly"
    result = spec.result or "text"
    by_type: dict[str, dict[str, Any]] = {
        "text": {"maxLength": spec.max_length or 255},
        "note": {
            "lines": spec.lines or 6,
            "richText": spec.rich_text,
            "appendChanges": spec.append_changes,
        },
        "choice": {
            "choices": list(spec.choices or ()),
            "allowTextEntry": spec.allow_text_entry,
            **({} if spec.multiple else {"displayAs": spec.display_as or "dropDownMenu"}),
        },
        "dateTime": {"format": dates, "displayAs": spec.display_as or "standard"},
        "person": {
            "chooseFromType": spec.choose_from_type or "peopleOnly",
            "fromGroup": spec.from_group and address("group", spec.from_group),
        },
        "number": {"percentage": spec.percentage, **_range(spec)},
        "currency": {"locale": spec.locale or "en-US", **_range(spec)},
        "hyperlink": {"picture": spec.picture},
        "lookup": {
            "list": spec.list,
            "show": spec.show or "Title",
            "onDelete": spec.on_delete,
            "primaryColumn": spec.primary_column and address("column", spec.primary_column, above),
        },
        "term": {
            "termSet": spec.term_set,
            "parentTerm": spec.parent_term,
            "showFullyQualifiedName": spec.show_fully_qualified_name,
        },
        "calculated": {
            "formula": formula(spec.formula),
            "result": result,
            **({"format": dates} if result == "dateTime" else {}),
            **({} if spec.decimals is None else {"decimals": spec.decimals}),
            **({"percentage": spec.percentage} if result in {"number", "currency"} else {}),
        },
    }
    return by_type.get(spec.type or "", {})


def _range(spec: Column) -> dict[str, Any]:
    decimals = {} if spec.decimals is None else {"decimals": spec.decimals}
    return {"min": number(spec.min), "max": number(spec.max), **decimals}
