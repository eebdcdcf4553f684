"""`env:NAME` and `file:path`: values that must not stand in the file, read when they are needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
            raise _unset([name], where)
        return value
    if text.startswith("file:"):
        return _read(resolve_path(text, folder), where)
    return text


def check_set(texts: Iterable[str | None], environment: Mapping[str, str]) -> None:
    """Raise REFERENCE-ENV-MISSING for all the variables at once that texts name and nobody has set."""
    named = [one.removeprefix("env:") for one in texts if one and one.startswith("env:")]
    missing = [name for name in dict.fromkeys(named) if not environment.get(name)]
    if missing:
        raise _unset(missing)


def _unset(names: Sequence[str], where: Where | None = None) -> ProvisionerError:
    which = " and ".join(names)
    said = f"variable {which} is" if len(names) == 1 else f"variables {which} are"
    them = "it" if len(names) == 1 else "them"
    exports = " ".join(f"{name}=…" for name in names)
    return ProvisionerError(
        "REFERENCE-ENV-MISSING",
        f"The environment {said} not set.",
        hint=f"Set {them} before you run the command: `export {exports}`.",
        where=where,
    )


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
