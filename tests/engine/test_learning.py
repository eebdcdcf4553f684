"""What a run learns of a tenant: only what a refusal really says."""

from __future__ import annotations

from datetime import date

import pytest

from provisioner.core.transport import Operation, Outcome
from provisioner.engine.learning import Learnt, as_words, recorded_with, still_trusted

TODAY = date(2026, 11, 22)
GRAPH = Operation("graph", "POST", "/b", "column:A", "site", capability="graph-currency")
REST = Operation(
    "sharepoint", "POST", "/a", "column:A", "site", capability="rest-currency", otherwise=GRAPH
)
FORMAT = Operation("sharepoint", "MERGE", "/f", "column:A", "site", capability="field-formatter")


def refused(status):
    return Outcome("failed", status, code="x", message="words")


def test_another_way_teaches_something_only_when_it_works():
    learnt = Learnt()
    assert learnt.other_way(REST, refused(400)) is GRAPH
    assert learnt.able == {}
    learnt.done(GRAPH)
    assert learnt.able == {"rest-currency": False, "graph-currency": True}
    assert as_words(learnt.able) == {"no-rest-currency", "graph-currency"}


def test_two_ways_that_are_refused_are_a_failure():
    learnt = Learnt()
    assert learnt.other_way(REST, refused(501)) is GRAPH
    assert learnt.other_way(GRAPH, refused(501)) is None
    assert not learnt.is_beyond(GRAPH, refused(501))
    assert learnt.able == {}


@pytest.mark.parametrize(("status", "beyond"), [(404, True), (405, True), (501, True), (400, False),
                                                (403, False), (409, False), (500, False)])  # fmt: skip
def test_what_is_wrong_with_one_request_says_nothing_of_the_tenant(status, beyond):
    learnt = Learnt()
    assert learnt.is_beyond(FORMAT, refused(status)) is beyond
    assert learnt.able == ({"field-formatter": False} if beyond else {})
    assert learnt.beyond == ({"column:A": "words"} if beyond else {})


def test_a_refusal_is_believed_for_a_month():
    kept = recorded_with({}, {"field-formatter": False}, TODAY)
    assert kept == {"field-formatter": {"able": False, "on": "2026-11-22"}}
    assert still_trusted(kept, date(2026, 12, 22)) == {"field-formatter": False}
    assert still_trusted(kept, date(2026, 12, 23)) == {}
    assert recorded_with(kept, {"field-formatter": False}, date(2026, 12, 1)) == kept
    again = recorded_with(kept, {"field-formatter": False}, date(2026, 12, 23))
    assert again["field-formatter"]["on"] == "2026-12-23"
