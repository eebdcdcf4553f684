"""What others decide on, a label, a page, a content type of the site: told plainly, one for itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from outsider import Outsider, Send

from provisioner.emulator.server import environment

LABELLED = """
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: emulator}
site: {url: /sites/labels, title: Labels, create: communication, owner: vciso@contoso.example}
columns: [{name: Area, type: text}, {name: Late, type: text}]
contentTypes: [{name: Proof, base: Document, columns: [Area]}, {name: Heir, base: Proof}]
libraries:
  - key: proof
    title: Proof
    contentTypes: [Proof, Heir]
    retentionLabel: Evidence 5 years
pages: [{name: Help, title: Help, sections: [{text: Ask.}]}]
"""


def test_labels_types_and_pages_that_others_decide_on_are_told_plainly(provisioner: Any) -> None:
    """A label nobody published; a content type that grows; a page somebody else is editing."""
    file = provisioner.file(LABELLED)
    done = provisioner("apply", file, "--yes")
    assert done.code != 0  # a new site cannot be asked before it is there
    assert "If no retention label “Evidence 5 years” is published to this site" in done.out
    planned = provisioner("plan", file, "--format", "json").json()
    (blocked,) = planned["blocked"]
    assert blocked["code"] == "LABEL-NOT-PUBLISHED"
    assert "Evidence 7 years" in blocked["hint"]

    file.write_text(
        LABELLED.replace("5 years", "7 years")
        .replace("columns: [Area]}", "columns: [Area, {name: Late, required: true}]}")
        .replace("Ask.", "Ask *us*."),
        "utf-8",
    )
    edit_page(provisioner)
    done = provisioner("apply", file, "--yes")
    assert done.code != 0
    assert "page:Help: failed" in done.out
    assert "Somebody else has the page checked out" in done.out
    assert "1 failed" in done.out
    assert "skipped" not in done.out
    report = provisioner("drift", file, "--format", "json").json()
    assert {(one["address"], one["path"]) for one in report["findings"]} == {
        ("page:Help", "published"),
        ("page:Help", "sections"),
    }
    sites = provisioner.control.call("GET", "state")["sites"]
    (site,) = (one for one in sites if one["path"] == "/sites/labels")
    (library,) = (one for one in site["lists"] if one["title"] == "Proof")
    assert "Late" in {one["internal_name"] for one in library["columns"]}


def edit_page(provisioner: Any) -> None:
    """Another app checks the page out and saves a draft."""
    running = provisioner.running
    someone = Outsider(environment(running.home, running.url, "full-control"), "/sites/labels")
    pages = someone(Send("GET", "/_api/sitepages/pages"))["value"]
    (number,) = (one["Id"] for one in pages if one["FileName"] == "Help.aspx")
    someone(Send("POST", f"/_api/sitepages/pages({number})/checkoutpage"))
    someone(Send("MERGE", f"/_api/sitepages/pages({number})/SavePage", {"Title": "Help"}))
    someone.close()


def test_a_hub_that_is_not_there_is_named_and_nobody_else_is_blamed(provisioner: Any) -> None:
    """The new site is there by then: that must not look as if another run had made it."""
    text = LABELLED.partition("columns:")[0].replace("title:", "hub: /sites/gone, title:")
    done = provisioner("apply", provisioner.file(text), "--yes")
    assert "site: failed, Look up the hub /sites/gone" in done.out
    assert "LOCKED" not in done.out + done.err
