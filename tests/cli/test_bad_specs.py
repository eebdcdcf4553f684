"""Whatever is wrong with a workspace file is said in a sentence, at its place, with a next step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

HEAD = """\
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: emulator}
site: {url: /sites/a, title: A, create: never}
"""
PACK = HEAD + "extends: soc2-fintech-api@1\n"
E010 = (
    "{id: E010, title: MFA, library: x, controlArea: A, criteria: [CC6.1], ownerRole: IAM, "
    "cadence: monthly, kind: log, sourceSystem: IdP, sensitivity: Low}"
)


def in_list(text: str) -> str:
    """A file with one list `a`, saying this."""
    return f"{HEAD}lists:\n  - key: a\n    title: A\n    {text}\n"


def in_view(text: str) -> str:
    """A file with a list of a few columns, and a view saying this."""
    columns = "columns: [{name: Due, type: dateTime}, {name: Note, type: note}, {name: Who, type: person}]"
    return in_list(f"{columns}\n    views:\n      - name: V\n        {text}")


def site(old: str, new: str) -> str:
    assert old in HEAD
    return HEAD.replace(old, new)


# what is wrong -> the file, and for each problem "line:column CODE" and words of message or hint
CASES: dict[str, tuple[str, dict[str, str]]] = {
    "empty": ("", {"1:1 SPEC-EMPTY": "apiVersion"}),
    "two groups that differ in capitals": (
        HEAD + "groups:\n  - {name: Auditors}\n  - {name: auditors}\n",
        {"7:12 SPEC-TWICE": "only in capitals"},
    ),
    "a formula that names a later column": (
        HEAD
        + "columns:\n  - {name: Sum, type: calculated, formula: '=[The cost]*2'}\n"
        + "  - {name: Cost, displayName: The cost, type: number}\n"
        + "contentTypes:\n  - {name: Bill, base: Document, columns: [Sum, Cost]}\n",
        {"9:44 FORMULA-LATER": "Put Cost before Sum"},
    ),
    "a default that is no number and one that is no day": (
        in_list(
            "columns: [{name: N, type: number, default: many}, {name: D, type: dateTime, default: soon}]"
        ),
        {"8:15 SPEC-VALUE": "is a number, not many", "8:55 SPEC-VALUE": "write `today`"},
    ),
    "rows known by a column of people": (
        in_list(
            "columns: [{name: Who, type: person}]\n    items: {key: Who, seed: [{Who: 'user:a@b.example'}]}"
        ),
        {"9:18 SEED-COLUMN": "cannot be what rows are known by"},
    ),
    "comments only": ("# nothing\n", {"1:1 SPEC-EMPTY": "apiVersion"}),
    "a list": ("- a\n", {"1:1 SPEC-TYPE": "not a list"}),
    "a word": ("hello\n", {"1:1 SPEC-TYPE": "not text"}),
    "a tab": (HEAD + "lists:\n\t- a\n", {"6:1 SPEC-TAB": "spaces"}),
    "an open bracket": (HEAD + "lists: [\n", {"6:1 SPEC-YAML": "Close every ["}),
    "two documents": (HEAD + "---\na: b\n", {"5:1 SPEC-YAML": "more than one document"}),
    "a control character": (HEAD + "lists: \x01\n", {"5:8 SPEC-CHARACTER": "control character"}),
    "a parameter without quotes": (
        site("title: A", "title: {{ client }}"),
        {"4:31 SPEC-YAML": "key must be a plain word"},
    ),
    "an unknown version": (
        site("provisioner/v1", "provisioner/v2"),
        {"1:13 SPEC-VALUE": "Did you mean “provisioner/v1”"},
    ),
    "another kind of file": (site("Workspace", "Pack"), {"2:7 SPEC-VALUE": "Workspace"}),
    "no tenant": (
        site("tenant: {cloud: emulator}\n", ""),
        {"1:1 SPEC-MISSING": "Add `tenant: …`"},
    ),
    "a tenant that is text": (site("{cloud: emulator}", "emulator"), {"3:9 SPEC-TYPE": "a map"}),
    "an unknown cloud": (site("emulator", "azure"), {"3:17 SPEC-VALUE": "usgov-dod"}),
    "a cloud without a host": (site("emulator", "global"), {"3:9 HOSTNAME-MISSING": "hostname:"}),
    "an unknown way to sign in": (
        site("emulator}", "emulator, auth: {method: password}}"),
        {"3:42 SPEC-VALUE": "certificate"},
    ),
    "a certificate that is no reference": (
        site("emulator}", "emulator, auth: {method: certificate, certificate: app.pem}}"),
        {"3:68 SPEC-VALUE": "file:app.pem"},
    ),
    "a secret in the file": (
        site("emulator}", "emulator, auth: {method: secret, secret: hunter2}}"),
        {"3:58 SPEC-SECRET": "env:NAME"},
    ),
    "no site": (
        "apiVersion: provisioner/v1\nkind: Workspace\ntenant: {cloud: emulator}\n",
        {"1:1 SPEC-MISSING": "Add `site:`"},
    ),
    "a site that says nothing": (
        site("{url: /sites/a, title: A, create: never}", ""),
        {"4:6 SPEC-TYPE": "“site” must be"},
    ),
    "a whole address for the site": (
        site("/sites/a", "https://x.example/sites/a"),
        {"4:13 SPEC-VALUE": "/sites/acme-soc2"},
    ),
    "a new site without an owner": (site("never", "team"), {"4:7 SPEC-VALUE": "owner"}),
    "a city for a time zone": (
        site("never", "never, timeZone: Toronto"),
        {"4:58 SPEC-VALUE": "Europe/London"},
    ),
    "a language in words": (site("never", "never, locale: english"), {"4:56 SPEC-VALUE": "en-US"}),
    "a key given twice": (
        in_list("title: B"),
        {"8:5 SPEC-DUPLICATE-KEY": "already given at workspace.yaml:7:5"},
    ),
    "an unknown key of the file": (
        HEAD + "librarys: []\n",
        {"5:1 SPEC-UNKNOWN-KEY": "Did you mean “libraries”"},
    ),
    "an unknown key of the site": (
        site("create: never", "create: never, timezone: UTC"),
        {"4:48 SPEC-UNKNOWN-KEY": "Did you mean “timeZone”"},
    ),
    "an unknown key of a list": (
        in_list("colums: []"),
        {"8:5 SPEC-UNKNOWN-KEY": "Did you mean “columns”"},
    ),
    "an unknown key of a library": (
        HEAD + "libraries: [{key: a, title: A, contenttypes: [X]}]\n",
        {"5:32 SPEC-UNKNOWN-KEY": "Did you mean “contentTypes”"},
    ),
    "an unknown key of a list's column": (
        in_list("columns: [{name: X, type: text, requird: true}]"),
        {"8:37 SPEC-UNKNOWN-KEY": "Did you mean “required”"},
    ),
    "an unknown key of a site column": (
        HEAD + "columns: [{name: X, type: text, grop: G}]\n",
        {"5:33 SPEC-UNKNOWN-KEY": "Did you mean “group”"},
    ),
    "an unknown key of a view": (
        in_view("columns: [Title]\n        ordrBy: [Title]"),
        {"12:9 SPEC-UNKNOWN-KEY": "Did you mean “orderBy”"},
    ),
    "an unknown key of permissions": (
        in_list("permissions: {inherti: true}"),
        {"8:19 SPEC-UNKNOWN-KEY": "Did you mean “inherit”"},
    ),
    "an unknown key of a grant": (
        in_list(
            "permissions: {grants: [{to: 'user:a@b.example', role: Read, untill: 2026-01-01}]}"
        ),
        {"8:65 SPEC-UNKNOWN-KEY": "Did you mean “until”"},
    ),
    "an unknown key of rows": (
        in_list("items: {key: Title, seeds: []}"),
        {"8:25 SPEC-UNKNOWN-KEY": "Did you mean “seed”"},
    ),
    "an unknown key of a rule": (
        in_list("validation: {formula: =1, mesage: x}"),
        {"8:31 SPEC-UNKNOWN-KEY": "Did you mean “message”"},
    ),
    "an unknown key of versioning": (
        in_list("versioning: {major: 5, miner: 0}"),
        {"8:28 SPEC-UNKNOWN-KEY": "Did you mean “minor”"},
    ),
    "an unknown key of a group": (
        HEAD + "groups: [{name: G, membrs: []}]\n",
        {"5:20 SPEC-UNKNOWN-KEY": "Did you mean “members”"},
    ),
    "an unknown key of a content type": (
        HEAD + "contentTypes: [{name: C, base: Item, colums: []}]\n",
        {"5:38 SPEC-UNKNOWN-KEY": "Did you mean “columns”"},
    ),
    "an unknown key of the navigation": (
        HEAD + "navigation: [{title: A, lnk: /a}]\n",
        {"5:25 SPEC-UNKNOWN-KEY": "Did you mean “link”"},
    ),
    "an unknown key below in the navigation": (
        HEAD + "navigation: [{title: A, children: [{title: B, lnk: /a}]}]\n",
        {"5:47 SPEC-UNKNOWN-KEY": "Did you mean “link”"},
    ),
    "an unknown key of the catalogue": (
        HEAD + "evidence: [" + E010.replace("cadence", "cadense") + "]\n",
        {
            "5:12 SPEC-MISSING": "cadence",
            "5:98 SPEC-UNKNOWN-KEY": "Did you mean “cadence”",
        },
    ),
    "lists that are a map": (HEAD + "lists: {a: b}\n", {"5:8 SPEC-TYPE": "`- `"}),
    "lists left empty": (HEAD + "lists:\n", {"5:7 SPEC-TYPE": "leave `lists` out"}),
    "a list that is a word": (HEAD + "lists: [risks]\n", {"5:9 SPEC-TYPE": "“lists[0]” must be"}),
    "a column that is nothing": (
        in_list("columns: [null]"),
        {"8:15 SPEC-TYPE": "“columns[0]” must be a map, not nothing"},
    ),
    "permissions left empty": (in_list("permissions:"), {"8:17 SPEC-TYPE": "“permissions”"}),
    "content types in one word": (
        HEAD + "libraries: [{key: a, title: A, contentTypes: Evidence}]\n",
        {"5:46 SPEC-TYPE": "“contentTypes” must be a list"},
    ),
    "a title that is a number": (
        HEAD + "lists: [{key: a, title: 3}]\n",
        {"5:25 SPEC-TYPE": "text, not a number"},
    ),
    "yes for true": (in_list("hidden: yes"), {"8:13 SPEC-TYPE": "true or false, not text"}),
    "a title that is too long": (
        HEAD + f"lists: [{{key: a, title: {'x' * 256}}}]\n",
        {"5:25 SPEC-VALUE": "at most 255"},
    ),
    "evidence for a library that is not there": (
        HEAD + f"libraries: [{{key: xx, title: X}}]\nevidence: [{E010}]\n",
        {"6:44 EVIDENCE-LIBRARY": "Did you mean “xx”"},
    ),
    "evidence whose words are not ours": (
        HEAD + "evidence: [" + E010.replace("CC6.1", "CC66").replace("monthly", "daily") + "]\n",
        {"5:74 SPEC-CRITERION": "CC6.1", "5:106 SPEC-VALUE": "weekly, monthly"},
    ),
    "a period that ends before it starts": (
        HEAD + "periods: [{name: 2026, type: type-2, start: 2026-12-01, end: 2026-01-01, "
        "criteria: [Security]}]\n",
        {"5:11 SPEC-VALUE": "ends before it starts"},
    ),
    "days that are none": (
        HEAD + "freshness: {leadDays: -1, graceDays: soon}\n",
        {"5:23 SPEC-VALUE": "0 or more", "5:38 SPEC-TYPE": "a whole number"},
    ),
    "a pack that is not there": (
        HEAD + "extends: soc2-fintech@1\n",
        {"5:10 SPEC-PACK-UNKNOWN": "Did you mean “soc2-fintech-api”"},
    ),
    "a pack without its version": (
        HEAD + "extends: soc2-fintech-api\n",
        {"5:10 SPEC-EXTENDS": "soc2-fintech-api@1"},
    ),
    "a version that is not there": (
        HEAD + "extends: soc2-fintech-api@9\n",
        {"5:10 SPEC-PACK-VERSION": "soc2-fintech-api@1"},
    ),
    "a path to nothing": (
        HEAD + "extends: ./base.yaml\n",
        {"5:10 SPEC-NOT-FOUND": "“./base.yaml” is not there"},
    ),
    "a file that extends itself": (
        HEAD + "extends: ./workspace.yaml\n",
        {"5:10 SPEC-EXTENDS-CYCLE": "workspace.yaml →"},
    ),
    "parameters that are missing": (
        PACK + "parameters: {client: A, auditStart: 2026-01-01}\n",
        {"6:13 SPEC-PARAMETER-MISSING": "Add `auditEnd: …`"},
    ),
    "parameters that are wrong": (
        PACK + "parameters: {client: A, auditStart: soon, auditEnd: 2026-12-31, clint: B}\n",
        {"6:37 SPEC-PARAMETER-VALUE": "YYYY-MM-DD", "6:65 SPEC-PARAMETER-UNUSED": "“client”"},
    ),
    "a parameter nobody gives": (
        site("title: A", "title: '{{ client }}'"),
        {"4:30 SPEC-PARAMETER-UNKNOWN": "`client: …`"},
    ),
    "several things at once": (
        site("title: A", "titel: A") + "lists: [{key: A A, title: 3, colums: []}]\ngroops: []\n",
        {
            "4:7 SPEC-MISSING": "title",
            "4:23 SPEC-UNKNOWN-KEY": "“title”",
            "5:15 SPEC-VALUE": "“key”",
            "5:27 SPEC-TYPE": "“title”",
            "5:30 SPEC-UNKNOWN-KEY": "“columns”",
            "6:1 SPEC-UNKNOWN-KEY": "“groups”",
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_said_at_its_place(name: str, refused: Any) -> None:
    refused(*CASES[name])


def test_a_secret_in_the_file_is_never_repeated(command: Any, tmp_path: Path) -> None:
    (tmp_path / "workspace.yaml").write_text(CASES["a secret in the file"][0], "utf-8")
    for arguments in (["validate"], ["plan"], ["apply", "--format", "json"], ["plan", "--verbose"]):
        answer = command(*arguments)
        assert "hunter2" not in answer.out + answer.err


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "SPEC-ENCODING"),
        (b"PK\x03\x04\x14\x00", "SPEC-CHARACTER"),
        (b"\xff\xfea\x00:\x00", "SPEC-ENCODING"),
        (b"a" * (4 * 1024 * 1024 + 1), "SPEC-TOO-LARGE"),
        (b"[" * 4000, "SPEC-TOO-DEEP"),
    ],
)
def test_a_file_of_another_sort_is_named_as_such(
    content: bytes, code: str, command: Any, tmp_path: Path
) -> None:
    (tmp_path / "workspace.yaml").write_bytes(content)
    answer = command("validate", "--format", "json")
    (error,) = answer.json()["errors"]
    assert (answer.code, error["code"]) == (2, code)
    assert error["hint"]
    assert command("apply", "--yes").code == 1


def test_a_folder_without_a_workspace_says_which_file_it_looked_for(
    command: Any, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    answer = command("validate", "empty")
    assert answer.code == 2
    assert answer.out.startswith("empty/workspace.yaml:1:1: SPEC-NOT-FOUND: ")
    assert "provisioner new" in answer.out


def test_a_file_that_may_not_be_read_is_said_so(
    command: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "workspace.yaml").write_text(HEAD, "utf-8")
    monkeypatch.setattr(Path, "read_bytes", refuse)  # an administrator may read everything
    answer = command("validate")
    assert answer.code == 2
    assert "SPEC-UNREADABLE: The file cannot be read: permission denied." in answer.out


def test_the_same_name_and_two_types_in_two_lists_is_fine(command: Any, tmp_path: Path) -> None:
    (tmp_path / "workspace.yaml").write_text(
        HEAD
        + """\
lists:
  - key: a
    title: A
    columns: [{name: State, type: text}]
    views: [{name: V, columns: [Title], where: {State: {beginsWith: x}}}]
  - key: b
    title: B
    columns: [{name: State, type: boolean}]
    views: [{name: V, columns: [Title], where: {State: {eq: true}}}]
    items: {key: Title, seed: [{Title: x, State: true}]}
""",
        "utf-8",
    )
    answer = command("validate")
    assert answer.code == 0, answer.out


def test_a_deviation_that_is_wrong_is_said_in_its_own_file(command: Any, tmp_path: Path) -> None:
    (tmp_path / "workspace.yaml").write_text(HEAD, "utf-8")
    (tmp_path / "deviations.yaml").write_text("- {address: 'list:a', expires: soon}\n", "utf-8")
    answer = command("validate", "--format", "json")
    errors = answer.json()["errors"]
    assert answer.code == 2
    assert {error["file"] for error in errors} == {"deviations.yaml"}
    assert {"SPEC-MISSING", "SPEC-VALUE"} == {error["code"] for error in errors}
