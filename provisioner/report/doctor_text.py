"""What `provisioner doctor` found, for a terminal and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from provisioner.core.check import Check

_WORDS = {"pass": "pass", "fail": "FAIL", "unknown": "cannot tell"}


def doctor_json(workspace: str, site: str, app: str, checks: Sequence[Check]) -> dict[str, Any]:
    """The `Doctor` document of the command line."""
    count = Counter(check.state for check in checks)
    return {
        "apiVersion": "provisioner/v1",
        "kind": "Doctor",
        "workspace": workspace,
        "site": site,
        "app": app,
        "checks": [check.json() for check in checks],
        "summary": {state: count[state] for state in ("pass", "fail", "unknown")},
    }


def doctor_text(site: str, checks: Sequence[Check]) -> str:
    """Each check on a line, and under it what to do."""
    lines = [site]
    width = max(len(check.title) for check in checks)
    above = ""
    for check in checks:
        code = f"  {check.code}" if check.code else ""
        lines.append(f"  {_WORDS[check.state]:<11}  {check.title:<{width}}  {check.found}{code}")
        if check.fix:
            fix = "as above" if check.fix == above else check.fix
            lines.append(f"  {'':<11}  {'':<{width}}  -> {fix}")
            above = check.fix
    failed = sum(check.state == "fail" for check in checks)
    unknown = sum(check.state == "unknown" for check in checks)
    said = [f"{failed} failed"] if failed else []
    said += [f"{unknown} cannot be told"] if unknown else []
    lines += ["", ", ".join(said) + "." if said else "Everything is as it should be."]
    return "\n".join(lines)


def doctor_exit_code(checks: Sequence[Check]) -> int:
    """0 where nothing failed, 3 where all that failed is a permission, else 1."""
    failed = [check for check in checks if check.state == "fail"]
    if not failed:
        return 0
    return 3 if all(check.refused for check in failed) else 1
