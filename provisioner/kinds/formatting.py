"""How the columns of a library or list are shown, those that content types bring included.

```yaml
libraries:
  - key: access-control-evidence
    formatting:
      ReviewStatus: status-pill
      FreshUntil: due-date
      EvidenceOwner: person-chip
      Part: {elmType: div, txtContent: '@currentField'}   # or JSON of your own
```

| name | for columns of | shows |
|---|---|---|
| status-pill | choice, text, calculated text, lookup | the word, on a colour that says how good it is |
| status-pills | choice with several values | the same for each |
| due-date | dateTime | the date; it stands out from 14 days before it, and more once past |
| person-chip | person | the person's name |
| person-chips | person with several values | the same for each |
| progress | number (0 to 1) | a bar with the percentage beside it |

A list's own columns may say the same with `formatting:` on the column. What is not named here is
left as people set it. `{}` takes formatting away.

Graph has no word for column formatting. It is set by a SharePoint REST update of the column, which
Microsoft documents for the property's type and not with an example
(learn.microsoft.com/previous-versions/office/sharepoint-csom, Field.CustomFormatter); every apply
reads it back, so a tenant that ignores it is told of as READ-BACK, never taken for done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import RootModel, field_validator

from provisioner.core.address import address, split
from provisioner.core.errors import Problem, SpecInvalid
from provisioner.core.resource import Action, Change, Found, Resource
from provisioner.core.transport import Answers, Operation
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope
from provisioner.kinds.column_found import list_fields
from provisioner.kinds.column_requests import FORMATTER, formatter_update
from provisioner.kinds.formatters import FITS, Formatting, as_format, column_normal
from provisioner.kinds.requests import REST_MANAGE, quoted, rest_list, rows


class ListFormatting(RootModel[dict[str, Formatting]]):
    """Internal names of columns, and how each is shown: a format's name, or JSON."""

    @field_validator("root")
    @classmethod
    def _are_formats(cls, value: dict[str, Formatting]) -> dict[str, Formatting]:
        for one in value.values():
            as_format(one)
        return value


def desired(declared: Declared, scope: Scope) -> Sequence[Resource]:
    """A resource for each formatted column. Raises `SpecInvalid` for a format that does not fit."""
    spec = declared.spec
    assert isinstance(spec, ListFormatting)
    assert declared.parent is not None
    above = address("list", str(getattr(declared.parent.spec, "key", "")))
    made = []
    for name, value in spec.root.items():
        word = scope.type_of(above, name)
        if isinstance(value, str) and word and word not in FITS[value]:
            raise SpecInvalid(
                (
                    Problem(
                        "FORMATTING-TYPE",
                        f"“{value}” is not for “{name}”, which holds {word}.",
                        declared.where,
                        f"It is for columns of {', '.join(sorted(FITS[value]))}.",
                    ),
                )
            )
        made.append(
            Resource(
                "formatting",
                address("formatting", name, above),
                {"formatting": column_normal(value)},
                (("name", name),),
                where=declared.where,
            )
        )
    return made


def detail_found(_scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """The formatting of every column of the declared lists, read with the columns."""
    made = []
    for one in known.values():
        declared = one.kind == "list" and one.declared
        answer = answers.get(list_fields(one.ids["id"])) if declared else None
        for row in rows(answer.body) if answer is not None else ():
            name = str(row["InternalName"])
            made.append(
                Found(
                    "formatting",
                    one.address,
                    name,
                    (("name", name),),
                    {"id": str(row["Id"]).lower()},
                    canonical(row),
                    builtin=True,
                )
            )
    return made


def canonical(row: Mapping[str, Any]) -> dict[str, Any]:
    """The formatting of an `SP.Field` in the form that is compared."""
    return {"formatting": column_normal(row.get("CustomFormatter"))}


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """One update of the column, by its internal name."""
    own = change.address
    said = (
        change.desired.properties if change.desired and change.action is not Action.DELETE else {}
    )
    path = f"{rest_list(own)}/fields/getbyinternalnameortitle('{quoted(split(own)[1])}')"
    told = formatter_update(own, path, said.get("formatting"))
    return (replace(told, tolerates=(404,)) if change.action is Action.DELETE else told,)


KINDS = (
    Kind(
        name="formatting",
        title="Column formatting",
        rank=66,
        mounts={
            "libraries[].formatting": ListFormatting,
            "lists[].formatting": ListFormatting,
        },
        desired=desired,
        operations=operations,
        detail_found=detail_found,
        after=frozenset({"column", "contentType"}),
        rests_on={"formatting": FORMATTER},
        permissions={
            Action.CREATE: REST_MANAGE,
            Action.UPDATE: REST_MANAGE,
            Action.DELETE: REST_MANAGE,
        },
    ),
)
