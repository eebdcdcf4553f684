"""Rows of a list as seed rows, for the lists the operator names: rows are people's own otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provisioner.core.address import address, split
from provisioner.core.errors import Usage
from provisioner.core.resource import Existing
from provisioner.engine.importer_access import row_permissions
from provisioner.engine.importer_said import Importing, Said

_SEEDABLE = frozenset(
    {"text", "note", "choice", "number", "dateTime", "boolean", "currency", "hyperlink"}
)


def rows_wanted(
    work: Importing, parts: Mapping[str, Any], rows: Sequence[str]
) -> tuple[dict[str, Said], dict[str, tuple[str, ...]]]:
    """The lists asked for by address, and for each the columns to read, the key column first.

    Raises `Usage` LIST-NOT-FOUND for a name that is no list of the file.
    """
    by_name: dict[str, Said] = {}
    for one in parts["lists"]:
        by_name |= {str(one["title"]).casefold(): one, str(one["key"]): one}
    wanted: dict[str, Said] = {}
    seeded: dict[str, tuple[str, ...]] = {}
    for name in rows:
        one = by_name.get(name.casefold())
        if one is None:
            known = ", ".join(str(each["key"]) for each in parts["lists"]) or "none"
            raise Usage(
                "LIST-NOT-FOUND",
                f"--rows {name}: the site has no list of that name.",
                hint=f"Lists by key: {known}.",
            )
        own = address("list", str(one["key"]))
        wanted[own] = one
        seeded[own] = _columns(one, work.scope.column_types, own)
    return wanted, seeded


def _columns(one: Said, types: Mapping[str, str], own: str) -> tuple[str, ...]:
    """The key column, the first that must be unique, else Title; then every other with a value."""
    columns = [c for c in one.get("columns", ()) if c.get("type") in _SEEDABLE]
    brought = [
        split(known)[1]
        for known, word in types.items()
        if known.startswith(f"{own}/") and word in {*_SEEDABLE, "dateOnly", "multichoice"}
    ]
    named = dict.fromkeys(["Title", *(str(c["name"]) for c in columns), *brought])
    key = next((str(c["name"]) for c in columns if c.get("unique")), "Title")
    return (key, *(name for name in named if name != key))


def rows_of(
    work: Importing,
    wanted: Mapping[str, Said],
    seeded: Mapping[str, tuple[str, ...]],
    existing: Mapping[str, Existing],
) -> None:
    """Put the rows that were read into the declarations of their lists."""
    for own, plain in wanted.items():
        key = seeded[own][0]
        seed: list[Said] = []
        seen: set[str] = set()
        found = [e for a, e in existing.items() if e.kind == "item" and a.startswith(f"{own}/")]
        for one in sorted(found, key=lambda each: split(each.address)[1].casefold()):
            row = {n: v for n, v in one.properties.items() if v not in (None, "", [])}
            name = str(row.get(key, ""))
            if not name or name.casefold() in seen or "{{" in str(row):
                work.drop(one.address, f"its {key} does not tell it from other rows")
                continue
            seen.add(name.casefold())
            seed.append(row)
        if seed:
            plain["items"] = {"key": key, "seed": seed}
        held = {str(row[key]) for row in seed}
        guarded = {n: said for n, said in row_permissions(existing, own).items() if n in held}
        if guarded:
            plain["items"]["permissions"] = guarded
