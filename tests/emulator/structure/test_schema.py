"""Every Graph answer of the structure against Microsoft's own JSON Schema."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.usefixtures("schema_at_hand")
def test_the_schema_refuses_what_graph_has_not(fits: Any) -> None:
    with pytest.raises(AssertionError):
        fits({"id": "1", "colour": "red"}, "list")


@pytest.mark.usefixtures("schema_at_hand")
def test_every_collection_of_a_site_fits(
    graph: Any, site_id: Any, library_id: Any, fits: Any
) -> None:
    site, library = f"/sites/{site_id}", f"/sites/{site_id}/lists/{library_id}"
    for address, kind in (
        (f"{site}?$expand=lists", "site"),
        (f"{site}/lists?$expand=columns,contentTypes", "list"),
        (f"{library}?$select=id,sharepointIds,system&$expand=drive", "list"),
        (f"{site}/columns?$select=id,name,hidden", "columnDefinition"),
        (f"{library}/columns", "columnDefinition"),
        (f"{library}/contentTypes?$expand=columns,columnLinks,base", "contentType"),
        ("/sites?search=acme", "site"),
    ):
        answer = graph("GET", address)
        assert answer.status_code == 200, (address, answer.text)
        fits(answer.json(), kind)
