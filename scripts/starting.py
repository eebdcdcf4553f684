"""What starting costs: `--help` beside the least it could cost, and commands less their imports."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from measuring import LATENCY, Count, Tenant, computed, counted

STARTS = 15
AGAIN = 3
_LOADED = """
import json, sys
from pathlib import Path
from provisioner.cli.app import exit_code
exit_code(sys.argv[2:])
Path(sys.argv[1]).write_text(json.dumps(list(sys.modules)))
"""
_IMPORT = """
import gc, importlib, json, sys
from contextlib import suppress
from pathlib import Path
gc.set_threshold(50_000)
for name in json.loads(Path(sys.argv[1]).read_text()):
    with suppress(Exception):
        importlib.import_module(name)
"""


def starting() -> None:
    """What `--help` costs beside the least it could cost."""
    command = {
        "python -c pass": ["-c", "pass"],
        "python -c 'import typer'": ["-c", "import typer"],
        "provisioner --help": ["-m", "provisioner", "--help"],
    }
    spent: dict[str, list[float]] = {name: [] for name in command}
    for _ in range(STARTS):
        for name, arguments in command.items():
            before = computed()
            subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
            spent[name].append(computed() - before)
    middle = {name: statistics.median(values) for name, values in spent.items()}
    print(f"\n### Starting, CPU, median of {STARTS}\n")
    print("| | against bare Python | against a bare typer import |\n|---|---|---|")
    bare, typer = middle["python -c pass"], middle["python -c 'import typer'"]
    for name, seconds in middle.items():
        print(f"| `{name}` | {seconds / bare:.1f} | {seconds / typer:.2f} |")


def after_imports(tenant: Tenant, folder: Path, first: Count, file: Path) -> None:
    """A first apply that was counted, a second and a drift check, each less what its imports take.

    Beside it what the service itself makes them wait: the round trips' latency, and its work.
    """
    print("\n### After imports, seconds on the wall and of CPU\n")
    print("| command | wall | CPU | the service alone | wall, times that |")
    print("|---|---|---|---|---|")
    again = ("apply", file, "--yes")
    names = _loaded(tenant, folder, again)
    _row(first, [(first, *_imported(tenant, names))])
    for step, arguments in (("apply again", again), ("drift", ("drift", file))):
        names = _loaded(tenant, folder, arguments)
        runs = [
            (counted(tenant, step, *arguments), *_imported(tenant, names)) for _ in range(AGAIN)
        ]
        _row(runs[0][0], runs)


def _row(named: Count, runs: Sequence[tuple[Count, float, float]]) -> None:
    wall = statistics.median(one.seconds - imports for one, imports, _ in runs)
    cpu = statistics.median(one.cpu - imports for one, _, imports in runs)
    alone = named.in_turn * LATENCY / 1000 + named.served
    print(f"| {named.step} | {wall:.1f} | {cpu:.2f} | {alone:.1f} | {wall / alone:.2f} |")


def _loaded(tenant: Tenant, folder: Path, arguments: Sequence[object]) -> Path:
    """A file of the names of all modules that a command loads."""
    names = folder / "modules.json"
    command = [sys.executable, "-c", _LOADED, str(names), *map(str, arguments)]
    subprocess.run(command, env=tenant.environment, capture_output=True, check=True)
    return names


def _imported(tenant: Tenant, names: Path) -> tuple[float, float]:
    """Seconds on the wall and of CPU of a process that does nothing but import them."""
    began, before = time.perf_counter(), computed()
    command = [sys.executable, "-c", _IMPORT, str(names)]
    subprocess.run(command, env=tenant.environment, capture_output=True, check=True)
    return time.perf_counter() - began, computed() - before
