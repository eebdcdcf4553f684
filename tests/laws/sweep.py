"""One applied workspace, its properties changed by an outsider, and what a drift check says of it.

The site is made once and kept as a snapshot of the emulator; each trial starts from it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tampering_columns
import tampering_lists
import tampering_site
from outsider import Outsider, Send
from tampering import At, Why, sort_of, tampering

from provisioner.cli.emulator import ControlPlane
from provisioner.cli.operations import differences
from provisioner.cli.workspace import Workspace, open_workspace, transport_to
from provisioner.core.progress import Silent
from provisioner.core.resource import Resource
from provisioner.core.transport import Bindings, Transport
from provisioner.engine.observe import observe

WAYS = (tampering_columns, tampering_lists, tampering_site)
"""Where it is said how each property is changed; imported so that it is known."""
SNAPSHOT = "tamper-sweep"
SILENT_KINDS = frozenset({"principal"})
"""Kinds of which there is no finding of their own: who is named, is looked up before it is used."""
Finding = tuple[str, str, str]
"""Code, address and path of what a drift check found."""


@dataclass(frozen=True)
class Trial:
    """One property of one resource."""

    address: str
    path: str
    kind: str

    @property
    def sort(self) -> tuple[str, str]:
        """Kind and property, where the columns of a content type and the values of a row are one."""
        whole = self.kind == "item" or (self.kind == "defaultValues" and self.path != "(url)")
        return self.kind, "*" if whole else sort_of(self.path)


def trials(resources: Mapping[str, Resource]) -> list[Trial]:
    """Every property that the product compares, of every resource but our own records."""
    return [
        Trial(address, path, one.kind)
        for address, one in resources.items()
        for path in one.properties
        if not address.startswith("list:provisioner-")
    ]


def expected(trial: Trial) -> tuple[str, str]:
    """Address and path of the one finding; what is gone is found as a whole."""
    return trial.address, "" if trial.kind == "folder" else trial.path


def only(changed: list[Trial], found: set[tuple[str, str]]) -> bool:
    """Whether what was changed was found, and nothing else but what cannot be parted from it.

    A column of another type has not the words of its own type, so those may be named with it. The
    link that SharePoint lists a library under by itself is nobody's once the library is called
    otherwise, or is not to be listed.
    """
    sorts = {one.sort for one in changed}
    retyped = {one.address for one in changed if one.sort == ("column", "type")}
    wanted = {expected(one) for one in changed}
    more = {one for one in found - wanted if one[0] not in retyped}
    if sorts & {("list", "title"), ("list", "quickLaunch")}:
        more = {one for one in more if not (one[0].startswith("navigation:") and one[1] == "")}
    return wanted <= found and not more


def named(found: set[Finding]) -> set[tuple[str, str]]:
    return {(address, path) for _, address, path in found}


@dataclass
class Sweep:
    """An applied workspace, and an outsider who changes it."""

    workspace: Workspace
    control: ControlPlane
    outsider: Outsider
    runner: asyncio.Runner
    transport: Transport
    ids: Bindings

    @property
    def resources(self) -> Mapping[str, Resource]:
        return self.workspace.desired.resources

    def findings(self) -> set[Finding]:
        """What a drift check says now."""
        observed = self.runner.run(observe(self.transport, self.workspace.desired, Silent()))
        report = differences(self.workspace, observed, self.transport.stats)
        return {(one.code, one.address, one.path) for one in report.findings}

    def requests(self, trial: Trial) -> Sequence[Send] | Why:
        """What changes this property and nothing else, or why nothing does."""
        resource = self.resources[trial.address]
        return tampering(At(resource, trial.path, self.ids, self.resources, self.outsider))

    def again(self) -> None:
        """The site as it was applied."""
        self.control.call("POST", "restore", {"id": SNAPSHOT})

    def change(self, trial: Trial) -> Why | None:
        """Change this property; or why it is not changed."""
        sends = self.requests(trial)
        if isinstance(sends, Why):
            return sends
        for one in sends:
            self.outsider(one)
        return None


@contextmanager
def sweeping(file: Path, control: ControlPlane, environment: Mapping[str, str]) -> Iterator[Sweep]:
    """A sweep over the workspace of `file`, which is applied already.

    `environment` is what an app with full control on the emulator signs in with.
    """
    workspace = open_workspace(file)
    outsider = Outsider(environment, workspace.desired.scope.site_path)
    control.call("POST", "snapshot", {"name": SNAPSHOT})
    with asyncio.Runner() as runner:
        way = transport_to(workspace, Silent())
        transport = runner.run(way.__aenter__())
        try:
            observed = runner.run(observe(transport, workspace.desired, Silent()))
            yield Sweep(workspace, control, outsider, runner, transport, observed.bindings())
        finally:
            runner.run(way.__aexit__(None, None, None))
            outsider.close()
