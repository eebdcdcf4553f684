"""What an apply did, address by address, chained to the receipt before it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from provisioner.core.canonical import digest
from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.resource import Action, Change, FieldChange
from provisioner.core.transport import Stats
from provisioner.engine.drift import stats_json
from provisioner.engine.plan import API_VERSION

Status = Literal["done", "skipped", "failed", "unknown"]
_KEPT_WHOLE = frozenset({Action.DELETE.value, Action.REPLACE.value})
_KEPT_VALUES = frozenset({Action.UPDATE.value, Action.REPLACE.value})


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one change, and what was there before it, so that it can be undone.

    `fields` are the properties of an update; `definition` all the properties of what was removed.
    `run` names the run that did it, where that one was cut off and this one found it done.
    """

    address: str
    action: str
    status: Status
    code: str = ""
    message: str = ""
    request_id: str | None = None
    kind: str = ""
    fields: tuple[FieldChange, ...] = ()
    definition: Mapping[str, Any] = field(default_factory=dict)
    run: str = ""

    def json(self) -> dict[str, Any]:
        """As it stands in a `Receipt`; empty parts left out."""
        parts = {
            "kind": self.kind,
            "code": self.code,
            "message": self.message,
            "requestId": self.request_id,
            "run": self.run,
            "fields": [
                {"path": one.path, "before": one.before, "after": one.after} for one in self.fields
            ],
            "definition": dict(self.definition),
        }
        given = {name: value for name, value in parts.items() if value}
        return {"address": self.address, "action": self.action, "status": self.status, **given}


def result_of(
    change: Change, status: Status, code: str = "", message: str = "", request_id: str | None = None
) -> Result:
    """The result of a change, with what was there before where the change alters or removes it."""
    action = change.action.value
    whole = change.existing.properties if change.existing and action in _KEPT_WHOLE else {}
    return Result(
        change.address,
        action,
        status,
        code,
        message,
        request_id,
        change.kind,
        change.fields if action in _KEPT_VALUES else (),
        whole,
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """One run of apply. `previous` is the digest of the receipt before it, "" for the first.

    `resumes` is a run that was cut off and is taken up by this one; `undoes` one it takes back.
    """

    run_id: str
    workspace: str
    plan_digest: str
    previous: str
    started_at: datetime
    finished_at: datetime
    results: tuple[Result, ...]
    stats: Stats
    resumes: str = ""
    undoes: str = ""

    @property
    def failed(self) -> bool:
        """Whether anything did not get done."""
        return any(result.status != "done" for result in self.results)

    def json(self) -> dict[str, Any]:
        """The `Receipt` document of the command line; `digest` covers all the rest."""
        body: dict[str, Any] = {
            "apiVersion": API_VERSION,
            "kind": "Receipt",
            "runId": self.run_id,
            "workspace": self.workspace,
            "planDigest": self.plan_digest,
            "previous": self.previous,
            **({"resumes": self.resumes} if self.resumes else {}),
            **({"undoes": self.undoes} if self.undoes else {}),
            "startedAt": self.started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "finishedAt": self.finished_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "results": [result.json() for result in self.results],
            "stats": {
                **stats_json(self.stats),
                "seconds": max(0.0, round((self.finished_at - self.started_at).total_seconds(), 3)),
            },
        }
        return {**body, "digest": digest(body)}

    def summary(self) -> dict[str, Any]:
        """The run in a line of the ledger: when, and how many changes of each status."""
        count = Counter(result.status for result in self.results)
        return {
            "runId": self.run_id,
            "finishedAt": self.finished_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "results": dict(sorted(count.items())),
            "digest": self.digest,
            **({"resumes": self.resumes} if self.resumes else {}),
            **({"undoes": self.undoes} if self.undoes else {}),
        }

    @property
    def digest(self) -> str:
        """Digest of everything but itself."""
        return str(self.json()["digest"])


_OURS = re.compile(r"[A-Z]{4,}(-[A-Z]+)*|[A-Z]+(-[A-Z]+)+")
"""Our codes are words in capitals; Microsoft's are numbers or camel case."""
_REFUSALS = frozenset({"PERMISSION-MISSING", "SITE-LOCKED", "LOCKED", "LOCK-LOST"})
_MENDING = {
    "PERMISSION-MISSING": "Have an administrator give the app its permission, then run apply again",
    "SITE-LOCKED": "Have a SharePoint administrator unlock the site, then run apply again",
    "LOCK-LOST": "Run apply again; where another run works, it says so",
    "STOPPED": "Go on with `provisioner apply --resume`",
    "SITE-GONE": "Restore the site from the deleted sites, then run apply again",
}


def unfinished(receipt: Receipt) -> ProvisionerError | None:
    """The error a failed apply ends with; None when everything was done.

    Its code is one of ours: Microsoft's own words for it stay in the message. `Refused` where a
    permission is missing or the lock was lost.
    """
    bad = [r for r in receipt.results if r.status != "done"]
    if not bad:
        return None
    first = next((r for r in bad if r.status != "skipped"), bad[0])
    unknown = sum(r.status == "unknown" for r in bad)
    perhaps = f", or {unknown} of them perhaps" if unknown else ""
    sort = Refused if first.code in _REFUSALS else ProvisionerError
    mend = _MENDING.get(first.code, "Mend the cause and run apply again")
    return sort(
        first.code if _OURS.fullmatch(first.code) else "APPLY-INCOMPLETE",
        f"{len(bad)} of {len(receipt.results)} changes were not done{perhaps}; the first is "
        f"{first.address}: {first.message}",
        hint=f"{mend}: what was done stays and is not repeated.",
        address=first.address,
        request_id=first.request_id,
    )
