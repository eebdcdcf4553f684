"""Content types: what a document or row carries, made once and used in many places.

```yaml
contentTypes:
  - name: Evidence Document
    base: Document              # Item, Document, Folder…, or another content type of this file
    group: Evidence
    columns: [ControlArea, EvidenceOwner]   # site columns
libraries:
  - key: access-control-evidence
    contentTypes: [Evidence Document]       # the first is what new documents become
```

Columns come in the order written when a content type is made; one that is missing is added later,
and the lists that use the type get it too. Columns and content types that people add are theirs.
What a content type is based on cannot be changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field, field_validator

from provisioner.core.address import SITE, address, parent_of
from provisioner.core.resource import Action, Change, FieldChange, Found, Resource, Risk
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope, SpecModel
from provisioner.kinds.content_type_in_list import (
    BASES,
    ListContentTypes,
    bind,
    in_list,
    list_types_of_known,
    made_by_people,
    types_in_lists,
)
from provisioner.kinds.requests import (
    GRAPH_MANAGE,
    GRAPH_ROOT,
    graph,
    graph_list,
    graph_site,
    many,
    read_rest,
    rows,
)


class ContentType(SpecModel):
    """One content type of the site."""

    name: str = Field(min_length=1, max_length=128, description="The name people see.")
    base: str = Field(
        description="What it starts from: Item, Document, Folder, or one of this file."
    )
    description: str | None = Field(default=None, description="What it is for.")
    group: str | None = Field(
        default=None, description="Where SharePoint files it in its settings."
    )
    columns: tuple[str, ...] = Field(
        default=(), description="Site columns it carries, in the order of the form."
    )

    @field_validator("name")
    @classmethod
    def _not_microsofts(cls, value: str) -> str:
        if value in BASES:
            raise ValueError(f"{value} is Microsoft's own content type; choose another name.")
        return value

    @field_validator("columns")
    @classmethod
    def _no_column_twice(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        twice = sorted({one for one in value if value.count(one) > 1})
        if twice:
            raise ValueError(f"The column {twice[0]} is there twice.")
        return value


SITE_TYPES = read_rest(
    "/_api/web/contenttypes?$select=StringId,Name,Description,Group,Hidden,Fields/InternalName"
    "&$expand=Fields"
)


def desired(declared: Declared, _scope: Scope) -> Sequence[Resource]:
    """A content type of the site; or those of a list, and which of them is the default."""
    spec = declared.spec
    if isinstance(spec, ContentType):
        return (_site_type(spec, declared),)
    return in_list(declared)


def _site_type(spec: ContentType, declared: Declared) -> Resource:
    properties: dict[str, Any] = {"name": spec.name, "base": spec.base}
    if spec.description is not None:
        properties["description"] = spec.description.strip()
    if spec.group is not None:
        properties["group"] = spec.group
    properties |= {f"columns.{name}": True for name in spec.columns}
    depends = [address("column", name) for name in spec.columns]
    if spec.base not in BASES:
        depends.append(address("contentType", spec.base))
    return Resource(
        "contentType",
        address("contentType", spec.name),
        properties,
        (("name", spec.name),),
        tuple(depends),
        {"columns": spec.columns},
        declared.where,
    )


def inventory(_scope: Scope) -> Sequence[Reading]:
    """The site's content types with their columns."""
    return (SITE_TYPES,)


def found(_scope: Scope, _known: Known, answers: Answers) -> Sequence[Found]:
    """Every content type of the site."""
    answer = answers.get(SITE_TYPES)
    types = rows(answer.body) if answer is not None else []
    names = {str(row["StringId"]).lower(): str(row["Name"]) for row in types}
    names |= {number.lower(): name for name, number in BASES.items()}
    return [_found_site(row, names) for row in types]


