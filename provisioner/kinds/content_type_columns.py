"""Columns of a content type: which, in what order, and what it says of each."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from typing import Any

from provisioner.core.address import SITE, address, parent_of
from provisioner.core.resource import Change, Existing, Resource
from provisioner.core.transport import Operation, ref
from provisioner.kinds.document_template import same_template
from provisioner.kinds.requests import GRAPH_ROOT, graph, graph_list, graph_site, many, rest

SAID = ("required", "hidden")
"""What a content type says of a column of its own."""


def said_of_columns(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties that say of a column that it is there, or how."""
    return {path: value for path, value in properties.items() if path.startswith("columns.")}


def of_links(row: Mapping[str, Any]) -> dict[str, Any]:
    """Which columns an `SP.ContentType` has, and what it says of them, by its field links."""
    found: dict[str, Any] = {}
    for link in many(row.get("FieldLinks")):
        found[f"columns.{link['Name']}"] = True
        for word in SAID:
            found[f"columns.{link['Name']}.{word}"] = bool(link.get(word.title()))
    return found


def seen(wanted: Resource, existing: Existing) -> Mapping[str, Any]:
    """What is there, as the file looks at it.

    Only the columns that the file names have an order; a column that is missing has one line of its
    own, and none for what would be said of it.
    """
    there = dict(existing.properties)
    columns = wanted.extra.get("columns", ())
    missing = [name for name in columns if not there.get(f"columns.{name}")]
    for path in (f"columns.{name}.{word}" for name in missing for word in SAID):
        there[path] = wanted.properties.get(path)
    asked = wanted.properties.get("columnOrder", ())
    order = [name for name in there.get("columnOrder", ()) if name in asked]
    there["template"] = same_template(wanted, existing)
    return {**there, "columnOrder": asked if missing else order}


def add_column(own: str, name: str) -> Operation:
    """One column a request (github.com/microsoftgraph/microsoft-graph-docs-contrib, issue 3710).

    A list's copy that has got the column from the content type of the site meanwhile answers 409.
    """
    column = f"{GRAPH_ROOT}{graph_site()}/columns/{ref(address('column', name))}"
    in_site = parent_of(own) == SITE
    made = graph(
        "POST",
        f"{graph_site() if in_site else graph_list(own)}/contentTypes/{ref(own)}/columns",
        own,
        {"sourceColumn@odata.bind": column},
        what=f"Add {name} to {own}",
    )
    return made if in_site else replace(made, tolerates=(409,))


def uses(wanted: Resource, names: Container[str]) -> list[Operation]:
    """What the content type says of its columns, one request for each that says something.

    Inside a content type only these two can be set (learn.microsoft.com/graph/api/
    columndefinition-update); lists that use the type get the same.
    """
    own, made = wanted.address, []
    in_site = parent_of(own) == SITE
    home = graph_site() if in_site else graph_list(own)
    for name in wanted.extra.get("columns", ()):
        paths = {word: f"columns.{name}.{word}" for word in SAID}
        said = {w: wanted.properties[p] for w, p in paths.items() if p in wanted.properties}
        if said and any(path in names for path in (f"columns.{name}", *paths.values())):
            place = f"{home}/contentTypes/{ref(own)}/columns/{ref(address('column', name))}"
            body = {**said, "propagateChanges": True} if in_site else said
            made.append(graph("PATCH", place, own, body, what=f"Settle {name} of {own}"))
    return made


def reorder(change: Change, wanted: Resource) -> Operation:
    """Put the declared columns into their order; the others keep their places.

    `SP.FieldLinkCollection.Reorder` (learn.microsoft.com, "FieldLinkCollection.Reorder method"), as
    Office365-REST-Python-Client sends it.
    """
    own, asked = change.address, list(wanted.properties["columnOrder"])
    there = list(change.existing.properties.get("columnOrder", ())) if change.existing else []
    there += [name for name in asked if name not in there]
    following = iter(asked)
    order = [next(following) if name in asked else name for name in there]
    path = f"/_api/web/contenttypes('{ref(own)}')/fieldlinks/reorder"
    return rest("POST", path, own, {"internalNames": order}, what=f"Order the columns of {own}")
