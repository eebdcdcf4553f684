"""Rules that look at one document: metadata, review, approval, content."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from provisioner.sync.facts import Document
from provisioner.sync.judgement import DocumentJudgement
from provisioner.sync.policy import Policy
from provisioner.sync.stamped import Clock
from provisioner.sync.vocabulary import Cadence, Kind

D = date.fromisoformat


def flags(
    world: Any, document: Document, today: str = "2026-05-12", item: Any = None, **more: Any
) -> tuple[str, ...]:
    judged = world.judge(today, document, items=[item or world.ITEM], **more)
    return judged.documents[document.key].flags


@pytest.mark.parametrize(
    ("kind", "changes", "empty"),
    [
        (Kind.SNAPSHOT, {}, None),
        (Kind.SNAPSHOT, {"owner": None}, ["Evidence owner"]),
        (Kind.SNAPSHOT, {"source_system": "  "}, ["Source system"]),
        (Kind.SNAPSHOT, {"sensitivity": ""}, ["Sensitivity"]),
        (Kind.SNAPSHOT, {"collected_on": None}, ["Collected on"]),
        (Kind.THIRD_PARTY, {"collected_on": None}, ["Collected on"]),
        (Kind.EXERCISE, {"collected_on": None, "query_used": None}, None),
        (Kind.REVIEW, {"query_used": None}, ["Row count or Query used"]),
        (Kind.REVIEW, {"query_used": None, "row_count": 0}, None),
        (Kind.REVIEW, {"activity_date": None, "period_to": "2026-05-10"}, ["Activity date"]),
        (Kind.STANDING, {"activity_date": None, "period_from": "2026-05-10"}, ["Activity date or Period to"]),
        (Kind.SNAPSHOT, {"activity_date": None, "period_to": "2026-05-10"}, None),
        (Kind.SNAPSHOT, {"status": "Draft", "owner": None}, ["Evidence owner"]),
        (Kind.SNAPSHOT, {"status": "Rejected", "owner": None}, None),
        (Kind.SNAPSHOT, {"status": "Not applicable", "owner": None}, None),
        (Kind.SNAPSHOT, {"item": None, "owner": None}, None),
    ],
)  # fmt: skip
def test_the_columns_a_kind_needs_are_asked_for_by_name(
    world: Any, kind: Kind, changes: dict[str, Any], empty: list[str] | None
) -> None:
    document = world.document(activity="2026-05-10", **changes)
    judged = world.judge("2026-05-12", document, items=[world.item(kind=kind)])
    found = [one.facts["empty"] for one in world.found(judged, "NO-METADATA")]
    assert found == ([empty] if empty else [])


@pytest.mark.parametrize(
    ("kind", "changes", "missing"),
    [
        (Kind.SNAPSHOT, {"activity_date": None}, ["Activity date or Period to"]),
        (Kind.STANDING, {"activity_date": None, "period_to": "2026-05-01"}, ["Activity date or Period from"]),
        (Kind.LOG, {"period_from": None}, ["Period from and Period to"]),
        (Kind.SAMPLE, {"period_to": None, "period_from": "2026-05-01"}, ["Period from and Period to"]),
        (Kind.SNAPSHOT, {"identity": None}, ["its content"]),
        (Kind.SNAPSHOT, {"identity": None, "activity_date": None, "status": "Draft"},
         ["its content", "Activity date or Period to"]),
        (Kind.SNAPSHOT, {"status": "Submitted"}, ["the date of its newest version"]),
        (Kind.SNAPSHOT, {"status": "Rejected", "identity": None, "activity_date": None}, None),
        (Kind.SNAPSHOT, {"status": "Not applicable", "identity": None}, None),
        (Kind.SNAPSHOT, {"item": None, "identity": None, "activity_date": None}, None),
    ],
)  # fmt: skip
def test_a_missing_needed_fact_is_named_once_and_never_a_pass(
    world: Any, kind: Kind, changes: dict[str, Any], missing: list[str] | None
) -> None:
    document = world.document(activity="2026-05-10", **changes)
    judged = world.judge("2026-05-12", document, items=[world.item(kind=kind)])
    found = [one for one in judged.verdicts if one.subject == "access/1"]
    named = [one.facts["missing"] for one in found if one.rule == "CANNOT-JUDGE"]
    assert named == ([missing] if missing else [])
    assert "NO-METADATA" not in [one.rule for one in found]
    assert not judged.documents["access/1"].sound


def test_a_log_without_its_period_is_asked_for_it_once(world: Any) -> None:
    document = world.document(activity="2026-05-10")
    assert flags(world, document, item=world.item(kind=Kind.LOG)) == ("CANNOT-JUDGE",)


@pytest.mark.parametrize(
    ("kind", "changes", "holds"),
    [
        (Kind.SNAPSHOT, {}, False),
        (Kind.SNAPSHOT, {"collected_on": "2026-05-12"}, False),
        (Kind.SNAPSHOT, {"collected_on": "2026-05-13"}, True),
        (Kind.SNAPSHOT, {"activity_date": "2026-05-13", "reviewed_on": "2026-05-12"}, True),
        (Kind.LOG, {"period_from": "2026-05-01", "period_to": "2026-05-10"}, False),
        (Kind.LOG, {"period_from": "2026-05-01", "period_to": "2026-05-11"}, True),  # collected on the 10th
        (Kind.LOG, {"period_from": "2026-05-01", "period_to": "2026-05-12", "collected_on": None}, False),
        (Kind.LOG, {"period_from": "2026-05-01", "period_to": "2026-05-13", "collected_on": None}, True),
        (Kind.STANDING, {"collected_on": "2026-06-01", "period_to": "2027-05-01"}, False),
    ],
)  # fmt: skip
def test_evidence_cannot_speak_of_days_to_come(
    world: Any, kind: Kind, changes: dict[str, Any], holds: bool
) -> None:
    document = world.document(activity="2026-05-10", **changes)
    assert ("FUTURE-PERIOD" in flags(world, document, item=world.item(kind=kind))) is holds


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        (Kind.SNAPSHOT, {"criteria": ("CC6.1", "PI1.5", "P6.7")}, None),
        (Kind.SNAPSHOT, {"criteria": ("CC6.1", "PP1.1", "CC6.9")}, "unknown criteria: CC6.9, PP1.1"),
        (Kind.SNAPSHOT, {"status": "Done"}, "unknown review status: Done"),
        (Kind.SNAPSHOT, {"status": " Approved "}, None),
        (Kind.SNAPSHOT, {"item": "E999"}, "unknown evidence item: E999"),
        (Kind.SNAPSHOT, {"period_from": "2026-05-05", "period_to": "2026-05-04"}, "Period from 5 May 2026"),
        (Kind.SNAPSHOT, {"period_from": "2026-05-05", "period_to": "2026-05-05"}, None),
        (Kind.SNAPSHOT, {"reviewed_on": "2026-05-12"}, None),
        (Kind.SNAPSHOT, {"reviewed_on": "2026-05-13"}, "Reviewed on is 13 May 2026"),
        (Kind.SNAPSHOT, {"reviewed_on": "2026-05-13", "status": "Draft"}, None),
        (Kind.SNAPSHOT, {"reviewed_on": "2026-05-09", "content_dated": "2026-05-09"}, "before the activity"),
        (Kind.STANDING, {"reviewed_on": "2026-05-09", "content_dated": "2026-05-09"}, None),
    ],
)  # fmt: skip
def test_metadata_that_cannot_be_right_is_said_in_words(
    world: Any, kind: Kind, changes: dict[str, Any], words: str | None
) -> None:
    document = world.document(activity="2026-05-10", **changes)
    judged = world.judge("2026-05-12", document, items=[world.item(kind=kind)])
    found = world.found(judged, "BAD-METADATA")
    assert len(found) == (1 if words else 0)
    assert all(words in one.message for one in found)


@pytest.mark.parametrize("status", ["Submitted", "In review"])
@pytest.mark.parametrize(
    ("today", "severity"),
    [
        ("2026-06-12", None),
        ("2026-06-14", None),
        ("2026-06-15", "warning"),  # the sixth business day since Friday 5 June
        ("2026-06-21", "warning"),
        ("2026-06-22", "error"),  # the eleventh
    ],
)
def test_a_document_that_waits_for_review_is_reminded_of(
    world: Any, status: str | None, today: str, severity: str | None
) -> None:
    document = world.document(activity="2026-05-10", status=status, version_date="2026-06-05")
    judged = world.judge(today, document)
    found = world.found(judged, "UNREVIEWED")
    assert [one.severity for one in found] == ([severity] if severity else [])
    if found:
        assert found[0].message == (
            "mfa.csv has waited for review since 5 June 2026. "
            "A review by reviewer@contoso.example was due by 12 June 2026."
        )


def test_the_words_of_a_wait_are_the_same_every_day_it_lasts(world: Any) -> None:
    document = world.document(activity="2026-05-10", status="Submitted", version_date="2026-06-05")
    said = set()
    for today in ("2026-06-15", "2026-06-16", "2026-06-19"):
        (one,) = world.found(world.judge(today, document), "UNREVIEWED")
        said.add((one.message, one.next, str(one.facts), one.severity))
    assert len(said) == 1


def test_an_item_may_ask_for_a_quicker_review_and_holidays_do_not_count(world: Any) -> None:
    document = world.document(activity="2026-05-10", status="Submitted", version_date="2026-06-05")
    item = world.item(review_sla_days=1)
    assert "UNREVIEWED" in flags(world, document, "2026-06-09", item)
    off = Policy(holidays=frozenset({D("2026-06-08")}))
    assert "UNREVIEWED" not in flags(world, document, "2026-06-09", item, policy=off)


@pytest.mark.parametrize("status", ["Draft", None, " "])
@pytest.mark.parametrize(("today", "holds"), [("2026-06-19", False), ("2026-06-22", True)])
def test_a_draft_is_remembered_after_twice_the_time_of_a_review(
    world: Any, status: str | None, today: str, holds: bool
) -> None:
    document = world.document(activity="2026-05-10", status=status, created="2026-06-05")
    assert ("DRAFT-STUCK" in flags(world, document, today)) is holds
    unknown = replace(document, created=None)
    assert "DRAFT-STUCK" not in flags(world, unknown, today)


@pytest.mark.parametrize("status", ["Needs changes", "Rejected"])
@pytest.mark.parametrize(("today", "holds"), [("2026-06-12", False), ("2026-06-15", True)])
def test_a_returned_document_is_remembered_until_something_covers_its_slot(
    world: Any, status: str | None, today: str, holds: bool
) -> None:
    back = world.document(1, "2026-05-10", status=status, version_date="2026-06-05")
    assert ("REJECTED-STUCK" in flags(world, back, today)) is holds
    good = world.document(2, "2026-05-20")
    judged = world.judge(today, back, good)
    assert "REJECTED-STUCK" not in judged.documents["access/1"].flags
    elsewhere = world.document(2, "2026-04-20")
    judged = world.judge(today, back, elsewhere)
    assert ("REJECTED-STUCK" in judged.documents["access/1"].flags) is holds


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, False),
        ({"reviewer": "owner@contoso.example"}, True),
        ({"reviewer": "Owner@Contoso.Example"}, True),
        ({"reviewer": "exporter@contoso.example"}, True),
        ({"content_author": None}, False),
        ({"owner": None, "reviewer": None, "content_author": None}, False),
        ({"reviewer": "owner@contoso.example", "status": "In review", "version_date": "2026-05-11"}, False),
    ],
)  # fmt: skip
def test_nobody_approves_their_own_evidence(
    world: Any, changes: dict[str, Any], holds: bool
) -> None:
    document = world.document(activity="2026-05-10", **changes)
    judged = world.judge("2026-05-12", document).documents["access/1"]
    assert ("SELF-REVIEW" in judged.flags) is holds
    approved = document.status == "Approved"
    assert judged.sound is (approved and not judged.flags)


def test_a_clause_that_could_not_be_judged_is_said_in_the_facts(world: Any) -> None:
    document = world.document(activity="2026-05-10", content_author=None)
    judged = world.judge("2026-05-12", document)
    (well,) = [one for one in judged.verdicts if one.subject == "access/1"]
    assert well.rule == "OK"
    assert "SELF-REVIEW: who saved the content is not known" in well.facts["notJudged"]


@pytest.mark.parametrize(
    ("changes", "empty"),
    [
        ({"reviewer": None}, ["Reviewer"]),
        ({"reviewer": " "}, ["Reviewer"]),
        ({"reviewed_on": None}, ["Reviewed on"]),
        ({"reviewer": None, "reviewed_on": None}, ["Reviewer", "Reviewed on"]),
        ({"reviewer": None, "status": "Submitted", "version_date": "2026-05-11"}, None),
    ],
)
def test_an_approval_needs_a_name_and_a_date(
    world: Any, changes: dict[str, Any], empty: list[str] | None
) -> None:
    judged = world.judge("2026-05-12", world.document(activity="2026-05-10", **changes))
    found = [one.facts["empty"] for one in world.found(judged, "NO-REVIEWER")]
    assert found == ([empty] if empty else [])


@pytest.mark.parametrize(
    ("saved_by", "saved_on", "holds"),
    [
        (None, None, False),
        ("reviewer@contoso.example", "2026-05-15", False),  # five business days after the 8th
        ("reviewer@contoso.example", "2026-05-18", True),
        ("owner@contoso.example", "2026-05-08", True),
    ],
)
def test_the_version_history_must_bear_the_approval_out(
    world: Any, saved_by: str | None, saved_on: str | None, holds: bool
) -> None:
    document = world.document(
        activity="2026-05-08", approval_saved_by=saved_by, approval_saved_on=saved_on
    )
    assert ("UNPROVEN-APPROVAL" in flags(world, document, "2026-05-19")) is holds


@pytest.mark.parametrize(("size", "holds"), [(0, True), (15, True), (16, False), (None, False)])
def test_a_file_of_under_16_bytes_is_empty(world: Any, size: int | None, holds: bool) -> None:
    assert ("EMPTY-FILE" in flags(world, world.document(activity="2026-05-10", size=size))) is holds


def test_a_file_of_no_item_is_an_orphan_and_nothing_else_is_asked_of_it(world: Any) -> None:
    bare = world.document(item=" ", status="Draft", owner=None, identity=None, source_system=None)
    assert flags(world, bare) == ("ORPHAN",)


@pytest.mark.parametrize(
    ("other", "flagged"),
    [
        ({}, []),  # the same dates: a copy
        ({"activity_date": "2026-04-10"}, ["access/1"]),
        ({"activity_date": "2026-04-10", "created": "2026-05-11"}, ["access/2"]),
        ({"activity_date": "2026-04-10", "created": "2026-05-10"}, ["access/2"]),  # tie: the higher id
        ({"activity_date": "2026-04-10", "identity": "another"}, []),
        ({"activity_date": "2026-04-10", "item": "E011"}, []),
        ({"activity_date": "2026-04-10", "status": "Rejected"}, []),
        ({"activity_date": "2026-04-10", "size": 3}, []),
    ],
)  # fmt: skip
def test_the_same_bytes_filed_for_other_dates_are_flagged_on_the_later_file(
    world: Any, other: dict[str, Any], flagged: list[str]
) -> None:
    one = world.document(1, "2026-05-10", identity="same")
    two = world.document(
        2, **{"activity": "2026-05-10", "created": "2026-04-11", "identity": "same"} | other
    )
    items = [world.ITEM, world.item(id="E011")]
    judged = world.judge("2026-05-12", one, two, items=items)
    assert [one.document for one in world.found(judged, "RECYCLED")] == flagged


def test_standing_evidence_may_be_filed_again(world: Any) -> None:
    item = world.item(kind=Kind.STANDING, cadence=Cadence.ANNUAL)
    one = world.document(1, "2025-05-10", identity="same")
    two = world.document(2, "2026-05-10", identity="same")
    assert not world.found(world.judge("2026-05-12", one, two, items=[item]), "RECYCLED")


def test_flags_are_in_table_order_and_the_reason_is_the_worst_ones(world: Any) -> None:
    document = world.document(
        activity="2026-02-10", source_system=None, sensitivity=None, approval_saved_by="x@contoso.example",
        content_author="reviewer@contoso.example",
    )  # fmt: skip
    judged = world.judge("2026-05-12", document).documents["access/1"]
    assert judged.flags == ("NO-METADATA", "SELF-REVIEW", "UNPROVEN-APPROVAL")
    assert judged.reason == (
        "mfa.csv was approved by reviewer@contoso.example, who saved its content."
    )


class TestClock:
    """Since when somebody has to move."""

    def clock(self, world: Any, **changes: Any) -> Clock | None:
        document = world.document(activity="2026-05-10", **changes)
        clock: Clock | None = world.judge("2026-05-12", document).documents["access/1"].clock
        return clock

    def test_it_starts_at_the_newest_version_when_the_group_changes(self, world: Any) -> None:
        started = Clock("review", D("2026-05-11"))
        assert self.clock(world, status="Submitted", version_date="2026-05-11") == started
        returned = Clock("returned", D("2026-05-01"))
        assert (
            self.clock(world, status="In review", version_date="2026-05-11", clock=returned)
            == started
        )

    def test_without_versions_it_starts_at_modified(self, world: Any) -> None:
        clock = self.clock(world, status="Rejected", modified="2026-05-09")
        assert clock == Clock("returned", D("2026-05-09"))

    def test_it_runs_on_within_its_group_whatever_is_saved(self, world: Any) -> None:
        old = Clock("review", D("2026-05-02"))
        found = self.clock(world, status="In review", version_date="2026-05-11", clock=old)
        assert found == old

    def test_new_content_starts_it_again_while_returned_only(self, world: Any) -> None:
        new = {"known_identity": "older", "version_date": "2026-05-11"}
        old = Clock("returned", D("2026-05-02"))
        found = self.clock(world, status="Needs changes", clock=old, **new)
        assert found == Clock("returned", D("2026-05-11"))
        old = Clock("review", D("2026-05-02"))
        assert self.clock(world, status="Submitted", clock=old, **new) == old

    @pytest.mark.parametrize("status", ["Approved", "Draft", "Not applicable", None])
    def test_it_is_cleared_when_nobody_has_to_move(self, world: Any, status: str | None) -> None:
        found = self.clock(world, status=status, clock=Clock("review", D("2026-05-02")))
        assert found is None


class TestStamp:
    """What was approved, and whether it is still that."""

    def run(
        self, world: Any, document: Document, today: str = "2026-05-20"
    ) -> tuple[DocumentJudgement, Document]:
        judged = world.judge(today, document).documents[document.key]
        return judged, replace(document, stamp=judged.stamp)

    def test_the_first_run_stamps_and_the_next_has_nothing_to_write(self, world: Any) -> None:
        first, stamped = self.run(world, world.document(activity="2026-05-10"))
        assert first.stamp.identity == "hash-1"
        again, _ = self.run(world, stamped)
        assert again.stamp == first.stamp
        assert again.flags == ()

    def test_new_content_is_flagged_until_it_is_reviewed_again(self, world: Any) -> None:
        _, stamped = self.run(world, world.document(activity="2026-05-10"))
        changed = replace(stamped, identity="hash-new", content_dated=D("2026-05-15"))
        judged, _ = self.run(world, changed)
        assert judged.flags == ("CHANGED-AFTER-APPROVAL",)
        assert not judged.sound
        assert judged.stamp == changed.stamp
        reviewed, _ = self.run(world, replace(changed, reviewed_on=D("2026-05-16")))
        assert reviewed.flags == ()
        assert reviewed.sound

    def test_another_reviewer_or_an_earlier_date_does_not_stamp_anew(self, world: Any) -> None:
        _, stamped = self.run(world, world.document(activity="2026-05-10"))
        for change in ({"reviewer": "third@contoso.example"}, {"reviewed_on": D("2026-05-10")}):
            judged, _ = self.run(world, replace(stamped, identity="hash-new", **change))
            assert "CHANGED-AFTER-APPROVAL" in judged.flags

    def test_a_metadata_edit_is_no_change(self, world: Any) -> None:
        _, stamped = self.run(world, world.document(activity="2026-05-10"))
        edited = replace(stamped, sensitivity="Internal", version_date=D("2026-05-18"))
        assert self.run(world, edited)[0].flags == ()

    @pytest.mark.parametrize(("dated", "holds"), [("2026-05-10", False), ("2026-05-11", True)])
    def test_content_a_day_newer_than_its_approval_was_never_approved(
        self, world: Any, dated: str, holds: bool
    ) -> None:
        document = world.document(activity="2026-05-10", content_dated=dated)
        judged, stamped = self.run(world, document)
        assert ("CHANGED-AFTER-APPROVAL" in judged.flags) is holds
        assert (judged.stamp.identity is None) is holds
        later, _ = self.run(world, replace(stamped, reviewed_on=D("2026-05-12")))
        assert later.flags == ()

    def test_where_the_version_is_gone_it_is_stamped_as_it_is_and_that_is_said(
        self, world: Any
    ) -> None:
        judged, _ = self.run(world, world.document(activity="2026-05-10", content_dated=None))
        assert judged.stamp.identity == "hash-1"
        assert any("version is gone" in note for note in judged.skipped)

    @pytest.mark.parametrize("lacking", ["reviewer", "reviewed_on", "identity"])
    def test_without_reviewer_date_or_content_nothing_is_stamped(
        self, world: Any, lacking: Any
    ) -> None:
        judged, _ = self.run(world, world.document(activity="2026-05-10", **{lacking: None}))
        assert judged.stamp is None
        assert "CHANGED-AFTER-APPROVAL" not in judged.flags

    def test_moving_the_dates_of_the_same_bytes_is_extending_not_renewing(self, world: Any) -> None:
        _, stamped = self.run(world, world.document(activity="2026-04-10"))
        moved = replace(
            stamped, activity_date=D("2026-05-10"), collected_on=D("2026-05-10"), reviewed_on=D("2026-05-11")
        )  # fmt: skip
        judged, again = self.run(world, moved)
        assert judged.flags == ("EXTENDED-NOT-RENEWED",)
        assert judged.sound
        # Also after the new approval was stamped: the first stamp of the same bytes is kept.
        assert self.run(world, again)[0].flags == ("EXTENDED-NOT-RENEWED",)
        renewed = replace(again, identity="hash-new", reviewed_on=D("2026-05-12"))
        assert self.run(world, renewed)[0].flags == ()
