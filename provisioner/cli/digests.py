"""Telling people after a run: digests by mail and to a Teams channel. It never fails the run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisioner.cli import settings
from provisioner.cli.workspace import Workspace
from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Transport
from provisioner.ledger.heartbeat import SYNC, JobRun
from provisioner.report.brand import brand_of
from provisioner.report.digest_mail import (
    Place,
    channel_card,
    digest_html,
    digest_text,
    subject,
)
from provisioner.spec.references import resolve
from provisioner.sync.digest import CHANNEL, Digest, Line, Telling, Told, digests, told_after
from provisioner.sync.job import SyncRun
from provisioner.sync.telling import (
    Message,
    fieldwork_days,
    load_told,
    save_told,
    send_mails,
)
from provisioner.sync.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class DigestNote:
    """What became of one digest: `sent`, or on a dry run what would be sent, as `text`."""

    to: str
    subject: str
    new: int
    open: int
    escalated: int
    sent: bool
    text: str

    def json(self) -> dict[str, Any]:
        """Its entry in the receipt."""
        return {
            "to": self.to,
            "subject": self.subject,
            "new": self.new,
            "open": self.open,
            "escalated": self.escalated,
            "sent": self.sent,
        }


@dataclass(frozen=True, slots=True)
class Telltale:
    """All digests of a run, and sentences about what could not be sent."""

    notes: tuple[DigestNote, ...] = ()
    problems: tuple[str, ...] = ()


async def tell(
    transport: Transport, workspace: Workspace, done: SyncRun, *, dry_run: bool
) -> Telltale:
    """Send what is due after a run; on a dry run say what would be sent.

    Nothing is read or sent where the file names no mailbox and no workflow, or says `digest: off`.
    """
    wanted = workspace.settings.notifications
    channel = wanted.teams_workflow_url
    places = done.places
    if wanted.digest == "off" or places is None or not (wanted.mail_from or channel):
        return Telltale()
    try:
        told = await load_told(transport, places)
        days = await fieldwork_days(transport, places, done.facts.periods)
        telling = _telling(workspace, days, done)
        due = digests(done.facts, done.judgement, told, telling) if wanted.mail_from else ()
        card = _card(workspace, done, told, telling) if channel else None
        if dry_run:
            return Telltale(tuple(_note(one, workspace, done, sent=False) for one in due))
        sent, problems = await _mailed(transport, workspace, done, due)
        after = told_after(told, [one for one in due if one.to in sent], done.judgement)
        if card is not None and channel is not None:
            problem = await _posted(workspace, channel, card)
            problems = (*problems, problem) if problem else problems
            if not problem:
                after[CHANNEL] = Told(done.judgement.today)
        if after != told:
            problem = await save_told(transport, places, after)
            if problem:
                problems = (*problems, f"Whom we told could not be kept: {problem}")
    except ProvisionerError as error:
        return Telltale(problems=(f"No digest was sent: {error.message}",))
    notes = tuple(_note(one, workspace, done, sent=one.to in sent) for one in due)
    return Telltale(notes, problems)


def _telling(workspace: Workspace, fieldwork: tuple[Any, ...], done: SyncRun) -> Telling:
    said = workspace.settings
    roles = {
        role: (people,) if isinstance(people, str) else tuple(people)
        for role, people in said.people.items()
    }
    site = workspace.loaded.root.plain().get("site") or {}
    return Telling(
        rhythm=said.notifications.digest,
        owner=str(site.get("owner") or "").removeprefix("user:").lower(),
        roles=roles,
        reviewers={
            item.id: roles.get(item.reviewer_role, ())
            for item in said.evidence
            if item.reviewer_role
        },
        sla_days=said.freshness.review_sla_days,
        holidays=frozenset(said.freshness.holidays),
        fieldwork=fieldwork,
        silent=tuple(_silent(one) for one in done.jobs if one.job != SYNC and one.silent(done.at)),
    )


def _silent(job: JobRun) -> Line:
    return Line(
        key=f"JOB-SILENT {job.job}",
        rule="JOB-SILENT",
        severity=Severity.WARNING,
        what=job.sentence,
        next="Look at the scheduler, and run the command by hand.",
        item=None,
        url="",
        first_told=None,
    )


def _place(workspace: Workspace, done: SyncRun) -> Place:
    scope = workspace.desired.scope
    return Place(
        client=str(workspace.loaded.parameters.get("client") or scope.site_path),
        site_url=f"https://{scope.hostname}{scope.site_path}",
        today=done.judgement.today,
        brand=brand_of(workspace.loaded),
    )


def _card(
    workspace: Workspace, done: SyncRun, told: dict[str, Told], telling: Telling
) -> dict[str, Any] | None:
    """The message to the channel when it is due and there is something to say."""
    last = told.get(CHANNEL)
    if not telling.due(last.on if last is not None else None, done.judgement.today):
        return None
    everybody = digests(done.facts, done.judgement, {}, telling)
    return channel_card(everybody, _place(workspace, done)) if everybody else None


async def _mailed(
    transport: Transport, workspace: Workspace, done: SyncRun, due: Sequence[Digest]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    mail_from = workspace.settings.notifications.mail_from
    if not due or not mail_from:
        return (), ()
    place = _place(workspace, done)
    messages = [
        Message(
            one.to,
            subject(one, place),
            digest_html(one, place),
            digest_text(one, place),
            place.brand.logo,
        )
        for one in due
    ]
    return await send_mails(transport, mail_from, messages)


async def _posted(workspace: Workspace, reference: str, card: dict[str, Any]) -> str:
    """Post to the workflow; "" when it was taken. The address is looked up here and kept nowhere."""
    from provisioner.tenant.workflow import post_workflow

    try:
        address = resolve(reference, os.environ, workspace.loaded.folder)
    except ProvisionerError as error:
        return f"The Teams channel was not told: {error.message} {error.hint}"
    if workspace.settings.tenant.cloud != "emulator":
        return await post_workflow(address, card)
    from provisioner.cli.emulator import emulator_running

    with emulator_running(settings.home()) as environment:
        return await post_workflow(address, card, Path(environment["EMULATOR_CA"]))


def _note(one: Digest, workspace: Workspace, done: SyncRun, *, sent: bool) -> DigestNote:
    place = _place(workspace, done)
    return DigestNote(
        to=one.to,
        subject=subject(one, place),
        new=len(one.new),
        open=len(one.lines),
        escalated=len(one.escalated),
        sent=sent,
        text=digest_text(one, place),
    )
