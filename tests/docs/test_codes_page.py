"""The page of codes is the one that is generated."""

from __future__ import annotations

import pages

from provisioner.report.codes import CODES

PAGE = pages.ROOT / "docs" / "codes.md"


def test_the_page_of_codes_is_current():
    assert PAGE.read_text("utf-8") == pages.script("codes").page(), "run scripts/codes"


def test_the_page_has_a_row_for_each_code():
    rows = [
        line.split("`")[1] for line in PAGE.read_text("utf-8").splitlines() if line[:3] == "| `"
    ]
    assert sorted(rows) == sorted(CODES)
