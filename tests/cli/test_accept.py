"""`accept`: one value, with a reason, a name and an end; drift, plan and apply all hold to it."""

from __future__ import annotations

from pathlib import Path

import pytest

SMALL = (Path(__file__).parent.parent / "small.yaml").read_text("utf-8")
WHO = ("--reason", "The client's brand", "--approver", "Ann")


@pytest.fixture
def tampered(provisioner):
    """A site whose title and whose register's title people changed."""
    file = provisioner.file(SMALL)
    provisioner("apply", file, "--yes")
    changed = SMALL.replace("title: Acme evidence", "title: Other").replace(
        "title: Risk Register", "title: Risks"
    )
    provisioner("apply", provisioner.file(changed), "--yes")
    return provisioner.file(SMALL)


def test_an_accepted_value_is_no_finding_and_apply_leaves_it(provisioner, tampered):
    assert provisioner("drift", tampered).code == 2
    file = tampered.parent / "deviations.yaml"
    file.write_bytes(b"\xef\xbb\xbf# Agreed in May.\r\n")
    for address in ("site", "list:risks"):
        answer = provisioner(
            "accept", address, *WHO, "--expires", "2099-12-31", "--workspace", tampered
        )
        assert answer.code == 0, answer.err
    written = file.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf# Agreed in May.\r\n- address: site\r\n")
    assert written.count(b"\n") == written.count(b"\r\n") == 13
    left = "- {address: list:gone, path: title, value: Old, reason: r, approver: Ann, expires: 2001-01-01}"
    file.write_bytes(written + left.encode() + b"\r\n")
    drift = provisioner("drift", tampered)
    assert drift.code == 0
    assert "accepted site title: Other until 2099-12-31 (Ann)" in drift.out
    note = "list:gone is declared no more, and deviations.yaml:14 accepts a difference there"
    assert drift.out.count(note) == drift.out.count("DEVIATION-OUTLIVED") == 1
    said = "deviations.yaml:14 accepts a difference at list:gone, which nobody declares any more"
    for form, heading in (
        ("markdown", "## Differences that were accepted\n"),
        ("html", "<h3>Differences that were accepted</h3>"),
        ("text", f"Nothing to do: the site is as the file says.\n! {said}"),
    ):
        plan = provisioner("plan", tampered, "--format", form)
        assert (plan.code, plan.out.count(said)) == (0, 1)
        assert heading in plan.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("list:nothing", *WHO, "--expires", "2099-01-01"), 3, "NOTHING-TO-ACCEPT"),
        (("site", "--path", "logo", *WHO, "--expires", "2099-01-01"), 3, "There, title differs."),
        (("site", *WHO, "--expires", "2001-01-01"), 64, "has passed already"),
        (("site", *WHO[2:], "--reason", " ", "--expires", "2099-01-01"), 64, "1 to 255 characters"),
        (("site", *WHO, "--expires", "soon"), 64, "Write YYYY-MM-DD."),
    ],
)
def test_what_cannot_be_accepted_is_said_with_what_differs(
    provisioner, tampered, arguments, code, said
):
    answer = provisioner("accept", *arguments, "--workspace", tampered)
    assert (answer.code, said in answer.err) == (code, True), answer.err
