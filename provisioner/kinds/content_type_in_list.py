"""Content types a library or list uses, and which of them its New menu shows.

The reference page is that of `content_type`. The list gets a copy of its own of each, which is known
by what it was copied from and follows it when it is renamed.

A new list is made with Document or Item in it, so it is taken out in the second step of an apply,
after everything was read back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from provisioner.core.address import SITE, address, parent_of, split
from provisioner.core.resource import Action, Change, Existing, FieldChange, Found, Resource, Risk
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope
from provisioner.kinds.content_type_columns import of_links
from provisioner.kinds.content_type_spec import BASES, LISTED, ListContentTypes
from provisioner.kinds.document_template import template_of
from provisioner.kinds.list import LISTS
from provisioner.kinds.requests import (
    GRAPH_ROOT,
    REST_MANAGE,
    graph,
    graph_list,
    graph_site,
    many,
    read_rest,
    rest,
    rest_list,
    rest_list_by_id,
    rows,
)

_CHILD = 34
"""Characters a child adds to its parent's id: "00" and a GUID without dashes."""


def made_by_people(own_id: str) -> bool:
    """Whether a content type's id ends as those of types made in a site do."""
    return len(own_id) > _CHILD and own_id[-_CHILD : -_CHILD + 2] == "00"


def list_types(list_id: str) -> Reading:
    """The content types one list uses, with what its copies say of their columns."""
    return read_rest(
        f"{rest_list_by_id(list_id)}/contenttypes?$select=StringId,Name,Hidden,DocumentTemplateUrl,"
        "FieldLinks/Name,FieldLinks/Required,FieldLinks/Hidden&$expand=FieldLinks"
    )


def in_list(declared: Declared) -> Sequence[Resource]:
    """Each content type of a list, and what its New menu shows."""
    spec = declared.spec
    assert isinstance(spec, ListContentTypes)
    assert declared.parent is not None
    above = address("list", str(getattr(declared.parent.spec, "key", "")))
    bound = [
        Resource(
            "contentType",
            address("contentType", name, above),
            {"name": name},
            (("from", name), ("name", name)),
            (address("contentType", name),),
            where=declared.where,
        )
        for name in spec.own
    ]
    order = Resource(
        "contentTypeOrder",
        address("contentTypeOrder", "", above),
        {
            "enabled": True,
            "newMenu": list(spec.menu),
            **{f"removed.{n}": True for n in spec.removed},
        },
        (("order", "order"),),
        tuple(one.address for one in bound),
        where=declared.where,
    )
    return (*bound, order)


def list_types_of_known(_scope: Scope, known: Known) -> Sequence[Reading]:
    """The content types of each declared list."""
    return [list_types(one.ids["id"]) for one in known.values() if _is_list(one)]


