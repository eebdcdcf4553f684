"""A package as OSCAL 1.2.1: assessment results, and a plan of action and milestones.

Models: pages.nist.gov/OSCAL, "Assessment Results Model" and "Plan of Action and Milestones Model".
A document is an observation: the day it speaks of is `collected`, the day it goes stale `expires`,
and a resource in the back matter holds its SHA-256. A criterion is a finding; what is open or
waived is a risk, and an item of the plan. Ids are made from names, so they stay the same from one
package of a workspace to the next.
"""

from __future__ import annotations

import re
import uuid
from typing import Any
from urllib.parse import quote

from provisioner.report.package_contents import Packaged, PackageFacts
from provisioner.sync.verdict import Verdict
from provisioner.sync.vocabulary import Severity, VerdictState

OSCAL_VERSION = "1.2.1"
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://github.com/usnistgov/OSCAL#evidence-package")
_TOKEN = re.compile(r"[^\w.\-]")
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u180e\u200b\u2028\u2029\u2060\ufeff\ud800-\udfff\ufffe\uffff]"
)
_OFFICE = "application/vnd.openxmlformats-officedocument"
# Not the system's own table, which differs from machine to machine.
_MEDIA_TYPES = {
    "csv": "text/csv",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "html": "text/html",
    "jpg": "image/jpeg",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "txt": "text/plain",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}


def assessment_results(made: PackageFacts) -> dict[str, Any]:
    """The assessment results of the period: one result, with all that the package holds."""
    criteria = _criteria(made)
    result: dict[str, Any] = {
        "uuid": _id(made, "result"),
        "title": _line(made.period.name),
        "description": f"Evidence of the audit period {_line(made.period.name)}, judged on "
        f"{made.judgement.today}.",
        "start": _start(made),
        "reviewed-controls": {"control-selections": [_selection(criteria)]},
    }
    if (end := _end(made)) is not None:
        result["end"] = end
    observed = [_observation(made, one) for one in made.included]
    risks = [_risk(made, one) for one in made.verdicts if one.severity is not Severity.NOTE]
    found = [_finding(made, one) for one in criteria]
    result |= {
        name: some
        for name, some in (("observations", observed), ("risks", risks), ("findings", found))
        if some
    }
    plan = _id(made, "assessment plan")
    resources = [
        {
            "uuid": plan,
            "title": "Assessment plan",
            "description": "The workspace file is the plan: it says what evidence is expected, how "
            "often, and by which rules it is judged. It has no OSCAL document.",
        },
        *(_resource(made, one) for one in made.included),
    ]
    return {
        "assessment-results": {
            "uuid": _id(made, "assessment results"),
            "metadata": _metadata(made, "Assessment results"),
            "import-ap": {"href": f"#{plan}"},
            "results": [result],
            "back-matter": {"resources": resources},
        }
    }


def plan_of_action(made: PackageFacts) -> dict[str, Any] | None:
    """The plan of action and milestones; None where nothing is open, for OSCAL has no empty one."""
    due = [one for one in made.verdicts if one.severity is not Severity.NOTE]
    if not due:
        return None
    return {
        "plan-of-action-and-milestones": {
            "uuid": _id(made, "plan of action"),
            "metadata": _metadata(made, "Plan of action and milestones"),
            "system-id": {"id": _line(made.site_url)},
            "risks": [_risk(made, one) for one in due],
            "poam-items": [
                {
                    "uuid": _id(made, f"item {one.rule} {one.subject}"),
                    "title": f"{one.rule}: {_line(one.subject)}",
                    "description": _line(f"{one.message} {one.next}"),
                    "related-risks": [{"risk-uuid": _risk_id(made, one)}],
                }
                for one in due
            ],
        }
    }


def _metadata(made: PackageFacts, title: str) -> dict[str, Any]:
    return {
        "title": f"{title}: {_line(made.client)}, {_line(made.period.name)}",
        "last-modified": _moment(made.judgement.today.isoformat()),
        "version": made.judgement.today.isoformat(),
        "oscal-version": OSCAL_VERSION,
        "props": [_prop("package", "partial" if made.omissions else "whole")],
    }


def _criteria(made: PackageFacts) -> list[str]:
    """The criteria this package speaks about."""
    items = {one.id: one for one in made.facts.items}
    told = {name for one in made.included for name in one.criteria}
    told |= {
        name
        for one in made.verdicts
        if one.item in items and one.item is not None
        for name in items[one.item].criteria
    }
    return sorted(told)


def _selection(criteria: list[str]) -> dict[str, Any]:
    if not criteria:
        return {"include-all": {}}
    return {"include-controls": [{"control-id": _token(one)} for one in criteria]}


