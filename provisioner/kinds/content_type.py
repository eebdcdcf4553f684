"""Content types: what a document or row carries, made once and used in many places.

```yaml
contentTypes:
  - name: Evidence Document
    base: Document              # Item, Document, Folder…, or another content type of this file
    group: Evidence
    columns:                   # site columns, in the order of the form
      - ControlArea
      - {name: EvidenceOwner, required: true}     # must be filled in, wherever the type is used
      - {name: LegacyId, hidden: true}            # kept, and on no form of this type
  - {name: Access Review, renamedFrom: [Review], base: Evidence Document}
libraries:
  - key: access-control-evidence
    contentTypes:
      - Evidence Document                     # the first is what new documents become
      - {name: Old Report, inNewMenu: false}  # there, but people no longer choose it
      - {name: Document, present: false}      # SharePoint's own is taken out
```

A column that is missing is added, and the lists that use the type get it too; so do the types that
are based on it. `required` and `hidden` hold in the copies of lists as well, and a column that is
changed or missing there is drift. The order holds for
lists that get the type from then on; a list that has it already keeps its own. Columns and content
types that people add are theirs, and so are their places in the order.

Exactly what a library or list names is in its New menu, in that order. SharePoint's own Document, or
Item in a list, stays usable where the file says nothing of it, but it is in the menu only if it is
named. It cannot be taken out while something in the list uses it; SharePoint then refuses, and says
so.

A name is changed with `renamedFrom`, which keeps the type, its documents and what is based on it.
What a content type is based on cannot be changed. Document sets are not offered.

`template: file:templates/evidence.docx` is what new documents begin as. The file is put into the
site's Site Assets under a name with a digest of its content, so a changed file is a changed template,
in the lists that use the type too. If somebody edits the copy in Site Assets, nobody notices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provisioner.core.address import SITE, address, parent_of, split
from provisioner.core.resource import Action, Change, Existing, FieldChange, Found, Resource, Risk
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.kinds.base import Again, Capabilities, Declared, Kind, Known, Scope, known_by_name
from provisioner.kinds.content_type_columns import SAID, add_column, reorder, seen, uses
from provisioner.kinds.content_type_in_list import (
    bind,
    in_list,
    list_types_of_known,
    made_by_people,
    rename,
    types_in_lists,
)
from provisioner.kinds.content_type_spec import BASES, ContentType, ListContentTypes
from provisioner.kinds.document_template import template_of, template_operations
from provisioner.kinds.requests import (
    GRAPH_MANAGE,
    graph,
    graph_list,
    graph_site,
    many,
    read_rest,
    rows,
)

SITE_TYPES = read_rest(
    "/_api/web/contenttypes?$select=StringId,Name,Description,Group,Hidden,"
    "DocumentTemplateUrl,Fields/InternalName,"
    "FieldLinks/Name,FieldLinks/Required,FieldLinks/Hidden&$expand=Fields,FieldLinks"
)


def desired(declared: Declared, _scope: Scope) -> Sequence[Resource]:
    """A content type of the site; or those of a list, and which of them is the default."""
    spec = declared.spec
    if isinstance(spec, ContentType):
        return (_site_type(spec, declared),)
    return in_list(declared)


def _site_type(spec: ContentType, declared: Declared) -> Resource:
    properties: dict[str, Any] = {"name": spec.name, "base": spec.base, "hidden": spec.hidden}
    if spec.description is not None:
        properties["description"] = spec.description.strip()
    properties |= {"group": spec.group, "template": spec.template}
    for one in spec.columns:
        properties[f"columns.{one.name}"] = True
        for word in SAID:
            properties[f"columns.{one.name}.{word}"] = getattr(one, word)
    if spec.columns:
        properties["columnOrder"] = list(spec.column_names)
    depends = [address("column", name) for name in spec.column_names]
    if spec.base not in BASES:
        depends.append(address("contentType", spec.base))
    return Resource(
        "contentType",
        address("contentType", spec.name),
        {path: value for path, value in properties.items() if value is not None},
        tuple(("name", name) for name in (spec.name, *spec.renamed_from)),
        tuple(depends),
        {"columns": spec.column_names},
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


def found_again(scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """Those of lists; and those of the site again, whose base may be called otherwise in the file.

    One that was renamed on the site is still what others are based on.
    """
    answer = answers.get(SITE_TYPES)
    types = rows(answer.body) if answer is not None else []
    names = {
        one.ids["id"].lower(): split(one.address)[1] for one in known.values() if _is_ours(one)
    }
    names = {**{str(row["StringId"]).lower(): str(row["Name"]) for row in types}, **names}
    names |= {number.lower(): name for name, number in BASES.items()}
    again = [_found_site(row, names) for row in types if made_by_people(str(row["StringId"]))]
    return [*again, *types_in_lists(scope, known, answers)]


def _is_ours(one: Existing) -> bool:
    return one.kind == "contentType" and one.declared and parent_of(one.address) == SITE


def _found_site(row: Mapping[str, Any], names: Mapping[str, str]) -> Found:
    own_id, name = str(row["StringId"]), str(row["Name"])
    properties: dict[str, Any] = {
        "name": name,
        "base": _base(own_id.lower(), names),
        "description": str(row.get("Description") or "").strip(),
        "group": str(row.get("Group") or ""),
        "hidden": bool(row.get("Hidden")),
        "template": template_of(row),
    }
    columns = [str(one["InternalName"]) for one in many(row.get("Fields"))]
    links = {str(one["Name"]): one for one in many(row.get("FieldLinks"))}
    order = [name for name in links if name in columns]
    for column in (*order, *(one for one in columns if one not in links)):
        properties[f"columns.{column}"] = True
        for word in SAID:
            given = links.get(column, {}).get(word.title())
            properties[f"columns.{column}.{word}"] = bool(given)
    properties["columnOrder"] = order
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
        name = str(wanted.properties["name"])
        return bind(own, name) if change.action is Action.CREATE else _mend(change, wanted)
    if change.action is Action.CREATE:
        columns = [add_column(own, name) for name in wanted.extra["columns"]]
        more = template_operations(wanted) if "template" in wanted.properties else []
        return (_create(wanted), *columns, *uses(wanted, set(wanted.properties)), *more)
    return _update(change, wanted)


def _create(wanted: Resource) -> Operation:
    said = wanted.properties
    base = str(said["base"])
    parent = BASES.get(base) or ref(address("contentType", base))
    body = {"name": said["name"], "base": {"id": parent, "name": base}}
    body |= {name: said[name] for name in ("description", "group", "hidden") if said.get(name)}
    return graph(
        "POST",
        f"{graph_site()}/contentTypes",
        wanted.address,
        body,
        produces={"id": "/id"},
        what=f"Create {wanted.address}",
    )


def _update(change: Change, wanted: Resource) -> Sequence[Operation]:
    """Missing columns, then a PATCH that also pushes them on to lists."""
    own = change.address
    names = {field.path for field in change.fields}
    made = [add_column(own, name) for name in wanted.extra["columns"] if f"columns.{name}" in names]
    made += uses(wanted, names)
    if "columnOrder" in names:
        made.append(reorder(change, wanted))
    template = template_operations(wanted) if "template" in names else []
    words = ("name", "description", "group", "hidden")
    body: dict[str, Any] = {name: wanted.properties[name] for name in words if name in names}
    if made or body:  # else a description that goes alone, as after a fault, stays the site's only
        body["propagateChanges"] = True
        path = f"{graph_site()}/contentTypes/{ref(own)}"
        made.append(graph("PATCH", path, own, body, what=f"Update {own}"))
    return [*made, *template]


def _mend(change: Change, wanted: Resource) -> Sequence[Operation]:
    """What somebody changed of a list's copy."""
    names = {field.path for field in change.fields}
    own = change.address
    named = [rename(own, str(wanted.properties["name"]))] if "name" in names else []
    columns = wanted.extra.get("columns", ())
    named += [add_column(own, name) for name in columns if f"columns.{name}" in names]
    template = template_operations(wanted) if "template" in names else []
    return [*named, *uses(wanted, names), *template]


