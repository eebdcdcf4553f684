"""After packs are merged, each value still knows where it was written."""

from __future__ import annotations

import json

from provisioner.spec.origins import origins
from provisioner.spec.workspace import read_workspace

BASE = """\
columns:
  - {name: Area, type: choice, choices: [A, B]}
libraries:
  - key: proof
    title: Proof
    versioning: {major: 500, minor: 0}
    folders: []
"""
OWN = """\
apiVersion: provisioner/v1
kind: Workspace
extends: ./base.yaml
parameters: {client: Acme}
tenant: {cloud: emulator}
site: {url: /sites/acme, title: "{{ client }} proof", create: never}
libraries:
  - key: proof
    versioning: {major: 200}
"""


def files(folder):
    (folder / "base.yaml").write_text(BASE, "utf-8")
    own = folder / "workspace.yaml"
    own.write_text(OWN, "utf-8")
    return own


def test_each_value_names_the_file_and_line_that_won(tmp_path):
    loaded, problems = read_workspace(files(tmp_path), kind_keys=("columns", "libraries", "site"))
    assert (problems, loaded is not None) == ([], True)
    found = {one.path: (one.value, one.where.file.rpartition("/")[2], one.where.line)
             for one in origins(loaded.root)}  # fmt: skip
    assert found["libraries[proof].title"] == ("Proof", "base.yaml", 5)
    assert found["libraries[proof].versioning.major"] == (200, "workspace.yaml", 9)
    assert found["libraries[proof].versioning.minor"] == (0, "base.yaml", 6)
    assert found["libraries[proof].folders"] == ((), "base.yaml", 7)
    assert found["columns[Area].choices[1]"] == ("B", "base.yaml", 2)
    assert found["site.title"] == ("Acme proof", "workspace.yaml", 6)


def test_validate_says_where_every_value_comes_from(provisioner):
    own = files(provisioner.folder)
    told = provisioner("validate", own, "--where-from")
    lines = told.out.splitlines()
    assert told.code == 0
    assert any(
        line.split()[0].endswith("base.yaml:5")
        and line.endswith('libraries[proof].title = "Proof"')
        for line in lines
    )
    told = provisioner("validate", own, "--where-from", "--format", "json").json()
    assert (told["apiVersion"], told["kind"]) == ("provisioner/v1", "WhereFrom")
    (major,) = [v for v in told["values"] if v["path"] == "libraries[proof].versioning.major"]
    assert (major["value"], major["line"], major["file"].endswith("workspace.yaml")) == (
        200,
        9,
        True,
    )


def test_a_file_with_problems_is_told_of_them_and_not_of_places(provisioner):
    own = files(provisioner.folder)
    own.write_text(OWN.replace("create: never", "creat: never"), "utf-8")
    told = provisioner("validate", own, "--where-from", "--format", "json")
    assert (told.code, json.loads(told.out)["kind"]) == (2, "ValidationReport")
