"""The story's words fit its facts, and what is tampered with is really in the pack."""

from __future__ import annotations

import asyncio
import string
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from provisioner.cli.demo.evidence import ITEM_FINDINGS, demo_evidence
from provisioner.cli.demo.story import CHAPTERS, HIGHLIGHTS, Chapter
from provisioner.cli.demo.tamper import tamper, tamperings
from provisioner.cli.workspace import open_workspace
from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Bindings, Envelope, Operation, Outcome
from provisioner.engine.desired import Desired

TODAY = date(2026, 11, 22)


def names_in(lines: Sequence[str]) -> set[str]:
    return {name for line in lines for _, name, _, _ in string.Formatter().parse(line) if name}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Desired:
    file = tmp_path_factory.mktemp("client") / "workspace.yaml"
    file.write_text(
        "apiVersion: provisioner/v1\nkind: Workspace\nextends: soc2-fintech-api@1\n"
        "parameters: {client: Acme, auditStart: 2026-02-01, auditEnd: 2027-01-31}\n"
        "tenant: {cloud: emulator}\n"
        "site: {url: /sites/acme, title: Acme, owner: vciso@contoso.example}\n",
        "utf-8",
    )
    return open_workspace(Path(file), "2026-11-22").desired


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: str(chapter.key))
def test_a_chapter_is_told_with_its_facts_in_their_places(chapter: Chapter) -> None:
    facts = {name: f"<{name}>" for name in names_in(chapter.before + chapter.after)}
    told = " ".join(chapter.opening(**facts) + chapter.closing(**facts))
    assert "{" not in told
    assert all(f"<{name}>" in told for name in facts)
    assert max(map(len, chapter.before + chapter.after)) <= 110


def test_each_highlight_is_a_finding_the_judge_makes() -> None:
    held = {(one.name, code) for one in demo_evidence(TODAY) for code in one.codes}
    held |= {(finding.item, finding.code) for finding in ITEM_FINDINGS}
    assert {(one.about, one.code) for one in HIGHLIGHTS} <= held


def test_what_is_tampered_with_is_declared_by_the_pack(pack: Desired) -> None:
    for one in tamperings():
        resource = pack.resources[one.address]
        assert not one.path or one.path in resource.properties
    view, column, *_ = tamperings()
    assert "Reviewer" in pack.resources[view.address].properties["columns"]
    sent = column.operations[0].body["choice"]["choices"]
    declared = list(pack.resources[column.address].properties["choices"])
    assert [word for word in declared if word != "Blocked"] == sent
    assert "Blocked" in declared


class Site:
    """Takes every write, or refuses those whose path holds a word."""

    def __init__(self, refuse: str = "") -> None:
        self.refuse = refuse
        self.sent: list[Operation] = []

    async def write(self, envelopes: Sequence[Envelope]) -> list[list[Outcome]]:
        (operation,) = envelopes[0].operations
        self.sent.append(operation)
        if self.refuse and self.refuse in operation.path:
            return [[Outcome("failed", 403, message="Access denied.")]]
        return [[Outcome("done", 200, {"Id": 77})]]


def all_ids() -> Bindings:
    wanted = {key for one in tamperings() for step in one.operations for key in step.needs()}
    return Bindings({key: f"id of {key[0]}" for key in wanted})


def test_the_person_who_is_let_in_is_the_one_the_site_has_just_met() -> None:
    site = Site()
    asyncio.run(tamper(site, all_ids()))  # type: ignore[arg-type]
    assert len(site.sent) == 6
    grant = next(one for one in site.sent if "addroleassignment" in one.path)
    assert "principalid=77" in grant.path
    assert not any("⟦" in one.path for one in site.sent)


def test_a_refused_change_stops_with_the_address_it_was_meant_for() -> None:
    with pytest.raises(ProvisionerError, match="Access denied") as caught:
        asyncio.run(tamper(Site("navigation"), all_ids()))  # type: ignore[arg-type]
    assert caught.value.code == "DEMO-NOT-TAMPERED"
    assert caught.value.address == "navigation:Risks/navigation:Emergency changes"
