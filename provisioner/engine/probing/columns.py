"""What becomes of columns: which types Graph makes, and what SharePoint makes of their settings."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from provisioner.core.transport import Outcome
from provisioner.engine.probing.behaviour import Behaviour
from provisioner.engine.probing.ground import VERBOSE, Ground, told

_DOCS = "learn.microsoft.com/graph/api/resources/columndefinition"
_LONG = "ALongInternalNameThatGoesBeyondThirtyTwo"
_FORMATTER = '{"elmType":"div","txtContent":"@currentField"}'


async def make_column(ground: Ground, name: str, facet: dict[str, Any]) -> Outcome:
    """Ask Graph for a column of the scratch list "Columns"."""
    return await ground.graph(
        "POST", f"{await ground.list_path('Columns')}/columns", {"name": name, **facet}
    )


async def by_xml(ground: Ground, name: str, element: str) -> Outcome:
    """Ask SharePoint for a column of the scratch list "Columns", with its XML."""
    body = {"parameters": {"SchemaXml": element, "Options": 8}}
    path = f"{await ground.rest_path('Columns')}/fields/CreateFieldAsXml"
    return ground.must(await ground.rest("POST", path, body), f"the column {name}")


async def field_of(ground: Ground, name: str, words: str) -> dict[str, Any]:
    """Properties of a column as SharePoint has it."""
    path = f"{await ground.rest_path('Columns')}/fields/getbyinternalnameortitle('{name}')"
    asked = await ground.rest("GET", f"{path}?$select={words}")
    body: dict[str, Any] = ground.must(asked, f"a reading of {name}").body
    return body


def _created(name: str, facet: dict[str, Any]) -> Callable[[Ground], Awaitable[str]]:
    async def tried(ground: Ground) -> str:
        return told(await make_column(ground, name, facet))

    return tried


async def _typed(ground: Ground, name: str, facet: dict[str, Any], kind: str) -> str:
    """Whether Graph makes the column, and of which type it then is for SharePoint."""
    made = await make_column(ground, name, facet)
    if made.state != "done":
        return told(made)
    found = str((await field_of(ground, name, "TypeAsString"))["TypeAsString"])
    return "made" if found == kind else "made, of another type"


async def _formatter(ground: Ground) -> str:
    await by_xml(ground, "Formatted", '<Field Type="Text" Name="Formatted" DisplayName="F"/>')
    path = f"{await ground.rest_path('Columns')}/fields/getbyinternalnameortitle('Formatted')"
    body = {"__metadata": {"type": "SP.Field"}, "CustomFormatter": _FORMATTER}
    told_to = await ground.rest("MERGE", path, body, headers=VERBOSE)
    if told_to.state != "done":
        return told(told_to)
    kept = (await field_of(ground, "Formatted", "CustomFormatter")).get("CustomFormatter")
    return "kept" if kept else "taken, and not kept"


async def _formula(ground: Ground) -> str:
    facet = {"calculated": {"formula": '=if( [Title]="a", 1 , 2)', "outputType": "number"}}
    made = ground.must(await make_column(ground, "Worked", facet), "a calculated column")
    asked = await ground.graph("GET", f"{await ground.list_path('Columns')}/columns/Worked")
    body = asked.body if asked.state == "done" else made.body
    formula = str((body.get("calculated") or {}).get("formula"))
    return formula if re.fullmatch(r'[=iIfF()\[\]Title"a12,; ]+', formula) else "another form"


async def _long_name(ground: Ground) -> str:
    made = ground.must(await make_column(ground, _LONG, {"text": {}}), "a column")
    kept = str(made.body.get("name"))
    return "whole" if kept == _LONG else f"cut at {len(kept)}"


async def _facet_back(ground: Ground, name: str, element: str, facet: str) -> str:
    await by_xml(ground, name, element)
    asked = await ground.graph("GET", f"{await ground.list_path('Columns')}/columns/{name}")
    body = ground.must(asked, "a reading of the column").body
    return "there" if body.get(facet) else "left out"


async def _check_boxes_back(ground: Ground) -> str:
    element = (
        '<Field Type="MultiChoice" Name="Several" DisplayName="Several">'
        "<CHOICES><CHOICE>a</CHOICE><CHOICE>b</CHOICE></CHOICES></Field>"
    )
    await by_xml(ground, "Several", element)
    asked = await ground.graph("GET", f"{await ground.list_path('Columns')}/columns/Several")
    choice = ground.must(asked, "a reading of the column").body.get("choice") or {}
    shown = str(choice.get("displayAs"))
    return shown if shown in {"checkBoxes", "radioButtons", "dropDownMenu"} else "left out"


async def _side_by_side(ground: Ground) -> str:
    bodies = [{"name": f"Beside{number}", "text": {}} for number in (1, 2)]
    outcomes = await ground.side_by_side(f"{await ground.list_path('Columns')}/columns", bodies)
    refused = [one for one in outcomes if one.state != "done"]
    return told(refused[0]) if refused else "both made"


async def _site_arrives(ground: Ground) -> str:
    """A site column whose internal name a list has already, added with its own XML."""
    element = '<Field Type="Text" Name="Arrives" DisplayName="Arrives"/>'
    await by_xml(ground, "Arrives", element)
    path = f"{await ground.rest_path('Columns')}/fields/CreateFieldAsXml"
    again = await ground.rest("POST", path, {"parameters": {"SchemaXml": element, "Options": 8}})
    if again.state != "done":
        return told(again)
    return "made, with another name" if again.body.get("InternalName") != "Arrives" else "made"


_MULTI = {"choice": {"displayAs": "checkBoxes", "choices": ["a", "b"]}}
_WORKS = frozenset({"made"})

COLUMNS = (
    Behaviour(
        "column-currency",
        "Does Graph make a currency column?",
        "400 invalidRequest",
        "microsoftgraph/microsoft-graph-docs#1977, #17121",
        partial(_typed, name="Money", facet={"currency": {"locale": "en-us"}}, kind="Currency"),
        "graph-currency",
        _WORKS,
    ),
    Behaviour(
        "column-hyperlink",
        "Does Graph make a hyperlink column?",
        "400 invalidRequest",
        _DOCS,
        partial(
            _typed, name="Link", facet={"hyperlinkOrPicture": {"isPicture": False}}, kind="URL"
        ),
        "graph-hyperlink",
        _WORKS,
    ),
    Behaviour(
        "column-multi-choice",
        "Does Graph make a choice column with several values?",
        "400 invalidRequest",
        "microsoftgraph/microsoft-graph-docs#21021",
        partial(_typed, name="Many", facet=_MULTI, kind="MultiChoice"),
        "graph-multi-choice",
        _WORKS,
    ),
    Behaviour(
        "column-multi-choice-back",
        "How does Graph show a choice column with several values that SharePoint made?",
        "checkBoxes",
        "microsoftgraph/microsoft-graph-docs#2745",
        _check_boxes_back,
    ),
    Behaviour(
        "column-hyperlink-back",
        "Does Graph say of a hyperlink column that it is one?",
        "left out",
        _DOCS,
        partial(
            _facet_back,
            name="Link2",
            element='<Field Type="URL" Format="Hyperlink" Name="Link2" DisplayName="Link2"/>',
            facet="hyperlinkOrPicture",
        ),
    ),
    Behaviour(
        "column-validation-back",
        "Does Graph say which rule the values of a column must follow?",
        "left out",
        _DOCS,
        partial(
            _facet_back,
            name="Ruled",
            element='<Field Type="Text" Name="Ruled" DisplayName="Ruled"><Validation>'
            "=LEN(Ruled)&gt;1</Validation></Field>",
            facet="validation",
        ),
    ),
    Behaviour(
        "column-term",
        "Does Graph make a column of terms when no term set is named?",
        "400 invalidRequest",
        "microsoftgraph/microsoft-graph-docs#20202",
        _created("Terms", {"term": {"allowMultipleValues": False}}),
    ),
    Behaviour(
        "column-type-word",
        "Does Graph take the read-only word `type` for a new column?",
        "400 invalidRequest",
        "SharePoint/sp-dev-docs, docs/embedded/build/container-metadata.md",
        _created("Typed", {"type": "text", "text": {}}),
    ),
    Behaviour(
        "column-reserved-name",
        "Does Graph make a column of a reserved name, `Author`?",
        "400 invalidRequest",
        "SharePoint/sp-dev-docs, docs/embedded/build/container-metadata.md",
        _created("Author", {"text": {}}),
    ),
    Behaviour(
        "column-cell-name",
        "Does Graph make a column that is called like a cell, `A1`?",
        "400 invalidRequest",
        "SharePoint/sp-dev-docs, docs/embedded/build/container-metadata.md",
        _created("A1", {"text": {}}),
    ),
    Behaviour(
        "column-unique-without-index",
        "Does Graph make a column of unique values without an index?",
        "400 invalidRequest",
        "SharePoint/sp-dev-docs, docs/schema/field-element-field.md",
        _created("Unique", {"enforceUniqueValues": True, "text": {}}),
    ),
    Behaviour(
        "column-long-name",
        "Is an internal name of more than 32 characters kept whole?",
        "cut at 32",
        "learn.microsoft.com/graph/api/list-post-columns",
        _long_name,
    ),
    Behaviour(
        "column-formula",
        "How does the formula of a calculated column read back?",
        '=IF(Title="a",1,2)',
        _DOCS,
        _formula,
    ),
    Behaviour(
        "column-formatter",
        "Does SharePoint REST keep the formatting of a column (CustomFormatter)?",
        "kept",
        "learn.microsoft.com/previous-versions/office/sharepoint-csom, Field.CustomFormatter",
        _formatter,
        "field-formatter",
        frozenset({"kept"}),
    ),
    Behaviour(
        "columns-side-by-side",
        "Are two columns of one list made at the same moment?",
        "409 conflict",
        "pnp/pnpjs#2324",
        _side_by_side,
    ),
    Behaviour(
        "column-name-taken",
        "Does SharePoint make a column by XML whose internal name the list has already?",
        "409 Microsoft.SharePoint.SPDuplicateValuesFoundException",
        "pnp/pnpcore#1294",
        _site_arrives,
    ),
)
