"""The guides: each command in them is run, in their order, on one small workspace that is applied."""

from __future__ import annotations

from pathlib import Path

import pages
import pytest

SMALL = (pages.ROOT / "tests" / "small.yaml").read_text("utf-8")
GUIDES = ("quick-start", "first-client", "for-the-admin", "troubleshooting")
# What a command answers on a workspace that is as it should be; 1: it holds no evidence to judge.
EXPECTED = {"plan": {0, 2}, "sync": {1}, "report": {1}}


@pytest.mark.parametrize("name", GUIDES)
def test_every_command_of_a_guide_does_what_it_says(name, provisioner, monkeypatch, tmp_path):
    (tmp_path / "acme").mkdir()
    provisioner.applied(SMALL, "acme/workspace.yaml")
    monkeypatch.chdir(tmp_path)
    ran = []
    for line in pages.command_lines(pages.ROOT / "docs" / f"{name}.md"):
        words = line.words[1:]
        if words[0] == "new":  # a whole pack: see test_new, and the README's test
            assert provisioner(*words, "--template", "no-such-pack").code == 1
            continue
        answer = provisioner(*words)
        assert answer.code in EXPECTED.get(words[0], {0}), (words, answer.err)
        assert "INTERNAL" not in answer.err
        ran.append(words[0])
    assert len(ran) > 1
    if name == "first-client":
        assert Path("plan.json").exists()
        assert list(Path("schedule").rglob("*.yml"))


def test_the_readme_leads_to_every_guide():
    text = (pages.ROOT / "README.md").read_text("utf-8")
    for name in (*GUIDES, "for-the-team", "security", "scheduling"):
        assert f"(docs/{name}.md)" in text, name


def test_the_page_for_the_team_uses_the_words_of_the_packs():
    """Names of columns and lists in it are those that the packs make."""
    page = (pages.ROOT / "docs" / "for-the-team.md").read_text("utf-8")
    packs = "\n".join(
        file.read_text("utf-8") for file in pages.ROOT.glob("workspace_templates/**/*.yaml")
    )
    for name in ("Expected Evidence", "Evidence Findings", "Review status", "Reviewed on",
                 "Reviewer", "Freshness", "Flags", "Team comment", "Assignee", "Acknowledged"):  # fmt: skip
        assert name in page
        assert f": {name}" in packs, name
    for state in ("Fresh", "Due soon", "Stale", "Expired", "Cannot judge"):
        assert f"| {state} |" in page
