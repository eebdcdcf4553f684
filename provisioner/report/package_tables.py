"""The tables of a package: index, populations and samples, findings, waivers, requests."""

from __future__ import annotations

from typing import Any

from provisioner.report.package_contents import Packaged, PackageFacts
from provisioner.report.tables import Column, Table, Value

API_VERSION = "provisioner/v1"


def index_json(made: PackageFacts) -> dict[str, Any]:
    """The `EvidenceIndex`: every document that belongs to the period, with its digest and place."""
    period = made.period
    days = period.days
    return {
        "apiVersion": API_VERSION,
        "kind": "EvidenceIndex",
        "workspace": made.workspace,
        "client": made.client,
        "site": made.site_url,
        "period": {
            "name": period.name,
            "type": str(period.type),
            "state": str(period.state),
            "from": None if days is None else days.first.isoformat(),
            "to": None if days is None or days.last is None else days.last.isoformat(),
            "criteria": list(period.criteria),
            "judged": period.judged,
        },
        "asOf": made.judgement.today.isoformat(),
        "policy": made.judgement.policy,
        "partial": bool(made.omissions),
        "missing": [one.json() for one in made.omissions],
        "notes": list(made.notes),
        "evidence": [_entry(made, one) for one in made.included],
    }


def _entry(made: PackageFacts, one: Packaged) -> dict[str, Any]:
    held, document = made.prints[one.key], one.document

    def day(value: Any) -> str | None:
        return None if value is None else value.isoformat()

    return {
        "id": one.key,
        "path": one.path,
        "sha256": held.sha256,
        "bytes": held.size,
        "item": document.item,
        "title": "" if one.item is None else one.item.title,
        "part": document.part,
        "populationOrSample": one.sample,
        "criteria": list(one.criteria),
        "document": document.name,
        "version": one.version,
        "contentIdentity": document.identity,
        "periodFrom": day(document.period_from),
        "periodTo": day(document.period_to),
        "activity": one.activity,
        "collectedOn": day(document.collected_on),
        "sourceSystem": document.source_system,
        "queryUsed": document.query_used,
        "rowCount": document.row_count,
        "owner": document.owner,
        "reviewer": document.reviewer,
        "reviewedOn": day(document.reviewed_on),
        "freshness": str(one.said.freshness),
        "freshUntil": day(one.said.fresh_until),
        "waived": list(one.said.waived),
        "library": one.library,
        "location": one.link,
    }


def index_table(made: PackageFacts, *, samples_only: bool = False) -> Table:
    """The index as rows; with `samples_only` the populations and samples, as they were filed."""
    columns = (
        Column("Path"), Column("SHA-256"), Column("Bytes"), Column("Evidence id"), Column("Item"),
        Column("Title"), Column("Part"), Column("Population or sample"), Column("Criteria"),
        Column("Document"), Column("Version"), Column("Content identity"), Column("Period from"),
        Column("Period to"), Column("Activity"), Column("Collected on"), Column("Source system"),
        Column("Query used"), Column("Row count"), Column("Owner"), Column("Reviewer"),
        Column("Reviewed on"), Column("Freshness"), Column("Fresh until"), Column("Waived"),
        Column("Library"), Column("Location"),
    )  # fmt: skip
    entries = [_entry(made, one) for one in made.included if one.sample or not samples_only]
    rows = tuple(
        (
            one["path"], one["sha256"], one["bytes"], one["id"], one["item"], one["title"],
            one["part"], "yes" if one["populationOrSample"] else "no", ", ".join(one["criteria"]),
            one["document"], one["version"], one["contentIdentity"], one["periodFrom"],
            one["periodTo"], one["activity"], one["collectedOn"], one["sourceSystem"],
            one["queryUsed"], one["rowCount"], one["owner"], one["reviewer"], one["reviewedOn"],
            one["freshness"], one["freshUntil"], ", ".join(one["waived"]), one["library"],
            one["location"],
        )
        for one in entries
    )  # fmt: skip
    return Table("Populations and samples" if samples_only else "Evidence index", columns, rows)


def findings_table(made: PackageFacts) -> Table:
    """What is open or waived, the worst first."""
    columns = (
        Column("State"), Column("Severity"), Column("Rule"), Column("Subject"), Column("Item"),
        Column("Document"), Column("What"), Column("Next"), Column("Waiver"),
        Column("Waived until"),
    )  # fmt: skip
    rows = tuple(
        (
            str(one.state), str(one.severity), one.rule, one.subject, one.item, one.document,
            one.message, one.next, _text(one.facts.get("waiver")),
            _text(one.facts.get("waivedUntil")),
        )
        for one in made.verdicts
    )  # fmt: skip
    return Table("Findings", columns, rows)


def findings_json(made: PackageFacts) -> dict[str, Any]:
    """The findings with the facts each rests on."""
    return {
        "apiVersion": API_VERSION,
        "kind": "PackageFindings",
        "workspace": made.workspace,
        "period": made.period.name,
        "asOf": made.judgement.today.isoformat(),
        "policy": made.judgement.policy,
        "findings": [
            {
                "subject": one.subject,
                "item": one.item,
                "document": one.document,
                "rule": one.rule,
                "state": str(one.state),
                "severity": str(one.severity),
                "message": one.message,
                "facts": dict(one.facts),
                "next": one.next,
            }
            for one in made.verdicts
        ],
    }


def waivers_table(made: PackageFacts) -> Table:
    """Every waiver on the list, whatever its state."""
    columns = (
        Column("Waiver"), Column("State"), Column("Item"), Column("Part"), Column("Slot from"),
        Column("Document"), Column("Request"), Column("Row"), Column("Rules"), Column("Reason"),
        Column("Requester"), Column("Approver"), Column("Granted"), Column("Expires"),
    )  # fmt: skip
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            one.id, one.state, one.target.item, one.target.part, one.target.slot_from,
            one.target.document, one.target.request, one.target.row,
            ", ".join(sorted(one.rules)), one.reason, one.requester, one.approver, one.granted,
            one.expires,
        )
        for one in sorted(made.facts.waivers, key=lambda one: one.id)
    )  # fmt: skip
    return Table("Waivers", columns, rows)


def requests_table(made: PackageFacts) -> Table:
    """The auditor's requests of this period, or of none, with what answers them."""
    columns = (
        Column("Request"), Column("Title"), Column("Status"), Column("Requested on"),
        Column("Due"), Column("Delivered on"), Column("Assignee"), Column("Documents"),
    )  # fmt: skip
    paths = {one.key: one.path for one in made.included}
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            one.id, one.title, one.status, one.requested_on, one.due, one.delivered_on,
            one.assignee, "; ".join(paths.get(key, f"{key} (not in here)") for key in one.documents),
        )
        for one in sorted(made.facts.requests, key=lambda one: one.id)
        if one.period in (None, made.period.id)
    )  # fmt: skip
    return Table("Requests", columns, rows)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
