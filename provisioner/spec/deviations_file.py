"""Write an accepted difference into `deviations.yaml`, leaving every other byte as people wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from provisioner.core.canonical import canonical_json
from provisioner.core.errors import Refused, SpecInvalid
from provisioner.spec.deviations import FILE_NAME, Deviation, deviations_in

HEADING = """\
# Differences between the file and the site that somebody accepted. Each holds for one value, up to
# and including its last day; another value, or a day later, and it is a finding again.
"""
_DASH = re.compile(r"( *)-(\s|$)")
_KEY = re.compile(r" *(?:- +)?(\w+):")
_REMARK = re.compile(r"""[^"'#]*?( +#.*)|.*\}( +#.*)""")
"""What follows a value, where no quote leaves it open whether it is part of one."""


def with_deviation(text: str, known: Sequence[Deviation], new: Deviation) -> str:
    """The text of the file with `new` in it: in the place of the one for its address and path.

    `known` are the deviations `text` holds, with their lines. Comments, line ends and all else stay.

    Raises:
        Refused: DEVIATION-BY-HAND, for a file that is written so that lines cannot be put into it.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    dashes = {(one.address, one.path): _dash(lines, one) for one in known}
    first = next(iter(dashes.values()), None)
    margin = _margin(lines, first)
    own = dashes.get((new.address, new.path))
    if own is not None:
        after = min(
            (at for at in dashes.values() if at is not None and at > own), default=len(lines)
        )
        while after > own + 1 and _between(lines[after - 1]):
            after -= 1
        entry = _with_remarks(_entry(new, margin), lines[own:after])
        made = [*lines[:own], *(one + end for one in entry), *lines[after:]]
    else:
        if not known and text.strip() in {"", "[]"}:
            lines = HEADING.replace("\n", end).splitlines(keepends=True)
        if lines and not lines[-1].endswith(("\n", "\r")):
            lines[-1] += end
        made = [*lines, *(one + end for one in _entry(new, margin))]
    return _checked("".join(made), known, new)


def _dash(lines: Sequence[str], one: Deviation) -> int | None:
    """The line that begins an entry; its dash may stand above it. None in a list in brackets."""
    at = one.where.line - 1
    while at >= 0 and not _DASH.match(lines[at]):
        at -= 1
    return at if at >= 0 else None


def _margin(lines: Sequence[str], dash: int | None) -> str:
    found = _DASH.match(lines[dash]) if dash is not None else None
    return found[1] if found else ""


def _between(line: str) -> bool:
    """Whether a line belongs to no entry: it is blank or a comment."""
    return not line.strip() or line.lstrip().startswith("#")


def _with_remarks(entry: Sequence[str], replaced: Sequence[str]) -> list[str]:
    """The entry with the comments of the one in whose place it comes, each at the same property."""
    above: dict[str, list[str]] = {}
    behind: dict[str, str] = {}
    waiting: list[str] = []
    for line in replaced:
        plain = line.rstrip("\r\n")
        key = _KEY.match(plain)
        if _between(plain):
            waiting.append(plain)
        elif key or plain.lstrip().startswith("- {"):
            name = key[1] if key else "address"
            above[name], waiting = waiting, []
            remark = _REMARK.fullmatch(plain)
            behind[name] = (remark[1] or remark[2]) if remark else ""
    made = []
    for line in entry:
        key = _KEY.match(line)
        name = key[1] if key else ""
        made += [*above.pop(name, ()), line + behind.pop(name, "")]
    return [*made, *(one for lost in above.values() for one in lost), *waiting]


def _entry(new: Deviation, margin: str) -> list[str]:
    fields: dict[str, Any] = {"address": new.address}
    if new.path:
        fields["path"] = new.path
    fields |= {"value": _plain(new.value), "reason": new.reason, "approver": new.approver}
    if new.ticket:
        fields["ticket"] = new.ticket
    fields["expires"] = new.expires
    text = yaml.safe_dump([fields], allow_unicode=True, sort_keys=False, width=96)
    return [f"{margin}{line}" if line else "" for line in text.split("\n")[:-1]]


def _checked(text: str, known: Sequence[Deviation], new: Deviation) -> str:
    """The text, if it says just what it said and `new`."""
    wanted = {(one.address, one.path): _said(one) for one in (*known, new)}
    try:
        found = {(one.address, one.path): _said(one) for one in deviations_in(text, FILE_NAME)}
    except SpecInvalid:
        found = {}
    if found != wanted:
        lines = "\n".join(_entry(new, "    "))
        raise Refused(
            "DEVIATION-BY-HAND",
            f"{FILE_NAME} is written in a way that nothing can be put into it without touching the "
            "rest. It is as it was.",
            hint=f"Add this by hand, or write the file as a list with a dash for each:\n{lines}",
        )
    return text


def _said(one: Deviation) -> bytes:
    return canonical_json(
        [_plain(one.value), one.reason, one.approver, one.ticket, str(one.expires)]
    )


def _plain(value: Any) -> Any:
    """Only what YAML has words for: tuples and mappings of other sorts become plain ones."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, frozenset, set)):
        return [_plain(one) for one in value]
    return value
