"""Several workspaces in one command, named one by one or as a folder of client folders."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from provisioner.cli.console import Console, error_json
from provisioner.cli.shared_options import HERE, WORST_LAST
from provisioner.cli.unforeseen import problem_of, stopped
from provisioner.core.errors import ProvisionerError, Usage

_FILE = "workspace.yaml"
_NOT_BEGUN = 64
_LINES = frozenset({"text", "json"})
_WORDS = {
    0: "as they should be",
    2: "with findings",
    3: "refused",
    1: "failed",
    _NOT_BEGUN: "not begun",
}
_NAMED = 10


def each_workspace(paths: Iterable[Path]) -> list[Path]:
    """The paths, with a folder of client folders replaced by the clients in it, by name; each once.

    A client folder holds `workspace.yaml`; one that does itself is no folder of clients.
    """
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob(f"*/{_FILE}")) if path.is_dir() else []
        is_client = (path / _FILE).exists() or not inside
        found += [path] if is_client else [one.parent for one in inside]
    once = {(one / _FILE if one.is_dir() else one).resolve(): one for one in reversed(found)}
    return list(reversed(once.values()))


def in_each(
    given: Sequence[Path] | None,
    output: str,
    console: Console,
    work: Callable[[Path, bool], int],
) -> int:
    """Do the work in each workspace, one after the other; gives the worst exit code.

    `work` is told whether there are several; then each answers with a line of JSON, one that fails
    with its error, and the others go on. At the end stderr says how many went how, and which failed.
    Whoever stops it gets a line for the one at work, and the names of those that were not begun.
    Raises `Usage` ONE-WORKSPACE-ONLY for a format that is one document.
    """
    asked = list(given or [HERE])
    paths = each_workspace(asked)
    if len(asked) == 1 and paths == asked:
        return work(asked[0], False)
    if output not in _LINES:
        raise Usage(
            "ONE-WORKSPACE-ONLY",
            f"`--format {output}` makes one document of one workspace, and there are {len(paths)}.",
            hint="Leave --format out for a line of JSON each, or name one workspace at a time.",
        )
    codes: list[tuple[Path, int]] = []
    for at, path in enumerate(paths):
        try:
            codes.append((path, _guarded(path, console, work)))
        except KeyboardInterrupt:
            codes += [(path, _told(stopped(), path, console))]
            codes += [(one, _NOT_BEGUN) for one in paths[at + 1 :]]
            console.say(_ending(codes))
            return codes[at][1]
    console.say(_ending(codes))
    return max((code for _, code in codes), key=WORST_LAST.index)


def line_of(path: Path, code: int, document: Mapping[str, Any]) -> str:
    """A document as one of many lines: with the path that was given, and its exit code in front."""
    return json.dumps({"file": str(path), "exitCode": code, **document}, ensure_ascii=False)


def _guarded(path: Path, console: Console, work: Callable[[Path, bool], int]) -> int:
    """The exit code of one among several."""
    try:
        return work(path, True)
    except Exception as error:  # noqa: BLE001 - one workspace must not stop the others
        return _told(problem_of(error), path, console)


def _told(problem: ProvisionerError, path: Path, console: Console) -> int:
    told = {"workspace": str(path), **error_json(problem)}
    console.out(line_of(path, problem.exit_code, told))
    console.error(problem)
    return problem.exit_code


def _ending(codes: Sequence[tuple[Path, int]]) -> str:
    count = Counter(code for _, code in codes)
    parts = [f"{count[code]} {word}" for code, word in _WORDS.items() if count[code]]
    bad = [str(path) for path, code in codes if code not in {0, 2}]
    more = f" and {len(bad) - _NAMED} more" if len(bad) > _NAMED else ""
    named = f" Look at {', '.join(bad[:_NAMED])}{more}." if bad else ""
    return f"{len(codes)} workspaces: {', '.join(parts)}.{named}"
