"""What an answer that says "not now" means, for readings and changes alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.tenant import problems
from provisioner.tenant.governor import Governor
from provisioner.tenant.limits import THROTTLED, wait_asked
from provisioner.tenant.retry import Again, RetryPolicy


def again_if_busy(
    statuses: frozenset[int],
    status: int,
    headers: Mapping[str, str],
    body: Any,
    policy: RetryPolicy,
    governor: Governor,
) -> Again | None:
    """When to send it again, if the service is busy; None when the answer is to be taken.

    `statuses` are those that mean busy: fewer for a change than for a reading, since after a 504
    nobody knows whether a change was made. The governor hears every answer, and of every wait.
    """
    governor.heard(headers)
    if status not in statuses and not problems.is_provisioning(status, body):
        return None
    wait = wait_asked(status, headers, policy.wall())
    throttled = status in THROTTLED
    if throttled and wait:
        governor.refused(wait)
    return Again(
        f"Microsoft 365 is busy (HTTP {status}).", status=status, wait=wait, throttled=throttled
    )
