"""Folders of a library.

```yaml
libraries:
  - key: access-control-evidence
    folders:
      - 2026/Q1                      # a path from the library's root; 2026 is made with it
      - path: 2026/Q2                # the same, with more to say of it
        permissions:
          grants: [{to: group:Evidence Owners, role: Contribute}]
```

A folder that is missing is made. One that is no longer in the file stays with all that is in it,
pruning or not. Folders people make are theirs.

`permissions` are written as for a library: see [Permissions](permissions.md). Without them the
folder inherits from what it lies in, and one that does not any more is found by a drift check.

`defaults` are what new documents in the folder get: see [Default values](default-values.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pydantic import ConfigDict, Field, field_validator, model_validator

from provisioner.core.address import address, split
from provisioner.core.resource import Action, Change, Found, Resource
from provisioner.core.transport import Answers, Operation, Reading
from provisioner.kinds.base import Capabilities, Declared, Kind, Known, Scope, SpecModel
from provisioner.kinds.requests import GRAPH_READ, GRAPH_WRITE, graph, graph_list

_REFUSED = frozenset('"*:<>?\\|#%')
"""Characters that names may not hold, or that clients stumble over (support.microsoft.com,
"Restrictions and limitations in OneDrive and SharePoint")."""
_RESERVED = re.compile(r"\.lock|con|prn|aux|nul|com\d|lpt\d|desktop\.ini", re.IGNORECASE)
"""Names of no folder (the same page)."""
_LONGEST = 255


class Folder(SpecModel):
    """A folder of the library: its path alone, `2026/Q1`, or a map with its path and more."""

    model_config = ConfigDict(json_schema_extra={"type": ["string", "object"]})

    path: str = Field(
        description="Where it is, from the library's root, in quotes where it is a number: 2026/Q1."
    )

    @model_validator(mode="before")
    @classmethod
    def _path_alone(cls, value: Any) -> Any:
        return value if isinstance(value, Mapping) else {"path": value}

    @field_validator("path")
    @classmethod
    def _can_be_made(cls, value: str) -> str:
        parts = value.split("/")
        for part in parts:
            if not part or part != part.strip() or part.endswith(".") or len(part) > _LONGEST:
                raise ValueError("Write a path such as 2026/Q1: names, with `/` between them.")
            wrong = sorted(_REFUSED.intersection(part))
            taken = _RESERVED.fullmatch(part) or "_vti_" in part.lower()
            if wrong or taken or part.startswith("~$"):
                raise ValueError(f"SharePoint takes no folder called {part}.")
        if parts[0].lower() == "forms":
            raise ValueError("Every library has a folder Forms already; choose another name.")
        return value


def folder_address(declared: Declared) -> str:
    """The address of a declared folder."""
    assert isinstance(declared.spec, Folder)
    assert declared.parent is not None
    above = address("list", str(getattr(declared.parent.spec, "key", "")))
    return address("folder", declared.spec.path, above)


def desired(declared: Declared, _scope: Scope) -> Sequence[Resource]:
    """The folder, and those it lies in."""
    spec = declared.spec
    assert isinstance(spec, Folder)
    assert declared.parent is not None
    above = address("list", str(getattr(declared.parent.spec, "key", "")))
    parts = spec.path.split("/")
    made = []
    for depth in range(1, len(parts) + 1):
        path, outer = "/".join(parts[:depth]), "/".join(parts[: depth - 1])
        made.append(
            Resource(
                "folder",
                address("folder", path, above),
                {"folder": True},
                (("path", path),),
                (address("folder", outer, above),) if outer else (),
                # The outer ones may be implied by many, so they are not told of as written twice.
                where=declared.where if depth == len(parts) else None,
            )
        )
    return made


def folder_reading(site_id: str, list_id: str, path: str) -> Reading:
    """One folder by its path (learn.microsoft.com/graph/api/driveitem-get)."""
    place = f"/sites/{site_id}/lists/{list_id}/drive/root:/{quote(path)}"
    return Reading("graph", place, absent_ok=True, permission=GRAPH_READ)


def _places(scope: Scope, known: Known) -> Sequence[tuple[str, str, Reading]]:
    """List address, path and reading of each declared folder whose library is there."""
    site = known.get("site")
    if site is None:
        return ()
    return [
        (above, path, folder_reading(site.ids["id"], known[above].ids["id"], path))
        for above, paths in scope.folders.items()
        if above in known
        for path in paths
    ]


def detail(scope: Scope, known: Known) -> Sequence[Reading]:
    """Each declared folder by its path."""
    return [reading for _, _, reading in _places(scope, known)]


def detail_found(scope: Scope, known: Known, answers: Answers) -> Sequence[Found]:
    """The declared folders that are there; a document of that name is found as no folder."""
    made = []
    for above, path, reading in _places(scope, known):
        answer = answers.get(reading)
        if answer is None or answer.status != 200 or not isinstance(answer.body, dict):
            continue
        made.append(
            Found(
                "folder",
                above,
                path,
                (("path", path),),
                {"id": str(answer.body["id"])},
                {"folder": "folder" in answer.body},
                builtin=True,
            )
        )
    return made


def with_outer(paths: Sequence[str]) -> tuple[str, ...]:
    """The paths and every folder they lie in, each once, outer ones first."""
    every: dict[str, None] = {}
    for path in paths:
        parts = path.split("/")
        every.update(dict.fromkeys("/".join(parts[:n]) for n in range(1, len(parts) + 1)))
    return tuple(every)


def operations(change: Change, _scope: Scope, _can: Capabilities) -> Sequence[Operation]:
    """One request for a new folder; one that somebody made meanwhile is as good."""
    if change.action is not Action.CREATE:
        return ()
    own = change.address
    outer, _, name = split(own)[1].rpartition("/")
    place = f"root:/{quote(outer)}:" if outer else "root"
    body = {"name": name, "folder": {}, "@microsoft.graph.conflictBehavior": "fail"}
    return (
        graph(
            "POST",
            f"{graph_list(own)}/drive/{place}/children",
            own,
            body,
            permission=GRAPH_WRITE,
            produces={"id": "/id"},
            tolerates=(409,),
            what=f"Create {own}",
        ),
    )


KINDS = (
    Kind(
        name="folder",
        title="Folder",
        rank=62,
        mounts={"libraries[].folders[]": Folder},
        desired=desired,
        operations=operations,
        detail=detail,
        detail_found=detail_found,
        immutable=frozenset({"folder"}),
        deletable=False,
        permissions={Action.CREATE: GRAPH_WRITE},
    ),
)
