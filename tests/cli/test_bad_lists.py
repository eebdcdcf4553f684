"""What is wrong with lists, columns, views, rows and access is said before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

HEAD = """\
apiVersion: provisioner/v1
kind: Workspace
tenant: {cloud: emulator}
site: {url: /sites/a, title: A, create: never}
"""


def in_list(text: str) -> str:
    """A file with one list `a`, saying this."""
    return f"{HEAD}lists:\n  - key: a\n    title: A\n    {text}\n"


def in_view(text: str) -> str:
    """A file with a list of a few columns, and a view saying this."""
    columns = "columns: [{name: Due, type: dateTime}, {name: Note, type: note}, {name: Who, type: person}]"
    return in_list(f"{columns}\n    views:\n      - name: V\n        {text}")


def columns(count: int, words: str) -> str:
    return ", ".join(f"{{name: C{number:02}x, {words}}}" for number in range(count))


# what is wrong -> the file, and for each problem "line:column CODE" and words of message or hint
CASES: dict[str, tuple[str, dict[str, str]]] = {
    "a list without a key": (
        HEAD + "lists: [{title: A}]\n",
        {"5:9 SPEC-MISSING": "Add `key: …`"},
    ),
    "a key with a blank": (
        HEAD + "lists: [{key: Risk Register, title: A}]\n",
        {"5:15 SPEC-VALUE": "small letters, digits and `-`"},
    ),
    "an address with a slash": (in_list("url: a/b"), {"8:10 SPEC-VALUE": "start with a letter"}),
    "a key used twice": (
        HEAD + "lists: [{key: a, title: A}, {key: a, title: B}]\n",
        {"5:29 SPEC-DUPLICATE-NAME": "at workspace.yaml:5:9"},
    ),
    "a list and a library with one address": (
        HEAD + "lists: [{key: a, title: A, url: X}]\nlibraries: [{key: b, title: B, url: X}]\n",
        {"5:33 LIST-URL-TWICE": "another `url`"},
    ),
    "two lists with one title": (
        HEAD + "lists: [{key: a, title: A}, {key: b, title: a}]\n",
        {"5:45 LIST-TITLE-TWICE": "see workspace.yaml:5:25"},
    ),
    "a library where the site's pages are": (
        HEAD + "libraries: [{key: a, title: A, url: SitePages}]\n",
        {"5:37 LIST-URL-RESERVED": "“SitePages”"},
    ),
    "few versions of a library": (
        HEAD + "libraries: [{key: a, title: A, versioning: {major: 50}}]\n",
        {"5:13 SPEC-VALUE": "at least 100 versions"},
    ),
    "a column declared twice": (
        in_list("columns: [{name: X, type: text}, {name: X, type: note}]"),
        {"8:38 SPEC-DUPLICATE-NAME": "“X” is already in this list"},
    ),
    "a column declared twice but for capitals": (
        in_list("columns: [{name: Xx, type: text}, {name: xX, type: note}]"),
        {"8:46 COLUMN-TWICE": "only in capitals"},
    ),
    "a column that the content type brings": (
        HEAD + "columns: [{name: Area, type: text}]\n"
        "contentTypes: [{name: C, base: Item, columns: [Area]}]\n"
        "lists: [{key: a, title: A, contentTypes: [C], columns: [{name: Area, type: number}]}]\n",
        {"7:64 COLUMN-TWICE": "from its content types"},
    ),
    "a column SharePoint has": (
        in_list("columns: [{name: ID, type: text}]"),
        {"8:22 SPEC-VALUE": "already"},
    ),
    "a column named like a cell": (
        in_list("columns: [{name: A1, type: text}]"),
        {"8:22 SPEC-VALUE": "part of a formula"},
    ),
    "a column named with a blank": (
        in_list("columns: [{name: My column, type: text}]"),
        {"8:22 SPEC-VALUE": "ASCII letters"},
    ),
    "a column without a type": (in_list("columns: [{name: X}]"), {"8:15 SPEC-VALUE": "`type`"}),
    "an unknown type": (
        in_list("columns: [{name: X, type: datetime}]"),
        {"8:31 SPEC-VALUE": "Did you mean “dateTime”"},
    ),
    "a choice without choices": (
        in_list("columns: [{name: X, type: choice}]"),
        {"8:15 SPEC-VALUE": "`choices`"},
    ),
    "choices that are no text": (
        in_list("columns: [{name: X, type: choice, choices: [true, 3]}]"),
        {
            "8:49 SPEC-TYPE": "“choices[0]” must be text",
            "8:55 SPEC-TYPE": "“choices[1]” must be text",
        },
    ),
    "a default that is no choice": (
        in_list("columns: [{name: X, type: choice, choices: [a], default: b}]"),
        {"8:15 SPEC-VALUE": "not one of the choices"},
    ),
    "an index on long text": (
        in_list("columns: [{name: X, type: note, indexed: true}]"),
        {"8:15 SPEC-VALUE": "`indexed` goes with"},
    ),
    "an index on several choices": (
        in_list("columns: [{name: X, type: choice, choices: [a], multiple: true, indexed: true}]"),
        {"8:15 SPEC-VALUE": "several values cannot be indexed"},
    ),
    "unique values of yes and no": (
        in_list("columns: [{name: X, type: boolean, unique: true}]"),
        {"8:15 SPEC-VALUE": "`unique` goes with"},
    ),
    "unique without an index": (
        in_list("columns: [{name: X, type: text, unique: true, indexed: false}]"),
        {"8:60 UNIQUE-NOT-INDEXED": "Take `indexed: false` away"},
    ),
    "more than 20 indexes": (
        in_list(f"columns: [{columns(21, 'type: text, indexed: true')}]"),
        {"8:869 INDEX-LIMIT": "“C20x” is one too many"},
    ),
    "more than 20 indexes, some of them for unique values": (
        in_list(
            f"columns: [{columns(20, 'type: text, unique: true')}, "
            "{name: Last, type: number, indexed: true}]"
        ),
        {"8:851 INDEX-LIMIT": "21 indexed columns"},
    ),
    "a lookup to nothing": (
        HEAD + "lists: [{key: risks, title: R, columns: [{name: L, type: lookup, list: risk}]}]\n",
        {"5:72 SPEC-REFERENCE": "Did you mean “risks”"},
    ),
    "a lookup that shows nothing": (
        in_list("columns: [{name: L, type: lookup, list: a, show: Titel}]"),
        {"8:54 LOOKUP-COLUMN": "Did you mean “Title”"},
    ),
    "a content type with a column that is not there": (
        HEAD + "columns: [{name: Area, type: text}]\n"
        "contentTypes: [{name: C, base: Item, columns: [Aera]}]\n",
        {"6:48 SPEC-REFERENCE": "Did you mean “Area”"},
    ),
    "a content type on nothing": (
        HEAD + "contentTypes: [{name: C, base: Docment}]\n",
        {"5:32 SPEC-REFERENCE": "Docment"},
    ),
    "content types on each other": (
        HEAD + "contentTypes: [{name: C, base: D}, {name: D, base: C}]\n",
        {"5:32 CONTENT-TYPE-LOOP": "C → D → C", "5:52 CONTENT-TYPE-LOOP": "Item or Document"},
    ),
    "a library with a content type that is not there": (
        HEAD + "libraries: [{key: a, title: A, contentTypes: [Nope]}]\n",
        {"5:47 SPEC-REFERENCE": "contentType:Nope"},
    ),
    "a grant to a group that is not there": (
        HEAD + "groups: [{name: Auditors}]\n"
        "lists: [{key: a, title: A, permissions: {grants: [{to: 'group:Auditor', role: Read}]}}]\n",
        {"6:56 SPEC-REFERENCE": "Did you mean “Auditors”"},
    ),
    "a grant to nobody": (
        in_list("permissions: {grants: [{to: Ann, role: Read}]}"),
        {"8:33 SPEC-VALUE": "user:ann@contoso.com"},
    ),
    "a grant until no day": (
        in_list("permissions: {grants: [{to: 'user:a@b.example', role: Read, until: 2026-02-30}]}"),
        {"8:72 SPEC-VALUE": "YYYY-MM-DD"},
    ),
    "a group inside a group": (
        HEAD + "groups: [{name: G, members: ['group:H']}]\n",
        {"5:29 SPEC-VALUE": "entra:"},
    ),
    "a navigation link to nothing": (
        HEAD + "navigation: [{title: A, link: 'list:nope'}]\n",
        {"5:31 SPEC-REFERENCE": "list:nope"},
    ),
    "a navigation link that is a word": (
        HEAD + "navigation: [{title: A, link: nope}]\n",
        {"5:31 SPEC-VALUE": "library:<key>"},
    ),
    "two navigation entries of one title": (
        HEAD + "navigation: [{title: A, link: /a}, {title: A, link: /b}]\n",
        {"5:36 SPEC-DUPLICATE-NAME": "5:14"},
    ),
    "two navigation entries to one place": (
        HEAD + "navigation: [{title: A, link: /a}, {title: B, children: "
        "[{title: C, link: /c}, {title: D, link: /c/}]}]\n",
        {"5:88 NAVIGATION-TWICE": "“C” and “D” in “B”"},
    ),
    "a link to a page that is not declared": (
        HEAD
        + "pages: [{name: Help, title: H, sections: [{button: {label: A, link: 'page:Hepl'}}]}]\n",
        {"5:69 PAGE-LINK": "page:Hepl"},
    ),
    "two home pages": (
        HEAD + "pages: [{name: A, title: A, home: true}, {name: B, title: B, home: true}]\n",
        {"5:68 PAGE-HOME": "workspace.yaml:5:35"},
    ),
    "two pages of one name": (
        HEAD + "pages: [{name: A, title: A}, {name: a, title: B}]\n",
        {"5:37 PAGE-TWICE": "only in capitals"},
    ),
    "two views of one name": (
        in_list("views: [{name: V, columns: [Title]}, {name: v, columns: [Title]}]"),
        {"8:49 VIEW-TWICE": "only in capitals"},
    ),
    "two default views": (
        in_list(
            "views: [{name: V, default: true, columns: [Title]}, "
            "{name: W, default: true, columns: [Title]}]"
        ),
        {"8:76 VIEW-DEFAULTS": "workspace.yaml:8:32"},
    ),
    "a view of a column that is not there": (
        in_view("columns: [Title, Deu]"),
        {"11:26 VIEW-COLUMN": "Did you mean “Due”"},
    ),
    "a view sorted by a column that is not there": (
        in_view("columns: [Title]\n        orderBy: [{Deu: desc}]"),
        {"12:25 VIEW-COLUMN": "Did you mean “Due”"},
    ),
    "a view sorted by long text": (
        in_view("columns: [Title]\n        orderBy: [Note]"),
        {"12:19 VIEW-SORT": "“Note”"},
    ),
    "a board of people": (
        in_view("columns: [Title]\n        layout: board\n        boardBy: Who"),
        {"13:18 VIEW-BOARD": "Declare a choice column"},
    ),
    "the sum of texts, and of days": (
        in_view("columns: [Title]\n        totals: {Title: sum, Due: variance, Who: count}"),
        {
            "12:25 VIEW-TOTAL": "Write count for this column.",
            "12:35 VIEW-TOTAL": "Write count or average or min or max",
        },
    ),
    "choices that differ in capitals and blanks": (
        in_list("columns: [{name: X, type: choice, choices: [Ja, Nein, jA, 'Nein ']}]"),
        {"8:59 CHOICE-ALIKE": "“Ja”", "8:63 CHOICE-ALIKE": "“Nein”"},
    ),
    "a view sorted neither up nor down": (
        in_view("columns: [Title]\n        orderBy: [{Due: down}]"),
        {"12:25 SPEC-VALUE": "asc, desc"},
    ),
    "a filter on a column that is not there": (
        in_view("columns: [Title]\n        where:\n          any:\n            - Deu: {lt: today}"),
        {"14:20 VIEW-WHERE": "Did you mean “Due”"},
    ),
    "a filter on a column of another list": (
        HEAD + "lists:\n  - {key: b, title: B, columns: [{name: Due, type: dateTime}]}\n"
        "  - {key: a, title: A, views: [{name: V, columns: [Title], where: {Due: {lt: today}}}]}\n",
        {"7:73 VIEW-WHERE": "no column “Due” here"},
    ),
    "a filter with an operator that is none": (
        in_view("columns: [Title]\n        where: {Title: {like: x}}"),
        {"12:31 SPEC-VALUE": "beginsWith"},
    ),
    "a filter that compares text by size": (
        in_view("columns: [Title]\n        where: {Title: {lt: 3}}"),
        {"12:29 VIEW-WHERE": "which is text"},
    ),
    "a filter that CAML cannot say": (
        in_view("columns: [Title]\n        where: {not: {Title: {contains: x}}}"),
        {"12:41 VIEW-WHERE": "CAML cannot say"},
    ),
    "a filter by a day that is none": (
        in_view("columns: [Title]\n        where: {Due: {lt: 2026-02-30}}"),
        {"12:27 SPEC-VALUE": "not a day that exists"},
    ),
    "a filter by people's mail": (
        in_view("columns: [Title]\n        where: {Who: {eq: ann@contoso.com}}"),
        {"12:27 VIEW-WHERE": "display name or `me`"},
    ),
    "more than 12 lookups in a view": (
        in_list(
            f"columns: [{columns(13, 'type: person')}]\n    views: "
            f"[{{name: V, columns: [{', '.join(f'C{n:02}x' for n in range(13))}]}}]"
        ),
        {"9:32 LOOKUP-LIMIT": "uses 13 columns"},
    ),
    "rows without their key": (
        in_list("items: {key: Title, seed: [{ID: 1}]}"),
        {"8:12 SPEC-VALUE": "key column Title"},
    ),
    "rows with one key twice": (
        in_list("items: {key: Title, seed: [{Title: x}, {Title: X}]}"),
        {"8:12 SPEC-VALUE": "Two rows have the same Title"},
    ),
    "rows known by a column that is not there": (
        in_list("items: {key: Titel, seed: [{Titel: x}]}"),
        {"8:18 SEED-COLUMN": "Did you mean “Title”"},
    ),
    "rows with a column that is not there": (
        in_list("items: {key: Title, seed: [{Title: x, Staus: y}]}"),
        {"8:50 SEED-COLUMN": "no column “Staus”"},
    ),
    "rows whose values do not fit": (
        in_list(
            "columns: [{name: C, type: choice, choices: [one, two]}, {name: N, type: number}, "
            "{name: B, type: boolean}, {name: D, type: dateTime}, {name: P, type: person}, "
            "{name: L, type: lookup, list: a}]\n"
            "    items: {key: Title, seed: [{Title: 7, C: on, N: many, B: no, D: soon, P: Ann, L: 1}]}"
        ),
        {
            "9:40 SEED-VALUE": "Put it in quotes",
            "9:46 SEED-VALUE": "Did you mean “one”",
            "9:53 SEED-VALUE": "a number",
            "9:62 SEED-VALUE": "true or false",
            "9:69 SEED-VALUE": "YYYY-MM-DD",
            "9:78 SEED-VALUE": "user:ann@contoso.com",
            "9:86 SEED-VALUE": "the key of a row",
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_said_at_its_place(name: str, refused: Any) -> None:
    refused(*CASES[name])
