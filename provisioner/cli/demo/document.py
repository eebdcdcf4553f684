"""One document of the demo: the file, what people say of it, and what the judge must say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from provisioner.cli.demo.content import Content
from provisioner.cli.demo.days import Days, workday
from provisioner.cli.demo.files import file_bytes


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """A document, as people filed it.

    It arrives on `filed`, still waiting for review unless it is a draft. On `decided` its status and review
    columns are set as given here; None: they are what it arrived with. `item` None: nobody chose one.
    `codes` are the rules that must hold on it and `freshness` its Freshness column ("" is empty), for any
    today.
    """

    name: str
    library: str
    item: str | None
    content: Content
    filed: date
    why: str
    source: str | None
    sensitivity: str | None
    owner: str | None
    status: str
    decided: date | None = None
    reviewer: str | None = None
    reviewed_on: date | None = None
    part: str | None = None
    activity: date | None = None
    period: tuple[date, date] | None = None
    collected: date | None = None
    bridge_until: date | None = None
    query: str | None = None
    rows: int | None = None
    codes: tuple[str, ...] = ()
    freshness: str = ""

    @property
    def data(self) -> bytes:
        """The file."""
        return file_bytes(self.name, self.content)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library as its usual people fill it: who owns, who reviews, where things come from."""

    days: Days
    library: str
    owner: str
    reviewer: str
    source: str
    sensitivity: str = "Confidential"

    def submitted(
        self, name: str, item: str | None, content: Content, **facts: Any
    ) -> DemoDocument:
        """A document that waits for review, unless `facts` name another status."""
        filed: date = facts["filed"]
        made = DemoDocument(
            name=name,
            library=self.library,
            item=item,
            content=content,
            filed=filed,
            why=facts["why"],
            source=self.source,
            sensitivity=self.sensitivity,
            owner=self.owner,
            status="Submitted",
            rows=len(content.rows) or None,
            collected=filed - timedelta(days=1),
        )
        return replace(made, **facts)

    def decided(
        self, status: str, name: str, item: str | None, content: Content, **facts: Any
    ) -> DemoDocument:
        """A document somebody decided on, two days after it came."""
        on = workday(facts["filed"] + timedelta(days=2))
        review = {"status": status, "decided": on, "reviewer": self.reviewer, "reviewed_on": on}
        return self.submitted(name, item, content, **(review | facts))

    def approved(self, name: str, item: str | None, content: Content, **facts: Any) -> DemoDocument:
        """A document that was reviewed and approved, two days after it came."""
        return self.decided("Approved", name, item, content, **facts)
