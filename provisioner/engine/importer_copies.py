"""Content types whose copy in a list says something else: the file then says nothing of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provisioner.core.address import address
from provisioner.engine.importer_said import Importing, Said, same


def agree(work: Importing, lists: Iterable[str], types: Iterable[Said]) -> None:
    """Take out of the content types what a list's own copy contradicts, and say so."""
    homes = list(lists)
    for one in types:
        for own in homes:
            copy = work.existing.get(address("contentType", str(one["name"]), own))
            if copy is None:
                continue
            what = f"content type {one['name']}"
            if "template" in one and not same(one["template"], copy.properties.get("template")):
                work.drop(f"template of {what}", f"{own} has another")
                one.pop("template")
            if "columns" in one:
                one["columns"] = [
                    _agreed(work, entry, copy.properties, f"{what} in {own}")
                    for entry in one["columns"]
                ]


def _agreed(work: Importing, entry: str | Said, there: Mapping[str, Any], what: str) -> str | Said:
    if isinstance(entry, str):
        return entry
    kept: Said = {}
    for word, value in entry.items():
        path = f"columns.{entry['name']}.{word}"
        if word == "name" or there.get(path) == value:
            kept[word] = value
        else:
            work.drop(f"{word} of {entry['name']}", f"it is not so for {what}")
    return kept if len(kept) > 1 else str(kept["name"])
