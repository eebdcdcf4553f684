"""A run taken back, the state of things told, the chain of receipts checked, the client leaving."""

from __future__ import annotations

import json
from pathlib import Path

SMALL = (Path(__file__).parent.parent / "small.yaml").read_text("utf-8")
COLUMN = "      - {name: Score, displayName: Score, type: number, min: 0, max: 25}\n"
MORE = COLUMN + "      - {name: Owner2, displayName: Second owner, type: text}\n"
LIST = """\
  - key: exceptions
    title: Exceptions
    url: Exceptions
    columns: [{name: Why, displayName: Why, type: text}]
navigation:
"""


def stored(provisioner, name):
    """A document of the ledger library as it is on the site: its row and its JSON."""
    tenant = provisioner.running.tenant
    with tenant.lock:
        rows = tenant.rows(
            "SELECT item.rowid AS row, blob.digest, blob.data FROM item JOIN blob "
            "ON item.blob = blob.digest WHERE item.name = ? ORDER BY item.rowid",
            name,
        )
    return [(row["row"], json.loads(row["data"])) for row in rows]


def lists(provisioner):
    """The titles of the lists that are not in the recycle bin."""
    return {
        one["title"]
        for site in provisioner.control.call("GET", "state")["sites"]
        for one in site["lists"]
        if not one["deleted"]
    }


def test_a_run_is_taken_back_to_what_was_before_it(provisioner, tmp_path):
    file = provisioner.file(SMALL)
    assert provisioner("apply", file, "--yes").code == 0
    wider = SMALL.replace(COLUMN, MORE).replace("navigation:\n", LIST)
    wider = wider.replace("Who may do what.", "Who may do it.")
    file = provisioner.file(wider)
    done = provisioner("apply", file, "--yes", "--format", "json")
    assert done.code == 0, done.err
    run = done.json()["runId"]
    (update,) = (r for r in done.json()["results"] if r["action"] == "update")
    assert update["fields"] == [
        {"path": "description", "before": "Who may do what.", "after": "Who may do it."}
    ]

    column = "list:risks/column:Owner2"
    unasked = provisioner("apply", file, "--undo", run, "--allow", column)
    assert (unasked.code, "NOT-CONFIRMED" in unasked.err) == (3, True)
    unknown = provisioner("apply", file, "--undo", "20200101T000000Z-0000")
    assert (unknown.code, "RUN-UNKNOWN" in unknown.err) == (1, True)
    assert provisioner("apply", file, "--undo", run, "--prune").code == 64
    for verb in ("apply", "plan"):
        assert provisioner(verb, file, "--undo", "").code == 64, "an empty variable of a script"

    held = provisioner("apply", file, "--undo", run, "--yes")
    assert (held.code, "UNDO-HOLDS-CONTENT" in held.err) == (3, True), held.err
    seen = provisioner("plan", file, "--undo", run)
    assert (seen.code, "UNDO-HOLDS-CONTENT" in seen.out) == (3, True)
    signed = tmp_path / "undo.json"
    words = ("--undo", run, "--allow", column, "--out", signed)
    page = provisioner("plan", file, *words, "--format", "html")
    assert (page.code, f"It takes back run {run}" in page.out) == (2, True)
    assert json.loads(signed.read_text("utf-8"))["undoes"] == run
    back = provisioner("apply", file, "--plan", signed, "--format", "json")
    assert back.code == 0, back.err + back.out
    assert back.json()["undoes"] == run
    said = {(r["action"], r["address"]) for r in back.json()["results"]}
    assert said == {
        ("update", "list:evidence"),
        ("delete", column),
        ("delete", "list:exceptions"),
    }
    assert "still asks" in back.err
    before = provisioner.file(SMALL)
    assert provisioner("plan", before).code == 0, provisioner("plan", before).out
    assert provisioner("drift", before, "--format", "json").json()["findings"] == []
    again = provisioner("apply", file, "--undo", run, "--yes")
    assert (again.code, "Nothing to take back." in again.err) == (0, True), "twice"
    assert provisioner("plan", file, "--undo", run).code == 0
    resumed = provisioner("apply", file, "--resume", "--yes", "--format", "json")
    assert (resumed.code, resumed.json()["results"]) == (0, []), "an undo that ended is not undone"
    assert f"took back run {run} and has ended" in resumed.err
    stale = provisioner("apply", file, "--plan", signed)
    assert (stale.code, "PLAN-STALE" in stale.err) == (3, True)

    shown = provisioner("status", before, "--format", "json").json()
    assert [one["runId"] for one in shown["runs"]][:2] == [back.json()["runId"], run]
    assert shown["runs"][0]["undoes"] == run
    assert shown["lock"]["state"] == "free"
    provisioner.forget_requests()
    text = provisioner("status", before)
    assert (text.code, provisioner.writes()) == (0, [])
    assert "Nobody works on the site." in text.out
    asked = [r for r in provisioner.requests() if r["audience"] in {"graph", "sharepoint"}]
    assert len(asked) <= 4

    assert provisioner("receipts", "verify", before).code == 0
    _tamper(provisioner, run)
    broken = provisioner("receipts", "verify", before, "--format", "json")
    assert (broken.code, broken.json()["holds"]) == (2, False)
    assert [(b["runId"], b["code"]) for b in broken.json()["broken"]] == [(run, "RECEIPT-ALTERED")]
    refused = provisioner("apply", file, "--undo", run, "--yes")
    assert (refused.code, "RECEIPT-ALTERED" in refused.err) == (1, True)