def risk(action: Action, fields: Sequence[FieldChange]) -> Risk:
    """High where documents would lose their type; medium where lists get new columns."""
    if action in {Action.DELETE, Action.REPLACE}:
        return "high"
    grows = any(field.path.startswith("columns.") for field in fields)
    return "medium" if action is Action.UPDATE and grows else "low"


def again(own: str, said: Mapping[str, Any]) -> Again:
    """The columns, in their order where that is said."""
    columns = [path.partition(".")[2] for path in said if path.startswith("columns.")]
    names = [name for name in columns if "." not in name and said[f"columns.{name}"]]
    order = [str(name) for name in said.get("columnOrder") or ()]
    names.sort(key=lambda name: order.index(name) if name in order else len(order))
    return Again(known_by_name(own, said).keys, {"columns": tuple(names)})


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
        again=again,
        lasting=frozenset({"columns"}),
        inventory=inventory,
        found=found,
        detail=list_types_of_known,
        detail_found=found_again,
        risk=risk,
        seen=seen,
        immutable=frozenset({"base"}),
        people_own=frozenset({"description"}),
        permissions={
            Action.CREATE: GRAPH_MANAGE,
            Action.UPDATE: GRAPH_MANAGE,
            Action.DELETE: GRAPH_MANAGE,
        },
    ),
)
