#!/usr/bin/env python3
"""Read all documents of a workspace once, for `scripts/bench sync`: as sync does, or bare.

`sync_scan.py bare|sync|judged FILE` prints one line of JSON: rows, seconds, CPU seconds, and the
most memory in MB. Judged goes on to all rules. Bare is a loop of httpx and orjson over the same change
queries that keeps nothing.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import ssl
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import orjson

from provisioner.cli.judging import site_handle
from provisioner.cli.workspace import Workspace, open_workspace, transport_to
from provisioner.core import collector
from provisioner.core.progress import Silent
from provisioner.sync.collect import facts_of
from provisioner.sync.collect_changes import read_changes
from provisioner.sync.collect_content import identified
from provisioner.sync.collect_files import ShelfReader
from provisioner.sync.collect_lists import lists_of
from provisioner.sync.collect_site import locate
from provisioner.sync.job import policy_of
from provisioner.sync.judge import judge
from provisioner.sync.shelves import Files


async def as_sync(opened: Workspace, *, judged: bool = False) -> dict[str, Any]:
    """Every library and list by the product's own reading, kept as it keeps them.

    `judged`: also what follows from them, by all rules.
    """
    async with transport_to(opened, Silent()) as transport:
        places = await locate(transport, site_handle(opened))
        began, spent = time.perf_counter(), time.process_time()
        with collector.seldom():  # as a run does
            changes = await read_changes(transport, places, {}, {})
            steps = await identified(transport, places, changes.steps, dict)
            files = Files({key: step.shelf for key, step in steps.items()})
            if judged:
                lists = lists_of(places, changes.rolls, {}, site_handle(opened).registers)
                facts = facts_of(files.values(), lists, places, {})
                judgement = judge(facts, policy_of(opened.settings), date.today())  # noqa: DTZ011, TID251
                assert len(judgement.documents) == len(files)
            return told(len(files), began, spent)


async def paths_of(opened: Workspace) -> list[str]:
    """Where the change queries of the libraries begin."""
    async with transport_to(opened, Silent()) as transport:
        places = await locate(transport, site_handle(opened))
    return [ShelfReader(places, one, None).query.path for one in places.libraries.values()]


def bare(paths: list[str]) -> dict[str, Any]:
    """The same pages, one after the other, decoded and let go."""
    env = os.environ
    context = ssl.create_default_context(cafile=env["EMULATOR_CA"])
    form = {
        "grant_type": "client_credentials",
        "client_id": env["EMULATOR_CLIENT_ID"],
        "client_secret": env["EMULATOR_CLIENT_SECRET"],
        "scope": "https://graph.microsoft.com/.default",
    }
    at = f"{env['EMULATOR_URL']}/{env['EMULATOR_TENANT_ID']}/oauth2/v2.0/token"
    with httpx.Client(verify=context, trust_env=False) as http:
        token = http.post(at, data=form).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    began, spent, rows = time.perf_counter(), time.process_time(), 0
    with httpx.Client(verify=context, headers=headers, timeout=120, trust_env=False) as http:
        for path in paths:
            link: str | None = f"{env['EMULATOR_URL']}/v1.0{path}"
            while link:
                page = orjson.loads(http.get(link).content)
                rows += len(page["value"])
                link = page.get("@odata.nextLink")
    return told(rows, began, spent)


def told(rows: int, began: float, spent: float) -> dict[str, Any]:
    """The measurement as JSON values; memory is that of the whole process so far."""
    return {
        "rows": rows,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - spent,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    way, file = sys.argv[1:]
    workspace = open_workspace(Path(file), None)
    if way == "bare":
        print(json.dumps(bare(asyncio.run(paths_of(workspace)))))
    else:
        print(json.dumps(asyncio.run(as_sync(workspace, judged=way == "judged"))))
