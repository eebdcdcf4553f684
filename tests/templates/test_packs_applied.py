"""The newer packs on a tenant: applied once and imported whole; one of them in French, and judged."""

from __future__ import annotations

import json
from collections import Counter

PACK = """
apiVersion: provisioner/v1
kind: Workspace
extends: {pack}@1
parameters: {{client: Acme, auditStart: 2026-01-01, auditEnd: 2026-12-31}}
tenant: {{cloud: emulator}}
site: {{url: /sites/acme, title: Acme, create: communication, owner: vciso@contoso.example{more}}}
"""


def test_the_saas_pack_is_applied_once_and_imported_whole(provisioner):
    file = provisioner.file(PACK.format(pack="soc2-saas", more=""))
    done = provisioner("apply", file, "--yes")
    assert done.code == 0, done.err
    provisioner.forget_requests()
    assert provisioner("apply", file, "--yes").code == 0
    assert provisioner.writes() == []
    out = provisioner.folder / "imported.yaml"
    url = "https://contoso.sharepoint.com/sites/acme"
    done = provisioner("import", url, "--cloud", "emulator", "--out", out)
    assert (done.code, "Left out" in done.err) == (0, False), done.err
    planned = provisioner("plan", out, "--format", "json").json()
    # What only the first file knows, such as the rows it seeded, is no longer watched.
    assert {one["action"] for one in planned["changes"]} <= {"adopt", "forget"}


def test_the_iso_pack_in_french_does_not_drift_and_its_period_judges_its_items(provisioner):
    provisioner.control.call("PUT", "settings", {"locale": "fr-FR"})
    file = provisioner.file(PACK.format(pack="iso27001-2022", more=", locale: fr-FR"))
    done = provisioner("apply", file, "--yes")
    assert done.code == 0, done.err
    assert provisioner("drift", file).code == 0
    assert provisioner("report", file, "--out", provisioner.folder / "report").code == 0
    report = json.loads((provisioner.folder / "report" / "report.json").read_text("utf-8"))
    (group,) = report["criteria"]
    assert group["name"] == "ISO 27001"
    assert {one["id"]: one["label"] for one in group["criteria"]}["A.8.13"] == "backups"
    judged = Counter(one["state"] for one in report["items"])
    assert judged["Not applicable"] == 1  # the evidence index, which is listed and not judged
    assert judged.total() == 121