def _observation(made: PackageFacts, one: Packaged) -> dict[str, Any]:
    document = one.document
    props = [_prop("sample" if one.sample else "evidence", document.item)]
    props += [_prop("part", document.part)] if document.part else []
    props += [_prop("source-system", document.source_system)] if document.source_system else []
    told = {
        "uuid": _id(made, f"observation {one.key}"),
        "title": _line(document.name),
        "description": _line(
            f"{document.item}: {one.item.title if one.item else 'evidence'}, reviewed by "
            f"{document.reviewer} on {document.reviewed_on}."
        ),
        "props": props,
        "methods": ["EXAMINE"],
        "relevant-evidence": [
            {"href": f"#{_resource_id(made, one)}", "description": _line(one.path)}
        ],
        "collected": _moment(one.activity or made.judgement.today.isoformat()),
    }
    until = one.said.fresh_until
    return told if until is None else told | {"expires": _moment(until.isoformat())}


def _resource(made: PackageFacts, one: Packaged) -> dict[str, Any]:
    ending = one.document.name.rpartition(".")[2].lower()
    kind = _MEDIA_TYPES.get(ending, "application/octet-stream")
    return {
        "uuid": _resource_id(made, one),
        "title": _line(one.document.name),
        "rlinks": [
            {
                "href": _address("../" + one.path),
                "media-type": kind,
                "hashes": [{"algorithm": "SHA-256", "value": made.prints[one.key].sha256}],
            }
        ],
    }


def _finding(made: PackageFacts, criterion: str) -> dict[str, Any]:
    items = {one.id for one in made.facts.items if criterion in one.criteria}
    due = [one for one in made.verdicts if one.item in items and one.severity is not Severity.NOTE]
    missing = any(one.state is VerdictState.OPEN for one in due)
    seen = [one for one in made.included if criterion in one.criteria]
    met = not missing and bool(seen or due)
    found: dict[str, Any] = {
        "uuid": _id(made, f"finding {criterion}"),
        "title": _line(criterion),
        "description": f"{len(seen)} sound documents; {len(due)} findings, open or waived.",
        "target": {
            "type": "objective-id",
            "target-id": _token(criterion),
            "status": {"state": "satisfied" if met else "not-satisfied"},
        },
    }
    if seen:
        found["related-observations"] = [
            {"observation-uuid": _id(made, f"observation {one.key}")} for one in seen
        ]
    if due:
        found["related-risks"] = [{"risk-uuid": _risk_id(made, one)} for one in due]
    return found


def _risk(made: PackageFacts, one: Verdict) -> dict[str, Any]:
    waived = one.state is VerdictState.WAIVED
    told: dict[str, Any] = {
        "uuid": _risk_id(made, one),
        "title": f"{one.rule}: {_line(one.subject)}",
        "description": _line(one.message),
        "statement": _line(one.next or one.message),
        "props": [_prop("severity", str(one.severity)), _prop("rule", one.rule)],
        "status": "deviation-approved" if waived else "open",
    }
    until = one.facts.get("waivedUntil")
    return told | {"deadline": _moment(str(until))} if waived and until else told


def _risk_id(made: PackageFacts, one: Verdict) -> str:
    return _id(made, f"risk {one.rule} {one.subject}")


def _resource_id(made: PackageFacts, one: Packaged) -> str:
    return _id(made, f"resource {one.key}")


def _id(made: PackageFacts, name: str) -> str:
    whole = f"{made.site_url}\n{made.period.id}\n{name}".encode("utf-8", "replace")
    return str(uuid.uuid5(_SPACE, whole.decode()))


def _prop(name: str, value: str | None) -> dict[str, str]:
    return {"name": name, "value": _line(value or "none")}


def _line(text: str) -> str:
    """One line without spaces at its ends and never empty, as OSCAL's string type asks.

    What is a space to some readers and not to others, and what steers a terminal, counts as one.
    """
    return " ".join(_UNSEEN.sub(" ", text).split()) or "none"


def _token(text: str) -> str:
    """A token: letters, digits, ".", "-" and "_", beginning with a letter or "_"."""
    plain = _TOKEN.sub("_", _line(text))
    return plain if plain[0].isalpha() or plain[0] == "_" else f"_{plain}"


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"


def _start(made: PackageFacts) -> str:
    days = made.period.days
    return _moment((made.judgement.today if days is None else days.first).isoformat())


def _end(made: PackageFacts) -> str | None:
    days = made.period.days
    return None if days is None or days.last is None else _moment(days.last.isoformat())


def _address(path: str) -> str:
    return quote(path, safe="/~")
