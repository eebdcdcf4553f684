"""Folders of the libraries that are imported: the outer two levels, where they are few."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.core.resource import Existing, Resource
from provisioner.core.transport import Reading, Transport
from provisioner.engine.importer_access import folder_permissions
from provisioner.engine.importer_said import Importing, Said, declared
from provisioner.kinds.base import Declared
from provisioner.kinds.folder import Folder, with_outer
from provisioner.kinds.requests import GRAPH_READ, rows

_DEEPEST = 2
_MOST = 60


def _children(site_id: str, list_id: str, place: str) -> Reading:
    """What lies in a folder (learn.microsoft.com/graph/api/driveitem-list-children)."""
    path = f"/sites/{site_id}/lists/{list_id}/drive/{place}/children?$select=id,name,folder"
    return Reading("graph", path, absent_ok=True, permission=GRAPH_READ)


async def read_folders(
    transport: Transport, existing: Mapping[str, Existing], lists: Mapping[str, Resource]
) -> dict[str, tuple[str, ...]]:
    """The paths of each library's folders, by the address the library gets; outer ones first.

    Deeper ones, and libraries with more than a few dozen, are people's filing and not structure.
    """
    by_url = {one.ids["url"]: one for one in existing.values() if one.kind == "list"}
    site = existing["site"].ids["id"]
    paths: dict[str, list[str]] = {}
    level: dict[tuple[str, str], Reading] = {}
    for own, resource in lists.items():
        one = by_url[resource.keys[0][1]]
        if one.properties["template"] == "documentLibrary":
            level[own, ""] = _children(site, one.ids["id"], "root")
            paths[own] = []
    ids = {own: by_url[lists[own].keys[0][1]].ids["id"] for own in paths}
    for _ in range(_DEEPEST):
        answers = await transport.read(list(level.values()))
        below: dict[tuple[str, str], Reading] = {}
        for (own, outer), reading in level.items():
            answer = answers.get(reading)
            for row in rows(answer.body) if answer is not None and answer.status == 200 else ():
                if "folder" in row:
                    path = f"{outer}{row['name']}"
                    paths[own].append(path)
                    below[own, f"{path}/"] = _children(site, ids[own], f"items/{row['id']}")
        level = {place: one for place, one in below.items() if len(paths[place[0]]) <= _MOST}
    return {own: with_outer(found) for own, found in paths.items() if 0 < len(found) <= _MOST}


def folders_of(work: Importing, own: str, head: Declared) -> list[str | Said]:
    """The folders the file declares: the innermost of each way, which brings the outer ones.

    One with permissions of its own is declared with them, however deep it lies.
    """
    guarded = folder_permissions(work, own, head)
    paths = dict.fromkeys((*work.scope.folders.get(own, ()), *guarded))
    made: dict[str, str | Said] = {}
    for path in paths:
        if path not in guarded and any(other.startswith(f"{path}/") for other in paths):
            continue
        one, why = declared(Folder, f"{head.mount}.folders[]", path, head)
        if one is None:
            work.drop(f"{own}: folder {path}", why)
        else:
            made[path] = {"path": path, "permissions": guarded[path]} if path in guarded else path
    return [made[path] for path in sorted(made, key=lambda path: (path.casefold(), path))]
