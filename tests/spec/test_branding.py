"""The firm's logo and colour: what is taken, and what is refused with its place and the way out."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from sound_workspace import load_workspace

from provisioner.core.errors import SpecInvalid
from provisioner.report.brand import brand_of
from provisioner.spec.branding import LARGEST, PAPER, contrast, darker

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
FILE = """\
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: emulator}
site: {url: /sites/acme, title: Acme}
libraries: [{key: shelf, title: Shelf}, {key: proof, title: Proof}]
"""


def loaded(folder: Path, more: str):
    (folder / "workspace.yaml").write_text(FILE + more, "utf-8")
    return load_workspace(folder)


def refused(folder: Path, more: str):
    with pytest.raises(SpecInvalid) as error:
        loaded(folder, more)
    (problem,) = error.value.problems
    return problem


def test_a_firm_with_a_logo_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(PNG)
    more = 'branding: {name: North Star, logo: "file:logo.png", color: "#0B5394", footer: Secret}\n'
    brand = brand_of(loaded(tmp_path, more))
    assert brand.logo == "data:image/png;base64," + base64.b64encode(PNG).decode()
    assert (brand.name, brand.color, brand.footer) == ("North Star", "#0b5394", "Secret")
    assert not brand_of(loaded(tmp_path, ""))


def test_a_firms_file_for_all_its_clients_keeps_its_logo_beside_it(tmp_path: Path) -> None:
    firm, client = tmp_path / "firm", tmp_path / "acme"
    firm.mkdir()
    client.mkdir()
    (firm / "logo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (firm / "firm.yaml").write_text('branding: {name: Firm, logo: "file:logo.jpg"}\n', "utf-8")
    brand = brand_of(loaded(client, "extends: [../firm/firm.yaml]\n"))
    assert brand.logo.startswith("data:image/jpeg;base64,")


@pytest.mark.parametrize(
    ("logo", "why"),
    [
        ("file:missing.png", "no such file"),
        ("file:words.png", "neither a PNG nor a JPEG"),
        ("file:large.png", f"more than {LARGEST}"),
        ("file:/dev/zero", "no file" if Path("/dev/zero").exists() else "no such file"),
        ("data:image/png;base64,%%%", "not base64"),
        ("data:image/svg+xml,<svg/>", "its address is not"),
        ("data:image/svg+xml;base64,PHN2Zy8+", "neither a PNG nor a JPEG"),
    ],
)
def test_a_logo_that_cannot_be_used(tmp_path: Path, logo: str, why: str) -> None:
    (tmp_path / "words.png").write_text("words", "utf-8")
    (tmp_path / "large.png").write_bytes(PNG + bytes(LARGEST))
    problem = refused(tmp_path, f'branding: {{name: Firm, logo: "{logo}"}}\n')
    assert (problem.code, problem.where.line) == ("BRANDING-LOGO", 6)
    assert why in problem.message


def test_a_logo_from_the_network_is_no_logo(tmp_path: Path) -> None:
    problem = refused(tmp_path, 'branding: {name: Firm, logo: "https://a.example/l.png"}\n')
    assert problem.code == "SPEC-VALUE"


@pytest.mark.parametrize("color", ["#ffcc00", "#8a8a8a", "#ffffff"])
def test_a_colour_nobody_can_read_is_refused_with_one_that_can_be(
    tmp_path: Path, color: str
) -> None:
    problem = refused(tmp_path, f'branding: {{name: Firm, color: "{color}"}}\n')
    assert (problem.code, problem.where.line) == ("BRANDING-CONTRAST", 6)
    proposed = darker(color)
    assert problem.hint.startswith(proposed)
    assert contrast(proposed, PAPER) >= 4.5
    assert loaded(tmp_path, f'branding: {{name: Firm, color: "{proposed}"}}\n')


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("library", "code"),
    [("shelf", None), ("proof", "REPORTS-EVIDENCE"), ("none", "SPEC-REFERENCE")],
)
def test_reports_go_to_a_declared_library_without_evidence(
    tmp_path: Path, library: str, code: str | None
) -> None:
    more = (
        "evidence: [{id: E1, title: T, library: proof, controlArea: A, criteria: [CC6.1], "
        "ownerRole: R, cadence: monthly, kind: log, sourceSystem: S, sensitivity: Internal}]\n"
        f"reports: {{library: {library}}}\n"
    )
    if code is None:
        assert loaded(tmp_path, more)
    else:
        assert refused(tmp_path, more).code == code
