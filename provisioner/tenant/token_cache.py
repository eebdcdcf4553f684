"""A person's sign-in between runs, in a file that only its owner can read.

Only device code needs it, so that a second command does not ask again. Tokens of apps are never
written: a certificate gets a new one in a moment. The folder under PROVISIONER_HOME is made for the
owner alone, the file is made with mode 0600 and moved into place; one that others could read, or
that somebody else owns, is not used. On Windows the user's own data folder keeps others out.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_cache(path: Path) -> str:
    """What was kept, as MSAL wrote it; "" for nothing, and for a file that others could read."""
    try:
        seen = path.lstat()
        if not stat.S_ISREG(seen.st_mode) or not _own(seen):
            return ""
        text = path.read_text("utf-8")
        return text if isinstance(json.loads(text), dict) else ""
    except (OSError, ValueError):
        return ""


def write_cache(path: Path, text: str) -> None:
    """Keep it. A folder that cannot be written is no reason to stop: the person is asked again."""
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.chmod(0o700)  # also one that was there
        # mkstemp opens with mode 0600, so at no moment could anybody else read it.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".tokens-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


def _own(seen: os.stat_result) -> bool:
    if os.name == "nt":
        return True
    return seen.st_uid == os.getuid() and not seen.st_mode & _OTHERS
