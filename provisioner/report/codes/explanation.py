"""What `provisioner explain` has to say of one code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Explanation:
    """One code at length, in sentences for somebody who meets it for the first time.

    `why` is empty where the meaning says why it matters. `severity` is that of a rule of evidence:
    error, warning or note; other codes have none of their own.
    """

    code: str
    title: str
    meaning: str
    next: str
    why: str = ""
    severity: str = ""

    def json(self) -> dict[str, Any]:
        """As it stands in an `Explanation` document; what is empty is left out."""
        parts = {
            "code": self.code,
            "title": self.title,
            "severity": self.severity,
            "meaning": self.meaning,
            "why": self.why,
            "next": self.next,
        }
        return {key: text for key, text in parts.items() if text}
