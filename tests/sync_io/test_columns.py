"""Values on their way in and out of columns: what is written is read back as the same."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.sync import columns, stamp_texts
from provisioner.sync.form_dates import form_date
from provisioner.sync.people import people_of, person
from provisioner.sync.stamped import ApprovedStamp, Clock, FirstStamp, WaiverStamp

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
ZONES = ["UTC", "America/Toronto", "Asia/Kolkata", "Pacific/Auckland", "Europe/Paris"]


@given(day=DAYS, zone=st.sampled_from(ZONES))
def test_a_day_written_is_the_day_read_whatever_the_zone(day: date, zone: str) -> None:
    place = ZoneInfo(zone)
    assert columns.day_of(columns.noon(day, place), place) == day


@given(
    day=DAYS,
    declared=st.sampled_from(["UTC", "America/Toronto", "Europe/Paris"]),
    real=st.sampled_from(["UTC", "America/Los_Angeles", "Europe/Istanbul", "Asia/Kolkata"]),
)
def test_a_site_whose_zone_is_not_the_declared_one_keeps_the_same_days(
    day: date, declared: str, real: str
) -> None:
    sent = datetime.fromisoformat(str(columns.noon(day, ZoneInfo(declared))))
    cut = sent.astimezone(ZoneInfo(real)).replace(hour=0, minute=0)  # as SharePoint does
    kept = {"Due": cut.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    assert columns.day(kept, "Due", ZoneInfo(declared)) == day


def test_a_day_is_converted_and_never_cut() -> None:
    assert columns.day_of("2026-06-14T22:00:00Z", ZoneInfo("Europe/Paris")) == date(2026, 6, 15)


@pytest.mark.parametrize("value", [None, "", "soon", 7, "2026-13-01T00:00:00Z"])
def test_what_is_no_day_is_none(value: object) -> None:
    assert columns.day_of(value, ZoneInfo("UTC")) is None


@pytest.mark.parametrize(
    ("lcid", "shown"),
    [(1033, "6/5/2026"), (1036, "05/06/2026"), (1031, "05.06.2026"), (1053, "2026-06-05")],
)
def test_a_form_gets_its_own_way_of_writing_dates(lcid: int, shown: str) -> None:
    assert form_date(date(2026, 6, 5), lcid) == shown


def test_an_unknown_language_writes_no_date_but_can_empty_one() -> None:
    assert form_date(date(2026, 6, 5), 1025) is None
    assert form_date(None, 1025) == ""


@given(group=st.sampled_from(["review", "returned"]), since=st.one_of(st.none(), DAYS))
def test_a_clock_comes_back_as_it_was(group: str, since: date | None) -> None:
    clock = Clock(group, since)
    assert stamp_texts.read_clock(stamp_texts.clock_text(clock)) == clock


@pytest.mark.parametrize("value", [None, "", "lunch 2026-01-01", "review yesterday", "{}"])
def test_a_clock_nobody_of_us_wrote_is_none(value: str | None) -> None:
    assert stamp_texts.read_clock(value) is None


STAMPS = st.builds(
    ApprovedStamp,
    identity=st.one_of(st.none(), st.text(min_size=1)),
    reviewer=st.text(min_size=1),
    reviewed_on=DAYS,
    activity=st.one_of(st.none(), DAYS),
    period_from=st.one_of(st.none(), DAYS),
    period_to=st.one_of(st.none(), DAYS),
    version_gone=st.booleans(),
    firsts=st.lists(
        st.builds(
            FirstStamp,
            st.text(min_size=1),
            st.one_of(st.none(), DAYS),
            st.one_of(st.none(), DAYS),
        ),
        max_size=3,
    ).map(tuple),
)


@given(stamp=STAMPS)
def test_a_stamp_comes_back_as_it_was_in_one_line(stamp: ApprovedStamp) -> None:
    text = columns.text({"ApprovedStamp": stamp_texts.stamp_text(stamp)}, "ApprovedStamp")
    assert stamp_texts.read_stamp(text) == stamp
    assert text is not None
    assert "\n" not in text


@pytest.mark.parametrize("value", ["", "[]", "{}", "{", '{"reviewedOn": "x"}', "null", "7"])
def test_a_stamp_nobody_of_us_wrote_is_none(value: str) -> None:
    assert stamp_texts.read_stamp(value) is None
    assert stamp_texts.read_waiver_stamp(value) is None


def test_a_waivers_stamp_comes_back_as_it_was() -> None:
    stamp = WaiverStamp(date(2026, 6, 1), {"cadence": "monthly", "anchor": ""})
    assert stamp_texts.read_waiver_stamp(stamp_texts.waiver_stamp_text(stamp)) == stamp


def test_line_ends_do_not_look_like_a_change() -> None:
    assert columns.text({"Flags": "STALE\r\nWhy.\r\n"}, "Flags") == "STALE\nWhy."
    assert columns.flags_text(["STALE"], "Why.") == "STALE\nWhy."


def test_a_code_that_holds_twice_is_named_once_and_none_is_empty() -> None:
    assert columns.flags_text(["MISSING", "MISSING"], "Why.") == "MISSING\nWhy."
    assert columns.flags_text([], "") == ""


def test_a_number_may_come_as_text_or_with_a_point() -> None:
    fields = {"A": 3.0, "B": "4", "C": "x", "D": True}
    assert [columns.number(fields, name) for name in "ABCDE"] == [3, 4, None, None, None]


def test_people_are_known_by_mail_or_sign_in_name() -> None:
    people = people_of(
        [
            {"Id": 6, "Email": "Ann@Contoso.com", "LoginName": "i:0#.f|membership|x"},
            {"Id": 7, "Email": "", "LoginName": "i:0#.f|membership|Bob@contoso.com"},
        ]
    )
    assert people == {6: "ann@contoso.com", 7: "bob@contoso.com"}
    assert person(people, 6) == "ann@contoso.com"
    assert person(people, None) is None
    # Gone from the site, but two columns naming them still name one person.
    assert person(people, 9) == person(people, 9) != person(people, 8)
