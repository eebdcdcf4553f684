"""A package is written and verified in pieces: one large file takes no more memory than a small one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent.parent
LARGE, MOST = 300_000_000, 60_000_000
# In a process of its own, which has not held anything else.
STORY = """
import resource, sys
from dataclasses import replace
from pathlib import Path
from cli.test_package_check import facts_of
from provisioner.cli.package_check import checked_package
from provisioner.cli.package_store import measured
from provisioner.cli.packaging import _write

folder, size = Path(sys.argv[1]), int(sys.argv[2])
made, store = facts_of(folder)
key = made.facts.documents[0].key
with store.path_of(key).open("wb") as out:
    out.truncate(size)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
made = replace(made, prints={**made.prints, key: measured(store.path_of(key))[0]})
_write(made, {"run": {"digest": "sha256:0"}}, store, folder / "package.zip")
found = checked_package(folder / "package.zip")
assert found.holds, found.flaws
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""


def test_three_hundred_megabytes_are_packed_and_verified_in_little_memory(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    done = subprocess.run(
        [sys.executable, "-c", STORY, str(tmp_path), str(LARGE)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < MOST
    assert (tmp_path / "package.zip").stat().st_size > LARGE
