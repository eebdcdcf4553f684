"""`scripts/audit`: pinned, licensed, whole; and it never keeps silent about what it could not ask."""

from __future__ import annotations

import io
import json
import urllib.error
from types import SimpleNamespace
from typing import Any

import pages
import pytest

audit = pages.script("audit")


def test_what_we_build_on_is_pinned_licensed_and_whole():
    assert audit.on_this_machine() == []


def test_a_package_out_of_line_is_named():
    package: Any = SimpleNamespace(
        version="2", metadata=SimpleNamespace(get_all=lambda _: ["AGPL-3.0"], get=lambda _: None)
    )
    found = {"alpha": package, "beta": package}
    assert list(audit.unpinned(found, {"alpha": "1"})) == [
        "alpha is 2 here and 1 in constraints.txt",
        "beta is not in constraints.txt",
    ]
    assert list(audit.unlicensed({"alpha": package}, shipped=[])) == [
        "alpha has the licence AGPL-3.0"
    ]
    assert audit.reached(["no-such-package>=1"])[1] == [
        "no-such-package is not installed, and pyproject.toml asks for it"
    ]


@pytest.fixture
def answering(monkeypatch):
    """The advisory database gives this for the first package of ours, or raises."""

    def answer(vulnerabilities):
        def urlopen(request, timeout):
            if vulnerabilities is None:
                raise urllib.error.URLError("no route")
            asked = json.loads(request.data)["queries"]
            assert all(one["package"]["ecosystem"] == "PyPI" and one["version"] for one in asked)
            results = [{"vulns": vulnerabilities}, *({} for _ in asked[1:])]
            return io.BytesIO(json.dumps({"results": results}).encode())

        monkeypatch.setattr("urllib.request.urlopen", urlopen)
        monkeypatch.setattr(audit, "on_this_machine", list)

    return answer


@pytest.mark.parametrize(
    ("vulnerabilities", "code", "words"),
    [
        (None, 3, "NOT AUDITED for known holes"),
        ([], 0, "no known hole"),
        ([{"id": "GHSA-1"}], 1, "see https://osv.dev/GHSA-1"),
    ],
)
def test_known_holes_are_told_and_an_audit_that_could_not_be_made_too(
    vulnerabilities, code, words, answering, capsys
):
    answering(vulnerabilities)
    assert audit.main() == code
    assert words in capsys.readouterr().out
