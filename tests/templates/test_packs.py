"""The packs together: what a user is offered, what each one covers, and that nothing is written twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from merged_pack import merged_pack

from provisioner.spec.packs import available

PACKS = {one.name: one for one in available()}
STARTS = [name for name, one in PACKS.items() if one.use == "workspace"]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LARGEST_SHARED = 12
"""Values that two places may have alike before it is a block that one of them should take over."""


def values(node: Any) -> int:
    if isinstance(node, dict):
        return 1 + sum(values(one) for one in node.values())
    return 1 + sum(values(one) for one in node) if isinstance(node, list) else 1


def blocks(node: Any, path: str) -> Iterator[tuple[str, str]]:
    """Each map and list of some size as text, with where it stands; the largest first."""
    if isinstance(node, (dict, list)) and values(node) > LARGEST_SHARED:
        yield json.dumps(node, sort_keys=True, default=str), path
        inner = node.items() if isinstance(node, dict) else enumerate(node)
        for key, one in inner:
            yield from blocks(one, f"{path}/{key}")


def test_packs_to_start_from_and_an_option() -> None:
    assert STARTS == ["iso27001-2022", "soc2-fintech-api", "soc2-saas"]
    assert {name: one.use for name, one in PACKS.items() if name not in STARTS} == {
        "evidence-base": "part",
        "security-base": "option",
    }
    for one in PACKS.values():
        assert one.version == "1.0.0"
        assert "\n" not in one.summary
        assert one.summary.endswith(".")


def test_no_block_is_written_in_two_packs() -> None:
    seen: dict[str, tuple[str, str]] = {}
    twice = []
    for name, pack in PACKS.items():
        for part in pack.parts:
            for text, path in blocks(yaml.load(part.read_text("utf-8"), LOADER), part.name):
                other, where = seen.setdefault(text, (name, path))
                if other != name:
                    twice.append(f"{name}/{path} is {other}/{where}")
    assert twice == []


def test_no_id_stands_for_two_items() -> None:
    """Across all packs: an id keeps its meaning wherever it is used."""
    titles: dict[str, str] = {}
    for name in STARTS:
        for item in merged_pack(name)["evidence"]:
            assert titles.setdefault(item["id"], item["title"]) == item["title"]


def test_every_summary_counts_its_items() -> None:
    for name in STARTS:
        assert f" {len(merged_pack(name)['evidence'])} items" in PACKS[name].summary
    more = len(merged_pack("security-base")["evidence"]) - len(
        merged_pack("evidence-base")["evidence"]
    )
    assert f" {more} items more" in PACKS["security-base"].summary


def test_the_security_base_covers_what_the_api_pack_leaves_out() -> None:
    def covered(*names: str) -> set[str]:
        return {one for item in merged_pack(*names)["evidence"] for one in item["criteria"]}

    left_out = {
        "CC1.1",
        "CC1.3",
        "CC1.4",
        "CC1.5",
        "CC5.1",
        "CC5.2",
        "CC6.4",
        "CC6.5",
        "CC6.8",
        "C1.2",
    }
    assert not left_out & covered("soc2-fintech-api")
    assert left_out <= covered("soc2-fintech-api", "security-base")


def test_the_saas_pack_covers_security_availability_and_confidentiality() -> None:
    whole = merged_pack("soc2-saas")
    covered = {one for item in whole["evidence"] for one in item["criteria"]}
    (column,) = [one for one in whole["columns"] if one["name"] == "TrustServicesCriteria"]
    wanted = {one for one in column["choices"] if one.startswith(("CC", "A1", "C1"))}
    assert wanted <= covered
    assert not {one for one in covered if one.startswith(("PI", "P"))} - {"PI1.3"}
    assert whole["periods"][0]["criteria"] == ["Security", "Availability", "Confidentiality"]


def test_iso_27001_has_its_93_controls_with_labels_of_our_own() -> None:
    whole = merged_pack("iso27001-2022")
    (framework,) = whole["frameworks"]
    controls = {one: text for one, text in framework["criteria"].items() if one.startswith("A.")}
    sizes = {5: 37, 6: 8, 7: 14, 8: 34}
    assert list(controls) == [
        f"A.{theme}.{n}" for theme, size in sizes.items() for n in range(1, size + 1)
    ]
    assert len(set(controls.values())) == 93
    assert max(len(text) for text in framework["criteria"].values()) <= 40
    (statement,) = [one for one in whole["lists"] if one["key"] == "statement-of-applicability"]
    assert {row["ControlRef"]: row["Title"] for row in statement["items"]["seed"]} == controls


def test_every_control_and_clause_of_iso_27001_has_evidence_and_nothing_else_is_named() -> None:
    whole = merged_pack("iso27001-2022")
    (framework,) = whole["frameworks"]
    covered = {one for item in whole["evidence"] for one in item["criteria"]}
    assert covered == set(framework["criteria"])
    assert whole["periods"][0]["criteria"] == [framework["name"]]


@pytest.mark.parametrize("name", STARTS)
def test_every_document_of_the_plan_has_somebody_to_do_it(name: str) -> None:
    whole = merged_pack(name)
    roles = {item["ownerRole"] for item in whole["evidence"]}
    (plan,) = [one for one in whole["lists"] if one["key"] == "implementation-plan"]
    assert {row["OwnerRole"] for row in plan["items"]["seed"]} <= roles
