"""Two ways to make the columns that Graph refused for years, and which of them is tried first.

SharePoint's `CreateFieldAsXml` makes them on every tenant we know of. Graph documents facets for
them (learn.microsoft.com/graph/api/resources/columndefinition) and answered 400 to them
(github.com/microsoftgraph/microsoft-graph-docs, issues 1977 and 21021); where a tenant takes them,
as a probe or a run has found, they go with the other columns in one batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from provisioner.core.resource import Change, Resource
from provisioner.core.transport import Operation
from provisioner.kinds.base import Capabilities
from provisioner.kinds.column_facets import graph_words
from provisioner.kinds.column_requests import graph_home
from provisioner.kinds.requests import graph

_BY_XML = "/fields/CreateFieldAsXml"
_WORDS = {"choice": "multi-choice", "currency": "currency", "hyperlink": "hyperlink"}
_UNSAID = ("decimals", "min", "max")
"""Of a currency, what Graph's facet has no word for."""


def by_either_way(
    operations: Sequence[Operation], change: Change, can: Capabilities
) -> Sequence[Operation]:
    """The operations that make a column, the first with another way beside it where there is one."""
    wanted = change.desired
    word = _WORDS.get(str(wanted.properties.get("type"))) if wanted is not None else None
    if wanted is None or word is None:
        return operations
    return [_either(one, word, wanted, can) for one in operations]


def _either(made: Operation, word: str, wanted: Resource, can: Capabilities) -> Operation:
    properties, name = wanted.properties, str(wanted.extra["name"])
    if not made.path.endswith(_BY_XML) or any(properties.get(one) is not None for one in _UNSAID):
        return made
    by_xml = replace(made, capability=f"rest-{word}")
    by_graph = _by_graph(made, word, name, properties)
    if f"no-{by_graph.capability}" in can:
        return by_xml
    if f"no-rest-{word}" in can or by_graph.capability in can:
        return replace(by_graph, otherwise=by_xml)
    return replace(by_xml, otherwise=by_graph)


def _by_graph(made: Operation, word: str, name: str, properties: Mapping[str, Any]) -> Operation:
    facet = {"choice": _several, "currency": _money, "hyperlink": _link}[properties["type"]]
    body = {"name": name, **graph_words(properties, creating=True), **facet(properties)}
    told = graph(
        "POST",
        f"{graph_home(made.address)}/columns",
        made.address,
        body,
        produces={"id": "/id"},
        what=made.what,
    )
    return replace(told, capability=f"graph-{word}")


def _several(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "choice": {
            "choices": list(properties["choices"]),
            "allowTextEntry": bool(properties.get("allowTextEntry")),
            "displayAs": "checkBoxes",
        }
    }


def _money(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"currency": {"locale": str(properties["locale"]).lower()}}


def _link(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"hyperlinkOrPicture": {"isPicture": bool(properties.get("picture"))}}
