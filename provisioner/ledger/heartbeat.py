"""When the scheduled jobs last ran: a row each in a list the team sees, so that a dead scheduler is.

A job cannot say that it does not run any more. So each row says until when it is to be heard of, and
whoever looks next (a person at the list, `status`, a report, the other job) sees that it was not. A
row is rewritten and never added to, always with `If-Match` ("Update an item in a list",
learn.microsoft.com/graph/api/listitem-update: 412 for an ETag that is not the last). How often a job
is to run is people's to say, in the column Every (days); a job without a row, without that or
without a run is not waited for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Envelope, Operation, Outcome, Reading, Transport

JOBS = "job-runs"
"""Key of the list in a workspace file."""
SYNC, DRIFT = "sync", "drift"
_MOST_SLACK = timedelta(days=1)
_TRIES = 3
_CHANGED_MEANWHILE = 412


@dataclass(frozen=True, slots=True)
class JobRun:
    """A row: a job, how many days there are between its runs, and its last run.

    `every` 0: nobody says. `item` and `etag` are the row's own.
    """

    job: str
    every: float = 0
    last: datetime | None = None
    result: str = ""
    item: str = ""
    etag: str = ""

    @property
    def until(self) -> datetime | None:
        """When it counts as silent: half its rhythm late, and never more than a day."""
        return silent_after(self.last, self.every)

    def silent(self, now: datetime) -> bool:
        """Whether it should have been heard of by now."""
        return self.until is not None and now > self.until

    def json(self, now: datetime) -> dict[str, Any]:
        """Its entry in a document of the command line."""
        return {
            "job": self.job,
            "everyDays": self.every or None,
            "lastRun": _moment(self.last),
            "lastResult": self.result or None,
            "silentAfter": _moment(self.until),
            "silent": self.silent(now),
        }

    @property
    def standing(self) -> str:
        """When it last ran and how often it should, after "The scheduled drift"."""
        last = (
            "has not run" if self.last is None else f"last ran on {self.last:%Y-%m-%d at %H:%M} UTC"
        )
        return f"{last}, and should run every {days(self.every)}"

    @property
    def sentence(self) -> str:
        """What JOB-SILENT says of it."""
        return f"The scheduled {self.job} {self.standing}."


def days(count: float) -> str:
    """A rhythm in words: "day", "7 days"."""
    return "day" if count == 1 else f"{count:g} days"


def silent_after(last: datetime | None, every: float) -> datetime | None:
    """The moment after which a job that ran then is late; None where nobody waits for it."""
    if last is None or every <= 0:
        return None
    rhythm = timedelta(days=every)
    return last + rhythm + min(rhythm / 2, _MOST_SLACK)


def job_rows(items: str) -> Reading:
    """The rows; `items` is the Graph path of the list's items.

    Every column, since a list of somebody's own may lack those we would name.
    """
    return Reading(
        "graph",
        f"{items}?$expand=fields&$top=100",
        cost=2,
        absent_ok=True,
        refused_ok=True,
        permission="graph:Sites.Selected/read",
    )


def jobs_in(body: Any) -> tuple[JobRun, ...]:
    """The jobs in an answer, by name; of two rows with one name the first. () where there are none."""
    rows = body.get("value") if isinstance(body, Mapping) else None
    found: dict[str, JobRun] = {}
    for row in rows or ():
        job = _job(row)
        if job.job:
            found.setdefault(job.job, job)
    return tuple(found[name] for name in sorted(found))


def _job(row: Mapping[str, Any]) -> JobRun:
    fields = row.get("fields") or {}
    every = fields.get("EveryDays")
    return JobRun(
        str(fields.get("JobId") or "").strip(),
        every if isinstance(every, int | float) and 0 < every <= _YEARS else 0,
        _read(fields.get("LastRun")),
        str(fields.get("LastResult") or ""),
        str(row.get("id") or ""),
        str(row.get("eTag") or row.get("@odata.etag") or ""),
    )


_YEARS = 3_660
"""The longest rhythm that is taken for one, in days."""


async def job_items(transport: Transport, hostname: str, site_path: str, url: str) -> str:
    """The Graph path of the list's items, found by its server-relative URL; "" where there is none."""
    if not url:
        return ""
    site = f"/sites/{hostname}:{site_path}:"
    lists = Reading(
        "graph",
        f"{site}/lists?$select=id,webUrl&$top=500",
        pages=True,
        permission="graph:Sites.Selected/read",
    )
    body = (await transport.read([lists]))[lists].body
    for row in body.get("value", ()):
        there = unquote(urlsplit(str(row.get("webUrl") or "")).path)
        if there.casefold().rstrip("/") == url.casefold():
            return f"{site}/lists/{row['id']}/items"
    return ""


async def read_jobs(transport: Transport, items: str) -> tuple[JobRun, ...]:
    """The jobs as they stand now; () for no list, or one that we may not read."""
    if not items:
        return ()
    reading = job_rows(items)
    return jobs_in((await transport.read([reading]))[reading].body)


async def beat(transport: Transport, items: str, job: str, now: datetime, result: str) -> str:
    """Note in the job's row that it ran. Gives a sentence about what went wrong, "" for nothing.

    Of two runs that end together both may note it; an earlier one never writes over a later one.
    """
    try:
        return await _beat(transport, items, job, now.replace(microsecond=0), result)
    except ProvisionerError as error:
        return f"That {job} ran could not be noted: {error.message}"


async def _beat(transport: Transport, items: str, job: str, now: datetime, result: str) -> str:
    outcome = Outcome("skipped")
    for _ in range(_TRIES):
        row = _named(await read_jobs(transport, items), job)
        if row is None:
            return (
                f"That {job} ran could not be noted: the site has no row for it in the list that the "
                f"file calls {JOBS}. `provisioner apply` makes list and row, where the file has them."
            )
        if row.last is not None and row.last >= now:
            return ""  # a later run has said so, or the answer to ours was lost
        [[outcome]] = await transport.write([Envelope((_note(items, row, now, result),))])
        if outcome.state == "done":
            return ""
        if outcome.status != _CHANGED_MEANWHILE and outcome.state != "unknown":
            break
    return f"That {job} ran could not be noted: {outcome.message or outcome.code or outcome.state}"


def _named(jobs: Iterable[JobRun], job: str) -> JobRun | None:
    return next((one for one in jobs if one.job == job), None)


def _note(items: str, row: JobRun, now: datetime, result: str) -> Operation:
    fields = {
        "LastRun": _moment(now),
        "LastResult": result,
        "SilentAfter": _moment(silent_after(now, row.every)),
    }
    return Operation(
        "graph",
        "PATCH",
        f"{items}/{row.item}/fields",
        f"list:{JOBS}",
        f"list:{JOBS}",
        fields,
        headers={"If-Match": row.etag},
        permission="graph:Sites.Selected/write",
        what=f"Note that {row.job} ran",
    )


def _moment(when: datetime | None) -> str | None:
    return None if when is None else f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _read(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
