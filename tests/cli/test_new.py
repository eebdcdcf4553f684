"""`provisioner new`: by flags alone, or by answering its questions; it never writes over anything."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.cli.client_file import Place, slug_of, workspace_text

DATES = ("--set", "auditStart=2026-01-01", "--set", "auditEnd=2026-12-31")
SITE = "https://acme.sharepoint.com/sites/Evidence"


class Terminal(io.StringIO):
    """Somebody who types these lines."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def answering(command: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """``answering(["Acme", …], "--template", …)``: the command, and what is typed at it."""

    def run(answers: list[str], *words: str) -> Any:
        monkeypatch.setattr("sys.stdin", Terminal("".join(f"{one}\n" for one in answers)))
        return command("new", *words)

    return run


def written(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "workspace.yaml").read_text("utf-8"))
    return found


def test_a_newcomer_answers_and_has_a_folder_that_validates(answering: Any, tmp_path: Path) -> None:
    made = answering(
        ["", "Süd Pay & Co.", "soc3", "soc2-saas", "soon", "2026-01-01", "2026-12-31",
         "acme", SITE, "yes", "nobody", "vciso@acme.example", "password", "federated", "github",
         "Berlin", "Europe/Berlin"],
    )  # fmt: skip
    assert made.code == 0, made.err
    assert made.out.splitlines() == [
        "sud-pay-co/workspace.yaml",
        "sud-pay-co/.github/workflows/evidence-evidence.yml",
    ]
    for complaint in (
        "'soc3' is not one of",
        "'soon' is not a date",
        "“acme” is not the address",
        "no mail address",
        "'password' is not one of",
        "America/Toronto",
    ):
        assert complaint in made.err
    file = written(tmp_path / "sud-pay-co")
    assert file["extends"] == "soc2-saas@1"
    assert file["parameters"]["client"] == "Süd Pay & Co."
    assert file["tenant"]["hostname"] == "acme.sharepoint.com"
    assert file["tenant"]["auth"]["method"] == "federated"
    assert file["site"]["url"] == "/sites/Evidence"
    assert (file["site"]["create"], file["site"]["timeZone"]) == ("never", "Europe/Berlin")
    flow = (tmp_path / made.out.splitlines()[1]).read_text("utf-8")
    assert "id-token: write" in flow
    assert "provisioner sync workspace.yaml" in flow
    assert "*.pem" in (tmp_path / "sud-pay-co" / ".gitignore").read_text("utf-8")


def test_who_presses_enter_gets_a_workspace_on_the_local_tenant(
    answering: Any, tmp_path: Path
) -> None:
    refused = answering(["", "", ""], "Acme", *DATES, "--ci", "github")
    assert refused.err.startswith("CI-NEEDS-SITE"), "nothing was missing, so nothing is asked"
    made = answering(["Acme Two", "", "2026-01-01", "2026-12-31", "", ""])
    assert (made.code, made.out) == (0, "acme-two/workspace.yaml\n")
    file = written(tmp_path / "acme-two")
    assert (file["extends"], file["tenant"]) == ("soc2-fintech-api@1", {"cloud": "emulator"})


def test_who_stops_leaves_nothing_behind(answering: Any, tmp_path: Path) -> None:
    stopped = answering(["Acme", "soc2-saas"])
    assert (stopped.code, stopped.out) == (1, "")
    assert stopped.err.endswith("Stopped. Nothing was written.\n")
    assert list(tmp_path.iterdir()) == []


def test_flags_alone_do_the_same_in_the_cloud_of_the_address(command: Any, tmp_path: Path) -> None:
    made = command("new", "Acme", *DATES, "--site", SITE.replace(".com", ".us"), "--ci", "azure-devops",
                   "--owner", "v@acme.example", "--time-zone", "Asia/Tokyo")  # fmt: skip
    assert made.code == 0, made.err
    assert "provisioner permissions" in made.err, "a real tenant needs the admin first"
    file = written(tmp_path / "acme")
    assert (file["tenant"]["cloud"], file["tenant"]["auth"]["method"]) == ("usgov", "federated")
    assert file["site"]["owner"] == "v@acme.example"
    assert "SYSTEM_ACCESSTOKEN" in (tmp_path / made.out.splitlines()[1]).read_text("utf-8")


def test_no_file_is_written_over_and_none_is_left_half_made(command: Any, tmp_path: Path) -> None:
    flow = tmp_path / "acme" / ".github" / "workflows" / "evidence-evidence.yml"
    flow.parent.mkdir(parents=True)
    flow.write_text("mine", "utf-8")
    (tmp_path / "acme" / ".gitignore").write_text("mine", "utf-8")
    refused = command("new", "Acme", *DATES, "--site", SITE, "--ci", "github")
    assert (refused.code, "ALREADY-THERE" in refused.err) == (1, True)
    assert not (tmp_path / "acme" / "workspace.yaml").exists()
    assert flow.read_text("utf-8") == "mine"
    (tmp_path / "acme" / "workspace.yaml").write_text("mine", "utf-8")
    assert "ALREADY-THERE" in command("new", "Acme", *DATES, "--site", SITE).err
    assert {one.read_text("utf-8") for one in tmp_path.rglob("*") if one.is_file()} == {"mine"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--ci", "github"], "CI-NEEDS-SITE"),
        (["--site", "https://acme.example/sites/a"], "BAD-SITE-URL"),
        (["--site", "acme"], "BAD-SITE-URL"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_written(
    words: list[str], code: str, command: Any, tmp_path: Path
) -> None:
    answer = command("new", "Acme", *DATES, *words)
    assert (answer.code, answer.out) == (64, "")
    assert answer.err.startswith(f"{code}  ")
    assert list(tmp_path.iterdir()) == []


def test_a_name_in_any_script_is_kept_and_folder_or_address_give_the_rest(
    command: Any, answering: Any, tmp_path: Path
) -> None:
    name = "株式会社アクメ"
    refused = command("new", name, *DATES)
    assert (refused.code, refused.err.partition(" ")[0]) == (64, "BAD-CLIENT")
    assert "--dir acme" in refused.err
    assert command("new", name, *DATES, "--dir", "acme").code == 0
    assert written(tmp_path / "acme")["parameters"]["client"] == name
    assert written(tmp_path / "acme")["site"]["url"].startswith("/sites/acme")
    assert command("new", name, *DATES, "--site", f"{SITE}/").code == 0
    assert written(tmp_path / "evidence")["site"]["url"] == "/sites/Evidence"
    made = answering(["!", name, "", "", "", "アクメ", "asked"], *DATES)
    assert (made.code, made.out.strip()) == (0, "asked/workspace.yaml"), made.err
    for other in ("شركة الدفع", "😀"):
        assert slug_of(other, "acme") == "acme"


@pytest.mark.parametrize("name", ["Acme\nkind: Evil", 'A "quoted" one', "A # comment: {x}"])
def test_a_name_cannot_say_more_than_a_name(name: str) -> None:
    values = {"client": name, "auditStart": "2026-01-01", "auditEnd": "2026-12-31"}
    place = Place(owner=f"{name}@acme.example", time_zone=name)
    file = yaml.safe_load(workspace_text(name, "a", "soc2-saas", values, (), place))
    assert file["site"]["timeZone"] == name
    assert (file["kind"], file["parameters"]["client"]) == ("Workspace", name)
