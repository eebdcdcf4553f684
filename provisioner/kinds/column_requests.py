"""Requests that create, change and delete columns.

Graph creates every type the file knows but a choice with several values, currency, hyperlinks,
terms and people of one group; those go through `CreateFieldAsXml` with option 8, which keeps the
internal name (github.com/pnp/cli-microsoft365, field-add). Bodies: learn.microsoft.com/graph/api/
resources/columndefinition. What Graph does not know, formatting too, is a second request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from provisioner.core.address import SITE, parent_of
from provisioner.core.resource import Change
from provisioner.core.transport import Operation, ref
from provisioner.kinds.column_extras import DIGITS, EXTRAS, extra_operations
from provisioner.kinds.column_facets import graph_body
from provisioner.kinds.column_locales import LOCALES
from provisioner.kinds.column_spec import BUILT_IN
from provisioner.kinds.column_terms import create_term
from provisioner.kinds.field_element import by_xml, field_element
from provisioner.kinds.field_xml import LARGEST
from provisioner.kinds.formatters import sent
from provisioner.kinds.requests import (
    VERBOSE,
    graph,
    graph_list,
    graph_site,
    rest,
    rest_list,
)

KEEP_INTERNAL_NAME = 8
FORMATTER = "field-formatter"
"""The capability that the formatting of a column rests on."""
_REST_COMMON = {
    "displayName": "Title",
    "description": "Description",
    "required": "Required",
    "hidden": "Hidden",
    "readOnly": "ReadOnlyField",
    "group": "Group",
    "default": "DefaultValue",
}
_LIMITS = {"min": ("MinimumValue", -LARGEST), "max": ("MaximumValue", LARGEST)}
_WITH_LIST = frozenset(
    {
        *("name", "displayName", "description", "required", "defaultValue"),
        *("text", "choice", "number", "dateTime", "boolean", "personOrGroup"),
    }
)
"""What a column may say to be made along with its list. The documented example names columns of
plain types (learn.microsoft.com/graph/api/list-create); a column that stands on another, or says
more, is made afterwards, as the same request is known to work there."""
_CLASSES = {
    "choice": "SP.FieldMultiChoice",
    "currency": "SP.FieldCurrency",
    "hyperlink": "SP.FieldUrl",
    "person": "SP.FieldUser",
    "term": "SP.Taxonomy.TaxonomyField",
}


def create(change: Change) -> Sequence[Operation]:
    """One request. A column every list has is there as soon as the list is, and is updated."""
    wanted = change.desired
    assert wanted is not None
    own, properties, name = wanted.address, wanted.properties, str(wanted.extra["name"])
    if name in BUILT_IN:
        path = f"{_rest_home(own)}/fields/getbyinternalnameortitle('{name}')"
        body = _rest_common(properties)
        made = [rest("MERGE", path, own, body, what=f"Update {own}")] if body else []
        shown = extra_operations(own, path, "", properties)
        return (*made, *shown, *_formatted(own, path, properties))
    path = f"{_rest_home(own)}/fields(guid'{ref(own)}')"
    kind = str(properties["type"])
    if kind == "term":
        made = list(create_term(own, _rest_home(own), name, properties))
    else:
        made = [_create(own, name, properties)]
    made += extra_operations(own, path, kind, properties, creating=True)
    return (*made, *_formatted(own, path, properties))


def _create(own: str, name: str, properties: Mapping[str, Any]) -> Operation:
    if by_xml(properties):
        schema = field_element(name, properties)
        body: dict[str, Any] = {"parameters": {"SchemaXml": schema, "Options": KEEP_INTERNAL_NAME}}
        return rest(
            "POST",
            f"{_rest_home(own)}/fields/CreateFieldAsXml",
            own,
            body,
            produces={"id": "/Id"},
            what=f"Create {own}",
        )
    body = {"name": name, **graph_body(properties, properties)}
    made = graph(
        "POST",
        f"{graph_home(own)}/columns",
        own,
        body,
        produces={"id": "/id"},
        what=f"Create {own}",
    )
    along = parent_of(own) != SITE and _WITH_LIST.issuperset(body)
    return replace(made, inside=parent_of(own)) if along else made


def _formatted(own: str, path: str, changed: Mapping[str, Any]) -> Sequence[Operation]:
    """The request for the formatting, where it is among what changes."""
    if "formatting" not in changed:
        return ()
    return (formatter_update(own, path, changed["formatting"]),)


def formatter_update(own: str, path: str, value: Any) -> Operation:
    """The request that sets or takes away the formatting of the column at `path`."""
    body = {"__metadata": {"type": "SP.Field"}, "CustomFormatter": sent(value)}
    told = rest("MERGE", path, own, body, headers=VERBOSE, what=f"Format {own}")
    return replace(told, capability=FORMATTER)


def update(change: Change) -> Sequence[Operation]:
    """One request with what differs; a site column pushes it on to the lists that use it."""
    wanted = change.desired
    assert wanted is not None
    own = wanted.address
    names = {field.path.partition(".")[0] for field in change.fields}
    if "type" in names:
        return ()  # nothing of a type can be said to a column of another
    changed = {name: wanted.properties.get(name) for name in wanted.properties if name in names}
    kind = str(wanted.properties.get("type") or "")
    path = f"{_rest_home(own)}/fields(guid'{ref(own)}')"
    extras = tuple(extra_operations(own, path, kind, changed))
    told = tuple(_told(change, kind, changed))
    # A relationship stands on the index: it goes before the index does, and comes after.
    released = "onDelete" in changed and not changed["onDelete"]
    both = (*extras, *told) if released else (*told, *extras)
    return (*both, *_formatted(own, path, changed))


def _told(change: Change, kind: str, changed: Mapping[str, Any]) -> Sequence[Operation]:
    """What the first request says: through Graph, or by REST where Graph cannot say it."""
    wanted = change.desired
    assert wanted is not None
    own, elsewhere = (
        wanted.address,
        {*EXTRAS, "formatting", *(DIGITS if kind == "calculated" else ())},
    )
    changed = {name: value for name, value in changed.items() if name not in elsewhere}
    if not changed:
        return ()
    if change.existing is not None and by_xml(change.existing.properties):
        return (_update_by_rest(own, kind, changed),)
    made: list[Operation] = []
    if "validation" in changed and not changed["validation"]:
        del changed["validation"]
        made.append(_free(own))
    lifted = [name for name in _LIMITS if name in changed and changed[name] is None]
    if lifted:
        made.append(_lift(own, lifted))
    body = graph_body(changed, wanted.properties)
    if not body:
        return made
    if parent_of(own) == SITE:
        body["propagateChanges"] = True
    path = f"{graph_home(own)}/columns/{ref(own)}"
    return (graph("PATCH", path, own, body, what=f"Update {own}"), *made)


def delete(change: Change) -> Sequence[Operation]:
    """One request; there is no recycle bin for columns."""
    own = change.address
    path = f"{graph_home(own)}/columns/{ref(own)}"
    return (graph("DELETE", path, own, tolerates=(404,), what=f"Delete {own}"),)


def _free(own: str) -> Operation:
    """No rule for its values any more: what Graph makes of `validation: null` is not documented."""
    none = {"ValidationFormula": "", "ValidationMessage": ""}
    body = {"__metadata": {"type": "SP.Field"}, **none}
    path = f"{_rest_home(own)}/fields(guid'{ref(own)}')"
    return rest("MERGE", path, own, body, headers=VERBOSE, what=f"Take away the rule of {own}")


def _lift(own: str, names: Sequence[str]) -> Operation:
    """No smallest or largest number any more, which Graph has no word for."""
    body = {
        "__metadata": {"type": "SP.FieldNumber"},
        **{_LIMITS[n][0]: _LIMITS[n][1] for n in names},
    }
    path = f"{_rest_home(own)}/fields(guid'{ref(own)}')"
    return rest("MERGE", path, own, body, headers=VERBOSE, what=f"Lift the limits of {own}")


def _update_by_rest(own: str, kind: str, changed: Mapping[str, Any]) -> Operation:
    """MERGE of a column that Graph cannot change, whose class SharePoint must be told."""
    body: dict[str, Any] = {"__metadata": {"type": _CLASSES[kind]}, **_rest_common(changed)}
    if "choices" in changed:
        body["Choices"] = {
            "__metadata": {"type": "Collection(Edm.String)"},
            "results": list(changed["choices"]),
        }
    if "locale" in changed:
        body["CurrencyLocaleId"] = LOCALES[changed["locale"]]
    if "decimals" in changed:
        body["DisplayFormat"] = changed["decimals"]
    if "allowTextEntry" in changed:
        body["FillInChoice"] = bool(changed["allowTextEntry"])
    if "chooseFromType" in changed:
        body["SelectionMode"] = int(changed["chooseFromType"] == "peopleAndGroups")
    if "picture" in changed:
        body["DisplayFormat"] = 1 if changed["picture"] else 0
    for name, (word, none) in _LIMITS.items():
        if name in changed:
            body[word] = none if changed[name] is None else changed[name]
    given = str(changed.get("default") or "")
    if kind == "currency" and "default" in changed:
        computed = given.startswith("=")
        body |= {
            "DefaultFormula": given if computed else "",
            "DefaultValue": "" if computed else given,
        }
    path = f"{_rest_home(own)}/fields(guid'{ref(own)}')"
    return rest("MERGE", path, own, body, headers=VERBOSE, what=f"Update {own}")


def _rest_home(own: str) -> str:
    return "/_api/web" if parent_of(own) == SITE else rest_list(own)


def graph_home(own: str) -> str:
    """The Graph path of what the column at `own` is in: the site, or its list."""
    return graph_site() if parent_of(own) == SITE else graph_list(own)


def _rest_common(changed: Mapping[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {
        word: changed[name] for name, word in _REST_COMMON.items() if name in changed
    }
    if "DefaultValue" in body and body["DefaultValue"] is None:
        body["DefaultValue"] = ""
    if "validation" in changed:
        rule = changed["validation"] or {}
        body["ValidationFormula"] = rule.get("formula", "")
        body["ValidationMessage"] = rule.get("message", "")
    for name, word in (("indexed", "Indexed"), ("unique", "EnforceUniqueValues")):
        if name in changed:
            body[word] = changed[name]
    return body
