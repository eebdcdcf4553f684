"""`provisioner explain`: a page for a code, the list of all, and help with a misspelt one."""

from __future__ import annotations

import pytest

from provisioner.report.codes import CODES, ROOMS


def test_a_rule_of_evidence_is_explained_at_length(command):
    said = command("explain", "stale")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("STALE: Stale (warning)\n")
    assert "\n\nWhy it matters: " in said.out
    assert "\n\nWhat to do: " in said.out


def test_an_error_is_explained_without_a_grade(command):
    said = command("explain", " plan-stale ")
    assert said.out.startswith("PLAN-STALE: The plan is out of date\n")


@pytest.mark.parametrize("code", [several[0].code for several in ROOMS.values()])
def test_a_page_fits_a_terminal_and_keeps_its_words(command, code):
    said = command("explain", code)
    assert said.code == 0
    assert max(len(line) for line in said.out.splitlines()) <= 88
    words = " ".join(said.out.split())
    one = CODES[code]
    assert all(" ".join(text.split()) in words for text in (one.meaning, one.why, one.next))


def test_the_list_names_every_code_with_its_title(command):
    said = command("explain", "--list")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert set(ROOMS) <= set(lines)
    rows = dict(line.strip().split(maxsplit=1) for line in lines if line.startswith("  "))
    assert rows == {one.code: one.title for one in CODES.values()}


def test_json_gives_one_page_or_the_list(command):
    page = command("explain", "ACCESS-GUEST", "--format", "json").json()
    assert (page["apiVersion"], page["kind"]) == ("provisioner/v1", "Explanation")
    assert page["code"] == "ACCESS-GUEST"
    assert all(page[key] for key in ("title", "meaning", "why", "next"))
    assert "severity" not in page
    assert command("explain", "LATE", "--format", "json").json()["severity"] == "warning"
    every = command("explain", "--list", "--format", "json").json()
    assert {row["code"] for row in every["codes"]} == set(CODES)


def test_an_unknown_code_is_answered_with_the_nearest(command):
    said = command("explain", "DRIFT-CHANGD")
    assert (said.code, said.out) == (64, "")
    assert "UNKNOWN-CODE" in said.err
    assert "Did you mean DRIFT-CHANGED" in said.err
    document = command("explain", "DRIFT-CHANGD", "--format", "json").json()
    assert (document["kind"], document["code"]) == ("Error", "UNKNOWN-CODE")


def test_a_code_like_no_other_leads_to_the_list(command):
    said = command("explain", "qqqqq")
    assert said.code == 64
    assert "Did you mean" not in said.err
    assert "provisioner explain --list" in said.err


@pytest.mark.parametrize("arguments", [(), ("STALE", "--list")])
def test_it_takes_one_code_or_the_list(command, arguments):
    said = command("explain", *arguments)
    assert (said.code, said.out) == (64, "")
    assert "--list" in said.err
