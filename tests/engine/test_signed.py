"""A plan as it was approved, or a refusal that names what moved."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from provisioner.core.errors import ProvisionerError, Refused
from provisioner.engine.plan import with_digests
from provisioner.engine.signed import moved, read_signed, stale

CHANGE = {
    "address": "list:risks",
    "kind": "list",
    "action": "update",
    "reason": "title on the site is not what the file says",
    "risk": "low",
    "fields": [{"path": "title", "before": "Risks", "after": "Risk Register"}],
    "requests": [
        {"audience": "sharepoint", "method": "MERGE", "path": "/_api/web", "bodyDigest": "sha256:1"}
    ],
    "source": {"file": "workspace.yaml", "line": 7},
}
OTHER = {**CHANGE, "address": "list:evidence", "fields": []}


def document(**otherwise: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "apiVersion": "provisioner/v1",
        "kind": "Plan",
        "workspace": "/sites/acme",
        "digest": "",
        "day": "2026-03-31",
        "specDigest": "sha256:a",
        "observedDigest": "sha256:b",
        "summary": {"update": 1},
        "cost": {"requests": 1, "roundTrips": 1, "resourceUnits": 2, "seconds": 0.3},
        "permissions": ["sharepoint:Sites.Selected/manage"],
        "changes": [copy.deepcopy(CHANGE)],
        "blocked": [],
        "notes": [],
        **otherwise,
    }
    return with_digests(body)


def test_a_plan_that_went_through_a_file_is_the_same_plan():
    made = document()
    read = read_signed(json.dumps(made, indent=7), "plan.json")
    assert read == made
    assert stale(read, made) is None


def test_a_line_added_to_the_file_above_moves_no_approval():
    later = document(changes=[{**CHANGE, "source": {"file": "workspace.yaml", "line": 9}}])
    assert stale(document(), later) is None


def _all_places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [p for k, v in value.items() for p in _all_places(v, (*path, k))]
    if isinstance(value, list) and value:
        return [p for k, v in enumerate(value) for p in _all_places(v, (*path, k))]
    return [path]


def _flipped(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return [value, "x"] if isinstance(value, list) else f"{value or ''}x"


@pytest.mark.parametrize("place", _all_places(document()), ids=str)
def test_whatever_is_altered_by_hand_is_noticed(place):
    for alter in (_flipped, lambda _: None, dict):
        altered = document()
        inside: Any = altered
        for step in place[:-1]:
            inside = inside[step]
        if alter is dict:
            del inside[place[-1]]
        else:
            inside[place[-1]] = alter(inside[place[-1]])
        with pytest.raises(ProvisionerError) as refused:
            read_signed(json.dumps(altered), "plan.json")
        if refused.value.code == "PLAN-UNREADABLE":
            assert place[0] in {"kind", "digest", "seal", "changes", "allow", "notes"}
        else:
            assert refused.value.code == "PLAN-ALTERED"
        assert refused.value.exit_code == 3


def test_what_is_added_by_hand_is_noticed():
    with pytest.raises(Refused):
        read_signed(json.dumps(document() | {"approved": "sha256:x"}), "plan.json")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        "{",
        "apiVersion: provisioner/v1",
        json.dumps(document())[:-40],
        json.dumps(document() | {"kind": "Receipt"}),
        json.dumps(document() | {"changes": "none"}),
    ],
)
def test_what_is_no_plan_is_said_to_be_none(text):
    with pytest.raises(ProvisionerError, match="not a plan") as error:
        read_signed(text, "plan.json")
    assert (error.value.code, error.value.exit_code) == ("PLAN-UNREADABLE", 3)


def resealed(**otherwise: Any) -> str:
    """A plan of another form, with digests that are right."""
    return json.dumps(document(**otherwise))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 50_000,
        '{"digest":' + "1" * 5000 + "}",
        json.dumps(document()) + "\0",
        resealed(changes=[{"address": "list:risks", "action": "update"}]),
        resealed(changes=[{**CHANGE, "fields": [{"path": "title"}]}]),
        resealed(allow=5),
        resealed(notes=[{"address": "site"}]),
    ],
    ids=range(7),
)
def test_what_would_trip_a_reader_is_no_plan_either(text):
    with pytest.raises(Refused) as refused:
        read_signed(text, "plan.json")
    assert refused.value.code == "PLAN-UNREADABLE"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_how_a_shell_or_an_editor_writes_it_anew_plays_no_part(encoding):
    made = document(workspace="/sites/Räume")
    text = json.dumps(made, indent=3, sort_keys=True, ensure_ascii=False).replace("\n", "\r\n")
    assert read_signed(text.encode(encoding), "plan.json") == made


def test_a_name_that_stands_there_twice_is_noticed():
    """A person reads the first of the two, and a program takes the last."""
    text = json.dumps(document()).replace('"after": "Risk', '"after": "Harmless", "after": "Risk')
    with pytest.raises(Refused, match="“after” stands there twice") as refused:
        read_signed(text, "plan.json")
    assert refused.value.code == "PLAN-ALTERED"


def test_what_was_altered_is_named_as_far_as_the_plan_can_tell():
    made = document(changes=[CHANGE, {**OTHER, "risk": "low"}])
    made["changes"][1]["risk"] = "high"
    with pytest.raises(Refused, match="not as it was written at list:evidence"):
        read_signed(json.dumps(made), "plan.json")
    made = document(changes=[CHANGE, OTHER])
    del made["changes"][1]
    with pytest.raises(Refused, match="one was left out, added or moved"):
        read_signed(json.dumps(made), "plan.json")


def test_a_plan_of_another_version_holds_while_it_would_send_the_same():
    older, now = document(madeBy="0.0.9"), document(madeBy="0.1.0")
    assert stale(older, now) is None
    refusal = stale(older, document(madeBy="0.1.0", changes=[field("Risks", "Register")]))
    assert refusal is not None
    assert "made by version 0.0.9 of this program; this is 0.1.0" in refusal.message


def field(before: str, after: str) -> dict[str, Any]:
    return {**CHANGE, "fields": [{"path": "title", "before": before, "after": after}]}


@pytest.mark.parametrize(
    ("fresh", "address", "words"),
    [
        (
            {"changes": [field("Hazards", "Risk Register")]},
            "list:risks",
            "“Risks” as title and has",
        ),
        ({"changes": [field("Risks", "Register")]}, "list:risks", "the file said “Risk Register”"),
        ({"changes": []}, "list:risks", "nothing to update any more"),
        ({"changes": [CHANGE, OTHER]}, "list:evidence", "was not approved"),
        ({"changes": [{**CHANGE, "action": "delete"}]}, "list:risks", "now it is delete"),
        ({"changes": [{**CHANGE, "requests": []}]}, "list:risks", "the requests for it"),
        ({"day": "2026-04-01", "specDigest": "sha256:c"}, "", "which is on the site already"),
        ({"specDigest": "sha256:c"}, "", "The file asks for something else"),
        ({"observedDigest": "sha256:c"}, "", "Something on the site has changed"),
        ({"workspace": "/sites/other"}, "", "It is a plan for /sites/acme, not for /sites/other"),
        ({"host": "b.sharepoint.com"}, "", "not for b.sharepoint.com/sites/acme"),
        ({"cost": {"requests": 9}}, "", "Not as approved: its cost."),
        ({"prune": True}, "", "Not as approved: whether `--prune` was given."),
        (
            {"allow": ["list:a"], "summary": {}},
            "",
            "how many changes it counts, what `--allow` names",
        ),
    ],
    ids=str,
)
def test_what_moved_is_named(fresh, address, words):
    now = document(**fresh)
    refusal = stale(document(), now)
    assert refusal is not None
    assert (refusal.code, refusal.exit_code) == ("PLAN-STALE", 3)
    assert words in refusal.message
    assert [one.address for one in moved(document(), now)] == [address]
