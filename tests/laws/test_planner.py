"""Laws of the planner over any site: whatever stands there, the plan leads to what the file says.

Pure: a site is invented by leaving parts out, changing properties and forgetting records, and a
plan is carried out as its changes say. No server is asked.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.cli.workspace import open_workspace
from provisioner.core.address import parent_of
from provisioner.core.errors import Where
from provisioner.core.resource import Action, Existing
from provisioner.engine.desired import recorded
from provisioner.engine.observe import Observed
from provisioner.engine.planner import Options, plan
from provisioner.engine.receipt import Result
from provisioner.engine.record import ledger_after
from provisioner.engine.signed import stale
from provisioner.kinds import kind_named
from provisioner.ledger.state import Entry, LedgerState
from provisioner.spec.deviations import Deviation

TESTS = Path(__file__).parent.parent
FILES = ("small.yaml", "structure.yaml", "laws/wide.yaml")


@cache
def desired_of(name):
    return open_workspace(TESTS / name, "2026-11-22").desired


@cache
def pool():
    """Values that parts of a kind have for a property, so that what is invented could be there."""
    values = {}
    for name in FILES:
        for resource in desired_of(name).resources.values():
            for path, value in resource.properties.items():
                some = values.setdefault((resource.kind, path), [])
                if value not in some:
                    some.append(value)
    return values


def existing_of(resource, properties):
    """A declared part as it would be read."""
    ids = {
        "id": f"id of {resource.address}",
        "url": f"/{resource.address}",
        "drive": "d",
        "number": "7",
    }
    return Existing(resource.kind, resource.address, properties, ids, declared=True)


def entry_of(resource, properties, *, made=True):
    return Entry(resource.kind, f"id of {resource.address}", properties, made, "earlier")


def part_of(desired, share, chance):
    """The workspace without some of its parts, and without what stands on those."""
    kept = {}
    for address, one in desired.resources.items():
        whole = all(a in kept for a in one.depends if a in desired.resources)
        above = parent_of(address)
        stays = above == address or above not in desired.resources or above in kept
        if whole and stays and (address == "site" or chance.random() >= share):
            kept[address] = one
    return replace(desired, resources=kept)


@dataclass(frozen=True)
class Case:
    """A workspace, and a site that is anything from empty to just as declared."""

    file: str
    before: str
    seed: int
    left_out: float
    absent: float
    changed: float
    unknown: float

    def site(self):
        """What is declared, and what is read and recorded."""
        chance = random.Random(self.seed)
        desired = part_of(desired_of(self.file), self.left_out, chance)
        existing, objects = {}, {}
        for address, resource in desired.resources.items():
            above = parent_of(address)
            gone = above not in existing and above != address
            properties = dict(resource.properties)
            for path in sorted(set(properties) - kind_named(resource.kind).immutable):
                if chance.random() < self.changed:
                    properties[path] = chance.choice(pool()[resource.kind, path])
            if address == "site" or not (gone or chance.random() < self.absent):
                existing[address] = existing_of(resource, properties)
            if recorded(resource) and chance.random() >= self.unknown:
                last = dict(resource.properties) if chance.random() < 0.5 else properties
                objects[address] = entry_of(resource, last, made=chance.random() < 0.5)
        for address, resource in desired_of(self.before).resources.items():
            if address not in desired.resources and recorded(resource) and chance.random() < 0.2:
                objects[address] = entry_of(resource, dict(resource.properties))
        return desired, Observed(existing, LedgerState(objects, present=True))


SHARES = st.sampled_from((0.0, 0.05, 0.3, 0.9))
CASES = st.builds(
    Case,
    file=st.sampled_from(FILES),
    before=st.sampled_from(FILES),
    seed=st.integers(0, 10**9),
    left_out=st.sampled_from((0.0, 0.1, 0.6)),
    absent=SHARES,
    changed=SHARES,
    unknown=SHARES,
)


def carried_out(desired, observed, made):
    """The site and its ledger once every change has been done as the plan says."""
    after = dict(observed.existing)
    for change in made.changes:
        if change.action is Action.CREATE:
            wanted = desired.resources[change.address]
            after[change.address] = existing_of(wanted, dict(wanted.properties))
        elif change.action is Action.UPDATE:
            there = after[change.address]
            values = {**there.properties, **{f.path: f.after for f in change.fields}}
            after[change.address] = replace(there, properties=values)
        elif change.action is Action.DELETE:
            after = {a: one for a, one in after.items() if a != change.address}
    results = {c.address: Result(c.address, c.action.value, "done") for c in made.changes}
    now = Observed(after, observed.ledger)
    return replace(now, ledger=ledger_after(made, desired, observed, now, "this", results))


@settings(max_examples=40, deadline=None)
@given(CASES)
def test_a_plan_carried_out_leaves_nothing_to_do(case):
    desired, observed = case.site()
    made = plan(desired, observed, Options())
    again = plan(desired, carried_out(desired, observed, made), Options())
    assert [(c.address, c.action, c.fields) for c in again.shown] == []
    assert again.blocked == made.blocked


@settings(max_examples=40, deadline=None)
@given(CASES)
def test_what_is_as_declared_is_left_alone_and_what_is_not_is_named(case):
    desired, observed = case.site()
    made = plan(desired, observed, Options())
    touched = {c.address for c in made.shown if c.action in {Action.CREATE, Action.UPDATE}}
    said = {n.address for n in made.notes} | {b.address for b in made.blocked}
    for address, resource in desired.resources.items():
        there = observed.existing.get(address)
        if there is not None and dict(there.properties) == dict(resource.properties):
            assert address not in touched
        elif there is None and kind_named(resource.kind).name not in {"principal", "role"}:
            assert address in touched | said


@settings(max_examples=20, deadline=None)
@given(CASES, st.randoms(use_true_random=False))
def test_the_order_in_which_things_were_read_plays_no_part(case, chance):
    desired, observed = case.site()
    parts, records = list(observed.existing.items()), list(observed.ledger.objects.items())
    chance.shuffle(parts)
    chance.shuffle(records)
    other = Observed(dict(parts), replace(observed.ledger, objects=dict(records)))
    first, second = (plan(desired, one, Options()) for one in (observed, other))
    assert first.digest == second.digest
    assert first.json() == second.json()


@settings(max_examples=20, deadline=None)
@given(CASES)
def test_a_plan_is_the_same_once_written_and_read(case):
    desired, observed = case.site()
    document = plan(desired, observed, Options()).json()
    assert json.loads(json.dumps(document, ensure_ascii=False)) == document


@pytest.mark.parametrize("name", ["small.yaml", "laws/wide.yaml"])
def test_a_digest_is_the_same_on_any_machine(name):
    """Another hash seed, time zone and folder, and a fresh interpreter."""
    desired = desired_of(name)
    here = plan(desired, Observed({}), Options()).digest
    code = (
        "import sys; from pathlib import Path\n"
        "from provisioner.cli.workspace import open_workspace\n"
        "from provisioner.engine.observe import Observed\n"
        "from provisioner.engine.planner import Options, plan\n"
        "opened = open_workspace(Path(sys.argv[1]), '2026-11-22')\n"
        "print(plan(opened.desired, Observed({}), Options()).digest)\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    there = subprocess.run(
        [sys.executable, "-c", code, str(TESTS / name)],
        capture_output=True,
        text=True,
        env=environment,
        cwd="/",
        check=True,
    )
    assert there.stdout.strip() == here


def test_a_day_counts_only_by_what_it_changes():
    days = ("2026-11-22", "2027-11-22")
    quiet = [open_workspace(TESTS / "small.yaml", day).desired for day in days]
    assert quiet[0].digest == quiet[1].digest


def test_a_grant_that_ends_is_another_digest(tmp_path):
    said = (TESTS / "small.yaml").read_text("utf-8")
    (tmp_path / "w.yaml").write_text(
        said.replace("role: Read}]", "role: Read, until: 2027-01-31}]")
    )
    digests = [
        open_workspace(tmp_path / "w.yaml", day).desired.digest
        for day in ("2026-11-22", "2027-01-31", "2027-02-01")
    ]
    assert digests[0] == digests[1] != digests[2]


def test_a_plan_held_past_a_deviations_last_day_is_refused_and_says_what_counts_again():
    days = ("2026-11-22", "2026-11-23")
    now, later = (open_workspace(TESTS / "small.yaml", day).desired for day in days)
    site = now.resources["site"]
    there = {**site.properties, "title": "Renamed"}
    observed = Observed(
        {"site": existing_of(site, there)},
        LedgerState({"site": entry_of(site, site.properties)}, present=True),
    )
    where = Where("deviations.yaml", 1, 1)
    accepted = Deviation(
        "site", "title", "Renamed", "a merger", "cfo", None, now.scope.today, where
    )
    options = Options(deviations=(accepted,))
    signed = plan(now, observed, options).json()
    assert [note["code"] for note in signed["notes"]] == ["ACCEPTED"]
    assert stale(signed, plan(now, observed, options).json()) is None
    refusal = stale(signed, {**plan(later, observed, options).json(), "day": signed["day"]})
    assert refusal is not None
    assert (refusal.code, refusal.exit_code, refusal.address) == ("PLAN-STALE", 3, "site")
    assert "to update it was not approved" in refusal.message


@pytest.mark.parametrize("recorded_zone", [None, "UTC", "America/Toronto", "Europe/Paris"])
def test_what_only_people_can_set_is_a_note_of_its_own_whoever_moved(recorded_zone):
    """No request sets a time zone, so nothing is planned, and nobody is said to have edited it."""
    desired = desired_of("small.yaml")
    site = desired.resources["site"]
    there = {**site.properties, "timeZone": "Europe/Paris"}
    entry = entry_of(site, {**site.properties, "timeZone": recorded_zone})
    observed = Observed(
        {"site": existing_of(site, there)}, LedgerState({"site": entry}, present=True)
    )
    made = plan(desired, observed, Options())
    assert [(note.address, note.path, note.code) for note in made.notes] == [
        ("site", "timeZone", "SET-BY-HAND")
    ]
    assert "site" not in {change.address for change in made.changes}
