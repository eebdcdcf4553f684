"""Whether a list holds views beyond those of the file.

```yaml
lists:
  - key: risk-register
    viewOwnership: exact
    views: [{name: Open, columns: [LinkTitle]}]
```

Views that people add for everybody are theirs, and a note in a drift check. `viewOwnership: exact`
says that they are not: then they are drift, and the next apply deletes them. The view SharePoint
makes with the list stays, and so do people's personal views.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import RootModel

from provisioner.core.address import address, parent_of
from provisioner.core.resource import Action, Change, FieldChange, Found, Resource, Risk
from provisioner.core.transport import Answers, Operation
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope
from provisioner.kinds.requests import REST_MANAGE, rest, rest_list

NAME = "viewOwnership"


class ViewOwnership(RootModel[Literal["exact"]]):
    """Whose the views of a list are: `exact` if the file's alone."""


def desired(declared: Declared, _scope: Scope) -> Sequence[Resource]:
    """No view but those declared."""
    assert declared.parent is not None
    above = address("list", str(getattr(declared.parent.spec, "key", "")))
    keys = (("list", above),)
    return (Resource(NAME, f"{above}/{NAME}", {"extras": []}, keys, where=declared.where),)


def last_found(_scope: Scope, known: Known, _answers: Answers) -> Sequence[Found]:
    """The views of each declared list that the file does not name."""
    made = []
    for one in known.values():
        if one.kind != "list" or not one.declared:
            continue
        extra = [
            view
            for view in known.values()
            if view.kind == "view" and parent_of(view.address) == one.address
            if not view.declared and not view.builtin
        ]
        titles = sorted(str(view.properties["name"]) for view in extra)
        ids = {"id": one.ids["id"], "extras": ",".join(view.ids["id"] for view in extra)}
        keys = (("list", one.address),)
        made.append(Found(NAME, one.address, "", keys, ids, {"extras": titles}, builtin=True))
    return made


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """The views that are not of the file deleted, the default one refused by SharePoint."""
    if change.existing is None or change.action is not Action.UPDATE:
        return ()
    own = change.address
    return tuple(
        rest(
            "DELETE",
            f"{rest_list(own)}/views(guid'{view}')",
            own,
            tolerates=(404,),
            what=f"Delete a view of {parent_of(own)}",
        )
        for view in change.existing.ids["extras"].split(",")
    )


def risk(_action: Action, _fields: Sequence[FieldChange]) -> Risk:
    """Somebody may use what is deleted."""
    return "medium"


KINDS = (
    Kind(
        name=NAME,
        title="Ownership of views",
        rank=71,
        mounts={"libraries[].viewOwnership": ViewOwnership, "lists[].viewOwnership": ViewOwnership},
        desired=desired,
        operations=operations,
        last_found=last_found,
        risk=risk,
        after=frozenset({"view"}),
        deletable=False,
        permissions={Action.UPDATE: REST_MANAGE},
    ),
)
