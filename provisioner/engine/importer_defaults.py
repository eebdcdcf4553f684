"""Default values and retention labels of the lists that are imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from provisioner.core.address import address
from provisioner.engine.importer_said import Importing, Said, declared, difference, keep
from provisioner.kinds.base import Declared
from provisioner.kinds.default_values import DefaultValues, named, said_values
from provisioner.kinds.retention_label import RetentionLabel

Folders = list[str | Said]


def retention_label(work: Importing, own: str, head: Declared) -> Said:
    """The label of a list, where it has one."""
    one = work.existing.get(address("retentionLabel", "", own))
    name = str(one.properties["label"]) if one is not None else ""
    if one is None or not name:
        return {}
    mount = f"{head.mount}.retentionLabel"
    return (
        {"retentionLabel": name} if keep(work, one, own, RetentionLabel, mount, name, head) else {}
    )


def default_values(
    work: Importing,
    own: str,
    head: Declared,
    words: Mapping[str, str],
    columns: Sequence[Said],
    folders: Folders,
) -> tuple[Said, Folders]:
    """The library's own default values, and its folders with theirs.

    `words` are the types of the columns that the file declares for the library.
    """
    one = work.existing.get(address("defaultValues", "", own))
    if one is None:
        return {}, folders
    choices = {str(c["name"]): c["choices"] for c in columns if c.get("choices")}
    values = said_values(one.properties, words)
    for place in values.values():
        for name in [n for n, v in place.items() if n in choices and v not in choices[n]]:
            del place[name]
    paths = {_path(entry) for entry in folders} | set(work.scope.folders.get(own, ()))
    kept = {place: said for place, said in values.items() if said and (not place or place in paths)}
    left = [
        path
        for path, (folder, column) in named(one.properties).items()
        if column not in kept.get(folder, {})
    ]
    if left:
        work.drop(
            f"default values of {own}", f"{', '.join(sorted(left))} cannot be said in the file"
        )
    if not kept:
        return {}, folders
    mount = f"{head.mount}.defaults"
    scope = replace(work.scope, defaults={own: kept})
    model, why = declared(DefaultValues, mount, next(iter(kept.values())), head)
    why = why or (difference(model, one, scope) if model is not None else "")
    if why:
        work.drop(f"default values of {own}", why)
        return {}, folders
    root: Any = kept.pop("", None)
    return {"defaults": root} if root else {}, _with_defaults(folders, kept)


def _path(entry: str | Said) -> str:
    return entry if isinstance(entry, str) else str(entry["path"])


def _with_defaults(folders: Folders, values: Mapping[str, Said]) -> Folders:
    entries = {_path(one): one for one in folders}
    for path, said in values.items():
        before = entries.get(path, path)
        more = {"path": before} if isinstance(before, str) else before
        entries[path] = {**more, "defaults": said}
    return [entries[path] for path in sorted(entries, key=lambda path: (path.casefold(), path))]
