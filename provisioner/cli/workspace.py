"""From a path on the command line to a loaded workspace and an open way to its tenant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from provisioner.cli import settings
from provisioner.cli.budgets import budget_of, keep_budget
from provisioner.cli.credentials import credentials_of
from provisioner.cli.progress import ConsoleProgress
from provisioner.cli.recording import recording
from provisioner.core.address import split
from provisioner.core.errors import Problem, SpecInvalid, Usage
from provisioner.core.progress import Progress
from provisioner.core.transport import Transport
from provisioner.engine.declare import Declarations, declare, kind_keys
from provisioner.engine.desired import Desired, desired_state
from provisioner.spec.deviations import Deviation, load_deviations
from provisioner.spec.models import Settings
from provisioner.spec.overlay import MOST_PROBLEMS
from provisioner.spec.workspace import Loaded, in_order, read_workspace, workspace_file

if TYPE_CHECKING:
    from provisioner.tenant.credentials import Credentials
    from provisioner.tenant.endpoints import Endpoints


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace file, checked, as of a day."""

    path: Path
    loaded: Loaded
    desired: Desired
    deviations: tuple[Deviation, ...]
    declarations: Declarations

    @property
    def settings(self) -> Settings:
        """The parts of the file that are no resources."""
        assert self.loaded.settings is not None
        return self.loaded.settings

    def declared_lists(self) -> dict[str, tuple[str, str]]:
        """Server-relative URL and title of each declared list and library, by key."""
        return {
            split(resource.address)[1]: (
                str(resource.properties["url"]),
                str(resource.properties["title"]),
            )
            for resource in self.desired.resources.values()
            if resource.kind == "list"
        }


def open_workspace(path: Path, as_of: str | None = None) -> Workspace:
    """Load and check a workspace file or folder.

    Raises:
        SpecInvalid: with every problem found in the file and in what it extends.
        Usage: for a day or a time zone that is none.
    """
    loaded, problems = read_workspace(path, kind_keys=kind_keys())
    if loaded is None:
        raise SpecInvalid(tuple(problems))
    declarations = declare(loaded.root)
    problems = [*problems, *declarations.problems]
    if loaded.settings is None or problems:
        raise SpecInvalid(tuple(in_order(problems, str(workspace_file(path)))[:MOST_PROBLEMS]))
    deviations = load_deviations(loaded.folder)
    zone = declarations.scope("", date.min).time_zone
    today = settings.today(zone, as_of)
    desired = desired_state(loaded, declarations, _hostname(loaded), today)
    return Workspace(path, loaded, desired, tuple(deviations), declarations)


def _hostname(loaded: Loaded) -> str:
    from provisioner.tenant.endpoints import microsoft_endpoints

    assert loaded.settings is not None
    tenant = loaded.settings.tenant
    if tenant.cloud == "emulator":
        return tenant.hostname or "contoso.sharepoint.com"
    if tenant.hostname is None:
        problem = Problem(
            "HOSTNAME-MISSING",
            "The file does not say which SharePoint host the site is on.",
            loaded.root.at(("tenant",)).where,
            "Add `hostname: yourcompany.sharepoint.com` under `tenant:`.",
        )
        raise SpecInvalid((problem,))
    try:
        microsoft_endpoints(tenant.cloud, "", tenant.hostname, "")
    except Usage as wrong:
        where = loaded.root.at(("tenant", "hostname")).where
        raise SpecInvalid((Problem(wrong.code, wrong.message, where, wrong.hint),)) from None
    return tenant.hostname


@asynccontextmanager
async def transport_to(workspace: Workspace, progress: Progress) -> AsyncIterator[Transport]:
    """An open way to the workspace's site; closed on leaving.

    With `cloud: emulator` a local tenant is started inside this process, unless one is serving.
    """
    from provisioner.tenant.client import open_client

    shown = progress if isinstance(progress, ConsoleProgress) else None
    with reach(workspace) as (endpoints, credentials):
        app, now = (credentials.tenant_id, credentials.client_id), settings.now()
        local = credentials.cloud == "emulator"
        shared = shown.console.budgets if shown else {}
        async with open_client(
            endpoints,
            credentials,
            progress=progress,
            budget=budget_of(shared, app, None if local else settings.home(), now),
            learnt=None if local else lambda units: keep_budget(settings.home(), *app, units, now),
            tell=shown.tell if shown else None,
            between=(
                recording(workspace.loaded, workspace.desired, shown.console) if shown else None
            ),
        ) as client:
            yield client


@contextmanager
def reach(workspace: Workspace) -> Iterator[tuple[Endpoints, Credentials]]:
    """The addresses of the workspace's site, and who signs in there; nothing is sent to it.

    Raises `ProvisionerError` SIGN-IN-MISSING, `Usage` CLOUD-UNKNOWN.
    """
    from provisioner.tenant.endpoints import emulator_endpoints, microsoft_endpoints

    tenant, site_path = workspace.settings.tenant, workspace.desired.scope.site_path
    if tenant.cloud == "emulator":
        from provisioner.cli.emulator import emulator_running

        with emulator_running(settings.home()) as environment:
            yield (
                emulator_endpoints(
                    environment["EMULATOR_URL"],
                    environment["EMULATOR_CA"],
                    environment["EMULATOR_TENANT_ID"],
                    site_path,
                    workspace.desired.scope.hostname,
                ),
                _emulator_credentials(workspace, environment),
            )
        return
    credentials = credentials_of(workspace.loaded)
    yield (
        microsoft_endpoints(
            tenant.cloud, credentials.tenant_id, workspace.desired.scope.hostname, site_path
        ),
        credentials,
    )


def _emulator_credentials(workspace: Workspace, environment: dict[str, str]) -> Credentials:
    """The emulator's own app registration, unless the file names another way to sign in."""
    from provisioner.tenant.credentials import Credentials

    if workspace.settings.tenant.auth is not None:
        return credentials_of(workspace.loaded, environment["EMULATOR_TENANT_ID"])
    return Credentials(
        cloud="emulator",
        tenant_id=environment["EMULATOR_TENANT_ID"],
        client_id=environment["EMULATOR_CLIENT_ID"],
        method="certificate",
        certificate=environment["EMULATOR_CERTIFICATE"],
    )
