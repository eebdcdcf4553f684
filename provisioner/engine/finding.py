"""One finding of a drift check, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from provisioner.core.resource import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference, named to the property. `accepted` tells who accepted it and until when."""

    code: str
    severity: Severity
    address: str
    path: str
    expected: Any
    actual: Any
    accepted: dict[str, str] | None = None

    def json(self) -> dict[str, Any]:
        """As it stands in a `DriftReport`."""
        return {
            "code": self.code,
            "severity": self.severity,
            "address": self.address,
            "path": self.path,
            "expected": self.expected,
            "actual": self.actual,
            "accepted": self.accepted,
        }
