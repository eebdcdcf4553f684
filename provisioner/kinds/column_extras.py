"""What Graph has no word for: set by SharePoint REST once a column is there.

Forms: `SetShowInNewForm`, `SetShowInEditForm`, `SetShowInDisplayForm`; what becomes of rows that
point at a deleted one: `RelationshipDeleteBehavior` (both in learn.microsoft.com/previous-versions/
office/developer/sharepoint-rest-reference, "Fields REST API reference"). The digits of a calculated
number and its percent sign are `DisplayFormat` and `ShowAsPercentage` of SP.FieldCalculated
(koltyakov/sp-metadata); the way a term is shown is `IsPathRendered` of SP.Taxonomy.TaxonomyField.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provisioner.core.transport import Operation
from provisioner.kinds.column_spec import FORMS
from provisioner.kinds.requests import VERBOSE, rest

EXTRAS = frozenset({"showInForms", "onDelete", "showFullyQualifiedName"})
"""Words of the file that never go to Graph."""
DIGITS = frozenset({"decimals", "percentage"})
"""Those of a calculated column do not go there either."""
_DELETES = {None: 0, "cascade": 1, "restrict": 2}
_AUTOMATIC = -1


def extra_operations(
    own: str, path: str, kind: str, changed: Mapping[str, Any], *, creating: bool = False
) -> Sequence[Operation]:
    """Requests for what is among `changed`. What a new column has anyway is not sent."""
    made: list[Operation] = []
    body: dict[str, Any] = {}
    if kind == "lookup" and "onDelete" in changed and (changed["onDelete"] or not creating):
        body["RelationshipDeleteBehavior"] = _DELETES[changed["onDelete"]]
        made.append(_merge(own, path, "SP.FieldLookup", body))
    if kind == "calculated":
        body = _digits(changed, creating=creating)
        made += [_merge(own, path, "SP.FieldCalculated", body)] if body else []
    if kind == "term" and "showFullyQualifiedName" in changed and not creating:
        body["IsPathRendered"] = bool(changed["showFullyQualifiedName"])
        made.append(_merge(own, path, "SP.Taxonomy.TaxonomyField", body))
    return (*made, *_forms(own, path, changed, creating=creating))


def _digits(changed: Mapping[str, Any], *, creating: bool) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if "decimals" in changed:
        given = changed["decimals"]
        body["DisplayFormat"] = _AUTOMATIC if given is None else given
    if "percentage" in changed and (changed["percentage"] or not creating):
        body["ShowAsPercentage"] = bool(changed["percentage"])
    return body


def _forms(
    own: str, path: str, changed: Mapping[str, Any], *, creating: bool
) -> Sequence[Operation]:
    if "showInForms" not in changed:
        return ()
    shown = changed["showInForms"] or ()
    return [
        rest(
            "POST",
            f"{path}/setshowin{form}form({'true' if form in shown else 'false'})",
            own,
            what=f"{'Show' if form in shown else 'Hide'} {own} in the {form} form",
        )
        for form in FORMS
        if form not in shown or not creating
    ]


def _merge(own: str, path: str, entity: str, body: dict[str, Any]) -> Operation:
    typed = {"__metadata": {"type": entity}, **body}
    return rest("MERGE", path, own, typed, headers=VERBOSE, what=f"Update {own}")
