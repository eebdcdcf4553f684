"""How sync's cost grows with the number of documents: runs on an emulator, and rules on values."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import plot
from measuring import Tenant, count_of, served
from sync_facts import documents

from provisioner.emulator.environment import folder_of
from provisioner.emulator.model import files, items
from provisioner.emulator.model.open_list import open_list
from provisioner.emulator.model.principals import ensure_user
from provisioner.emulator.tenant import Tenant as Store
from provisioner.sync.judge import judge
from provisioner.sync.policy import Policy

SITES, CHANGED, BUDGET = (1_000, 10_000, 100_000), 50, 1_000_000_000
RULES = (10_000, 100_000, 1_000_000)
SCANS = {"bare": "bare loop", "sync": "first scan", "judged": "first scan, judged"}
SCAN = Path(__file__).with_name("sync_scan.py")


@dataclass(frozen=True)
class Row:
    """One run. `bar` is the most units it may cost, 0 where there is no bar."""

    step: str
    requests: int
    units: int
    bar: int
    writes: int
    kilobytes: int
    seconds: float
    cpu: float
    megabytes: int


def sync_growth(sizes: tuple[int, ...], rules: tuple[int, ...], chart: Path) -> None:
    """Print the tables and draw the plot."""
    series: dict[str, list[tuple[float, float]]] = {}
    print("| documents | step | requests | units | writes | kB | CPU s | seconds | memory, MB |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            for row in site_of(Path(folder), size):
                series.setdefault(row.step, []).append((size, row.cpu))
                show(size, row)
    print("\n| facts | rules, CPU s | facts a second | memory, MB |\n|---|---|---|---|", flush=True)
    for size in rules:
        # Half a second is too short to tell by once: a neighbour on the machine doubles it.
        spent, memory = min(judged_apart(size) for _ in range(3 if size < SITES[-1] else 1))
        series.setdefault("rules", []).append((size, spent))
        print(f"| {size:,} | {spent:.2f} | {size / spent:,.0f} | {memory} |", flush=True)
    plot.lines(chart, series, "documents", "CPU seconds", "What sync costs, by documents")


def show(size: int, row: Row) -> None:
    """One line of the table, as soon as it is known."""
    bar = f" (bar {row.bar})" if row.bar else ""
    print(
        f"| {size:,} | {row.step} | {row.requests} | {row.units}{bar} | {row.writes} | "
        f"{row.kilobytes:,} | {row.cpu:.1f} | {row.seconds:.1f} | {row.megabytes} |",
        flush=True,
    )


def site_of(home: Path, size: int) -> Iterator[Row]:
    """A workspace of the pack with so many documents: scans, the first run, and runs after it."""
    with served(home) as tenant:
        given = ("--set", "auditStart=2026-01-01", "--set", "auditEnd=2026-12-31")
        pack = ("--template", "soc2-fintech-api", "--dir", home / "bench")
        tenant.control("PUT", "settings", {"resourceUnitsPerMinute": BUDGET})
        tenant.run("new", "Bench", *pack, *given)
        tenant.run("apply", home / "bench", "--yes")
    file = home / "bench" / "workspace.yaml"
    with store(home) as db:
        fill(db, size)
    with served(home) as tenant:
        for way, step in SCANS.items():
            told = json.loads(measured(tenant, [str(SCAN), way, str(file)])[0])
            yield Row(step, 0, 0, 0, 0, 0, told["seconds"], told["cpu"], told["megabytes"])
        yield run_of(tenant, "first run", file)
        yield run_of(tenant, "run again", file)
    with store(home) as db:
        lists = change(db)
    with served(home) as tenant:
        bar = 2 * lists + 10 * CHANGED + 40
        yield run_of(tenant, f"after {CHANGED} changes", file, bar)


def run_of(tenant: Tenant, step: str, file: Path, bar: int = 0) -> Row:
    """One sync in a process of its own, counted by the tenant."""
    tenant.control("PUT", "settings", {"latencyMs": 0, "serviceMs": {"read": 0, "write": 0}})
    tenant.fresh_minute()
    began = time.perf_counter()
    _, used = measured(tenant, ["-m", "provisioner", "sync", str(file)])
    count = count_of(tenant, step, time.perf_counter() - began)
    cpu, memory = used
    return Row(
        step,
        count.requests,
        count.units,
        bar,
        count.writes,
        count.kilobytes,
        count.seconds,
        cpu,
        memory,
    )


def measured(tenant: Tenant, arguments: list[str]) -> tuple[str, tuple[float, int]]:
    """A Python process: what it printed, its CPU seconds, and the most memory it took, in MB."""
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as complaints,
        tempfile.NamedTemporaryFile() as told,
    ):
        # Started by one that is small: to the system a new process has had its parent's memory.
        subprocess.run(
            [sys.executable, "-c", _START, told.name, sys.executable, *arguments],
            env=tenant.environment, stdout=out, stderr=complaints, check=True,
        )  # fmt: skip
        code, cpu, memory = json.load(told)
        out.seek(0)
        complaints.seek(0)
        if code not in {0, 2}:
            sys.exit(f"{arguments} ended with {code}:\n{complaints.read().decode()}")
        return out.read().decode(), (cpu, memory)


_START = """
import json, os, subprocess, sys
child = subprocess.Popen(sys.argv[2:])
_, status, used = os.wait4(child.pid, 0)
code = child.returncode = os.waitstatus_to_exitcode(status)
with open(sys.argv[1], "w") as told:
    json.dump([code, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024], told)
