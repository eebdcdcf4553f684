"""What becomes of rows: which values Graph takes, what it leaves out, and what it may be asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from provisioner.core.transport import Outcome
from provisioner.engine.probing.behaviour import Behaviour
from provisioner.engine.probing.ground import Ground, Untried, told

_ITEM = "learn.microsoft.com/graph/api/listitem-create"
_DAY = "2026-03-31"
_ELEMENTS = (
    '<Field Type="Text" Name="Words" DisplayName="Words"/>',
    (
        '<Field Type="MultiChoice" Name="Some" DisplayName="Some">'
        "<CHOICES><CHOICE>a</CHOICE><CHOICE>b</CHOICE></CHOICES></Field>"
    ),
    '<Field Type="URL" Format="Hyperlink" Name="Where" DisplayName="Where"/>',
    '<Field Type="DateTime" Format="DateOnly" Name="Day" DisplayName="Day"/>',
    '<Field Type="User" Name="Who" DisplayName="Who"/>',
    '<Field Type="UserMulti" Mult="TRUE" Name="Whose" DisplayName="Whose"/>',
)


async def _home(ground: Ground) -> str:
    """The Graph path of the list of rows, with a column of each type that is asked about."""
    fresh = "Values" not in ground.lists
    path = await ground.list_path("Values")
    fields = f"{await ground.rest_path('Values')}/fields/CreateFieldAsXml"
    for element in _ELEMENTS if fresh else ():
        body = {"parameters": {"SchemaXml": element, "Options": 8}}
        ground.must(await ground.rest("POST", fields, body), "a column for values")
    return path


async def _row(ground: Ground, fields: dict[str, Any]) -> Outcome:
    return await ground.graph("POST", f"{await _home(ground)}/items", {"fields": fields})


async def _made(ground: Ground, fields: dict[str, Any]) -> str:
    """The Graph path of a new row."""
    made = ground.must(await _row(ground, fields), "a row")
    return f"{await _home(ground)}/items/{made.body['id']}"


async def _fields(ground: Ground, row: str, select: str) -> dict[str, Any]:
    asked = await ground.graph("GET", f"{row}?$expand=fields($select={select})")
    body: dict[str, Any] = ground.must(asked, "a reading of the row").body
    return dict(body.get("fields") or {})


async def _person(ground: Ground) -> int:
    """The number of somebody whom the site knows; nobody is named in what is told."""
    asked = await ground.rest("GET", "/_api/web/siteusers?$select=Id,PrincipalType")
    for one in ground.must(asked, "a reading of people").body.get("value", ()):
        if int(one.get("PrincipalType") or 0) == 1 and int(one["Id"]) < 1_000_000:
            return int(one["Id"])
    raise Untried("the site knows nobody yet")


async def _bare_array(ground: Ground) -> str:
    return told(await _row(ground, {"Some": ["a", "b"]}))


async def _typed_array(ground: Ground) -> str:
    said = {"Some@odata.type": "Collection(Edm.String)", "Some": ["a", "b"]}
    return told(await _row(ground, said))


async def _link(ground: Ground) -> str:
    said = {"Url": "https://www.example.com/", "Description": "a"}
    return told(await _row(ground, {"Where": said}))


async def _number_for_person(ground: Ground) -> str:
    return told(await _row(ground, {"WhoLookupId": await _person(ground)}))


async def _text_for_person(ground: Ground) -> str:
    return told(await _row(ground, {"WhoLookupId": str(await _person(ground))}))


async def _several_people(ground: Ground) -> str:
    one = await _person(ground)
    said = {"WhoseLookupId@odata.type": "Collection(Edm.Int32)", "WhoseLookupId": [one]}
    row = await _made(ground, said)
    people = (await _fields(ground, row, "Whose")).get("Whose")
    first = people[0] if isinstance(people, list) and people else {}
    known = {"LookupId", "LookupValue", "Email"}
    return ", ".join(sorted(known & set(first))) or "left out"


async def _date(ground: Ground) -> str:
    row = await _made(ground, {"Day": f"{_DAY}T00:00:00Z"})
    kept = str((await _fields(ground, row, "Day")).get("Day"))
    asked = await ground.rest("GET", "/_api/web/regionalsettings/timezone")
    zone = ground.must(asked, "a reading of the site's zone").body.get("Information") or {}
    try:
        moment = datetime.fromisoformat(kept)
    except ValueError:
        return "in another form"
    bias = int(zone.get("Bias") or 0)
    offsets = {bias, bias + int(zone.get("DaylightBias") or 0)}
    at = {(moment - timedelta(minutes=one)).strftime("%H:%M") for one in offsets}
    return "midnight in the site's zone" if "00:00" in at else "another hour"


async def _empty(ground: Ground) -> str:
    row = await _made(ground, {"Title": "a"})
    return "there" if "Words" in await _fields(ground, row, "Title,Words") else "left out"


async def _null(ground: Ground) -> str:
    row = await _made(ground, {"Words": "a"})
    done = await ground.graph("PATCH", f"{row}/fields", {"Words": None})
    if done.state != "done":
        return told(done)
    return "kept" if (await _fields(ground, row, "Words")).get("Words") else "cleared"


async def _stale(ground: Ground) -> str:
    row = await _made(ground, {"Words": "a"})
    stale = {"If-Match": '"00000000-0000-4000-8000-000000000000,1"'}
    return told(await ground.graph("PATCH", f"{row}/fields", {"Words": "b"}, headers=stale))


async def _no_index(ground: Ground) -> str:
    return told(await _asked(ground, "fields/Words eq 'a'"))


async def _either(ground: Ground) -> str:
    return told(await _asked(ground, "fields/id eq 1 or fields/id eq 2"))


async def _asked(ground: Ground, wanted: str) -> Outcome:
    path = f"{await _home(ground)}/items?$expand=fields&$filter={wanted.replace(' ', '%20')}"
    return await ground.graph("GET", path)


async def _large_page(ground: Ground) -> str:
    return told(await ground.graph("GET", f"{await _home(ground)}/items?$top=5001"))


async def _old_token(ground: Ground) -> str:
    path = f"{await _home(ground)}/items/delta?token=latest"
    asked = await ground.graph("GET", path)
    if asked.state != "done":
        return told(asked)
    link = str((asked.body or {}).get("@odata.deltaLink") or "")
    return "a link for the next round" if link else "no link"


async def _by_form(ground: Ground, day: str) -> str:
    """`ValidateUpdateListItem` with a date: taken, or refused in the answer's own way."""
    row = await _made(ground, {"Title": "a"})
    number = row.rpartition("/")[2]
    path = f"{await ground.rest_path('Values')}/items({number})/ValidateUpdateListItem"
    values = [{"FieldName": "Day", "FieldValue": day}]
    done = await ground.rest("POST", path, {"formValues": values, "bNewDocumentUpdate": False})
    if done.state != "done":
        return told(done)
    rows = done.body.get("value", []) if isinstance(done.body, dict) else []
    refused = any(one.get("HasException") for one in rows if isinstance(one, dict))
    return "refused, for that column" if refused else "taken"


