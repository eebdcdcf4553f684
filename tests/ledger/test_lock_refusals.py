"""A lock that was lost: what happened, and the command to run again, whichever it was."""

from __future__ import annotations

import pytest

from provisioner.core.errors import ProvisionerError, Refused, Temporary
from provisioner.ledger.lock_refusals import lost


@pytest.mark.parametrize(
    ("cause", "happened", "next_step"),
    [
        (Refused("LOCKED", "Run 7 works."), "another run took it", "Wait until that run"),
        (Temporary("NO-ANSWER", "No answer."), "not be renewed in time", "Look at the connection"),
        (Refused("SITE-LOCKED", "Locked."), "may not be renewed", "Have an administrator"),
        (ProvisionerError("LOCK-NOT-TAKEN", "Gone."), "not be renewed in time", "Look at the"),
    ],
)
def test_it_says_what_happened_and_what_to_do(
    cause: ProvisionerError, happened: str, next_step: str
) -> None:
    error = lost(cause)
    assert error.code == "LOCK-LOST"
    assert happened in error.message
    assert cause.message in error.message
    assert error.hint.startswith(next_step)
    assert "run the same command again" in error.hint
    assert "apply" not in error.hint
