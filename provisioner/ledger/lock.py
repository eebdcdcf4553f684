"""Who works on a site: one item of a hidden list, as a value. Pure.

The item is rewritten and never deleted, always with `If-Match`, so that of two who want it one gets
it ("Update an item in a list", learn.microsoft.com/graph/api/listitem-update: 412 for an ETag that
is not the last). A lease is counted from the item's own time of change to the `Date` of an answer,
both by the service's clock: a wrong clock here does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from provisioner.core.transport import Reading

LOCK_URL = "ProvisionerLock"
LOCK_KEY = "provisioner-lock"
LEASE = timedelta(seconds=120)
_MOST_HOST = 60
_RUN = re.compile(r"[A-Za-z0-9._-]{1,80}")
"""A run's name is part of the names of files, here and on the site; people may write the item's title."""
_NUMBER = re.compile(r"[0-9]{1,9}")
"""Characters kept of a host name: the whole is the title of an item, which holds 255."""
_ITEM = "items?$expand=fields($select=Title)&$top=1"
Standing = Literal["free", "dead", "expired", "alive"]


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a run runs.

    `boot` is another after each start of the machine; `alive` says of a run and its process id
    here whether it is still under way.
    """

    host: str
    pid: int
    boot: str
    alive: Callable[[str, int], bool]


@dataclass(frozen=True, slots=True)
class Holder:
    """What the item says: who holds the lock, or who held it last.

    `prior` is a run that was cut off, for as long as no later one has stored its plan; with a lock
    that is free, one that ended without recording what it made.
    `beat` counts the renewals, so that each one changes the item.
    """

    run: str
    host: str = ""
    pid: int = 0
    boot: str = ""
    prior: str = ""
    beat: int = 0
    free: bool = False

    @property
    def text(self) -> str:
        """The item's title, in words a person can read."""
        state = "free" if self.free else "held"
        host = "".join(self.host.split())[:_MOST_HOST] or "-"
        return (
            f"{state} run={self.run} host={host} pid={self.pid} boot={self.boot or '-'} "
            f"prior={self.prior or '-'} beat={self.beat}"
        )

    def renewed(self) -> Holder:
        """The same, a beat later."""
        return replace(self, beat=self.beat + 1)

    def released(self, unfinished: str = "") -> Holder:
        """The lock laid down; `unfinished` is a run whose work is not recorded in the ledger."""
        return replace(self, prior=unfinished, beat=self.beat + 1, free=True)


def holder_of(text: str) -> Holder:
    """Read an item's title. What is none of ours counts as held by nobody known, until it expires."""
    state, _, rest = text.strip().partition(" ")
    words = dict(word.partition("=")[::2] for word in rest.split())
    if state not in {"free", "held"} or not _RUN.fullmatch(words.get("run", "")):
        return Holder("?")

    def word(name: str) -> str:
        value = words.get(name, "-")
        return "" if value == "-" else value

    def number(name: str) -> int:
        return int(words[name]) if _NUMBER.fullmatch(words.get(name, "")) else 0

    return Holder(
        words["run"],
        word("host"),
        number("pid"),
        word("boot"),
        word("prior") if _RUN.fullmatch(word("prior")) else "",
        number("beat"),
        state == "free",
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """The item as it was read: its number, its ETag, who holds it, and since when by the service."""

    item: str
    etag: str
    holder: Holder
    since: datetime

    @property
    def until(self) -> datetime:
        """When the lease ends unless it is renewed."""
        return self.since + LEASE


def lock_by_path(hostname: str, site_path: str) -> Reading:
    """The item by the list's name alone, before any id is known."""
    return Reading(
        "graph",
        f"/sites/{hostname}:{site_path}:/lists/{LOCK_URL}/{_ITEM}",
        cost=2,
        absent_ok=True,
        permission="graph:Sites.Selected/read",
    )


def lock_by_id(site_id: str, list_id: str) -> Reading:
    """The item by ids: for a list that somebody renamed, and for looking again."""
    return Reading(
        "graph",
        f"/sites/{site_id}/lists/{list_id}/{_ITEM}",
        cost=2,
        absent_ok=True,
        permission="graph:Sites.Selected/read",
    )


def seen_in(body: Any) -> Seen | None:
    """The item in an answer to one of the readings; None while there is none."""
    rows = body.get("value") if isinstance(body, Mapping) else None
    if not rows:
        return None
    row = rows[0]
    etag = str(row.get("eTag") or row.get("@odata.etag") or "")
    changed = str(row.get("lastModifiedDateTime") or "1970-01-01T00:00:00Z")
    title = str((row.get("fields") or {}).get("Title") or "")
    return Seen(str(row["id"]), etag, holder_of(title), datetime.fromisoformat(changed))


def service_time(headers: Mapping[str, str]) -> datetime | None:
    """The service's clock, from the `Date` of an answer; None where it names none."""
    try:
        return parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, OverflowError):
        return None


def standing(seen: Seen, machine: Machine, now: datetime | None) -> Standing:
    """What a lock that was seen is worth; `now` is the service's clock, None when it is not known.

    A process of this machine that is gone, or from before it was started, is dead at once.
    """
    holder = seen.holder
    if holder.free:
        return "free"
    here = bool(holder.boot) and holder.host == _here(machine.host)
    if here and (holder.boot != machine.boot or not machine.alive(holder.run, holder.pid)):
        return "dead"
    if now is not None and now > seen.until:
        return "expired"
    return "alive"


def _here(host: str) -> str:
    return "".join(host.split())[:_MOST_HOST]