"""


class store:  # noqa: N801 - reads as a verb
    """The emulator's store while nobody serves it, in one transaction."""

    def __init__(self, home: Path) -> None:
        self._store = Store(folder_of(home) / "tenant.sqlite")

    def __enter__(self) -> Store:
        self._store.db.execute("PRAGMA synchronous = OFF")
        self._store.db.execute("BEGIN")
        return self._store

    def __exit__(self, *problem: object) -> None:
        self._store.db.execute("ROLLBACK" if problem[0] else "COMMIT")
        self._store.db.close()


def fill(db: Store, size: int) -> None:
    """Documents that wait for their review, spread over the libraries and their items."""
    site = bench_site(db)
    catalogue = open_list(db, site, f"url={site['path']}/Lists/ExpectedEvidence")
    expected: dict[str, list[int]] = {}
    for row in items.page(db, catalogue, where="1", values=(), order="id", limit=500, offset=0):
        said = json.loads(row["fields"])
        expected.setdefault(said.get("EvidenceLibrary") or "", []).append(int(row["id"]))
    shelves = [
        open_list(db, site, f"id={row['id']}")
        for row in db.rows("SELECT * FROM list WHERE site_id = ? AND deleted = 0", site["id"])
        if row["title"] in expected
    ]
    shelves = [one for one in shelves if one.library]
    today = datetime.now(UTC).date()  # noqa: TID251 - a script
    owner = int(ensure_user(db, str(site["id"]), "iam@contoso.example")["id"])
    for number in range(size):
        shelf = shelves[number % len(shelves)]
        choice = expected[str(shelf.row["title"])]
        day = today - timedelta(days=number % 300)
        row, _ = files.put(
            db, shelf, "", f"evidence-{number:06}.csv", b"a,b\n%d" % number, author=1
        )
        facts = {
            "EvidenceItem": choice[number % len(choice)],
            "EvidenceOwner": owner,
            "ReviewStatus": "Submitted",
            "SourceSystem": "Identity provider",
            "Sensitivity": "Confidential",
            "QueryUsed": "all",
            **dict.fromkeys(("ActivityDate", "CollectedOn"), f"{day}T00:00:00Z"),
            "PeriodFrom": f"{day - timedelta(days=6)}T00:00:00Z",
            "PeriodTo": f"{day}T00:00:00Z",
        }
        items.update_fields(db, shelf, row, facts, editor=1, overwrite=True)


def change(db: Store) -> int:
    """People approve some documents. Gives how many lists the site has."""
    site = bench_site(db)
    rows = db.rows(
        "SELECT item.*, list.id AS of FROM item JOIN list ON list.id = item.list_id "
        "WHERE list.site_id = ? AND item.name LIKE 'evidence-%' ORDER BY item.name LIMIT ?",
        site["id"], CHANGED,
    )  # fmt: skip
    today = datetime.now(UTC).date()  # noqa: TID251 - a script
    reviewer = int(ensure_user(db, str(site["id"]), "vciso@contoso.example")["id"])
    for row in rows:
        shelf = open_list(db, site, f"id={row['of']}")
        facts = {
            "ReviewStatus": "Approved",
            "Reviewer": reviewer,
            "ReviewedOn": f"{today}T00:00:00Z",
        }
        items.update_fields(db, shelf, row, facts, editor=1)
    found = db.rows("SELECT id FROM list WHERE site_id = ? AND deleted = 0", site["id"])
    return len(found)


def bench_site(db: Store) -> Any:
    """The site that was applied."""
    [site] = db.rows("SELECT * FROM site WHERE path LIKE ?", "%bench%")
    return site


def judged_apart(size: int) -> tuple[float, int]:
    """CPU seconds of all rules over so many documents in a process of its own, and its memory."""
    code = f"import sys; sys.path.insert(0, {str(SCAN.parent)!r}); import sync_growth as g; g.judging({size})"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    told = json.loads(out.stdout)
    return told["cpu"], told["megabytes"]


def judging(size: int) -> None:
    """Judge so many documents and print what it took."""
    facts = documents(size)
    began = time.process_time()
    judge(facts, Policy(), date(2026, 6, 15))
    spent = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"cpu": spent, "megabytes": memory}))
