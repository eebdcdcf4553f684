"""What an apply did, address by address, chained to the receipt before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from provisioner.core.canonical import digest
from provisioner.core.transport import Stats
from provisioner.engine.drift import stats_json
from provisioner.engine.plan import API_VERSION

Status = Literal["done", "skipped", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one change."""

    address: str
    action: str
    status: Status
    code: str = ""
    message: str = ""
    request_id: str | None = None

    def json(self) -> dict[str, Any]:
        """As it stands in a `Receipt`; empty parts left out."""
        parts = {"code": self.code, "message": self.message, "requestId": self.request_id}
        given = {name: value for name, value in parts.items() if value}
        return {"address": self.address, "action": self.action, "status": self.status, **given}


@dataclass(frozen=True, slots=True)
class Receipt:
    """One run of apply. `previous` is the digest of the receipt before it, "" for the first."""

    run_id: str
    workspace: str
    plan_digest: str
    previous: str
    started_at: datetime
    finished_at: datetime
    results: tuple[Result, ...]
    stats: Stats

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
            "startedAt": self.started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "finishedAt": self.finished_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "results": [result.json() for result in self.results],
            "stats": {
                **stats_json(self.stats),
                "seconds": round((self.finished_at - self.started_at).total_seconds(), 3),
            },
        }
        return {**body, "digest": digest(body)}

    @property
    def digest(self) -> str:
        """Digest of everything but itself."""
        return str(self.json()["digest"])
