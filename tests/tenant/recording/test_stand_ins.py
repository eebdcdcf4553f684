"""Whatever a canary hides in, a recording does not hold it; what refers to what is still there."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.tenant.recording.recorder import Exchange, Recorder
from provisioner.tenant.recording.stand_ins import StandIns
from provisioner.tenant.recording.words import vocabulary

LETTERS = st.text("qxzjkvwßéñøжλ", min_size=6, max_size=14)
AROUND = st.sampled_from(
    [
        "{}",
        "/sites/{}/Lists/x",
        "i:0#.f|membership|{}@x.example",
        "https://{}.sharepoint.com/a b",
        "Bearer eyJ0.{}.x",
        "a_x0020_{}",
        '<Field Name="{}" Description="&lt;{}&gt;"/>',
        "GetByTitle('{}')",
        '[{{"a":"\\n{}"}}]',
        "0x01{}",
        "2026-11-22T{}",
        "a=1&sig={}",
        "{}-1234-{}",
        "client_secret={}",
    ]
)


def spelled(canary):
    return st.sampled_from(
        [
            canary,
            canary.upper(),
            quote(canary),
            quote(f"a {canary}"),
            json.dumps(canary)[1:-1],
            "".join(f"%{byte:02X}" for byte in canary.encode()),
        ]
    )


@settings(max_examples=100)
@given(LETTERS.flatmap(lambda one: st.tuples(st.just(one), spelled(one))), AROUND, st.data())
def test_a_canary_in_any_place_never_reaches_the_file(tmp_path_factory, said, around, data):
    canary, spelling = said
    text = around.format(spelling, spelling)
    places = data.draw(st.sampled_from(["url", "header", "body", "came", "answer", "key", "file"]))
    deep = {"value": [{"fields": {"Title": text}}, [text], {text: 1}]}
    one = Exchange(
        "graph",
        "POST",
        f"https://graph.microsoft.com/v1.0/sites/{text}" if places == "url" else "/v1.0/sites",
        {"If-Match": text, "Authorization": f"Bearer {canary}"} if places == "header" else {},
        deep if places in {"body", "key"} else None,
        200,
        {"location": text, "x-other": text, "date": text} if places == "came" else {},
        text.encode() if places == "file" else deep if places == "answer" else text,
    )
    path = tmp_path_factory.getbasetemp() / "canary.jsonl"
    recorder = Recorder(path)
    recorder.begin("plan", deep, date(2026, 11, 22))
    recorder.wrote(one)
    kept = path.read_bytes()
    again = json.dumps([json.loads(line) for line in kept.splitlines()]).casefold()
    for form in (canary, spelling, json.dumps(canary)[1:-1], quote(canary)):
        assert form.casefold() not in kept.decode().casefold()
        assert form.casefold() not in again
    assert path.stat().st_mode & 0o077 == 0


def test_equal_things_stay_equal_and_different_ones_different():
    one = StandIns()
    path = one.text("/sites/zenbank/Lists/Kwartaal%20Cijfers?$select=Title,Id")
    assert path.endswith("?$select=Title,Id")
    site, name = path.split("/")[2], path.split("/")[4].split("?")[0]
    found = one.value({"Title": "kwartaal Cijfers", "webUrl": "https://x/sites/ZenBank"})
    assert found["Title"].casefold() == name.replace("%20", " ").casefold()
    assert found["webUrl"].rpartition("/")[2].casefold() == site
    guid = "b1dd6885-e2a1-4ac3-9444-7137ae58437a"
    bare, upper = guid.replace("-", ""), guid.upper()
    kept = one.text(f"lists(guid'{guid}') \"{{{upper}}},2\" 0x010100{bare.upper()}")
    assert guid not in kept.lower()
    assert bare not in kept.lower()
    stand_in = kept.split("'")[1]
    assert stand_in.upper() in kept
    assert f"0x010100{stand_in.replace('-', '').upper()}" in kept
    assert one.text("wilma@zen.nl") != one.text("fred@zen.nl")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T23:04:04Z",
        "America/Toronto",
        "application/json;odata=nometadata",
        "0x0101",
        "CC6.1",
        "/_api/web/lists?$select=Id,Title&$expand=RootFolder",
        "1073741829",
    ],
)
def test_what_belongs_to_the_protocols_stays(text):
    assert StandIns().text(text) == text


def test_numbers_that_could_say_something_are_replaced_too():
    one = StandIns()
    row = one.value({"Salary": 123456, "Id": 12, "Phone": "0301234567", "Share": 0.37, "Ok": True})
    said = list(row.values())
    assert 123456 not in said
    assert "0301234567" not in said
    assert 0.37 not in said
    assert said[1] == 12
    assert said[4] is True
    assert one.value({"Low": "1012866047"}) == {"Low": "1012866047"}


def test_the_content_of_a_file_is_told_by_its_size():
    assert StandIns().value(b"very secret") == {"bytes": 11}
    assert "contenttypes" in vocabulary()
