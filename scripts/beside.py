"""The reference workspace by an apply, and beside it by plain scripts on the client libraries."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml
from measuring import Count, Tenant, count_of, counted, limits

PEERS = Path(__file__).resolve().parent / "peers"
BUDGET = 1_000_000  # units a minute: here nobody is to wait for the budget
SITE_ONLY = ("apiVersion", "kind", "tenant", "site")
NOT_IN_GRAPH = frozenset({"currency", "hyperlink"})


def beside(tenant: Tenant, folder: Path, reference: Path, *, as_json: bool) -> None:
    """Apply and scripts in turn, each on an empty site; print the ratios."""
    spec = yaml.safe_load(reference.read_text("utf-8"))
    half = folder / "half.yaml"
    half.write_text(yaml.safe_dump(half_of(spec), sort_keys=False), "utf-8")
    bare = folder / "bare.yaml"
    bare.write_text(yaml.safe_dump({name: spec[name] for name in SITE_ONLY}), "utf-8")
    if not as_json:
        print("\n### Beside plain scripts\n")
        print("| what | by | requests | round trips | time | round trips, times | time, times |")
        print("|---|---|---|---|---|---|---|")
    for what, file, peer, script in (
        ("all of it", reference, "Office365-REST-Python-Client", "office365_script.py"),
        ("the half Graph can make", half, "msgraph-sdk", "msgraph_script.py"),
    ):
        tenant.control("POST", "reset")
        tenant.control("PUT", "settings", limits(BUDGET))
        ours = counted(tenant, "apply", "apply", file, "--yes")
        theirs = scripted(tenant, bare, PEERS / script, file)
        ratio = round(theirs.seconds / ours.seconds, 2)
        trips = round(theirs.in_turn / ours.in_turn, 2)
        if as_json:
            print(json.dumps({"peer": peer, "ratio": ratio, "roundTripRatio": trips}))
        else:
            print(f"| {what} | apply | {_cells(ours)} | 1 | 1 |")
            print(f"| | {peer} | {_cells(theirs)} | {trips} | {ratio} |")
        sys.stdout.flush()


def half_of(spec: dict[str, Any]) -> dict[str, Any]:
    """What of a workspace Microsoft Graph has requests for."""
    half = {name: spec[name] for name in (*SITE_ONLY, "columns", "contentTypes")}
    for home in ("libraries", "lists"):
        half[home] = [
            {
                "key": one["key"],
                "title": one["title"],
                "url": one["url"],
                "contentTypes": one["contentTypes"],
                "columns": [column for column in one["columns"] if in_graph(column)],
            }
            for one in spec[home]
        ]
    return half


def in_graph(column: dict[str, Any]) -> bool:
    """Whether Graph can make the column."""
    return column["type"] not in NOT_IN_GRAPH and not column.get("multiple")


def scripted(tenant: Tenant, bare: Path, script: Path, file: Path) -> Count:
    """The script on a site that was just made, which is not counted."""
    tenant.control("POST", "reset")
    tenant.control("PUT", "settings", {**limits(BUDGET), "latencyMs": 0})
    tenant.run("apply", bare, "--yes")
    tenant.control("PUT", "settings", limits(BUDGET))
    tenant.fresh_minute()
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, script, file],
        env={**tenant.environment, "REQUESTS_CA_BUNDLE": tenant.ca},
        check=True,
    )
    return count_of(tenant, script.stem, time.perf_counter() - began)


def _cells(one: Count) -> str:
    return f"{one.requests} | {one.in_turn} | {one.seconds:.1f} s"
