"""What the versions of a document tell: who saved its content, and who saved its approval. Pure.

A version that an application saved does not tell who: a flow saves for somebody it does not name, and
the job itself writes over the newest version. What cannot be told is unknown, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from provisioner.sync.vocabulary import ReviewStatus

Who = Callable[[Mapping[str, Any]], str | None]
"""The principal key behind an identity of Graph's; None for an application and for nobody known."""


@dataclass(frozen=True, slots=True)
class History:
    """What is known of one version of a document; the rest is as in `facts.Document`.

    `label`, `identity` and `approval` say of what: the version's label, its content, and the review
    it shows. With the same three nothing is read again.
    """

    label: str
    identity: str
    approval: str
    author: str | None = None
    content_dated: date | None = None
    saved_by: str | None = None
    saved_on: date | None = None

    def with_what_was_read(self, before: History | None) -> History:
        """The same, with what an earlier run read of this content and this approval.

        It read before the job wrote over their versions, so it knows who saved them and when.
        """
        if before is None:
            return self
        told = self
        if before.identity == self.identity and before.author is not None:
            told = replace(told, author=before.author)
        if before.approval == self.approval and before.saved_on is not None:
            told = replace(told, saved_by=before.saved_by, saved_on=before.saved_on)
        return told


@dataclass(frozen=True, slots=True)
class Version:
    """One version. `day` in the site's zone; `size` None where it is not known.

    `by` is a principal key, None for an application. `status` and `reviewed_on` are what it shows.
    """

    label: str
    day: date | None
    by: str | None
    size: int | None = None
    status: str = ""
    reviewed_on: date | None = None


def from_the_first(versions: Sequence[Version]) -> bool:
    """Whether versions, newest first, go back to the very first without a gap."""
    majors = [one.label.partition(".") for one in versions]
    if not majors or any(minor != "0" or not major.isdecimal() for major, _, minor in majors):
        return bool(versions) and versions[-1].label in ("1.0", "0.1")
    numbers = [int(major) for major, _, _ in majors]
    return numbers == list(range(len(numbers), 0, -1))


def content_version(versions: Sequence[Version]) -> Version | None:
    """The newest version whose size differs from the one before it, or the first; None if gone."""
    for newer, older in pairwise(versions):
        if newer.size is None or older.size is None or not _neighbours(newer, older):
            return None
        if newer.size != older.size:
            return newer
    return versions[-1] if from_the_first(versions) else None


def _neighbours(newer: Version, older: Version) -> bool:
    above, below = newer.label.partition("."), older.label.partition(".")
    if above[2] == below[2] == "0" and above[0].isdecimal() and below[0].isdecimal():
        return int(above[0]) == int(below[0]) + 1
    return True


def approval_version(versions: Sequence[Version], reviewed_on: date) -> Version | None:
    """The version that first shows Approved with this Reviewed on; None where it is gone."""
    for place in range(len(versions) - 1, -1, -1):
        one = versions[place]
        if one.status == ReviewStatus.APPROVED and one.reviewed_on == reviewed_on:
            first = place == len(versions) - 1
            before = None if first else versions[place + 1]
            whole = from_the_first(versions) if first else before is not None
            return one if whole and (before is None or _neighbours(one, before)) else None
    return None


def saved(approval: Version | None) -> tuple[str | None, date | None]:
    """Who saved an approval, and when; neither where an application did, which may have been the job."""
    if approval is None or approval.by is None:
        return None, None
    return approval.by, approval.day


def in_force(versions: Sequence[Version], day: date) -> Version | None:
    """The version in force at the end of a day; None where it is gone or was not there yet."""
    for place, one in enumerate(versions):
        if one.day is None:
            return None
        if one.day <= day:
            whole = place == 0 or _neighbours(versions[place - 1], one)
            return one if whole else None
    return None
