"""What a finding is about."""

from __future__ import annotations

from datetime import date

from provisioner.core.record import record
from provisioner.sync.vocabulary import SubjectKind


@record
class Subject:
    """Who a verdict is about. A slot is an item, part, window and the slot's first day."""

    kind: SubjectKind
    name: str
    part: str | None = None
    window: str | None = None
    slot_from: date | None = None

    @property
    def key(self) -> str:
        """One text for it, the same on every run: what a finding's row is found by."""
        if self.kind is SubjectKind.DOCUMENT:
            return self.name
        if self.kind in (SubjectKind.WAIVER, SubjectKind.REQUEST):
            return f"{self.kind}:{self.name}"
        parts = [self.name]
        if self.part is not None:
            parts.append(f"part:{self.part}")
        if self.window is not None:
            parts.append(f"window:{self.window}")
        if self.slot_from is not None:
            parts.append(f"from:{self.slot_from.isoformat()}")
        return "/".join(parts)

    def __str__(self) -> str:
        return self.key


WORKSPACE = Subject(SubjectKind.WORKSPACE, "workspace")