def types_in_lists(_scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """What each declared list uses, by what it was copied from where that is known."""
    names = {
        one.ids["id"].lower(): split(one.address)[1]
        for one in known.values()
        if one.kind == "contentType" and parent_of(one.address) == SITE
    }
    made = []
    for one in known.values():
        answer = answers.get(list_types(one.ids["id"])) if _is_list(one) else None
        for row in rows(answer.body) if answer is not None else ():
            name, own_id = str(row["Name"]), str(row["StringId"])
            ours = made_by_people(own_id[:-_CHILD])
            source = names.get(own_id[:-_CHILD].lower(), name) if ours else name
            made.append(
                Found(
                    "contentType",
                    one.address,
                    source,
                    (("from", source), ("name", name)),
                    {"id": own_id},
                    {"name": name, "template": template_of(row), **of_links(row)},
                    builtin=not ours,
                )
            )
    return made


def _order_found(_scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """What the New menu of each declared list shows, and which of SharePoint's own are gone."""
    listing = answers.get(LISTS)
    by_id = {str(row["Id"]).lower(): row for row in rows(listing.body)} if listing else {}
    return [
        _order_of(one, by_id.get(one.ids["id"], {}), rows(answer.body), _called(one, known))
        for one in known.values()
        if _is_list(one) and (answer := answers.get(list_types(one.ids["id"]))) is not None
    ]


def _called(one: Existing, known: Known) -> dict[str, str]:
    """What the file calls the list's content types, which may have been renamed in the list."""
    return {
        each.ids["id"].lower(): split(each.address)[1]
        for each in known.values()
        if each.kind == "contentType" and each.declared and parent_of(each.address) == one.address
    }


def _order_of(
    one: Existing,
    row: Mapping[str, Any],
    types: Sequence[Mapping[str, Any]],
    called: Mapping[str, str],
) -> Found:
    named = {str(each["StringId"]).lower(): str(each["Name"]) for each in types} | dict(called)
    own = {word: _copy_of(number, named) for word, number in BASES.items()}
    named |= {there: word for word, there in own.items() if there}
    named.pop(own["Folder"], None)  # SharePoint has a switch of its own for folders in the menu
    folder = row.get("RootFolder") or {}
    order = many(folder.get("UniqueContentTypeOrder")) or many(folder.get("ContentTypeOrder"))
    shown = [named.get(str(each.get("StringValue")).lower(), "") for each in order]
    properties: dict[str, Any] = {
        "enabled": bool(row.get("ContentTypesEnabled")),
        "newMenu": [name for name in shown if name],
    }
    properties |= {f"removed.{word}": not own[word] for word in sorted(LISTED)}
    return Found(
        "contentTypeOrder",
        one.address,
        "",
        (("order", "order"),),
        {"id": one.ids["id"], **{word: own[word] for word in LISTED if own[word]}},
        properties,
        builtin=True,
    )


def _copy_of(number: str, named: Mapping[str, str]) -> str:
    """The id of the list's own copy of one of Microsoft's content types; "" if it has none."""
    known = (there for there in named if there[:-_CHILD] == number.lower())
    return next((there for there in known if made_by_people(there)), "")


def _is_list(one: Any) -> bool:
    return bool(one.kind == "list" and one.declared)


def bind(own: str, name: str) -> Sequence[Operation]:
    """Let the list use content types, then give it a copy of this one.

    See learn.microsoft.com/graph/api/contenttype-addcopy; the copy has an id of its own.
    """
    source = f"{GRAPH_ROOT}{graph_site()}/contentTypes/{ref(address('contentType', name))}"
    return (
        replace(_enable(own), inside=parent_of(own)),
        graph(
            "POST",
            f"{graph_list(own)}/contentTypes/addCopy",
            own,
            {"contentType": source},
            produces={"id": "/id"},
            what=f"Put {name} into {parent_of(own)}",
        ),
    )


def _enable(own: str) -> Operation:
    body = {"ContentTypesEnabled": True}
    return rest("MERGE", rest_list(own), own, body, what=f"Let {parent_of(own)} use content types")


def rename(own: str, name: str) -> Operation:
    """Call the list's copy by its name again (learn.microsoft.com/graph/api/contenttype-update)."""
    path = f"{graph_list(own)}/contentTypes/{ref(own)}"
    return graph("PATCH", path, own, {"name": name}, what=f"Rename {own}")


def _order_operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """The first in the order is the default; what is not in it leaves the New menu.

    Bodies as github.com/pnp/cli-microsoft365 sends them (list-contenttype-default-set,
    list-contenttype-remove).
    """
    wanted, own = change.desired, change.address
    if wanted is None or change.action not in {Action.CREATE, Action.UPDATE}:
        return ()
    there = change.existing.ids if change.existing is not None else {}
    names = {field.path for field in change.fields} or set(wanted.properties)
    made = []
    if "enabled" in names and (change.existing is not None or not wanted.depends):
        made.append(_enable(own))
    menu = [name for name in wanted.properties["newMenu"] if name not in BASES or name in there]
    if menu and "newMenu" in names:
        made.append(_show(own, menu, there))
    for name in LISTED.intersection(there):
        if f"removed.{name}" in names and wanted.properties.get(f"removed.{name}"):
            path = f"{rest_list(own)}/contenttypes('{there[name]}')"
            what = f"Take {name} out of {parent_of(own)}"
            made.append(rest("DELETE", path, own, tolerates=(404,), what=what))
    return made


def _show(own: str, menu: Sequence[str], there: Mapping[str, str]) -> Operation:
    above = parent_of(own)
    order = [
        {"StringValue": there.get(name) or ref(address("contentType", name, above))}
        for name in menu
    ]
    return rest(
        "MERGE",
        f"{rest_list(own)}/RootFolder",
        own,
        {"UniqueContentTypeOrder": order},
        what=f"Show {', '.join(menu)} in the New menu of {above}",
    )


def _desired(declared: Declared, _scope: Scope) -> Sequence[Resource]:
    return in_list(declared)


def risk(action: Action, fields: Sequence[FieldChange]) -> Risk:
    """Medium where SharePoint's own content type is taken out."""
    gone = any(field.path.startswith("removed.") for field in fields)
    return "medium" if action is Action.UPDATE and gone else "low"


KINDS = (
    Kind(
        name="contentTypeOrder",
        title="Content types of a list",
        rank=65,
        mounts={},
        desired=_desired,
        operations=_order_operations,
        detail=list_types_of_known,
        detail_found=_order_found,
        risk=risk,
        deletable=False,
        lasting=frozenset({"enabled"}),
        permissions={Action.CREATE: REST_MANAGE, Action.UPDATE: REST_MANAGE},
    ),
)
