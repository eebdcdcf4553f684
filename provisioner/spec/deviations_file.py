"""Write an accepted difference into `deviations.yaml`, leaving every other line as people wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from provisioner.spec.deviations import Deviation

HEADING = """\
# Differences between the file and the site that somebody accepted. Each holds for one value, up to
# and including its last day; another value, or a day later, and it is a finding again.
"""


def with_deviation(text: str, known: tuple[Deviation, ...], new: Deviation) -> str:
    """The text of the file with `new` in it: in the place of the one for its address and path.

    `known` are the deviations `text` holds, with their lines. Comments and all else stay.
    """
    lines = text.splitlines()
    entry = _entry(new).splitlines()
    starts = sorted(one.where.line for one in known)
    for one in known:
        if (one.address, one.path) == (new.address, new.path):
            first = one.where.line - 1
            after = next((line - 1 for line in starts if line > one.where.line), len(lines))
            while after > first + 1 and _between(lines[after - 1]):
                after -= 1
            return "\n".join([*lines[:first], *entry, *lines[after:]]) + "\n"
    kept = text.rstrip("\n")
    if not known and kept.strip() in {"", "[]"}:
        kept = HEADING.rstrip("\n")
    return "\n".join([kept, *entry]) + "\n"


def _between(line: str) -> bool:
    """Whether a line belongs to no entry: it is blank or a comment."""
    return not line.strip() or line.lstrip().startswith("#")


def _entry(new: Deviation) -> str:
    fields: dict[str, Any] = {"address": new.address}
    if new.path:
        fields["path"] = new.path
    fields |= {"value": _plain(new.value), "reason": new.reason, "approver": new.approver}
    if new.ticket:
        fields["ticket"] = new.ticket
    fields["expires"] = new.expires
    return yaml.safe_dump([fields], allow_unicode=True, sort_keys=False, width=96)


def _plain(value: Any) -> Any:
    """Only what YAML has words for: tuples and mappings of other sorts become plain ones."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, frozenset, set)):
        return [_plain(one) for one in value]
    return value
