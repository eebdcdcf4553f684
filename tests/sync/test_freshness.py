"""How old is too old: the dates on both sides of every limit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from provisioner.sync.facts import Document
from provisioner.sync.judgement import DocumentJudgement
from provisioner.sync.vocabulary import Cadence, Freshness, Kind

D = date.fromisoformat


def fresh(world: Any, item: Any, document: Document, today: str, **more: Any) -> DocumentJudgement:
    more.setdefault("periods", [world.YEAR])
    judged = world.judge(today, document, items=[item], **more)
    return judged.documents[document.key]


@pytest.mark.parametrize(
    ("today", "freshness", "flags"),
    [
        ("2026-05-10", "Fresh", ()),
        ("2026-05-26", "Fresh", ()),
        ("2026-05-27", "Due soon", ("DUE-SOON",)),  # freshUntil less 14
        ("2026-06-10", "Due soon", ("DUE-SOON",)),  # freshUntil
        ("2026-06-11", "Stale", ("STALE",)),
        ("2026-06-24", "Stale", ("STALE",)),  # freshUntil + 14
        ("2026-06-25", "Expired", ("EXPIRED",)),
    ],
)
def test_a_monthly_snapshot_ages_on_these_days(
    world: Any, today: str, freshness: str, flags: tuple[str, ...]
) -> None:
    judged = fresh(world, world.item(), world.document(activity="2026-05-10"), today)
    assert (judged.freshness, judged.flags) == (Freshness(freshness), flags)
    assert judged.fresh_until == D("2026-06-10")


@pytest.mark.parametrize(
    ("cadence", "activity", "fresh_until"),
    [
        (Cadence.WEEKLY, "2026-05-10", "2026-05-17"),
        (Cadence.MONTHLY, "2026-01-31", "2026-02-28"),
        (Cadence.MONTHLY, "2028-01-31", "2028-02-29"),
        (Cadence.QUARTERLY, "2026-11-30", "2027-02-28"),
        (Cadence.SEMI_ANNUAL, "2026-08-31", "2027-02-28"),
        (Cadence.ANNUAL, "2028-02-29", "2029-02-28"),
    ],
)
def test_a_snapshot_is_fresh_for_its_cadence(
    world: Any, cadence: Cadence, activity: str, fresh_until: str
) -> None:
    item = world.item(cadence=cadence)
    judged = fresh(world, item, world.document(activity=activity), activity)
    assert judged.fresh_until == D(fresh_until)


@pytest.mark.parametrize(
    ("today", "freshness"),
    [
        ("2026-02-27", "Fresh"),
        ("2026-02-28", "Due soon"),
        ("2026-03-14", "Due soon"),  # the end of February, the slot after, plus grace
        ("2026-03-15", "Stale"),
        ("2026-03-28", "Stale"),
        ("2026-03-29", "Expired"),
    ],
)
@pytest.mark.parametrize("kind", [Kind.LOG, Kind.SAMPLE, Kind.REVIEW, Kind.REGISTER])
def test_logs_samples_reviews_and_registers_age_by_slot(
    world: Any, kind: Kind, today: str, freshness: str
) -> None:
    item = world.item(kind=kind)
    document = world.log(1, "2026-01-01", "2026-01-31", activity_date="2026-01-31")
    judged = fresh(world, item, document, today)
    assert judged.freshness == freshness
    assert judged.fresh_until == D("2026-03-14")


def test_a_log_ages_by_the_last_slot_it_claims(world: Any) -> None:
    document = world.log(1, "2026-01-15", "2026-02-15")
    judged = fresh(world, world.item(kind=Kind.LOG), document, "2026-03-01")
    assert [slot.first.month for slot in judged.slots] == [1, 2]
    assert judged.fresh_until == D("2026-04-14")


def test_without_anchor_or_window_a_log_ages_from_its_activity(world: Any) -> None:
    document = world.log(1, "2026-01-01", "2026-01-31")
    judged = fresh(world, world.item(kind=Kind.LOG), document, "2026-02-05", periods=[])
    assert judged.fresh_until == D("2026-02-28")


def test_without_a_window_an_anchor_still_makes_slots(world: Any) -> None:
    item = world.item(kind=Kind.LOG, anchor="2025-01-01")
    document = world.log(1, "2026-01-01", "2026-01-31")
    assert fresh(world, item, document, "2026-02-05", periods=[]).fresh_until == D("2026-03-14")


def test_an_items_own_lead_and_grace_come_before_the_policys_cut_to_half(world: Any) -> None:
    item = world.item(lead_days=3, grace_days=60)
    document = world.document(activity="2026-05-10")
    assert fresh(world, item, document, "2026-06-06").freshness == "Fresh"
    assert fresh(world, item, document, "2026-06-07").freshness == "Due soon"
    assert fresh(world, item, document, "2026-06-25").freshness == "Stale"
    assert fresh(world, item, document, "2026-06-26").freshness == "Expired"


@pytest.mark.parametrize("cadence", [Cadence.PER_EVENT, Cadence.ONCE])
def test_evidence_without_rhythm_stays_fresh_and_supersedes_nothing(
    world: Any, cadence: Cadence
) -> None:
    item = world.item(cadence=cadence)
    old, new = world.document(1, "2024-05-10"), world.document(2, "2026-05-10")
    judged = world.judge("2026-12-01", old, new, items=[item])
    assert {one.freshness for one in judged.documents.values()} == {Freshness.FRESH}
    assert {one.fresh_until for one in judged.documents.values()} == {None}


@pytest.mark.parametrize("cadence", [Cadence.PER_EVENT, Cadence.ONCE])
def test_standing_evidence_without_rhythm_is_annual(world: Any, cadence: Cadence) -> None:
    item = world.item(cadence=cadence, kind=Kind.STANDING)
    judged = fresh(world, item, world.document(activity="2026-02-01"), "2026-12-01")
    assert judged.fresh_until == D("2027-02-01")


@pytest.mark.parametrize(
    ("own", "vendors", "fresh_until"),
    [
        (None, None, "2026-12-31"),
        ("2027-02-15", None, "2027-02-15"),
        (None, "2027-02-15", "2027-02-15"),
        ("2027-01-15", "2027-02-15", "2027-01-15"),  # the document's comes first
        ("2027-09-01", None, "2027-03-31"),  # three months at most
        ("2026-06-01", None, "2026-12-31"),  # a letter never shortens
    ],
)
def test_a_bridge_letter_extends_a_vendors_report(
    world: Any, own: str | None, vendors: str | None, fresh_until: str
) -> None:
    item = world.item(kind=Kind.THIRD_PARTY, cadence=Cadence.ANNUAL, applies_to=("Stripe",))
    document = world.document(
        activity="2026-02-01", period_to="2025-12-31", bridge_until=own, part="Stripe"
    )
    bridges = {"Stripe": D(vendors)} if vendors else {}
    judged = fresh(world, item, document, "2026-06-01", vendor_bridges=bridges)
    assert judged.fresh_until == D(fresh_until)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.SNAPSHOT, "2026-03-10"),
        (Kind.THIRD_PARTY, "2026-03-31"),
        (Kind.STANDING, "2026-03-10"),
    ],
)
def test_the_activity_is_taken_from_the_columns_the_kind_says(
    world: Any, kind: Kind, expected: str
) -> None:
    document = world.document(
        activity="2026-03-10", period_from="2026-03-01", period_to="2026-03-31",
        collected_on="2026-04-01", reviewed_on="2026-04-01",
    )  # fmt: skip
    judged = world.judge("2026-04-02", document, items=[world.item(kind=kind)])
    assert judged.items["E010"].last_evidence == D(expected)


def test_only_the_newest_sound_document_ages_and_the_rest_are_superseded(world: Any) -> None:
    documents = [world.document(1, "2026-03-10"), world.document(2, "2026-04-10")]
    draft = world.document(3, "2026-05-10", status="Draft")
    judged = world.judge("2026-08-01", *documents, draft)
    by_id = {one.document: (one.freshness, one.flags) for one in judged.documents.values()}
    assert by_id == {
        "access/1": (Freshness.SUPERSEDED, ()),
        "access/2": (Freshness.EXPIRED, ("EXPIRED",)),
        "access/3": (Freshness.NONE, ("DRAFT-STUCK",)),
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"reviewed_on": "2026-04-11"}, {"reviewed_on": "2026-04-12"}),  # then Reviewed on
        ({}, {}),  # then item id
    ],
)
def test_ties_for_the_newest_are_broken_the_same_way_every_time(
    world: Any, one: dict[str, Any], other: dict[str, Any]
) -> None:
    first = world.document(1, "2026-04-10", **one)
    second = world.document(2, "2026-04-10", **other)
    judged = world.judge("2026-04-20", second, first)
    assert [key for key, doc in judged.documents.items() if doc.newest] == ["access/2"]


def test_a_document_dated_after_today_is_not_the_newest_yet_and_shows_no_freshness(
    world: Any,
) -> None:
    item = world.item(kind=Kind.STANDING, cadence=Cadence.ANNUAL)
    now = world.document(1, "2026-01-01")
    approved = dict.fromkeys(("reviewed_on", "content_dated"), "2026-05-01")
    later = world.document(2, "2026-06-10", **approved)
    judged = world.judge("2026-06-09", now, later, items=[item])
    assert judged.documents["access/1"].freshness == "Fresh"
    assert judged.documents["access/2"].freshness == Freshness.NONE
    assert judged.documents["access/2"].sound
    judged = world.judge("2026-06-10", now, later, items=[item])
    assert judged.documents["access/1"].freshness == "Superseded"
    assert judged.documents["access/2"].freshness == "Fresh"


@pytest.mark.parametrize(
    ("changes", "freshness"),
    [
        ({"status": "Draft"}, Freshness.NONE),
        ({"status": "Draft", "activity_date": None}, Freshness.CANNOT_JUDGE),
        ({"activity_date": None}, Freshness.CANNOT_JUDGE),
        ({"status": "Rejected", "activity_date": None}, Freshness.NONE),
        ({"status": "Not applicable", "activity_date": None}, Freshness.NONE),
        ({"item": None}, Freshness.NONE),
        ({"item": " ", "activity_date": None}, Freshness.NONE),
        ({"identity": None}, Freshness.NONE),
        ({"reviewer": "Owner@Contoso.example"}, Freshness.NONE),
    ],
)
def test_a_document_that_is_not_sound_has_no_freshness(
    world: Any, changes: dict[str, Any], freshness: Freshness
) -> None:
    document = world.document(activity="2026-05-10", **changes)
    judged = world.judge("2026-05-12", document).documents["access/1"]
    assert not judged.sound
    assert judged.freshness == freshness
    assert judged.fresh_until is None


@pytest.mark.parametrize("lacking", [{"cadence": None}, {"kind": None}])
def test_evidence_of_an_item_without_cadence_or_kind_cannot_be_judged(
    world: Any, lacking: Any
) -> None:
    document = world.document(activity="2026-05-10")
    judged = world.judge("2026-05-12", document, items=[world.item(**lacking)])
    assert judged.documents["access/1"].freshness == "Cannot judge"
    assert judged.items["E010"].state == "Cannot judge"
    assert world.codes(judged, "E010") == ["CANNOT-JUDGE"]
    assert not [one for one in judged.verdicts if one.state == "ok"]


@pytest.mark.parametrize("part", [None, "Somewhere else"])
def test_a_document_of_no_part_of_its_item_counts_for_none(world: Any, part: str | None) -> None:
    item = world.item(applies_to=("Cloud", "Database"))
    judged = world.judge(
        "2026-03-01", world.document(activity="2026-01-10", part=part), items=[item]
    )
    assert judged.documents["access/1"].freshness == Freshness.NONE
    assert world.codes(judged, "access/1") == ["NO-METADATA"]
    assert judged.documents["access/1"].reason == (
        "mfa.csv: please fill in Part. Part must be one of: Cloud, Database."
    )
    assert {one.about.part for one in world.found(judged, "MISSING")} == {"Cloud", "Database"}


def test_each_part_has_its_own_newest(world: Any) -> None:
    item = world.item(applies_to=("Cloud", "Database"))
    judged = world.judge(
        "2026-03-12",
        world.document(1, "2026-01-10", part="Cloud"),
        world.document(2, "2026-03-10", part="Database"),
        items=[item],
    )
    assert judged.documents["access/1"].freshness == "Expired"
    assert judged.documents["access/2"].freshness == "Fresh"
    assert judged.items["E010"].last_evidence == D("2026-03-10")
    assert judged.items["E010"].state == "Missing"


@pytest.mark.parametrize(("activity", "flags"), [("2026-02-14", ()), ("2026-02-15", ("LATE",))])
def test_a_review_done_after_the_grace_of_its_slot_is_late(
    world: Any, activity: str, flags: tuple[str, ...]
) -> None:
    document = world.log(
        1, "2026-01-01", "2026-01-31",
        activity_date=activity, reviewed_on=activity, collected_on=activity,
    )  # fmt: skip
    judged = world.judge("2026-02-16", document, items=[world.item(kind=Kind.REVIEW)])
    assert judged.documents["access/1"].flags == flags


@pytest.mark.parametrize(
    ("cadence", "activity", "flags"),
    [
        (Cadence.MONTHLY, "2025-12-31", ("OUT-OF-WINDOW",)),
        (Cadence.MONTHLY, "2026-01-01", ()),
        (Cadence.ANNUAL, "2024-12-31", ("OUT-OF-WINDOW",)),
        (Cadence.ANNUAL, "2025-01-01", ("PRIOR-TO-WINDOW",)),
        (Cadence.ANNUAL, "2025-12-31", ("PRIOR-TO-WINDOW",)),
        (Cadence.ANNUAL, "2026-01-01", ()),
    ],
)
def test_evidence_from_outside_every_audit_period_is_noted(
    world: Any, cadence: Cadence, activity: str, flags: tuple[str, ...]
) -> None:
    item = world.item(cadence=cadence)
    judged = world.judge("2026-01-02", world.document(activity=activity), items=[item])
    assert tuple(
        code for code in judged.documents["access/1"].flags if code.endswith("WINDOW")
    ) == flags  # fmt: skip


def test_a_closed_period_is_a_period_all_the_same(world: Any) -> None:
    last_year = world.period(id="2025", state="Closed", start="2025-01-01", end="2025-12-31")
    judged = world.judge(
        "2026-01-02", world.document(activity="2025-12-20"), periods=[world.YEAR, last_year]
    )
    assert judged.documents["access/1"].flags == ()
    assert judged.documents["access/1"].touches == ("2025",)
