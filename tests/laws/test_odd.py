"""What a workspace file may say in an unusual way: signs in names, zero as a key, things out of order."""

from __future__ import annotations

from pathlib import Path

import yaml

ODD = Path(__file__).parent / "odd.yaml"
URL = "https://contoso.sharepoint.com/sites/hds-preuves"


def test_a_workspace_written_unusually_is_applied_read_back_and_imported(provisioner):
    provisioner.control.call("PUT", "settings", {"locale": "fr-FR"})
    file = provisioner.file(ODD.read_text("utf-8"))
    done = provisioner("apply", file, "--yes")
    assert (done.code, done.err) == (0, "")
    provisioner.forget_requests()
    assert provisioner("apply", file, "--yes").code == 0
    assert provisioner.writes() == []
    assert provisioner("drift", file, "--fail-on", "note").code == 0

    # No row keeps SharePoint's own content type, which the list is to lose.
    state = provisioner.control.call("GET", "state")
    (site,) = (one for one in state["sites"] if one["path"] == "/sites/hds-preuves")
    (kept,) = (one for one in site["lists"] if one["title"] == "Registre")
    (line,) = (one["id"] for one in kept["contentTypes"] if one["name"] == "Ligne")
    assert {one["content_type_id"] for one in kept["items"]} == {line}

    out = provisioner.folder / "read.yaml"
    done = provisioner("import", URL, "--cloud", "emulator", "--out", out, "--rows", "registre")
    assert done.code == 0
    said = yaml.safe_load(out.read_text("utf-8"))
    preuves = next(one for one in said["libraries"] if one["key"] == "preuves")
    (registre,) = said["lists"]
    assert preuves["columns"] == [
        {
            "name": "Title",
            "displayName": "Intitulé & objet",
            "description": "En bref",
            "default": "Sans titre",
            "required": True,
        }
    ]
    assert registre["contentTypes"] == ["Ligne", {"name": "Item", "present": False}]
    assert {one["name"]: one.get("fromGroup") for one in registre["columns"]}["Qui"] == (
        "Recherche & Développement"
    )
    assert registre["items"]["seed"] == [
        {
            "Numero": 0,
            "Title": "Zéro",
            "Lien": {"url": "https://example.com/?a=1&b=2", "description": "Un, deux"},
        },
        {"Numero": 1, "Title": "Un seul", "Valeur": 0},
    ]
    assert list(registre["items"]["permissions"]) == ["0"]
