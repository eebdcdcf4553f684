"""A list's copy of a content type, which must say what the original says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from provisioner.core.address import SITE, address, parent_of
from provisioner.core.resource import Resource
from provisioner.kinds.content_type_columns import said_of_columns


def as_originals(resources: Iterable[Resource]) -> list[Resource]:
    """The same resources; a list's copy has the template, and what is said of columns, of its type.

    People change the copy in the settings of a library, where it matters: a column that must be
    filled in is no longer, and nobody sees it on the content type of the site.
    """
    every = list(resources)
    said = {
        one.address: _handed_on(one.properties)
        for one in every
        if one.kind == "contentType" and parent_of(one.address) == SITE
    }
    return [_bound(one, said) if one.kind == "contentType" else one for one in every]


def _handed_on(properties: Mapping[str, Any]) -> dict[str, Any]:
    more = {"template": properties["template"]} if "template" in properties else {}
    return {**said_of_columns(properties), **more}


def _bound(one: Resource, said: Mapping[str, Mapping[str, Any]]) -> Resource:
    more = said.get(address("contentType", str(one.properties["name"])), {})
    if parent_of(one.address) == SITE or not more:
        return one
    columns = {path.split(".")[1]: None for path in said_of_columns(more)}
    return replace(
        one,
        properties={**one.properties, **more},
        extra={**one.extra, "columns": tuple(columns)},
    )