def _tamper(provisioner, run):
    """Somebody edits one word of a receipt in the library."""
    tenant = provisioner.running.tenant
    (found,) = (
        (row, doc) for row, doc in stored(provisioner, "receipt.json") if doc["runId"] == run
    )
    row, document = found
    document["results"][0]["status"] = "skipped"
    data = json.dumps(document).encode()
    with tenant.lock:
        tenant.run("INSERT INTO blob (digest, data) VALUES (?, ?)", f"x-{run}", data)
        tenant.run("UPDATE item SET blob = ? WHERE rowid = ?", f"x-{run}", row)


def test_what_people_changed_since_is_a_conflict_until_it_is_allowed(provisioner):
    file = provisioner.file(SMALL)
    first = provisioner("apply", file, "--yes", "--format", "json").json()["runId"]
    file = provisioner.file(SMALL.replace("title: Access evidence", "title: Proof of access"))
    run = provisioner("apply", file, "--yes", "--format", "json").json()["runId"]
    tenant = provisioner.running.tenant
    with tenant.lock:
        tenant.run("UPDATE list SET title = 'Renamed' WHERE url = '/sites/acme/AccessEvidence'")
    refused = provisioner("apply", file, "--undo", run, "--yes")
    assert refused.code == 3
    assert "UNDO-CONFLICT" in refused.err
    assert "title was “Proof of access” and is “Renamed”" in refused.err
    allowed = provisioner("apply", file, "--undo", run, "--yes", "--allow", "list:evidence")
    assert allowed.code == 0, allowed.err
    file = provisioner.file(SMALL)
    assert provisioner("plan", file).code == 0

    whole = provisioner("apply", file, "--undo", first, "--yes", "--format", "json")
    assert whole.code == 0, whole.err
    assert "Stays: site" in whole.err
    assert "Risk Register" not in lists(provisioner)
    assert "ProvisionerLock" in lists(provisioner)


def test_the_client_leaves_and_the_workspace_stays(provisioner, tmp_path):
    file = provisioner.file(SMALL)
    assert provisioner("apply", file, "--yes").code == 0

    before = lists(provisioner)
    asked = provisioner("detach", file)
    assert (asked.code, "NOT-CONFIRMED" in asked.err, lists(provisioner)) == (3, True, before)
    out = tmp_path / "kept"
    left = provisioner("detach", file, "--yes", "--out", out, "--format", "json")
    assert left.code == 0, left.err
    assert left.json()["removed"] == ["ProvisionerFacts", "ProvisionerLedger", "ProvisionerLock"]
    assert before - lists(provisioner) == {
        "Provisioner facts",
        "Provisioner ledger",
        "ProvisionerLock",
    }
    assert (out / "ledger.json").is_file()
    assert len(list(out.glob("runs/*/receipt.json"))) == 1
    assert provisioner("status", file).code == 1
    again = provisioner("detach", file, "--yes")
    assert (again.code, "NOTHING-TO-DETACH" in again.err) == (1, True)

    plan = provisioner("plan", file, "--format", "json").json()
    others = {
        change["action"]
        for change in plan["changes"]
        if not change["address"].startswith("list:provisioner-")
    }
    assert others == {"adopt"}
    assert provisioner("apply", file, "--yes").code == 0
    assert provisioner("plan", file).code == 0
