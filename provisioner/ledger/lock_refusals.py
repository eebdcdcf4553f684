"""Why a lock was not taken, or was lost: the errors, as sentences."""

from __future__ import annotations

from datetime import datetime

from provisioner.core.errors import ProvisionerError, Refused
from provisioner.core.transport import Outcome
from provisioner.ledger.lock import LEASE

NOT_ALLOWED = frozenset({"PERMISSION-MISSING", "SITE-LOCKED"})
"""What only an administrator can mend."""


def taken(run: str, host: str, pid: int, until: datetime) -> Refused:
    """The refusal that names who works on the site, since when, and until when."""
    whose = f"run {run} on {host} (process {pid})" if host else f"run {run}"
    return Refused(
        "LOCKED",
        f"Another run works on this site: {whose}{_begun(run)}. It gave a sign of life at "
        f"{until - LEASE:%H:%M:%S} UTC; without another its lock ends at {until:%Y-%m-%d %H:%M:%S} UTC.",
        hint=f"Wait until it has ended. If you know that it is dead, `provisioner apply … --break-lock "
        f"{run}` breaks exactly its lock.",
    )


def _begun(run: str) -> str:
    """When it began, by its own machine's clock: its name says so."""
    try:
        moment = datetime.strptime(run.partition("-")[0], "%Y%m%dT%H%M%S%z")
    except ValueError:
        return ""
    return f", begun at {moment:%Y-%m-%d %H:%M:%S} UTC"


def beginning() -> Refused:
    """The refusal for a first run that meets another first run."""
    return Refused(
        "LOCKED",
        "Another run has just begun on this site: it made the list that holds the lock.",
        hint="Wait until it has ended, then run this again.",
    )


def unwritten(outcome: Outcome) -> ProvisionerError:
    """Microsoft did not let the item be written."""
    refused = outcome.code in NOT_ALLOWED
    return (Refused if refused else ProvisionerError)(
        outcome.code if refused else "LOCK-NOT-TAKEN",
        f"The lock of this site could not be written: {outcome.message or outcome.code}",
        hint="Without the lock nothing is changed."
        if refused
        else "Run the same command again; without the lock nothing is changed.",
        request_id=outcome.request_id,
    )


def between(run: str) -> Refused:
    """Another run came and went between reading and taking the lock."""
    return Refused(
        "RUN-BETWEEN",
        f"Another run, {run}, worked on this site after it was read.",
        hint="Run the same command again: it reads the site anew.",
    )


def not_that(run: str, instead: str) -> Refused:
    """`--break-lock` named a run that does not hold the lock."""
    return Refused(
        "LOCK-NOT-THAT",
        f"The lock of this site is not that of run {run}: {instead}. Nothing was broken.",
        hint="Run apply without --break-lock; it names who holds the lock, if anybody does.",
    )


def lost(cause: ProvisionerError) -> Refused:
    """The lock is not ours any more: somebody took it, or nobody answered until it had ended."""
    if not isinstance(cause, Refused):
        why = "it could not be renewed in time"
        first = "Look at the connection, then run"
    elif cause.code in NOT_ALLOWED:
        why, first = (
            "it may not be renewed any more",
            "Have an administrator put that right, then run",
        )
    else:
        why, first = "another run took it", "Wait until that run has ended, then run"
    return Refused(
        "LOCK-LOST",
        f"The lock of this site was lost while we worked, so we stopped: {why}. {cause.message}",
        hint=f"{first} the same command again. What was done is found on the site and not "
        "repeated.",
        request_id=cause.request_id,
    )
