"""Which packs a workspace is built on, and what has become of them since the last apply. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_VERSION = "@"


@dataclass(frozen=True, slots=True)
class PackChange:
    """A pack whose version is another than at the last apply; "" where it is new, or gone."""

    name: str
    before: str
    after: str

    def json(self) -> dict[str, str]:
        """As it stands in a `Plan`."""
        return {"name": self.name, "before": self.before, "after": self.after}

    def words(self) -> str:
        """In a line: "soc2-fintech-api 1.0.0 → 1.1.0"."""
        if not self.before:
            return f"{self.name} {self.after} is new"
        if not self.after:
            return f"{self.name} {self.before} is no longer used"
        return f"{self.name} {self.before} → {self.after}"


def packs_of(sources: Iterable[str]) -> tuple[str, ...]:
    """The packs among what was merged, as `name@version`, in the order in which they were."""
    return tuple(dict.fromkeys(source for source in sources if _VERSION in source))


def pack_changes(recorded: str, packs: Iterable[str]) -> tuple[PackChange, ...]:
    """What differs between the packs recorded by the last apply, written "a@1 b@2", and those now.

    Nothing is known of before where nothing is recorded, and then nothing has changed.
    """
    if not recorded:
        return ()
    before = dict(_parts(one) for one in recorded.split())
    after = dict(_parts(one) for one in packs)
    return tuple(
        PackChange(name, before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys([*after, *before])
        if before.get(name) != after.get(name)
    )


def _parts(pack: str) -> tuple[str, str]:
    name, _, version = pack.partition(_VERSION)
    return name, version
