"""The papers of a package, and the manifest that says what belongs in it and what its bytes are.

Every file stands in the manifest with its SHA-256. The index, which the manifest names, says the
same of the evidence once more, and SHA256SUMS says it for `sha256sum -c`; so whoever alters one
has to alter all. Who alters all is found by the digest of the manifest itself, which is told when
the package is made and can be handed over by another way.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from provisioner.core.canonical import digest
from provisioner.report.csv_tables import table_csv
from provisioner.report.package_contents import Fingerprint, PackageFacts
from provisioner.report.package_names import safe_name
from provisioner.report.package_oscal import assessment_results, plan_of_action
from provisioner.report.package_tables import (
    API_VERSION,
    findings_json,
    findings_table,
    index_json,
    index_table,
    requests_table,
    waivers_table,
)
from provisioner.report.tables import Table

MANIFEST = "manifest.json"
INDEX = "index/evidence-index.json"
SUMS = "SHA256SUMS"


def papers(made: PackageFacts, receipts: Mapping[str, Any]) -> dict[str, bytes]:
    """Every file of a package that is no evidence, by path, without the manifest and SHA256SUMS.

    `receipts`: what each apply did, by run.
    """
    files = {
        "README.txt": _readme(made).encode(),
        INDEX: json_bytes(index_json(made)),
        "index/evidence-index.csv": _csv(index_table(made)),
        "index/populations-and-samples.csv": _csv(index_table(made, samples_only=True)),
        "findings/findings.json": json_bytes(findings_json(made)),
        "findings/findings.csv": _csv(findings_table(made)),
        "findings/waivers.csv": _csv(waivers_table(made)),
        "findings/requests.csv": _csv(requests_table(made)),
    }
    results = assessment_results(made)
    files["oscal/assessment-results.json"] = json_bytes(results)
    plan = plan_of_action(made)
    if plan is not None:
        files["oscal/plan-of-action-and-milestones.json"] = json_bytes(plan)
    for run, receipt in receipts.items():
        files[f"receipts/{safe_name(run)}.json"] = json_bytes(receipt)
    return dict(sorted(files.items()))


def fingerprint(data: bytes) -> Fingerprint:
    """What some bytes come to."""
    return Fingerprint(len(data), hashlib.sha256(data).hexdigest(), zlib.crc32(data))


def sums(files: Mapping[str, Fingerprint]) -> bytes:
    """The lines that `sha256sum -c` reads, in the order given."""
    return "".join(f"{one.sha256}  {path}\n" for path, one in files.items()).encode()


def manifest(made: PackageFacts, files: Mapping[str, Fingerprint]) -> bytes:
    """The `PackageManifest`: every other file in the order in which it stands in the package.

    A line of evidence also has `document`, the name it has on the site.
    """
    names = {one.path: {"document": one.document.name} for one in made.included}
    document = {
        "apiVersion": API_VERSION,
        "kind": "PackageManifest",
        "workspace": made.workspace,
        "client": made.client,
        "period": made.period.name,
        "asOf": made.judgement.today.isoformat(),
        "partial": bool(made.omissions),
        "missing": [one.json() for one in made.omissions],
        "index": {"path": INDEX, "sha256": files[INDEX].sha256},
        "files": [
            {"path": path, "bytes": one.size, "sha256": one.sha256} | names.get(path, {})
            for path, one in files.items()
        ],
    }
    document = json.loads(json_bytes(document))  # Half a character is written as "?": so it counts.
    return json_bytes(document | {"digest": digest(document)})


def comment_of(manifest_bytes: bytes) -> bytes:
    """The digest of the manifest, as the ZIP's comment carries it."""
    return f"sha256:{hashlib.sha256(manifest_bytes).hexdigest()}".encode()


def json_bytes(document: Any) -> bytes:
    """A JSON document as it is filed: keys in the order given, two spaces, UTF-8."""
    return (json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n").encode(
        "utf-8", "replace"
    )


def _csv(table: Table) -> bytes:
    # A spreadsheet takes a CSV file for UTF-8 only with a byte order mark.
    return ("\ufeff" + table_csv(table)).encode("utf-8", "replace")


def _readme(made: PackageFacts) -> str:
    days = made.period.days
    span = "" if days is None else f", {days.first} to {days.last}"
    lines = [
        f"Evidence package of {made.client}",
        f"Audit period: {made.period.name}{span} ({made.period.state})",
        f"Site: {made.site_url}",
        f"As of: {made.judgement.today}",
        "",
        *_partial(made),
        f"{len(made.included)} documents: those that were approved by somebody other than their",
        "owner and unchanged since, and that touch the period, as they were filed.",
        "",
        "index/      the evidence index, and the populations and samples among it",
        "findings/   what is open or waived, the waivers, and the auditor's requests",
        "oscal/      the same as OSCAL assessment results, and a plan of action where one is due",
        "receipts/   what the program did on the site, run by run",
        "evidence/   the files, by library and evidence item",
        "",
        "To check it:  provisioner verify FILE.zip     or, unpacked:  sha256sum -c SHA256SUMS",
        "Both find what was altered since. Whoever makes the whole package anew is found only by",
        "the digest that was told when it was made:  provisioner verify FILE.zip --digest sha256:...",
    ]
    if not made.period.judged:
        lines += [
            "",
            "The period is not open, so what is missing from it is not among the findings.",
        ]
    lines += [f"Note: {note}" for note in made.notes]
    return "\n".join(lines) + "\n"


def _partial(made: PackageFacts) -> Iterable[str]:
    if made.omissions:
        yield "THIS PACKAGE IS PARTIAL. What belongs in it and is not in it:"
        yield from (f"- {one.what}: {one.why}" for one in made.omissions)
        yield ""
