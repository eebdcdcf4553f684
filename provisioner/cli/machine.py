"""This machine, as the lock of a site names it."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from pathlib import Path

from provisioner.engine.journal import is_held
from provisioner.ledger.lock import Machine

_BOOT = Path("/proc/sys/kernel/random/boot_id")
"""Linux gives each start an id of its own (man 4 random)."""


def this_machine(journals: Path) -> Machine:
    """Host name, process id and the id of this start, "" where the system gives none.

    `journals` is the folder in which each run of this machine holds its journal open.
    """

    def alive(run: str, pid: int) -> bool:
        held = is_held(journals / f"{run}.jsonl")
        return _alive(pid) if held is None else held

    return Machine(platform.node() or "unknown", os.getpid(), _boot(), alive)


def _boot() -> str:
    try:
        text = _BOOT.read_text("ascii").strip()
    except (OSError, ValueError):
        return ""
    # In a container the host's start and the container's processes are two things.
    return hashlib.sha256(f"{text} {_namespace()}".encode()).hexdigest()[:12]


def _namespace() -> str:
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def _alive(pid: int) -> bool:
    """Whether a process runs here. Where that cannot be asked without harm, it counts as running."""
    if sys.platform == "win32" or pid <= 0:
        return True
    try:
        os.kill(pid, 0)  # signal 0 asks and sends nothing (man 2 kill)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
