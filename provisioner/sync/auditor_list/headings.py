"""Which column of an auditor's list is which of ours, guessed from its heading in plain words.

What somebody said with `--map` comes before every guess. Only columns that are the auditor's to fill
can be meant: status, people, evidence and dates of ours are never taken from a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from provisioner.core.errors import ProvisionerError
from provisioner.sync.auditor_list.table import Row, Table

REFERENCE = "RequestId"
TITLE = "Title"
TEXT = "RequestText"
_LOOKED_AT = 40
"""Rows from the top in which the headings are looked for; above them stand names and dates."""

DISPLAYED: Mapping[str, str] = MappingProxyType(
    {
        REFERENCE: "Request id",
        TITLE: "Title",
        TEXT: "Request",
        "RequestedOn": "Requested on",
        "DueOn": "Due",
        "Priority": "Priority",
        "TrustServicesCriteria": "Trust Services Criteria",
        "RequesterStatus": "Requester status",
        "PopulationNeeded": "Population needed",
        "SampleList": "Sample list",
        "ReturnedReason": "Returned because",
    }
)
"""The columns of the Audit Request Tracker an auditor fills: display name by internal name."""

# The likelier words come first: of two headings that fit one column, the earlier word's is taken.
_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        REFERENCE: (
            "request id", "request no", "request number", "request ref", "request reference",
            "pbc id", "pbc no", "pbc number", "pbc", "irl no", "irl id", "irl",
            "reference", "reference no", "reference number", "ref", "ref no", "id", "item no",
            "item number", "item id", "item", "no", "number", "nr", "control id", "control no",
        ),
        TITLE: (
            "title", "request title", "request name", "name", "subject", "short description",
            "item name", "document name", "summary", "control", "control name",
        ),
        TEXT: (
            "request", "request text", "request description", "request details", "description",
            "description of request", "item description", "information requested",
            "document requested", "documents requested", "documentation requested",
            "evidence requested", "evidence request", "requested evidence", "requested item",
            "item requested", "items requested", "requested documentation", "details", "detail",
            "evidence", "ask",
        ),
        "RequestedOn": (
            "requested on", "date requested", "request date", "requested date", "requested",
            "date of request", "date issued", "issued",
        ),
        "DueOn": (
            "due", "due date", "date due", "due on", "due by", "deadline", "needed by",
            "required by", "date needed", "date required", "target date", "expected date",
            "requested by date",
        ),
        "Priority": ("priority", "importance", "urgency"),
        "TrustServicesCriteria": (
            "trust services criteria", "tsc", "criteria", "criterion", "soc 2 criteria",
            "tsc reference", "tsc ref", "tsp", "common criteria", "related criteria",
        ),
        "RequesterStatus": (
            "requester status", "auditor status", "request status", "audit status", "status",
        ),
        "PopulationNeeded": ("population needed", "population required", "population"),
        "SampleList": (
            "sample list", "samples", "sample", "selection", "selections", "sample selection",
            "samples selected",
        ),
        "ReturnedReason": (
            "returned because", "auditor comment", "auditor comments", "auditor notes",
            "follow up", "auditor feedback",
        ),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Headings:
    """What the columns of a list are. `line` is the heading row's number, 0 where there is none.

    `places` gives the position of each of our columns and `titles` their headings there; `unused` are
    headings that are none of ours.
    """

    line: int = 0
    places: Mapping[str, int] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether requests can be read: a reference, and words of what is asked for."""
        return REFERENCE in self.places and (TITLE in self.places or TEXT in self.places)


def plain(heading: object) -> str:
    """A heading as it is compared: small letters and single spaces, "#" for a number."""
    words = str(heading).casefold().replace("#", " no ").replace("№", " no ")
    return " ".join(re.sub(r"[^\w]+", " ", words.replace("_", " ")).split())


def our_column(name: str) -> str:
    """The internal name of a column of ours, given that or its display name.

    Raises:
        ProvisionerError: REQUESTS-MAPPING.
    """
    for internal, shown in DISPLAYED.items():
        if plain(name) in (plain(internal), plain(shown)):
            return internal
    raise ProvisionerError(
        "REQUESTS-MAPPING",
        f'An auditor\'s list fills no column "{name}".',
        hint=f"After the `=` comes one of: {', '.join(DISPLAYED.values())}.",
    )


def chosen(tables: Iterable[Table], said: Mapping[str, str]) -> tuple[Table, Headings]:
    """The table that is a request list, and its headings; `said` maps plain headings to our columns.

    Of several tables the one with most headings we know is taken, and the first of equals.

    Raises:
        ProvisionerError: REQUESTS-NO-HEADINGS; REQUESTS-MAPPING for a heading that stands over two
            columns which say different things.
    """
    several = tuple(tables)
    found = [(table, headings(table, said)) for table in several]
    best = max(found, key=lambda one: (one[1].enough, len(one[1].places)), default=None)
    if best is not None and best[1].enough:
        _refuse_doubles(*best)
        return best
    seen = best[1] if best is not None else Headings()
    known = ", ".join(f'"{title}"' for title in (*seen.titles.values(), *seen.unused)) or "none"
    lacking = "the reference of each request" if REFERENCE not in seen.places else "what is asked"
    raise ProvisionerError(
        "REQUESTS-NO-HEADINGS",
        f"No row of headings says which column holds {lacking}; headings seen: {known}.",
        hint='Name them: --map "Their heading=Request id" --map "Another=Request".',
    )


def _refuse_doubles(table: Table, found: Headings) -> None:
    """Which of two columns with one heading is meant is not guessed."""
    [row] = [one for one in table.rows if one.line == found.line]
    for column, place in found.places.items():
        for other, cell in enumerate(row.cells):
            if other != place and plain(cell) == plain(row.cells[place]):
                below = (one for one in table.rows if one.line > found.line)
                if any(one.at(other) not in ("", one.at(place)) for one in below):
                    raise ProvisionerError(
                        "REQUESTS-MAPPING",
                        f'Two columns are headed "{cell}" and say different things.',
                        hint=f"Rename the one that is not {DISPLAYED[column]}.",
                    )


def headings(table: Table, said: Mapping[str, str]) -> Headings:
    """The row among the first that names most of our columns, the first of equals."""
    best = Headings()
    for row in table.rows[:_LOOKED_AT]:
        found = _read(row, said)
        if (found.enough, len(found.places)) > (best.enough, len(best.places)):
            best = found
    return best


def _read(row: Row, said: Mapping[str, str]) -> Headings:
    named = {at: plain(cell) for at, cell in enumerate(row.cells) if isinstance(cell, str) and cell}
    places: dict[str, int] = {}
    for at, words in named.items():
        if words in said:
            places.setdefault(said[words], at)
    guesses = sorted(
        (rank, at, column)
        for column, synonyms in _WORDS.items()
        for at, words in named.items()
        for rank, synonym in enumerate(synonyms)
        if words == synonym and words not in said
    )
    for _, at, column in guesses:
        if column not in places and at not in places.values():
            places[column] = at
    titles = {column: str(row.cells[at]) for column, at in places.items()}
    unused = tuple(str(row.cells[at]) for at in sorted(named) if at not in places.values())
    return Headings(row.line, MappingProxyType(places), MappingProxyType(titles), unused)
