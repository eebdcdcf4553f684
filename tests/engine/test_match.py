from __future__ import annotations

import pytest

from provisioner.core.errors import Refused
from provisioner.core.resource import Found, Resource
from provisioner.engine.match import match


def found(id_: str, url: str, title: str) -> Found:
    return Found("list", "site", title, (("url", url), ("title", title)), {"id": id_}, {})


def wanted(key: str, url: str, title: str) -> dict[str, Resource]:
    address = f"list:{key}"
    return {address: Resource("list", address, {}, (("url", url), ("title", title)))}


def addresses(matched) -> dict[str, str]:
    return {one.ids["id"]: one.address for one in matched}


def test_a_list_is_found_by_its_url_whatever_the_case():
    assert addresses(
        match([found("1", "/sites/a/Lists/R", "X")], wanted("r", "/sites/A/lists/r", "Y"), {})
    ) == {"1": "list:r"}


def test_a_renamed_and_moved_list_is_found_by_its_recorded_id():
    matched = match(
        [found("1", "/other", "Renamed")], wanted("r", "/sites/a/Lists/R", "R"), {"list:r": "1"}
    )
    assert addresses(matched) == {"1": "list:r"}


def test_two_different_matches_for_one_address_are_refused():
    both = [found("1", "/old", "Old"), found("2", "/sites/a/Lists/R", "R")]
    with pytest.raises(Refused, match="is recorded as “Old”"):
        match(both, wanted("r", "/sites/a/Lists/R", "R"), {"list:r": "1"})


def test_what_nobody_declared_gets_an_address_of_its_own_name():
    (one,) = match([found("9", "/sites/a/Lists/Mine", "Mine")], {}, {})
    assert (one.address, one.declared) == ("list:Mine", False)


def test_the_url_is_trusted_before_the_title():
    both = [found("1", "/sites/a/Lists/Other", "R"), found("2", "/sites/a/Lists/R", "Other")]
    assert addresses(match(both, wanted("r", "/sites/a/Lists/R", "R"), {}))["2"] == "list:r"


def test_a_second_of_the_same_url_is_nobodys_when_ours_is_recorded():
    both = [found("2", "/sites/a/Lists/R", "Theirs"), found("1", "/sites/a/Lists/R", "R")]
    matched = match(both, wanted("r", "/sites/a/Lists/R", "R"), {"list:r": "1"})
    assert addresses(matched) == {"1": "list:r", "2": "list:Theirs"}


def test_what_came_with_the_site_makes_no_riddle_of_what_is_recorded():
    keys = (("link", "list:r"),)
    own = Found("navigation", "site", "R", keys, {"id": "1"}, {}, builtin=True)
    ours = Found("navigation", "site", "A", (("link", "/elsewhere"),), {"id": "2"}, {})
    wanted = {"navigation:A": Resource("navigation", "navigation:A", {}, keys)}
    matched = addresses(match([own, ours], wanted, {"navigation:A": "2"}))
    assert matched == {"1": "navigation:R", "2": "navigation:A"}


def test_of_two_links_to_one_list_that_of_the_same_name_is_ours_and_sharepoints_own_is_not():
    def link(number: str, title: str, *, own: bool = False) -> Found:
        keys = (("link", "list:r"),)
        return Found("navigation", "site", title, keys, {"id": number}, {}, builtin=own)

    wanted = {
        address: Resource("navigation", address, {}, (("link", "list:r"),))
        for address in ("navigation:B", "navigation:A")
    }
    there = [link("1", "R", own=True), link("2", "A"), link("3", "B")]
    matched = addresses(match(there, wanted, {}))
    assert matched == {"1": "navigation:R", "2": "navigation:A", "3": "navigation:B"}


@pytest.mark.parametrize("sort", ["link", "heading"])
def test_an_entry_of_navigation_that_leads_elsewhere_now_stays_ours_beside_peoples_own(sort):
    """Their second link to a list is no reason to refuse: any number may lead to one place."""
    ours = Found("navigation", "site", "Risks", ((sort, "elsewhere"),), {"id": "1"}, {})
    theirs = Found("navigation", "site", "Risks", ((sort, "list:r"),), {"id": "2"}, {})
    wanted = {
        "navigation:Risks": Resource("navigation", "navigation:Risks", {}, ((sort, "list:r"),))
    }
    matched = match([theirs, ours], wanted, {"navigation:Risks": "1"})
    assert [(one.ids["id"], one.address, one.declared) for one in matched] == [
        ("2", "navigation:Risks (2)", False),
        ("1", "navigation:Risks", True),
    ]
    first = match([theirs], wanted, {})
    assert [one.declared for one in first] == [True]


def test_what_left_the_file_keeps_the_address_it_was_recorded_under():
    (one,) = match([found("9", "/sites/a/Lists/RiskRegister", "R")], {}, {"list:risks": "9"})
    assert (one.address, one.declared) == ("list:risks", False)
