"""Facts for the cases that were written by hand: what a case does not mention is in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from provisioner.sync.facts import (
    Attestation,
    AuditPeriod,
    Document,
    EvidenceFacts,
    ExpectedItem,
    ItemTerms,
    LibraryState,
    Request,
    Risk,
    Waiver,
    WaiverTarget,
)
from provisioner.sync.stamped import Clock
from provisioner.sync.vocabulary import Cadence, Kind, PeriodState, ReportType


def facts_of(given: Mapping[str, Any]) -> EvidenceFacts:
    """What a case gives, with everything it does not mention in order."""
    documents = given.get("documents") or [
        one for one in (given.get("document"),) if one is not None
    ]
    periods = given["periods"] if "periods" in given else [given.get("period", {})]
    risks = given.get("risks")
    return EvidenceFacts(
        documents=tuple(_document(number, one) for number, one in enumerate(documents, 1)),
        items=(_item(given["item"]),),
        periods=tuple(_period(one) for one in periods),
        waivers=(_waiver(given["waiver"]),) if "waiver" in given else (),
        requests=(_request(given["request"]),) if "request" in given else (),
        vendor_bridges=given.get("vendors", {}),
        gone=(_document(7, given["left"]),) if "left" in given else (),
        people_gone=frozenset(given.get("people_gone", ())),
        risks=None if risks is None else {key: Risk(key, word) for key, word in risks.items()},
        libraries=(_library(given["library"]),) if "library" in given else (),
    )


def _document(number: int, given: Mapping[str, Any]) -> Document:
    """A document in order; `day` is the day of all that is done at once, `from` and `to` its period."""
    fields = dict(given)
    day = fields.pop("day", None)
    first, last = fields.pop("from", None), fields.pop("to", None)
    if day is not None:
        fields = {"activity_date": day} | fields
    if last is not None:
        day = last + timedelta(days=2)
        fields = {"period_from": first, "period_to": last} | fields
    same = ("collected_on", "reviewed_on", "content_dated", "created")
    clock = fields.pop("clock", None)
    standing = {
        "item": "E1",
        "status": "Approved",
        "owner": "owner@contoso.example",
        "reviewer": "reviewer@contoso.example",
        "source_system": "Identity provider",
        "sensitivity": "Restricted",
        "identity": f"hash-{number}",
        "size": 4096,
        "content_author": "exporter@contoso.example",
        "query_used": "all admins",
        **(dict.fromkeys(same, day) if day else {}),
    }
    for name in ("criteria", "risks"):
        fields[name] = tuple(fields.get(name, ()))
    return Document(
        key=f"access/{number}",
        library="access",
        id=number,
        name=f"{number}.csv",
        clock=Clock(*clock) if clock else None,
        **standing | fields,
    )


def _item(given: str | Mapping[str, Any]) -> ExpectedItem:
    fields: dict[str, Any] = {"is": given} if isinstance(given, str) else dict(given)
    cadence, kind = fields.pop("is", " ").split(" ")
    cadence, kind = fields.pop("cadence", cadence), fields.pop("kind", kind)
    terms = {name: fields.pop(name, None) for name in ("applied", "filed")}
    for name in ("applies_to", "attestations"):
        fields[name] = tuple(fields.get(name, ()))
    fields["attestations"] = tuple(Attestation(day, "x") for day in fields["attestations"])
    fields["criteria"] = tuple(fields.get("criteria", ["CC6.1"]))
    item = ExpectedItem(
        "E1",
        "MFA report",
        library="access",
        cadence=Cadence(cadence) if cadence else None,
        kind=Kind(kind) if kind else None,
        **fields,
    )
    told: dict[str, ItemTerms] = {
        name: replace(item.listed, **one) for name, one in terms.items() if one is not None
    }
    return replace(item, **told)


def _period(given: Mapping[str, Any]) -> AuditPeriod:
    fields = {"start": date(2026, 1, 1), "end": date(2026, 12, 31)} | dict(given)
    return AuditPeriod(
        fields.pop("id", "2026"),
        "Audit",
        type=ReportType(fields.pop("type", "type-2")),
        state=PeriodState(fields.pop("state", "Open")),
        criteria=tuple(fields.pop("criteria", ["Security"])),
        **fields,
    )


def _waiver(given: Mapping[str, Any]) -> Waiver:
    fields = dict(given)
    target = {
        name: fields.pop(name)
        for name in ("item", "part", "slot_from", "document", "request")
        if name in fields
    }
    standing = {
        "state": "Approved",
        "requester": "owner@contoso.example",
        "approver": "ciso@contoso.example",
        "granted": date(2026, 2, 1),
        "expires": date(2026, 12, 31),
    }
    rules = frozenset(fields.pop("rules", ()))
    return Waiver("W1", WaiverTarget(**target), rules, **standing | fields)


def _request(given: Mapping[str, Any]) -> Request:
    return Request("R1", "List", **dict(given) | {"documents": tuple(given.get("documents", ()))})


def _library(given: Mapping[str, Any]) -> LibraryState:
    fields = {name: tuple(one) if isinstance(one, list) else one for name, one in given.items()}
    return LibraryState("access", "Access", **fields)
