"""A rule every row of a list must meet before SharePoint saves it.

```yaml
lists:
  - key: risk-register
    validation: {formula: "=[Closed on]>=[Opened on]", message: It cannot close before it opens.}
```

The formula names columns by their display names, so it is set after the list's columns. A list has
one rule or none; one that is no longer in the file is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from provisioner.core.address import address
from provisioner.core.resource import Action, Change, Found, Resource
from provisioner.core.transport import Answers, Operation
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope, SpecModel
from provisioner.kinds.column_found import list_fields
from provisioner.kinds.field_xml import formula, unlocalised
from provisioner.kinds.list import LISTS
from provisioner.kinds.requests import REST_MANAGE, rest, rest_list, rows


class RowRule(SpecModel):
    """A rule every row must meet before SharePoint saves it."""

    formula: str = Field(min_length=1, description="A formula that is true for a good row.")
    message: str = Field(default="", description="What people read when it is not.")


def desired(declared: Declared, _scope: Scope) -> Sequence[Resource]:
    """The rule of a list."""
    spec = declared.spec
    assert isinstance(spec, RowRule)
    assert declared.parent is not None
    above = address("list", str(getattr(declared.parent.spec, "key", "")))
    properties = {"formula": formula(spec.formula), "message": spec.message}
    return (
        Resource(
            "validation",
            address("validation", "", above),
            properties,
            (("validation", "validation"),),
            where=declared.where,
        ),
    )


def detail_found(_scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """The rules of the declared lists that have one, which were read with the lists."""
    answer = answers.get(LISTS)
    by_id = {str(row["Id"]).lower(): row for row in rows(answer.body)} if answer else {}
    made = []
    for one in known.values():
        row = by_id.get(one.ids["id"]) if one.kind == "list" and one.declared else None
        if row is not None and row.get("ValidationFormula"):
            columns = answers.get(list_fields(one.ids["id"]))
            names = unlocalised(rows(columns.body)) if columns is not None else {}
            made.append(
                Found(
                    "validation",
                    one.address,
                    "",
                    (("validation", "validation"),),
                    {"id": one.ids["id"]},
                    canonical(row, names),
                )
            )
    return made


def canonical(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The rule of an `SP.List` in the form that is compared; `names` as `unlocalised` gives them."""
    return {
        "formula": formula(row.get("ValidationFormula"), names),
        "message": str(row.get("ValidationMessage") or ""),
    }


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Both parts always go together."""
    own, said = change.address, change.desired.properties if change.desired else {}
    body = {
        "ValidationFormula": said.get("formula") or "",
        "ValidationMessage": said.get("message") or "",
    }
    what = f"Remove {own}" if change.action is Action.DELETE else f"Set {own}"
    return (rest("MERGE", rest_list(own), own, body, what=what),)


KINDS = (
    Kind(
        name="validation",
        title="Rule for rows",
        rank=68,
        mounts={"libraries[].validation": RowRule, "lists[].validation": RowRule},
        desired=desired,
        operations=operations,
        detail_found=detail_found,
        after=frozenset({"column", "contentType"}),
        permissions={
            Action.CREATE: REST_MANAGE,
            Action.UPDATE: REST_MANAGE,
            Action.DELETE: REST_MANAGE,
        },
    ),
)
