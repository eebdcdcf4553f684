"""Which ids the Trust Services Criteria have.

Ids only: the wording is AICPA's. They are those of TSC 2017 (points of focus revised 2022), as listed
in strongdm/comply, `themes/comply-soc2/standards/TSC-2017.yml`.
"""

from __future__ import annotations

_COUNTS = (
    "CC1:5 CC2:3 CC3:4 CC4:2 CC5:3 CC6:8 CC7:5 CC8:1 CC9:2 A1:3 PI1:5 C1:2 "
    "P1:1 P2:1 P3:2 P4:3 P5:2 P6:7 P7:1 P8:1"
)

TRUST_SERVICES = frozenset(
    f"{series}.{number}"
    for series, count in (one.split(":") for one in _COUNTS.split())
    for number in range(1, int(count) + 1)
)
"""The 61 ids."""
