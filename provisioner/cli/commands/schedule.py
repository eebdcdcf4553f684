"""`provisioner schedule`: ready files for a scheduler."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provisioner import __version__
from provisioner.cli.shared_options import HERE, WorkspacePath, console_of
from provisioner.core.errors import Usage

if TYPE_CHECKING:
    from provisioner.cli.schedules.job import Job
    from provisioner.cli.workspace import Workspace

Kind = Literal["cron", "systemd", "github", "azure-devops", "kubernetes", "container-apps"]
_PACKAGE = "sharepoint-evidence-provisioner"
_PATH = re.compile(r"[A-Za-z0-9._/+-]+")
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schedule")(schedule)


def schedule(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="Which scheduler.", show_default=False)],
    workspace: WorkspacePath = HERE,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("schedule"),
    at: Annotated[
        str, typer.Option("--at", help="Time of day, HH:MM, in the site's zone.")
    ] = "06:30",
    name: Annotated[
        str, typer.Option("--name", help="Name of the jobs; the site's own when left out.")
    ] = "",
) -> int:
    """Write files that run sync every day and drift every Monday. Findings count as a success.

    Nothing is installed and no secret is written: each file says where its secrets are kept.
    """
    from provisioner.cli.schedules.kinds import KINDS
    from provisioner.cli.workspace import open_workspace

    job = _job(open_workspace(workspace), workspace, at, name)
    for path, text in KINDS[kind](job).items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8", newline="\n")
        if path.endswith(".sh"):
            target.chmod(0o755)
        console_of(context).out(str(target))
    return 0


def _job(opened: Workspace, path: Path, at: str, name: str) -> Job:
    from provisioner.cli.schedules.job import Job
    from provisioner.spec.workspace import workspace_file

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
