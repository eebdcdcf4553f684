"""From a workspace to what a scheduler has to run, and the files that make it do so."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path

from provisioner import __version__
from provisioner.cli.schedules.job import Job
from provisioner.cli.workspace import Workspace
from provisioner.core.errors import Usage
from provisioner.spec.workspace import workspace_file

_PACKAGE = "sharepoint-evidence-provisioner"
_PATH = re.compile(r"[A-Za-z0-9._/+-]+")
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")


def job_of(
    opened: Workspace, path: Path, at: str = "06:30", name: str = "", *, heartbeat: bool = False
) -> Job:
    """The job of a workspace whose file stands at `path` where it will run.

    `at` is a time of day, HH:MM, in the site's zone; `name` "" is made from the site's address.
    Raises `Usage` BAD-PATH, BAD-NAME, BAD-TIME.
    """
    file = workspace_file(path)
    written = (file.name if file.is_absolute() else file.as_posix()).removeprefix("./")
    if not _PATH.fullmatch(written):
        raise Usage(
            "BAD-PATH",
            f"The path {written!r} cannot stand in a scheduler's file.",
            hint="Use letters, digits, dots, hyphens and slashes, without spaces.",
        )
    slug = name or _slug(opened.desired.scope.site_path)
    if not _NAME.fullmatch(slug):
        raise Usage(
            "BAD-NAME",
            f"{slug!r} is no name for a job.",
            hint="Give one with --name: a to z, 0 to 9 and hyphens, at most 40.",
        )
    variables, files = _references(opened)
    auth = opened.settings.tenant.auth
    return Job(
        name=slug,
        workspace=written,
        at=_time(at),
        time_zone=opened.desired.scope.time_zone,
        variables=variables,
        files=files,
        federated=auth is not None and auth.method == "federated",
        package=f"{_PACKAGE}=={__version__}",
        heartbeat=heartbeat,
    )


def _references(opened: Workspace) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Variables and files the workspace refers to, and the variables signing in takes without it."""
    variables, files = [], []
    for _, node in opened.loaded.root.walk():
        if isinstance(node.value, str):
            kind, _, rest = node.value.partition(":")
            if kind == "env" and rest.isidentifier():
                variables.append(rest)
            elif kind == "file" and _PATH.fullmatch(rest):
                files.append(rest)
    tenant = opened.settings.tenant
    auth = tenant.auth
    if auth is not None:
        variables += [] if tenant.tenant_id else ["PROVISIONER_TENANT_ID"]
        variables += [] if auth.client_id else ["PROVISIONER_CLIENT_ID"]
        needed = auth.method == "certificate" and not auth.certificate
        variables += ["PROVISIONER_CERTIFICATE"] if needed else []
        needed = auth.method == "secret" and not auth.secret
        variables += ["PROVISIONER_CLIENT_SECRET"] if needed else []
    return tuple(sorted(set(variables))), tuple(sorted(set(files)))


def _time(text: str) -> time:
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if match is None:
        raise Usage("BAD-TIME", f"{text!r} is no time of day.", hint="Write it as 06:30.")
    return time(int(match[1]), int(match[2]))


def _slug(path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", path.rpartition("/")[2].lower()).strip("-")[:40].strip("-")