async def _iso_date(ground: Ground) -> str:
    return await _by_form(ground, _DAY)


ROWS = (
    Behaviour(
        "row-bare-array",
        "Does Graph take several choices as a bare array?",
        "400 invalidRequest",
        "learn.microsoft.com/answers/questions/813838",
        _bare_array,
    ),
    Behaviour(
        "row-typed-array",
        "Does Graph take several choices that say their type?",
        "201",
        "learn.microsoft.com/answers/questions/813838",
        _typed_array,
    ),
    Behaviour(
        "row-hyperlink",
        "Does Graph take the value of a hyperlink column?",
        "400 invalidRequest",
        "microsoftgraph/msgraph-sdk-dotnet#2957",
        _link,
    ),
    Behaviour(
        "row-person-number",
        "Does Graph take a person's id as a number?",
        "400 generalException",
        "microsoftgraph/microsoft-graph-docs#19901",
        _number_for_person,
    ),
    Behaviour(
        "row-person-text",
        "Does Graph take a person's id as a text?",
        "201",
        "microsoftgraph/microsoft-graph-docs#19901",
        _text_for_person,
    ),
    Behaviour(
        "row-people",
        "What does Graph say of each of several people in a column?",
        "Email, LookupId, LookupValue",
        "microsoftgraph/microsoft-graph-docs#2991",
        _several_people,
    ),
    Behaviour(
        "row-date",
        "As which hour does a day without an hour come back?",
        "midnight in the site's zone",
        "learn.microsoft.com/graph/api/resources/datetimecolumn",
        _date,
    ),
    Behaviour(
        "row-empty",
        "Are columns without a value among the fields of a row?",
        "left out",
        "microsoftgraph/microsoft-graph-docs#15328",
        _empty,
    ),
    Behaviour("row-null", "Does `null` clear a column?", "cleared", _ITEM, _null),
    Behaviour(
        "row-stale",
        "Is a change refused whose If-Match names an older version?",
        "412 resourceModified",
        "learn.microsoft.com/graph/api/listitem-update",
        _stale,
    ),
    Behaviour(
        "rows-no-index",
        "Does Graph filter by a column without an index?",
        "400 invalidRequest",
        "microsoftgraph/microsoft-graph-docs#2351",
        _no_index,
    ),
    Behaviour(
        "rows-either",
        "Does Graph filter with `or`, over one indexed column?",
        "200",
        "learn.microsoft.com/graph/api/listitem-list",
        _either,
    ),
    Behaviour(
        "rows-large-page",
        "Does Graph take a page size above 5,000?",
        "400 invalidRequest",
        "pnp/pnpjs#750",
        _large_page,
    ),
    Behaviour(
        "rows-delta",
        "Does `delta?token=latest` give a link for the next round?",
        "a link for the next round",
        "learn.microsoft.com/graph/api/listitem-delta",
        _old_token,
    ),
    Behaviour(
        "row-iso-date",
        "Does `ValidateUpdateListItem` take a date as 2026-03-31?",
        "refused, for that column",
        "SharePoint/sp-dev-docs#4917",
        _iso_date,
    ),
)
