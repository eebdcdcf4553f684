"""Content types a library or list uses, and which of them is the default.

They are declared in the list, `contentTypes: [Evidence Document]`; see `content_type` for what they
are. The list gets a copy of its own of each, named like the original. What else is in the list,
SharePoint's own Document for one, stays usable, but only declared ones are in the New menu.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import RootModel, field_validator

from provisioner.core.address import address, parent_of
from provisioner.core.resource import Action, Change, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading, ref
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope
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

BASES = {
    "Item": "0x01",
    "Document": "0x0101",
    "Event": "0x0102",
    "Announcement": "0x0104",
    "Link": "0x0105",
    "Contact": "0x0106",
    "Task": "0x0108",
    "Folder": "0x0120",
}
"""Microsoft's own content types by their ids, the same in every language
(learn.microsoft.com, "Base content type hierarchy")."""
_CHILD = 34
"""Characters a child adds to its parent's id: "00" and a GUID without dashes."""


class ListContentTypes(RootModel[tuple[str, ...]]):
    """Content types a library or list uses; the first is what new documents or rows become."""

    @field_validator("root")
    @classmethod
    def _are_ours(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("Name at least one content type, or leave `contentTypes` out.")
        for name in value:
            if name in BASES:
                raise ValueError(f"{name} is there already; name content types of this file.")
            if value.count(name) > 1:
                raise ValueError(f"The content type {name} is there twice.")
        return value


def made_by_people(own_id: str) -> bool:
    """Whether a content type's id ends as those of types made in a site do."""
    return len(own_id) > _CHILD and own_id[-_CHILD : -_CHILD + 2] == "00"


def list_types(list_id: str) -> Reading:
    """The content types one list uses."""
    return read_rest(f"{rest_list_by_id(list_id)}/contenttypes?$select=StringId,Name,Hidden")


def in_list(declared: Declared) -> Sequence[Resource]:
    """Each content type of a list, and which is the default."""
    spec = declared.spec
    assert isinstance(spec, ListContentTypes)
    assert declared.parent is not None
    above = address("list", str(getattr(declared.parent.spec, "key", "")))
    names = spec.root
    bound = [
        Resource(
            "contentType",
            address("contentType", name, above),
            {"name": name},
            (("name", name),),
            (address("contentType", name),),
            where=declared.where,
        )
        for name in names
    ]
    order = Resource(
        "contentTypeOrder",
        address("contentTypeOrder", "", above),
        {"default": names[0]},
        (("order", "order"),),
        tuple(one.address for one in bound),
        {"order": names},
        declared.where,
    )
    return (*bound, order)


def list_types_of_known(_scope: Scope, known: Known) -> Sequence[Reading]:
    """The content types of each declared list."""
    return [list_types(one.ids["id"]) for one in known.values() if _is_list(one)]


def types_in_lists(_scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """What each declared list uses."""
    made = []
    for one in known.values():
        answer = answers.get(list_types(one.ids["id"])) if _is_list(one) else None
        for row in rows(answer.body) if answer is not None else ():
            name, own_id = str(row["Name"]), str(row["StringId"])
            made.append(
                Found(
                    "contentType",
                    one.address,
                    name,
                    (("name", name),),
                    {"id": own_id},
                    {"name": name},
                    builtin=not made_by_people(own_id[:-_CHILD]),
                )
            )
    return made


def _order_found(_scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """Which content type new documents of each declared list become."""
    listing = answers.get(LISTS)
    by_id = {str(row["Id"]).lower(): row for row in rows(listing.body)} if listing else {}
    made = []
    for one in known.values():
        answer = answers.get(list_types(one.ids["id"])) if _is_list(one) else None
        if answer is None:
            continue
        names = {str(row["StringId"]).lower(): str(row["Name"]) for row in rows(answer.body)}
        folder = by_id.get(one.ids["id"], {}).get("RootFolder") or {}
        order = many(folder.get("UniqueContentTypeOrder")) or many(folder.get("ContentTypeOrder"))
        shown = [names.get(str(each.get("StringValue")).lower(), "") for each in order]
        properties = {"default": shown[0] if shown else ""}
        made.append(
            Found(
                "contentTypeOrder",
                one.address,
                "",
                (("order", "order"),),
                {"id": one.ids["id"]},
                properties,
                builtin=True,
            )
        )
    return made


def _is_list(one: Any) -> bool:
    return bool(one.kind == "list" and one.declared)


def bind(own: str, name: str) -> Sequence[Operation]:
    """Let the list use content types, then give it a copy of this one.

    See learn.microsoft.com/graph/api/contenttype-addcopy; the copy has an id of its own.
    """
    source = f"{GRAPH_ROOT}{graph_site()}/contentTypes/{ref(address('contentType', name))}"
    return (
        rest(
            "MERGE",
            rest_list(own),
            own,
            {"ContentTypesEnabled": True},
            what=f"Let {parent_of(own)} use content types",
        ),
        graph(
            "POST",
            f"{graph_list(own)}/contentTypes/addCopy",
            own,
            {"contentType": source},
            produces={"id": "/id"},
            what=f"Put {name} into {parent_of(own)}",
        ),
    )


def _order_operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """The first in the order is the default; what is not in it leaves the New menu.

    Body as github.com/pnp/cli-microsoft365 sends it (list-contenttype-default-set).
    """
    wanted = change.desired
    if wanted is None or change.action not in {Action.CREATE, Action.UPDATE}:
        return ()
    own = change.address
    order = [
        {"StringValue": ref(address("contentType", name, parent_of(own)))}
        for name in wanted.extra["order"]
    ]
    body = {"UniqueContentTypeOrder": order}
    return (
        rest(
            "MERGE",
            f"{rest_list(own)}/RootFolder",
            own,
            body,
            what=f"Make {wanted.properties['default']} the default of {parent_of(own)}",
        ),
    )


def _nothing(_declared: Declared, _scope: Scope) -> Sequence[Resource]:
    return ()


KINDS = (
    Kind(
        name="contentTypeOrder",
        title="Default content type of a list",
        rank=65,
        mounts={},
        desired=_nothing,
        operations=_order_operations,
        detail=list_types_of_known,
        detail_found=_order_found,
        deletable=False,
        permissions={Action.CREATE: REST_MANAGE, Action.UPDATE: REST_MANAGE},
    ),
)
