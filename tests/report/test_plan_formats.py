"""A plan as the person who approves it reads it: Markdown and HTML say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

SMALL = (Path(__file__).parent.parent / "small.yaml").read_text("utf-8")


@pytest.fixture
def changed(provisioner):
    """A plan that widens access, over a site that was applied before."""
    provisioner("apply", provisioner.file(SMALL), "--yes")
    wider = SMALL.replace("{to: 'group:Auditors', role: Read", "{to: 'group:Auditors', role: Edit")
    assert wider != SMALL
    return provisioner.file(wider.replace("title: Access evidence", "title: <b>Proof</b> | all"))


def test_what_is_risky_comes_first_and_access_is_said_in_words(provisioner, changed):
    text = provisioner("plan", changed, "--format", "markdown").out
    first = text.index("## Look at these first")
    assert first < text.index("## Who may do what afterwards") < text.index("## Permissions used")
    assert "group:Auditors" in text
    assert r"\<b>Proof\</b> / all" in text  # a title cannot end a cell
    assert "| Approved by | Date |" in text
    assert "https://contoso.sharepoint.com/sites/acme. Made on 20" in text
    assert " round trips; less than a minute" in text
    page = provisioner("plan", changed, "--format", "html").out
    assert str(changed.parent) not in page  # who approves it need not know where the file lies
    assert "<b>Proof</b>" not in page
    assert "&lt;b&gt;Proof&lt;/b&gt; | all" in page
    digest = next(line for line in text.splitlines() if line.startswith("Digest"))
    assert digest.removeprefix("Digest: `").rstrip("`") in page
    assert "To look at first" in page
    assert "manage permissions and everything else of this one site" in page
