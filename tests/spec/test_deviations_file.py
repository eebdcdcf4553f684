"""An accepted difference goes into the file, and nothing else in it moves."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from provisioner.core.errors import Refused, Where
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


ODD = {
    "windows": WRITTEN.replace("\n", "\r\n"),
    "mark": "\ufeff" + WRITTEN,
    "no end": WRITTEN.rstrip("\n"),
    "blank end": WRITTEN + "\n\n# the end\n\n",
    "indented": "".join(f"  {line}" for line in WRITTEN.splitlines(keepends=True)),
    "wide dash": WRITTEN.replace("- address: list", "-   address: list").replace("\n  ", "\n    "),
    "dash apart": WRITTEN.replace("- address: list", "-\n  address: list"),
    "quoted": WRITTEN.replace("shorter", "'it is # shorter'").replace(
        "value: Risks", 'value: "Risks"'
    ),
    "block": WRITTEN.replace("shorter", "|\n    it is\n    # not a comment\n    shorter"),
    "anchor": WRITTEN.replace("value: Risks", "value: &name Risks").replace(
        "value: Acme", "value: *name"
    ),
    "begun": "---\n" + WRITTEN,
    "long": WRITTEN.replace("shorter", "short " * 40),
    "tabs": WRITTEN.replace("path: title\n", "path:\ttitle\t# a tab\n"),
}
"""Ways in which people's editors and people write such a file."""


def deviation(address, path, value, ticket=None):
    return Deviation(
        address, path, value, "because: it is", "Ann", ticket, date(2027, 1, 31), Where("x", 1, 1)
    )


def put(folder: Path, new: Deviation) -> str:
    file = folder / FILE_NAME
    text = file.read_bytes().decode() if file.exists() else ""
    after = with_deviation(text, load_deviations(folder), new)
    file.write_bytes(after.encode())
    return after


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


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_whatever_the_file_looks_like_only_lines_are_added(tmp_path, text):
    file = tmp_path / FILE_NAME
    file.write_bytes(text.encode())
    before = load_deviations(tmp_path)
    after = put(tmp_path, deviation("group:X", "owner", "B"))
    assert after.startswith(text)
    put(tmp_path, deviation("group:Y", "owner", ["C", "D"]))
    assert [(one.address, one.value) for one in load_deviations(tmp_path)] == [
        *((one.address, one.value) for one in before),
        ("group:X", "B"),
        ("group:Y", ["C", "D"]),
    ]
    assert ("\r\n" in text) == ("\r\n" in after)
    assert after.count("\r\n") in {0, after.count("\n")}


@pytest.mark.parametrize("name", [one for one in ODD if one != "anchor"])
def test_whatever_the_file_looks_like_one_takes_the_place_of_the_older(tmp_path, name):
    text = ODD[name]
    (tmp_path / FILE_NAME).write_bytes(text.encode())
    after = put(tmp_path, deviation("list:risks", "title", "Risques"))
    assert [one.value for one in load_deviations(tmp_path)] == ["Risques", "Acme"]
    own = text.index("-\n" if name == "dash apart" else "-", 4)
    assert after.startswith(text[:own])
    assert after.endswith(text[text.index("# Two more") :])
    assert "# the register" in after


def test_the_comments_in_an_entry_stay_with_their_property(tmp_path):
    file = tmp_path / FILE_NAME
    file.write_text(
        WRITTEN.replace("  reason: shorter\n", "  # asked in May\n  reason: shorter # yes\n")
    )
    after = put(tmp_path, deviation("list:risks", "title", "Risques", "SEC-1"))
    assert "- address: list:risks   # the register\n" in after
    assert "\n  # asked in May\n  reason: 'because: it is' # yes\n" in after


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (
            "[{address: site, path: title, value: A, reason: b, approver: C, expires: 2026-10-01}]",
            "X",
        ),
        (ODD["anchor"], "list:risks"),  # another entry holds to its value
        (WRITTEN + "...\n", "X"),
    ],
    ids=["in brackets", "anchor", "ended"],
)
def test_where_lines_cannot_be_put_in_the_file_is_left_and_what_to_write_is_said(
    tmp_path, text, new
):
    (tmp_path / FILE_NAME).write_bytes(text.encode())
    with pytest.raises(Refused) as refused:
        put(tmp_path, deviation(new, "title", "Risques"))
    assert refused.value.code == "DEVIATION-BY-HAND"
    assert f"- address: {new}\n      path: title\n      value: Risques" in refused.value.hint
    assert (tmp_path / FILE_NAME).read_bytes() == text.encode()
