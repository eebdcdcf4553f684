"""What is to be run, when, and with which secrets: the same for every scheduler."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

DRIFT_DAY = "Mon"
"""Drift is checked on this day of the week, an hour after sync."""


@dataclass(frozen=True, slots=True)
class Job:
    """The evidence of one workspace, judged every day and compared with its file once a week.

    `name` is made of a to z, 0 to 9 and hyphens. `workspace` is the path as it stands in a checkout
    or on the machine. `at` is a time of day in `time_zone`. `variables` are the names of environment
    variables the file refers to, and `files` the names of files beside it; `federated`: the app
    signs in with a token the platform gives it, so there is no secret. `package` is what pip installs;
    `heartbeat`: each run notes on the site that it ran.
    """

    name: str
    workspace: str
    at: time
    time_zone: str
    variables: tuple[str, ...]
    files: tuple[str, ...]
    federated: bool
    package: str
    heartbeat: bool = False

    @property
    def beside(self) -> str:
        """What stands before the name of a file beside the workspace: "acme/", or ""."""
        folder, slash, _ = self.workspace.rpartition("/")
        return folder + slash

    @property
    def later(self) -> time:
        """An hour after `at`."""
        return self.at.replace(hour=(self.at.hour + 1) % 24)


def commands(job: Job) -> tuple[tuple[str, str, bool], ...]:
    """Name, arguments and whether it is weekly: what each scheduler runs."""
    more = " --heartbeat" if job.heartbeat else ""
    return (
        ("sync", f"sync {job.workspace} --format json{more}", False),
        ("drift", f"drift {job.workspace} --format json{more}", True),
    )