def _found_site(row: Mapping[str, Any], names: Mapping[str, str]) -> Found:
    own_id, name = str(row["StringId"]), str(row["Name"])
    properties: dict[str, Any] = {
        "name": name,
        "base": _base(own_id.lower(), names),
        "description": str(row.get("Description") or "").strip(),
        "group": str(row.get("Group") or ""),
    }
    properties |= {f"columns.{one['InternalName']}": True for one in many(row.get("Fields"))}
    return Found(
        "contentType",
        SITE,
        name,
        (("name", name),),
        {"id": own_id},
        properties,
        builtin=not made_by_people(own_id),
    )


def _base(own_id: str, names: Mapping[str, str]) -> str:
    """The name of the content type whose id this one's begins with, the longest there is."""
    shorter = [known for known in names if known != own_id and own_id.startswith(known)]
    return names[max(shorter, key=len)] if shorter else ""


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """Create, fill and push on; put into a list; delete."""
    own, wanted = change.address, change.desired
    bound = parent_of(own) != SITE
    if change.action is Action.DELETE:
        home = graph_list(own) if bound else graph_site()
        path = f"{home}/contentTypes/{ref(own)}"
        return (graph("DELETE", path, own, tolerates=(404,), what=f"Delete {own}"),)
    if wanted is None:
        return ()
    if bound:
        return bind(own, str(wanted.properties["name"])) if change.action is Action.CREATE else ()
    if change.action is Action.CREATE:
        columns = [_add_column(own, name) for name in wanted.extra["columns"]]
        return (_create(wanted), *columns)
    return _update(change, wanted)


def _create(wanted: Resource) -> Operation:
    said = wanted.properties
    base = str(said["base"])
    parent = BASES.get(base) or ref(address("contentType", base))
    body = {"name": said["name"], "base": {"id": parent, "name": base}}
    body |= {name: said[name] for name in ("description", "group") if said.get(name)}
    return graph(
        "POST",
        f"{graph_site()}/contentTypes",
        wanted.address,
        body,
        produces={"id": "/id"},
        what=f"Create {wanted.address}",
    )


def _add_column(own: str, name: str) -> Operation:
    """One column a request (github.com/microsoftgraph/microsoft-graph-docs-contrib, issue 3710)."""
    column = f"{GRAPH_ROOT}{graph_site()}/columns/{ref(address('column', name))}"
    return graph(
        "POST",
        f"{graph_site()}/contentTypes/{ref(own)}/columns",
        own,
        {"sourceColumn@odata.bind": column},
        what=f"Add {name} to {own}",
    )


def _update(change: Change, wanted: Resource) -> Sequence[Operation]:
    """Missing columns, then a PATCH that also pushes them on to lists."""
    own = change.address
    names = {field.path for field in change.fields}
    made = [
        _add_column(own, name) for name in wanted.extra["columns"] if f"columns.{name}" in names
    ]
    body: dict[str, Any] = {
        name: wanted.properties[name] for name in ("name", "description", "group") if name in names
    }
    if made:
        body["propagateChanges"] = True
    if body:
        path = f"{graph_site()}/contentTypes/{ref(own)}"
        made.append(graph("PATCH", path, own, body, what=f"Update {own}"))
    return made


def risk(action: Action, fields: Sequence[FieldChange]) -> Risk:
    """High where documents would lose their type; medium where lists get new columns."""
    if action in {Action.DELETE, Action.REPLACE}:
        return "high"
    grows = any(field.path.startswith("columns.") for field in fields)
    return "medium" if action is Action.UPDATE and grows else "low"


KINDS = (
    Kind(
        name="contentType",
        title="Content type",
        rank=40,
        mounts={
            "contentTypes[]": ContentType,
            "libraries[].contentTypes": ListContentTypes,
            "lists[].contentTypes": ListContentTypes,
        },
        desired=desired,
        operations=operations,
        inventory=inventory,
        found=found,
        detail=list_types_of_known,
        detail_found=types_in_lists,
        risk=risk,
        immutable=frozenset({"base"}),
        people_own=frozenset({"description"}),
        permissions={
            Action.CREATE: GRAPH_MANAGE,
            Action.UPDATE: GRAPH_MANAGE,
            Action.DELETE: GRAPH_MANAGE,
        },
    ),
)
