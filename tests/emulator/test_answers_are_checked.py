"""The check of every Graph answer against Microsoft's schema really looks."""

from __future__ import annotations

import pytest


def test_an_answer_of_a_known_type_is_held_to_the_schema(schema_at_hand, fits):
    with pytest.raises(AssertionError):
        fits({"displayName": 5}, "list")


def test_list_answers_pass_through_it(graph, site, schema_at_hand, monkeypatch):
    address = f"/sites/contoso.sharepoint.com:{site}:/lists"
    assert graph("GET", address).status_code == 200
    made = graph("POST", address, {"displayName": "Risks"})
    assert (made.status_code, made.json()["displayName"]) == (201, "Risks")
