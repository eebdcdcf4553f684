"""The gates: a plan that is unlikely, or may lose what people made, waits for a word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provisioner.core.resource import Action, Change, Existing, FieldChange
from provisioner.engine.gates import Safety, guarded, idle
from provisioner.engine.packing import Forecast
from provisioner.engine.plan import Blocked, Plan

NOBODY: frozenset[str] = frozenset()


def change(address="list:a", action=Action.UPDATE, kind="list", risk="low", contents="0"):
    there = Existing(kind, address, {}, {"id": "1", "contents": contents}, declared=True)
    fields = (FieldChange("versioning", 500, 100),) if action is Action.UPDATE else ()
    return Change(address, kind, action, "because", risk, fields, existing=there)


def made(*changes, noop=0):
    return Plan("/sites/acme", "s", "o", tuple(changes), noop, Forecast(0, 0, 0, 0.0))


def codes(plan, allow=NOBODY, safety=None):
    return [one.code for one in guarded(plan, frozenset(allow), safety or Safety()).blocked]


@pytest.mark.parametrize(
    ("updates", "noop", "shut"),
    [
        (20, 0, False),  # not more than the number
        (21, 0, True),
        (21, 14, False),  # 21 of 35 are 60 %, and not more
        (22, 14, True),
        (300, 700, False),
    ],
)
def test_many_updates_wait_only_past_both_the_number_and_the_share(updates, noop, shut):
    plan = made(*(change(f"list:{at}") for at in range(updates)), noop=noop)
    assert codes(plan) == (["UNLIKELY"] if shut else [])
    assert codes(plan, {"updates"}) == []
    assert codes(plan, {"deletions"}) == (["UNLIKELY"] if shut else [])


def test_many_removals_wait_too_and_the_file_sets_the_limits():
    plan = made(*(change(f"view:{at}", Action.DELETE, "view") for at in range(11)), noop=10)
    assert codes(plan) == ["UNLIKELY"]
    assert codes(plan, {"deletions"}) == []
    assert codes(plan, safety=Safety(deletions=11)) == []
    assert codes(plan, safety=replace(Safety(), deletions_percent=60)) == []


def test_what_is_made_new_or_adopted_never_waits():
    plan = made(*(change(f"list:{at}", Action.CREATE) for at in range(500)))
    assert codes(plan) == []
    assert codes(made(*(change(f"list:{at}", Action.ADOPT) for at in range(500)))) == []


@pytest.mark.parametrize(
    ("one", "shut"),
    [
        (change(risk="high", contents="3"), True),
        (change(risk="high"), False),  # no versions are cut where there are no rows
        (change("list:provisioner-ledger", risk="high", contents="3"), False),
        (change(risk="medium"), False),
        (change("list:a/permissions", kind="permissions", risk="high"), False),
        (change("group:g", kind="group", risk="high"), False),
        (change("list:a/column:C", Action.REPLACE, "column", "high"), True),
        (change(action=Action.DELETE, risk="high", contents="3"), True),
        (change(action=Action.DELETE, risk="high"), False),
        (change("group:g", Action.DELETE, "group", "high"), False),
    ],
)
def test_what_may_lose_content_must_be_named(one, shut):
    assert codes(made(one, noop=9)) == (["NEEDS-ALLOW"] if shut else [])
    assert codes(made(one, noop=9), {one.address}) == []


def test_a_word_of_allow_that_no_change_waits_for_is_found():
    plan = made(change("list:a"), change("list:b", risk="high", contents="3"))
    named = frozenset({"list:a", "list:b", "updates", "deletions", "list:*", "List:A", ""})
    assert idle(plan, named) == ["", "List:A", "list:*"]
    assert codes(plan, {"list:*", "*", "List:B"}) == ["NEEDS-ALLOW"]


def test_what_blocked_the_plan_before_still_does():
    before = Blocked("list:b", "CANNOT-CHANGE-IN-PLACE", "no", "do")
    plan = replace(made(change(risk="high", contents="3"), noop=9), blocked=(before,))
    assert codes(plan) == ["CANNOT-CHANGE-IN-PLACE", "NEEDS-ALLOW"]


def test_what_a_run_made_that_was_cut_off_is_ended_without_a_word():
    changes = [change(f"list:{at}", risk="high", contents="3") for at in range(30)]
    half_made = frozenset(one.address for one in changes)
    assert len(guarded(made(*changes), NOBODY, Safety()).blocked) == 31
    assert guarded(made(*changes), NOBODY, Safety(), half_made).blocked == ()
    replaced = change("list:0", Action.REPLACE, risk="high")
    (blocked,) = guarded(made(replaced, noop=9), NOBODY, Safety(), half_made).blocked
    assert blocked.code == "NEEDS-ALLOW"
