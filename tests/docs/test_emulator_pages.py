"""The emulator's pages say what it does: routes, settings, control plane, apps, snippets."""

from __future__ import annotations

import re

import pages
import pytest

from provisioner.emulator.dispatch import find_route, routes_of
from provisioner.emulator.seeds import APPS, GUESTS, PEOPLE
from provisioner.emulator.server import environment
from provisioner.emulator.tenant import DEFAULT_SETTINGS
from provisioner.emulator.wire import Call, Refusal

PAGE = pages.ROOT / "docs" / "emulator.md"
COVERAGE = pages.ROOT / "docs" / "emulator-coverage.md"


def test_the_coverage_table_is_current():
    written = pages.script("emulator-coverage").page()
    assert COVERAGE.read_text("utf-8") == written, "run scripts/emulator-coverage"


def test_the_coverage_table_has_a_readable_row_for_each_route():
    rows = [line for line in COVERAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert len(rows) == len(routes_of("graph")) + len(routes_of("rest"))
    addresses = [row.split("`")[1] for row in rows]
    assert [a for a in addresses if re.search(r"[\\^?*+]|\(:|P<", a)] == []


def test_every_setting_is_described():
    text = PAGE.read_text("utf-8")
    assert [name for name in DEFAULT_SETTINGS if f"| `{name}`" not in text] == []


def test_every_call_of_the_control_plane_is_described():
    text = PAGE.read_text("utf-8")
    source = (pages.ROOT / "provisioner" / "emulator" / "control.py").read_text("utf-8")
    calls = re.findall(r'\("(GET|PUT|POST|DELETE)", "([a-z-]+)", ', source)
    assert len(calls) > 8
    assert [f"{m} {n}" for m, n in calls if f"`{m} {n}`" not in text] == []


def test_the_seeded_apps_and_people_are_as_described():
    text = PAGE.read_text("utf-8")
    for app in APPS:
        (row,) = re.findall(rf"^\| `{app.name}`.*$", text, re.MULTILINE)
        assert [role for role in app.graph_roles + app.sharepoint_roles if role not in row] == []
    for upn, _ in (*PEOPLE, *GUESTS):
        assert f"`{upn}`" in text or f"`{upn.partition('@')[0]}@`" in text, upn


def test_what_the_page_says_is_not_built_answers_501():
    _, _, section = PAGE.read_text("utf-8").partition("## What is not built")
    named = re.findall(r"`(GET|POST|PATCH) (/\S+)`", section)
    assert len(named) > 7
    for method, path in named:
        face = "rest" if path.startswith("/_api/") else "graph"
        with pytest.raises(Refusal) as refused:
            find_route(Call(face, method, path))
        assert refused.value.status == 501, path


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of msgraph-sdk's generated classes
def test_the_snippets_run_as_they_are_printed(product_server, monkeypatch, capsys):
    """The Python ones, one after another, as the page says."""
    given = environment(product_server.home, product_server.url, "full-control")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "")  # restored afterwards: a snippet sets it
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    snippets = pages.blocks(PAGE, "python")
    assert len(snippets) == 3
    exec(compile("\n".join(snippets), str(PAGE), "exec"), {"__name__": "snippets"})
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "full-control"
    assert "Documents" in said[1]
    assert said[2] == "Contoso"
