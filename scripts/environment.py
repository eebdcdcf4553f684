#!/usr/bin/env python3
"""Make or refresh the project's virtual environment; standard library only.

`scripts/environment.py [--dev]` creates `.venv` beside the project, installs it there with the
versions of constraints.txt, and prints the environment's Python. It does nothing when nothing
changed since the last time, so that second runs are quick.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
LOWEST = (3, 11)


def main() -> int:
    if sys.version_info < LOWEST:
        found = ".".join(map(str, sys.version_info[:3]))
        print(f"Python 3.11 or newer is needed; this is {found}.", file=sys.stderr)
        print(
            "Install one (Debian: apt-get install python3.11; or python.org) and put it first in PATH.",
            file=sys.stderr,
        )
        return 1
    dev = "--dev" in sys.argv[1:]
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = VENV / ("provisioner-dev.stamp" if dev else "provisioner.stamp")
    wanted = fingerprint()
    if not (python.exists() and stamp.exists() and stamp.read_text() == wanted):
        if not python.exists() and not make():
            return 1
        say(f"Installing into {VENV.name} (the first time takes a minute or two)…")
        what = f"{PROJECT}[dev]" if dev else str(PROJECT)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        done = subprocess.run(
            [*pip, "--constraint", str(PROJECT / "constraints.txt"), "--editable", what],
            check=False,
        )
        if done.returncode:
            say(
                "The packages could not be installed; pip's words are above. Is a package index reachable?"
            )
            return 1
        stamp.write_text(wanted)
    print(python)
    return 0


def make() -> bool:
    """Create the environment; say which system package is missing when that fails."""
    say(f"Making a virtual environment in {VENV.name}…")
    done = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)], check=False, capture_output=True, text=True
    )
    if done.returncode == 0:
        return True
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    say(done.stdout + done.stderr)
    say("Python's venv module is not complete here. On Debian or Ubuntu:")
    say(f"    sudo apt-get install python{version}-venv")
    return False


def fingerprint() -> str:
    """What the environment was made from."""
    parts = [(PROJECT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    return hashlib.sha256(b"\0".join([*parts, sys.version.encode()])).hexdigest()


def say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
