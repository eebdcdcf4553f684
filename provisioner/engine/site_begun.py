"""A run that made the site and was cut off before it could store its plan there.

Nothing on the site says then that it is ours. The journal on the machine that ran it does: it names
what was absent before. From another machine such a site is adopted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from provisioner.core.address import SITE
from provisioner.core.resource import Action
from provisioner.engine.desired import Desired
from provisioner.engine.journal import is_held, journal_lines
from provisioner.engine.observe import Observed
from provisioner.engine.plan import Plan
from provisioner.ledger.store import LEDGER_FILE
from provisioner.ledger.unfinished import Unfinished


def what_it_makes(signed: Plan, desired: Desired) -> Mapping[str, Any]:
    """What the journal says of a plan that makes the site: addresses alone, no words of anybody."""
    created = [c.address for c in signed.changes if c.action is Action.CREATE]
    if SITE not in created:
        return {}
    return {"site": _place(desired), "spec": signed.spec_digest, "creates": created}


def _place(desired: Desired) -> str:
    return f"{desired.scope.hostname}{desired.scope.site_path}"


def with_site_begun(observed: Observed, desired: Desired, journals: Path) -> Observed:
    """The site as it was read, with the run of this machine that made it and recorded nothing."""
    recorded = observed.ledger.present or observed.unfinished is not None
    if not observed.site_exists or recorded:
        return observed
    place = _place(desired)
    for path in sorted(journals.glob("*.jsonl"), key=_age, reverse=True):
        lines = journal_lines(path)
        first = lines[0] if lines else {}
        if first.get("workspace") != desired.name or first.get("site") not in {None, place}:
            continue
        if _recorded(lines):
            return observed  # what it made stood in a ledger, which is gone, as that site may be
        sent = {part["address"] for one in lines for part in _parts(one)}
        if SITE in sent and first.get("creates") and not is_held(path):
            return replace(observed, unfinished=_begun(first))
    return observed


def _age(journal: Path) -> tuple[int, str]:
    """The newest last: by when it was written, since two runs' ids may name the same second."""
    return journal.stat().st_mtime_ns, journal.name


def _begun(first: Mapping[str, Any]) -> Unfinished:
    changes = [{"address": one, "action": Action.CREATE.value} for one in first["creates"]]
    plan = {"digest": first["plan"], "specDigest": first["spec"], "changes": changes}
    return Unfinished(str(first["run"]), plan, here_alone=True)


def _recorded(lines: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the run wrote the ledger, by its journal."""
    written = {
        one["wave"] for one in lines for part in _parts(one) if f"/{LEDGER_FILE}:" in part["path"]
    }
    return any(
        outcome["state"] == "done"
        for one in lines
        if one.get("wave") in written
        for outcomes in one.get("outcome", ())
        for outcome in outcomes
    )


def _parts(line: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [part for envelope in line.get("intent", ()) for part in envelope]
