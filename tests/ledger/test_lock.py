"""Who holds a lock, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.ledger.lock import (
    LEASE,
    Holder,
    Machine,
    Seen,
    holder_of,
    seen_in,
    service_time,
    standing,
)
from provisioner.ledger.lock_refusals import taken

SINCE = datetime(2026, 3, 31, 8, 0, tzinfo=UTC)
HERE = Machine("build-7", 100, "boot-1", lambda _run, pid: pid == 100)
WORDS = st.text("abcdefghij-.0123456789", min_size=1, max_size=40)


def seen(holder: Holder) -> Seen:
    return Seen("1", '"x,1"', holder, SINCE)


@given(WORDS, WORDS, st.integers(0, 4_000_000), WORDS, WORDS, st.integers(0, 999), st.booleans())
def test_what_is_written_is_read_and_fits_into_a_title(run, host, pid, boot, prior, beat, free):
    holder = Holder(run, host, pid, boot.strip("-"), prior.strip("-"), beat, free)
    if host == "-":
        return
    assert holder_of(holder.text) == holder
    assert len(holder.text) <= 255


def test_a_title_that_somebody_wrote_over_is_nobody_known_and_holds_until_it_expires():
    holder = holder_of("please do not touch")
    assert (holder.run, holder.free) == ("?", False)
    assert standing(seen(holder), HERE, SINCE) == "alive"
    assert standing(seen(holder), HERE, SINCE + LEASE + timedelta(seconds=1)) == "expired"


@pytest.mark.parametrize(
    ("holder", "after", "expected"),
    [
        (Holder("r", "other", 1, "b", free=True), 0, "free"),
        (Holder("r", "other", 1, "b"), 119, "alive"),
        (Holder("r", "other", 1, "b"), 120, "alive"),
        (Holder("r", "other", 1, "b"), 121, "expired"),
        (Holder("r", "build-7", 100, "boot-1"), 119, "alive"),
        (Holder("r", "build-7", 100, "boot-1"), 121, "expired"),
        (Holder("r", "build-7", 99, "boot-1"), 1, "dead"),
        (Holder("r", "build-7", 100, "boot-0"), 1, "dead"),
        (Holder("r", "build-7", 99, ""), 1, "alive"),
    ],
)
def test_a_lock_is_free_dead_expired_or_alive(holder, after, expected):
    assert standing(seen(holder), HERE, SINCE + timedelta(seconds=after)) == expected


def test_without_the_services_clock_no_lease_is_over():
    assert standing(seen(Holder("r", "other", 1, "b")), HERE, None) == "alive"


def test_the_services_clock_is_the_date_of_an_answer():
    moment = service_time({"date": "Tue, 31 Mar 2026 08:02:00 GMT"})
    assert moment == SINCE + LEASE
    assert service_time({}) is None
    assert service_time({"date": "yesterday"}) is None


def test_the_item_is_read_with_its_etag_and_time():
    title = Holder("20260331T080000Z-4f2a", "build-7", 100, "boot-1").text
    row = {
        "id": "1",
        "eTag": '"{A},7"',
        "lastModifiedDateTime": "2026-03-31T08:00:00Z",
        "fields": {"Title": title},
    }
    found = seen_in({"value": [row]})
    assert found is not None
    assert (found.item, found.etag, found.until) == ("1", '"{A},7"', SINCE + LEASE)
    assert found.holder.run == "20260331T080000Z-4f2a"
    assert seen_in({"value": []}) is None
    assert seen_in(None) is None


@pytest.mark.parametrize("run", ["../../etc/x", "..\\x", "a?b", "\u00b2", "a" * 90])
def test_a_run_whose_name_leads_elsewhere_is_nobody_known(run: str) -> None:
    assert holder_of(f"held run={run} host=h pid=1 boot=b").run == "?"
    assert holder_of(f"free run=r prior={run}").prior == ""


@pytest.mark.parametrize("pid", ["\u00b2", "9" * 40, "-1"])
def test_what_is_no_number_of_a_process_is_none(pid: str) -> None:
    assert holder_of(f"held run=r host=h pid={pid} boot=b").pid == 0


def test_a_refusal_says_who_since_when_and_what_to_do():
    until = datetime(2026, 3, 31, 8, 2, tzinfo=UTC)
    said = taken("20260331T075000Z-beef", "build-9", 7, until)
    assert said.message == (
        "Another run works on this site: run 20260331T075000Z-beef on build-9 (process 7), begun at "
        "2026-03-31 07:50:00 UTC. It gave a sign of life at 08:00:00 UTC; without another its lock "
        "ends at 2026-03-31 08:02:00 UTC."
    )
    assert "--break-lock 20260331T075000Z-beef" in said.hint
    assert taken("?", "", 0, until).message.startswith("Another run works on this site: run ?. It")
