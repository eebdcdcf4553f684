"""Several workspaces in one command, named one by one or as a folder of client folders."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

_FILE = "workspace.yaml"


def each_workspace(paths: Iterable[Path]) -> list[Path]:
    """The paths, with a folder of client folders replaced by the clients in it, by name.

    A client folder holds `workspace.yaml`; one that does itself is no folder of clients.
    """
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob(f"*/{_FILE}")) if path.is_dir() else []
        is_client = (path / _FILE).exists() or not inside
        found += [path] if is_client else [one.parent for one in inside]
    return found
