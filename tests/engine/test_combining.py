"""Readings of one list, asked as one, answered as if each had been asked alone."""

from __future__ import annotations

from provisioner.core.transport import Answer, Reading
from provisioner.engine.combining import combined
from provisioner.kinds.column_found import list_fields
from provisioner.kinds.content_type_in_list import list_types
from provisioner.kinds.permission_readings import list_grants
from provisioner.kinds.view import list_views

OWN = (list_fields("1"), list_views("1"), list_types("1"), list_grants("1"))


def test_a_list_is_one_reading_at_the_units_of_the_dearest():
    site = Reading("graph", "/sites/x")
    alone, together = combined([site, *OWN, *OWN])
    assert alone == [site]
    (one,) = together
    assert one.reading.cost == max(reading.cost for reading in OWN) == 5
    path, _, query = one.reading.path.partition("?")
    assert path == "/_api/web/lists(guid'1')"
    said = dict(part.split("=", 1) for part in query.split("&"))
    assert {
        "Fields/SchemaXml",
        "Views/ViewQuery",
        "ContentTypes/StringId",
        "RoleAssignments",
    } <= set(said["$select"].split(","))
    assert "RoleAssignments/Member" in said["$expand"].split(",")


def test_each_reading_gets_the_rows_it_would_have_got_alone():
    (one,) = combined(OWN)[1]
    body = {
        "Fields": [{"Id": "f"}],
        "Views": {"results": [{"Id": "v"}]},
        "ContentTypes": [],
        "RoleAssignments": [{"PrincipalId": 3}],
    }
    answers = one.answers(Answer(200, body))
    assert [answers[reading].body["value"] for reading in OWN] == [
        [{"Id": "f"}],
        [{"Id": "v"}],
        [],
        [{"PrincipalId": 3}],
    ]


def test_one_reading_of_a_list_and_readings_with_conditions_are_asked_as_they_are():
    rows = Reading("sharepoint", "/_api/web/lists(guid'1')/items?$select=Id")
    few = Reading("sharepoint", "/_api/web/lists(guid'1')/fields?$filter=Hidden eq true")
    assert combined([rows, few, list_views("1")]) == ([rows, few, list_views("1")], [])
