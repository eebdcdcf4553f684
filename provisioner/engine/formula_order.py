"""In which order columns are made that name one another in formulas.

SharePoint refuses a formula that names a column which is not there yet, so a calculated column waits
for those it names, or for the content type that brings them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from provisioner.core.address import SITE, address, parent_of, split
from provisioner.core.resource import Resource

_NAMED = re.compile(r'"[^"]*"|\[([^\[\]]+)\]|([^\W\d]\w*)')
"""Texts, which name nothing; names in brackets; plain words."""


def with_operands(resources: Iterable[Resource]) -> list[Resource]:
    """The same resources; a calculated column stands on the columns its formula names."""
    every = list(resources)
    columns = {one.address: one for one in every if one.kind == "column"}
    calculated = {a: one for a, one in columns.items() if one.properties.get("formula")}
    if not calculated:
        return every
    homes: dict[str, list[Resource]] = {}
    for one in every:
        homes.setdefault(parent_of(one.address), []).append(one)
    types = {one.address: one for one in every if one.kind == "contentType"}
    sources = {
        home: _titles(home, homes[home], columns, types)
        for home in {parent_of(a) for a in calculated}
    }
    waits = {a: _operands(one, sources[parent_of(a)]) - {a} for a, one in calculated.items()}
    return [
        replace(one, depends=tuple(dict.fromkeys((*one.depends, *sorted(more)))))
        if (more := {to for to in waits.get(one.address, ()) if not _leads(to, one.address, waits)})
        else one
        for one in every
    ]


def named_in(formula: str) -> set[str]:
    """The words of a formula that may name columns, in small letters."""
    return {(found[1] or found[2] or "").casefold() for found in _NAMED.finditer(formula)} - {""}


def _operands(one: Resource, titles: Mapping[str, str]) -> set[str]:
    words = named_in(str(one.properties["formula"]))
    return {titles[word] for word in words if word in titles}


def _titles(
    home: str,
    inside: Iterable[Resource],
    columns: Mapping[str, Resource],
    types: Mapping[str, Resource],
) -> dict[str, str]:
    """What makes each column of a list or of the site, by what a formula calls it."""
    made: dict[str, str] = {}
    for bound in inside:
        if home == SITE or bound.kind != "contentType":
            continue
        brought = types.get(address("contentType", split(bound.address)[1]))
        while brought is not None:
            for name in brought.properties.get("columnOrder") or ():
                shared = columns.get(address("column", str(name)))
                if shared is not None:
                    made |= dict.fromkeys(_calls(shared), bound.address)
            brought = types.get(address("contentType", str(brought.properties.get("base") or "")))
    for one in inside:
        if one.kind == "column":
            made |= dict.fromkeys(_calls(one), one.address)
    return made


def _calls(one: Resource) -> tuple[str, str]:
    return (
        str(one.properties.get("displayName") or "").casefold(),
        split(one.address)[1].casefold(),
    )


def _leads(start: str, goal: str, waits: Mapping[str, set[str]]) -> bool:
    """Whether `goal` is among what `start` waits for: two that wait for each other wait for none."""
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        here = ahead.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            ahead += waits.get(here, ())
    return False
