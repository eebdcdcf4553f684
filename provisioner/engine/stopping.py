"""A run that somebody ends, with Ctrl-C or by SIGTERM: what it says of itself."""

from __future__ import annotations

from provisioner.core.errors import ProvisionerError


def stopped_by_hand() -> ProvisionerError:
    """Why nothing more was sent, for the receipt of such a run."""
    return ProvisionerError(
        "STOPPED", "the run was stopped.", hint="Go on with `provisioner apply --resume`."
    )
