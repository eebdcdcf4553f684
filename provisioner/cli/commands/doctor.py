"""`provisioner doctor`: what stands between this machine and the client's site, and the fix."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from provisioner.cli.shared_options import HERE, TextOrJson, WorkspacePath, console_of, run
from provisioner.core.check import Check
from provisioner.core.errors import ProvisionerError

if TYPE_CHECKING:
    from provisioner.cli.workspace import Workspace
    from provisioner.engine.permissions import App
    from provisioner.tenant.credentials import Credentials
    from provisioner.tenant.endpoints import Endpoints


_PATIENCE_SECONDS = 10.0


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    context: typer.Context,
    workspace: WorkspacePath = HERE,
    app: Annotated[
        Literal["provisioner", "sync"],
        typer.Option("--for", help="Which app signs in here: provisioner or sync."),
    ] = "provisioner",
    output: TextOrJson = "text",
) -> int:
    """Check sign-in, consent, permissions, reachability, clock and limits. Changes nothing.

    Exit code 0 when nothing failed, 3 when all that failed is a permission, else 1.
    """
    from provisioner.cli.progress import ConsoleProgress
    from provisioner.cli.workspace import open_workspace, reach
    from provisioner.engine.permissions import permissions
    from provisioner.report.doctor_text import doctor_exit_code, doctor_json, doctor_text

    console = console_of(context)
    opened = open_workspace(workspace)
    mailbox = opened.settings.notifications.mail_from or ""
    wanted = permissions(opened.desired, mailbox=mailbox)
    who = next(one for one in wanted.apps if one.key == app)
    with reach(opened) as (endpoints, credentials):
        tell = ConsoleProgress(console).tell
        checks = _examined(endpoints, credentials, who, opened, tell)
        state = {one.name: one.state for one in checks}
        if state["limits"] == "fail":
            checks.append(Check("ledger", "Ledger", "unknown", "The tenant is too busy to say."))
        elif state["site-graph"] == "pass":
            checks.append(run(_ledger(endpoints, credentials)))
    if output == "json":
        console.out_json(doctor_json(opened.desired.name, wanted.site_url, who.key, checks))
    else:
        console.out(doctor_text(wanted.site_url, checks))
    return doctor_exit_code(checks)


def _examined(
    endpoints: Endpoints,
    credentials: Credentials,
    who: App,
    opened: Workspace,
    tell: Callable[[str], None],
) -> list[Check]:
    from provisioner.cli import settings
    from provisioner.cli.budgets import known_budget
    from provisioner.engine.fitness import (
        consent_check,
        lock_check,
        mail_check,
        missing_site_check,
        role_check,
        zone_check,
    )
    from provisioner.kinds.site_zone import REGION
    from provisioner.tenant.examination import Examination

    approval = any(
        resource.properties.get("approval")
        for resource in opened.desired.resources.values()
        if resource.kind == "list"
    )
    app = (credentials.tenant_id, credentials.client_id)
    budget = known_budget(settings.home(), *app, settings.now())
    with Examination(endpoints, credentials, now=settings.now, tell=tell, budget=budget) as look:
        checks = [*look.network(), look.certificate(), *look.tokens()]
        asked = look.site()
        seen = look.seen
        there = seen.status == 200
        # An app that may see no site of its own is told 403 of one that is there.
        checks.append(consent_check(who, seen.roles, site_there=there or seen.status == 403))
        if seen.status == 404:
            asked = [one for one in asked if not one.name.startswith("site-")]
            adopted = opened.desired.resources["site"].extra.get("create") == "never"
            checks.append(missing_site_check(who, seen.roles, adopted=adopted))
        checks += asked
        if there:
            checks.append(role_check(who, seen.site_role, approval=approval))
        if seen.site_role:
            checks.append(lock_check(look.told("/_api/site?$select=ReadOnly,LockIssue")))
            checks.append(zone_check(look.told(REGION.path), opened.desired.scope))
        checks.append(mail_check(who.mailbox, seen.roles))
    return checks


async def _ledger(endpoints: Endpoints, credentials: Credentials) -> Check:
    """Whether our own records on the site can be read, and nobody is stuck at work there."""
    from provisioner.ledger.history import ledger_at
    from provisioner.tenant.client import open_client

    name, title = "ledger", "Ledger"
    try:
        # A tenant that asks us to wait longer has said enough.
        async with open_client(endpoints, credentials, deadline=_PATIENCE_SECONDS) as client:
            ledger, lock = await ledger_at(client, client.hostname, client.site_path)
    except ProvisionerError as problem:
        if problem.code == "LEDGER-MISSING":
            return Check(name, title, "pass", "There is none yet; the first apply makes it.")
        state: Literal["fail", "unknown"] = (
            "fail" if problem.code == "LEDGER-UNREADABLE" else "unknown"
        )
        return Check(name, title, state, problem.message, problem.hint, problem.code)
    found = f"It can be read. Recorded parts: {len(ledger.objects)}; runs: {len(ledger.runs)}."
    if lock is not None and not lock.holder.free:
        found += f" Run {lock.holder.run} holds the lock until {lock.until:%Y-%m-%d %H:%M} UTC."
    elif lock is not None and lock.holder.prior:
        return Check(
            name,
            title,
            "pass",
            f"{found} Run {lock.holder.prior} was cut off.",
            "`provisioner apply --resume` takes it up.",
        )
    return Check(name, title, "pass", found)
