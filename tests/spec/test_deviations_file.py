"""An accepted difference goes into the file, and nothing else in it moves."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from provisioner.core.errors import Where
from provisioner.spec.deviations import FILE_NAME, Deviation, load_deviations
from provisioner.spec.deviations_file import HEADING, with_deviation

WRITTEN = """\
# Agreed with the client in May.
- address: list:risks   # the register
  path: title
  value: Risks
  reason: shorter
  approver: Ann
  expires: 2026-12-31

# Two more from the audit
- {address: site, path: title, value: Acme, reason: brand, approver: Bo, expires: 2026-10-01}
"""


def deviation(address, path, value, ticket=None):
    return Deviation(
        address, path, value, "because: it is", "Ann", ticket, date(2027, 1, 31), Where("x", 1, 1)
    )


def put(folder: Path, new: Deviation) -> str:
    file = folder / FILE_NAME
    text = file.read_text("utf-8") if file.exists() else ""
    file.write_text(with_deviation(text, load_deviations(folder), new), "utf-8")
    return file.read_text("utf-8")


@pytest.mark.parametrize(
    "value",
    [
        "Risques é",
        True,
        None,
        500,
        ["a", "b: c"],
        {"group:A": ["Read"], "user:b@c.example": ["Edit"]},
        "# no comment",
        "2026-01-01",
    ],
)
def test_what_is_written_is_read_back_as_the_same_value(tmp_path, value):
    put(tmp_path, deviation("list:risks", "title", value, "SEC-1"))
    (read,) = load_deviations(tmp_path)
    assert (read.value, read.reason, read.ticket) == (value, "because: it is", "SEC-1")
    assert read.expires == date(2027, 1, 31)


def test_the_first_one_makes_a_file_that_explains_itself(tmp_path):
    assert put(tmp_path, deviation("site", "title", "A")).startswith(HEADING)


def test_what_people_wrote_stays_line_for_line(tmp_path):
    (tmp_path / FILE_NAME).write_text(WRITTEN, "utf-8")
    assert put(tmp_path, deviation("group:X", "owner", "B")).startswith(WRITTEN)
    assert len(load_deviations(tmp_path)) == 3


def test_a_newer_one_takes_the_place_of_the_older_and_leaves_the_comments(tmp_path):
    (tmp_path / FILE_NAME).write_text(WRITTEN, "utf-8")
    text = put(tmp_path, deviation("list:risks", "title", "Risques"))
    first, second = load_deviations(tmp_path)
    assert (first.value, second.value) == ("Risques", "Acme")
    assert "# Agreed with the client in May." in text
    assert "\n\n# Two more from the audit\n- {address: site" in text
    put(tmp_path, deviation("site", "title", "Acme 2"))
    assert [one.value for one in load_deviations(tmp_path)] == ["Risques", "Acme 2"]
