"""What versions tell of a document, and of what they cannot tell nothing is guessed."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from provisioner.core.transport import Answer
from provisioner.sync.history import (
    History,
    Version,
    approval_version,
    content_version,
    from_the_first,
    in_force,
    saved,
)
from provisioner.sync.people import directory_readings, gone_people
from provisioner.sync.quick_xor import quick_xor_hash

JUNE = date(2026, 6, 1)


def v(number: int, size: int | None = 10, day: int = 1, **more: Any) -> Version:
    return Version(f"{number}.0", date(2026, 6, day), f"user{number}", size, **more)


@pytest.mark.parametrize(
    ("versions", "label"),
    [
        ([v(1)], "1.0"),
        ([v(3), v(2), v(1)], "1.0"),  # columns only
        ([v(3, 12), v(2, 12), v(1)], "2.0"),
        ([v(3, 12), v(2), v(1)], "3.0"),
        ([v(3), v(2)], None),  # the first is gone, and the sizes are the same
        ([v(3, 12), v(2)], "3.0"),
        ([v(4), v(2), v(1)], None),  # one between is gone
        ([v(4, 12), v(2), v(1)], None),
        ([v(2, None), v(1)], None),
        ([], None),
    ],
)
def test_the_version_that_brought_the_content(versions: list[Version], label: str | None) -> None:
    found = content_version(versions)
    assert (found.label if found else None) == label


@pytest.mark.parametrize(
    ("versions", "label"),
    [
        ([v(2, status="Approved", reviewed_on=JUNE), v(1)], "2.0"),
        (
            [
                v(4, status="Approved", reviewed_on=JUNE),
                v(3, status="Rejected", reviewed_on=JUNE),
                v(2, status="Approved", reviewed_on=JUNE),
                v(1),
            ],
            "2.0",
        ),
        ([v(3, status="Approved", reviewed_on=date(2026, 6, 2)), v(2), v(1)], None),
        ([v(3, status="Approved", reviewed_on=JUNE)], None),  # what was before it is gone
        ([v(1, status="Approved", reviewed_on=JUNE)], "1.0"),
        ([v(4, status="Approved", reviewed_on=JUNE), v(2)], None),
    ],
)
def test_the_version_that_first_shows_the_approval(
    versions: list[Version], label: str | None
) -> None:
    found = approval_version(versions, JUNE)
    assert (found.label if found else None) == label


@pytest.mark.parametrize(
    ("day", "label"), [(1, "1.0"), (4, "1.0"), (5, "2.0"), (8, "2.0"), (9, "3.0"), (30, "3.0")]
)
def test_the_version_in_force_at_the_end_of_a_day(day: int, label: str) -> None:
    found = in_force([v(3, day=9), v(2, day=5), v(1, day=1)], date(2026, 6, day))
    assert found is not None
    assert found.label == label
    assert in_force([v(3, day=9), v(2, day=5)], date(2026, 6, 4)) is None
    assert in_force([v(3, day=9), v(1, day=1)], date(2026, 6, 4)) is None


def test_what_an_earlier_run_read_stands_where_the_job_wrote_over_it_since() -> None:
    """The job writes over the newest version, and is then who saved it, today."""
    first = History("2.0", "a", "1 June 7", "ann", JUNE, "bea", date(2026, 6, 2))
    after = History("3.0", "a", "1 June 7", None, JUNE, None, date(2026, 6, 20))
    kept = after.with_what_was_read(first)
    assert (kept.label, kept.author, kept.saved_by, kept.saved_on) == (
        *("3.0", "ann", "bea", date(2026, 6, 2)),
    )
    other = replace(after, identity="b", approval="19 June 7")
    assert other.with_what_was_read(first) == other
    assert after.with_what_was_read(None) == after
    known = replace(after, author="cid", saved_by="dan")
    nothing = replace(first, author=None, saved_by=None, saved_on=None)
    assert known.with_what_was_read(nothing) == known


def test_of_an_approval_an_application_saved_the_day_is_unknown() -> None:
    told = Version("2.0", JUNE, "bea", 10, "Approved", JUNE)
    assert saved(told) == ("bea", JUNE)
    assert saved(replace(told, by=None)) == saved(None) == (None, None)


def test_drafts_count_back_to_the_first() -> None:
    assert from_the_first([Version("1.1", None, None), Version("0.1", None, None)])
    assert not from_the_first([Version("1.1", None, None), Version("0.2", None, None)])


@pytest.mark.parametrize(
    ("data", "known"),
    [  # rclone's test vectors for Microsoft's published algorithm
        ("", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ("Sg==", "SgAAAAAAAAAAAAAAAQAAAAAAAAA="),
    ],
)
def test_the_hash_of_bytes_is_sharepoints(data: str, known: str) -> None:
    assert quick_xor_hash(base64.b64decode(data)) == known


def test_nobody_is_gone_who_is_only_not_known() -> None:
    people = {1: "ann@x", 2: "bob@x", 3: "guest@y"}
    logins = {1: "i:0#.f|membership|ann@x", 2: "i:0#.f|membership|bob@x", 3: "c:0t.c|tenant|id"}
    assert directory_readings([1, 2, 3], logins, {"graph:User.ReadBasic.All"}) == {}
    asked = directory_readings([1, 2, 3, 9], logins, {"graph:User.Read.All"})
    assert sorted(asked) == [1, 2]
    # 9 stands in a person column and the site lists nobody by it; 5 is one of its groups.
    assert gone_people([1, 2, 3, 5, 9], people, {5}, {}, {}) == {"user-9"}
    told = {asked[1]: Answer(200, {"accountEnabled": False}), asked[2]: Answer(404, None)}
    assert gone_people([1, 2, 3], people, (), asked, told) == {"ann@x", "bob@x"}
    # Without the right to see it, the directory leaves the property out.
    told = {asked[1]: Answer(200, {"id": "1"}), asked[2]: Answer(200, {"accountEnabled": True})}
    assert gone_people([1, 2, 3], people, (), asked, told) == set()
