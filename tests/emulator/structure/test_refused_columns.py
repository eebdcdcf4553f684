"""Column types Microsoft Graph does not make, one by one."""

from __future__ import annotations

from typing import Any


def refused(answer: Any, words: str) -> None:
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert error["code"] == "invalidRequest"
    assert words in error["message"]


def names(graph: Any, columns: str) -> set[str]:
    return {each["name"] for each in graph("GET", columns).json()["value"]}


def test_a_multi_choice_by_check_boxes_is_refused(graph: Any, columns: str) -> None:
    """ "You will receive an error from the graph": microsoftgraph/microsoft-graph-docs#21021."""
    body = {"name": "Criteria", "choice": {"choices": ["a", "b"], "displayAs": "checkBoxes"}}
    refused(graph("POST", columns, body), "Unable to determine type of provided column definition")
    assert "Criteria" not in names(graph, columns)
    body["choice"] = {"choices": ["a", "b"], "displayAs": "dropDownMenu"}
    assert graph("POST", columns, body).status_code == 201


def test_a_currency_column_is_refused(graph: Any, columns: str) -> None:
    """microsoftgraph/microsoft-graph-docs #1977, #3191, #8294, #17121 quote the sentence."""
    body = {"name": "Cost", "currency": {"locale": "en-us"}}
    refused(graph("POST", columns, body), "Unable to determine type of provided column definition")
    assert "Cost" not in names(graph, columns)


def test_a_currency_made_through_rest_is_read_in_graph(
    graph: Any, rest: Any, columns: str, the_list: str
) -> None:
    """One store behind both faces: currencyColumn (learn.microsoft.com/graph/api/resources)."""
    xml = '<Field Type="Currency" Name="Cost" DisplayName="Cost" LCID="1033" />'
    body = {"parameters": {"SchemaXml": xml, "Options": 8}}
    assert rest("POST", f"{the_list}/fields/CreateFieldAsXml", body).status_code == 201
    (cost,) = (c for c in graph("GET", columns).json()["value"] if c["name"] == "Cost")
    assert cost["currency"]["locale"].lower() == "en-us"
