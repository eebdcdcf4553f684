"""One item on every day of a year, with something going wrong each fortnight: its states, by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from provisioner.sync.judge import judge
from provisioner.sync.judgement import Judgement
from provisioner.sync.policy import Policy

from .known_facts import facts_of
from .known_verdicts import carried


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def filed(text: str, seen: str | None = None, **more: Any) -> dict[str, Any]:
    """A document about one day, collected and reviewed on `seen`."""
    given = {"day": day(text)}
    if seen is not None:
        names = ("collected_on", "reviewed_on", "content_dated", "created")
        given |= {"activity_date": day(text)} | dict.fromkeys(names, day(seen))
    return given | more


MONTHLY: dict[str, Any] = {"cadence": "monthly", "kind": "snapshot"}
SELF = {"reviewer": "owner@contoso.example"}
# What happens on a day: documents by number (anew, or what changes of one), or another part of the facts.
STORY: dict[str, dict[Any, Any]] = {
    "01-10": {1: filed("01-10")},
    "02-08": {2: filed("02-08")},
    "03-25": {3: filed("03-25", status="Submitted", reviewed_on=None)},
    "04-01": {3: {"status": "Approved", "reviewed_on": day("04-01")}},
    "05-20": {"waiver": {"item": "E1", "slot_from": day("04-01"), "rules": ["MISSING"],
                         "granted": day("05-20"), "expires": day("06-20")}},
    "06-01": {4: filed("06-01")},
    "07-05": {5: filed("05-30", "07-05")},
    "07-06": {6: filed("04-28", "07-06")},
    "07-10": {7: filed("07-10")},
    "07-20": {7: {"identity": "another", "content_dated": day("07-20")}},
    "07-22": {7: {"reviewed_on": day("07-22")}},
    "08-03": {"item": MONTHLY | {"enabled": False}},
    "08-10": {"item": MONTHLY},
    "08-12": {8: filed("08-12")},
    "09-01": {"periods": [{"state": "Closed"}]},
    "09-05": {"periods": [{"state": "Fieldwork"}]},
    "09-14": {9: filed("09-14", **SELF)},
    "09-16": {"waiver": {"document": "access/9", "rules": ["SELF-REVIEW"],
                         "granted": day("09-16"), "expires": day("10-10")}},
    "10-20": {10: filed("10-20")},
    "10-25": {9: {"reviewer": "reviewer@contoso.example", "reviewed_on": day("10-25")}},
    "11-10": {11: filed("11-10")},
    "12-05": {12: filed("12-05")},
}  # fmt: skip
# The days on which its state is another than the day before, from the dates and the roll-up alone.
EXPECTED = {
    "01-01": "Not yet due",
    "01-10": "Fresh",
    "01-27": "Due soon",  # 14 days before 10 February
    "02-08": "Fresh",
    "02-22": "Due soon",
    "03-09": "Stale",
    "03-23": "Expired",  # what was submitted on the 25th is not sound yet
    "04-01": "Fresh",
    "04-11": "Due soon",
    "04-26": "Stale",
    "05-10": "Expired",
    "05-15": "Missing",  # April's grace is over
    "05-20": "Expired",  # April is waived; the newest evidence is as old as before
    "06-01": "Fresh",
    "06-15": "Missing",  # May, which the waiver does not name
    "07-06": "Stale",  # April and May were filed late; June's is good until 1 July
    "07-10": "Fresh",
    "07-20": "Expired",  # changed after approval: June's is the newest again
    "07-22": "Fresh",
    "07-27": "Due soon",
    "08-03": "Not applicable",
    "08-10": "Due soon",
    "08-11": "Stale",
    "08-12": "Fresh",
    "08-29": "Due soon",
    "09-01": "Cannot judge",  # no audit period is open
    "09-05": "Due soon",
    "09-13": "Stale",
    "09-16": "Fresh",  # the self-review is waived
    "09-30": "Due soon",
    "10-11": "Expired",  # the waiver ended the day before
    "10-20": "Not covered",  # September was filed, and nothing sound
    "10-25": "Fresh",
    "11-06": "Due soon",
    "11-10": "Fresh",
    "11-26": "Due soon",
    "12-05": "Fresh",
    "12-22": "Due soon",
}


def lived() -> Iterator[tuple[date, Judgement]]:
    """Every day with its judgement; each run finds what the one before stamped."""
    documents: dict[int, dict[str, Any]] = {}
    given: dict[str, Any] = {"item": MONTHLY, "periods": [{}]}
    last: Judgement | None = None
    for number in range(365):
        today = day("01-01") + timedelta(days=number)
        for key, change in STORY.get(f"{today:%m-%d}", {}).items():
            if isinstance(key, int):
                documents[key] = documents.get(key, {}) | change
            else:
                given[key] = change
        facts = facts_of(given | {"documents": [documents[one] for one in sorted(documents)]})
        last = judge(carried(facts, last) if last else facts, Policy(), today)
        yield today, last


def test_an_item_is_in_the_state_that_follows_on_every_day_of_a_year() -> None:
    found: dict[str, str] = {}
    flags: dict[str, tuple[str, ...]] = {}
    before = None
    for today, judged in lived():
        state = str(judged.items["E1"].state)
        if state != before:
            found[f"{today:%m-%d}"] = state
        before = state
        if f"{today:%m-%d}" in {"07-20", "09-14", "10-11"}:
            worst = list(judged.documents.values())[-1]
            flags[f"{today:%m-%d}"] = worst.flags
    assert found == EXPECTED
    assert flags == {
        "07-20": ("CHANGED-AFTER-APPROVAL",),
        "09-14": ("SELF-REVIEW",),
        "10-11": ("SELF-REVIEW",),
    }
