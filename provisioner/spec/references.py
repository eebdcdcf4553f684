"""`env:NAME` and `file:path`: values that must not stand in the file, read when they are needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from provisioner.core.errors import ProvisionerError, Where

_LARGEST = 1024 * 1024


def resolve(
    text: str, environment: Mapping[str, str], folder: Path, where: Where | None = None
) -> str:
    """The value a text stands for; a text that is no reference stands for itself.

    `env:NAME` is looked up in `environment`; `file:path` is read as UTF-8 from `folder` (the
    workspace's), `~` being the home folder, one final line break cut. Raises `ProvisionerError`
    with REFERENCE-ENV-MISSING or REFERENCE-FILE; the value itself never gets into a message.
    """
    if text.startswith("env:"):
        name = text.removeprefix("env:")
        value = environment.get(name, "")
        if not value:
            raise ProvisionerError(
                "REFERENCE-ENV-MISSING",
                f"The environment variable {name} is not set.",
                hint=f"Set it before you run the command: `export {name}=…`.",
                where=where,
            )
        return value
    if text.startswith("file:"):
        return _read(resolve_path(text, folder), where)
    return text


def resolve_path(text: str, folder: Path) -> Path:
    """The path that a `file:` reference names. It need not exist."""
    return folder / Path(text.removeprefix("file:")).expanduser()


def _read(path: Path, where: Where | None) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise ProvisionerError(
                "REFERENCE-FILE",
                f"The file {path} is larger than 1 MB.",
                hint="Check that it is the right one.",
                where=where,
            )
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = (error.strerror or "").lower() if isinstance(error, OSError) else "not UTF-8 text"
        raise ProvisionerError(
            "REFERENCE-FILE",
            f"The file {path} cannot be read: {reason}.",
            hint="A path is read from the workspace's folder. Check the name and the permissions.",
            where=where,
        ) from None
    return text.removesuffix("\n").removesuffix("\r")
