"""The ground a probe stands on: scratch lists of its own in one site, which go when it ends.

A list is known as scratch by its address and by its description, both of which the probe gave it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Audience, Envelope, Operation, Outcome, Reading, Transport

PREFIX = "ProvisionerProbe"
MARK = "Scratch list of provisioner probe. It may be deleted."
NOT_FOUND = 404
_WORDS = re.compile(r"[A-Za-z][A-Za-z.]{2,80}")
_LISTS = Reading(
    "sharepoint",
    "/_api/web/lists?$select=Id,Title,Description,RootFolder/ServerRelativeUrl&$expand=RootFolder",
    cost=2,
    pages=True,
    permission="sharepoint:Sites.Selected/read",
)
_PAGES = Reading(
    "sharepoint",
    "/_api/sitepages/pages?$select=Id,Title",
    cost=2,
    pages=True,
    absent_ok=True,
    permission="sharepoint:Sites.Selected/read",
)
VERBOSE = {"Content-Type": "application/json;odata=verbose"}
Method = Literal["GET", "POST", "PATCH", "MERGE", "PUT", "DELETE"]


class Untried(Exception):
    """It could not be tried here; the text says why, naming nobody."""


@dataclass(slots=True)
class Ground:
    """One site, and what the probe has made in it so far.

    `lists` are the ids of scratch lists by name, `made` those of all lists that were made here;
    `left` are the titles of scratch lists that could not be taken away again.
    """

    transport: Transport
    site_id: str = ""
    lists: dict[str, str] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    left: list[str] = field(default_factory=list)

    @property
    def site(self) -> str:
        """The Graph path of the site."""
        return f"/sites/{self.site_id}"

    async def enter(self) -> int:
        """Find the site, and clear away what a probe left that died. Gives how many lists.

        Raises `ProvisionerError`: the site is not there, or the app may not read it.
        """
        host, path = self.transport.hostname, self.transport.site_path
        asked = Reading("graph", f"/sites/{host}:{path}", permission="graph:Sites.Selected/read")
        self.site_id = str((await self.transport.read([asked]))[asked].body["id"])
        return await self.leave()

    async def leave(self) -> int:
        """Take every scratch list and page away; gives how many lists there were."""
        self.left.clear()
        self.lists.clear()
        await self._leave_pages()
        try:
            body = (await self.transport.read([_LISTS]))[_LISTS].body
        except ProvisionerError:
            self.left.append(f"{PREFIX}…")
            return 0
        scratch = [
            one for one in body["value"] if _is_scratch(one) or str(one["Id"]).lower() in self.made
        ]
        for one in scratch:
            if not await self._is_gone(f"/_api/web/lists(guid'{one['Id']}')"):
                self.left.append(str(one["Title"]))
        return len(scratch)

    async def _is_gone(self, path: str) -> bool:
        """Delete what is at a SharePoint path; whether it is not there any more."""
        try:
            gone = await self.rest("DELETE", path)
        except Untried:
            return False
        return gone.state == "done" or gone.status == NOT_FOUND

    async def _leave_pages(self) -> None:
        try:
            body = (await self.transport.read([_PAGES]))[_PAGES].body or {}
        except ProvisionerError:
            return  # who may not read pages has made none
        for one in body.get("value", ()):
            if one.get("Title") != PREFIX:
                continue
            if not await self._is_gone(f"/_api/sitepages/pages({one['Id']})"):
                self.left.append(PREFIX)

    async def list_id(self, name: str, template: str = "genericList") -> str:
        """The id of the scratch list of this name, which is made when it is first asked for."""
        if name not in self.lists:
            body = {
                "displayName": f"{PREFIX}{name}",
                "description": MARK,
                "list": {"template": template},
            }
            made = await self.graph("POST", f"{self.site}/lists", body)
            self.lists[name] = str(self.must(made, "a scratch list").body["id"])
        return self.lists[name]

    async def list_path(self, name: str) -> str:
        """The Graph path of a scratch list of rows."""
        return f"{self.site}/lists/{await self.list_id(name)}"

    async def rest_path(self, name: str) -> str:
        """The SharePoint path of a scratch list of rows."""
        return f"/_api/web/lists(guid'{await self.list_id(name)}')"

    async def graph(self, method: Method, path: str, body: Any = None, **more: Any) -> Outcome:
        """One Graph request, on its own; a refusal is an outcome too."""
        return await self._send("graph", method, path, body, **more)

    async def rest(self, method: Method, path: str, body: Any = None, **more: Any) -> Outcome:
        """One SharePoint request, on its own; a refusal is an outcome too."""
        return await self._send("sharepoint", method, path, body, **more)

    async def side_by_side(self, path: str, bodies: list[Any]) -> list[Outcome]:
        """POST to one Graph address several times in one batch whose parts do not wait."""
        parts = tuple(_operation("graph", "POST", path, body) for body in bodies)
        outcomes = (await self.transport.write([Envelope(parts)]))[0]
        for outcome in outcomes:
            self._remember(path, outcome)
        return outcomes

    def _remember(self, path: str, outcome: Outcome) -> None:
        """A list is remembered by its id too, should the service not keep its description."""
        if path == f"{self.site}/lists" and outcome.state == "done":
            self.made.add(str(outcome.body["id"]).lower())

    async def _send(
        self,
        audience: Audience,
        method: Method,
        path: str,
        body: Any,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Outcome:
        sent = _operation(audience, method, path, body, headers)
        outcome = (await self.transport.write([Envelope((sent,))]))[0][0]
        self._remember(path, outcome)
        if outcome.state == "unknown" or (outcome.state == "failed" and not outcome.status):
            raise Untried("no answer came")
        return outcome

    def must(self, outcome: Outcome, what: str) -> Outcome:
        """The outcome of what a behaviour stands on. Raises `Untried` where it was refused."""
        if outcome.state != "done":
            raise Untried(f"{what} could not be made: {told(outcome)}")
        return outcome


def told(outcome: Outcome) -> str:
    """An answer in words that name nobody: its status, and Microsoft's error code.

    Raises `Untried` for what the app may not do, and for a service that is too busy.
    """
    status = outcome.status
    if status in (401, 403):
        raise Untried(f"the app may not do this ({status})")
    if status in (429, 503):
        raise Untried(f"Microsoft 365 was too busy ({status})")
    return answer_of(outcome)


def answer_of(outcome: Outcome) -> str:
    """The same for a question about permissions, where a refusal is an answer."""
    status = outcome.status
    if outcome.state == "done":
        return str(status)
    # The last word of "-2147024809, System.ArgumentException"; a code of another form says nothing.
    last = outcome.code.rpartition(" ")[2]
    plain = _WORDS.fullmatch(last) is not None and not outcome.code.startswith("HTTP-")
    return f"{status} {last}" if plain else str(status)


def _operation(
    audience: Audience,
    method: Method,
    path: str,
    body: Any,
    headers: Mapping[str, str] | None = None,
) -> Operation:
    reads = "read" if method == "GET" else "fullcontrol"
    return Operation(
        audience,
        method,
        path,
        address="probe",
        scope="probe",
        body=body,
        headers=headers or {},
        permission=f"{audience}:Sites.Selected/{reads}",
    )


def _is_scratch(row: Mapping[str, Any]) -> bool:
    folder = row.get("RootFolder") or {}
    name = str(folder.get("ServerRelativeUrl") or "").rpartition("/")[2]
    return name.startswith(PREFIX) and row.get("Description") == MARK
