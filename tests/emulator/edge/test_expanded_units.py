"""What a read costs that has members expanded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provisioner.emulator.dispatch import routes_of
from provisioner.emulator.wire import Call

A_LIST = Call("rest", "GET", "/_api/web/lists(guid'1')", {}, {}, b"")


@pytest.mark.parametrize(
    ("expanded", "units"),
    [
        ("", 1),
        ("RootFolder", 1),
        ("Fields,Views/ViewFields", 2),
        ("Fields,RoleAssignments/Member", 5),
        ("roleassignments", 5),
    ],
)
def test_a_list_with_what_lies_below_it_costs_what_that_costs_alone(expanded, units):
    call = replace(A_LIST, query={"$expand": expanded} if expanded else {})
    (route,) = (
        r for r in routes_of("rest") if r.method == "GET" and r.pattern.fullmatch(call.path)
    )
    assert route.units(call) == units
