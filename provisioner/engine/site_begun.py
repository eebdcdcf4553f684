"""A run that made the site and was cut off before it could store its plan there.

Nothing on the site says then that it is ours. The journal on the machine that ran it does: it names
what was absent before. From another machine such a site is adopted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from provisioner.core.address import SITE
from provisioner.core.resource import Action
from provisioner.engine.desired import Desired
from provisioner.engine.journal import is_held, journal_lines
from provisioner.engine.observe import Observed
from provisioner.engine.plan import Plan
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
    for path in sorted(journals.glob("*.jsonl"), reverse=True):  # a run's id begins with its time
        lines = journal_lines(path)
        first = lines[0] if lines else {}
        if first.get("workspace") != desired.name or first.get("site") not in {None, place}:
            continue
        sent = [part["address"] for one in lines for each in one.get("intent", ()) for part in each]
        if SITE in sent and first.get("creates") and not is_held(path):
            return replace(observed, unfinished=_begun(first))
        if any("stored" in one for one in lines):
            return observed  # what came later was recorded; that record is gone
    return observed


def _begun(first: Mapping[str, Any]) -> Unfinished:
    changes = [{"address": one, "action": Action.CREATE.value} for one in first["creates"]]
    plan = {"digest": first["plan"], "specDigest": first["spec"], "changes": changes}
    return Unfinished(str(first["run"]), plan)
