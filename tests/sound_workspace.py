"""A workspace file that has nothing wrong with it, as read."""

from __future__ import annotations

from pathlib import Path

from provisioner.core.errors import SpecInvalid
from provisioner.spec.workspace import Loaded, read_workspace


def load_workspace(path: Path, *, library: Path | None = None) -> Loaded:
    """The workspace at `path`. Raises `SpecInvalid` with every problem found."""
    loaded, problems = read_workspace(path, library=library)
    if loaded is None or problems:
        raise SpecInvalid(tuple(problems))
    return loaded
