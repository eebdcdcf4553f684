"""Sending digests and remembering whom we told, in the library for kept facts.

Mail goes through Graph ("user: sendMail", learn.microsoft.com/graph/api/user-sendmail), from one
mailbox, one after the other: a mailbox takes four requests at a time. What is not known to have been
sent is not remembered, so the next run tells it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from provisioner.core.errors import ProvisionerError
from provisioner.core.transport import Envelope, Operation, Reading, Transport
from provisioner.sync import columns
from provisioner.sync.collect_site import PERIODS, Places, items_reading
from provisioner.sync.digest import Told
from provisioner.sync.facts import AuditPeriod
from provisioner.sync.kept_beside import (
    document_bytes,
    document_of,
    load_beside,
    save_beside,
)
from provisioner.sync.vocabulary import PeriodState

FILE = "told.json"
_KIND = "ToldPeople"
MAIL_SEND = "graph:Mail.Send"


@dataclass(frozen=True, slots=True)
class Message:
    """A digest written out: to whom, the subject, and the body as HTML and as text.

    `logo` is the `data:` address of the picture that the HTML calls `cid:logo`, "" for none.
    """

    to: str
    subject: str
    html: str
    text: str
    logo: str = ""


async def load_told(transport: Transport, places: Places) -> dict[str, Told]:
    """Whom earlier runs told, by address; {} where nothing is kept or it cannot be read."""
    return read_told(await load_beside(transport, places, FILE))


async def save_told(transport: Transport, places: Places, told: Mapping[str, Told]) -> str:
    """Keep it for the next run. Gives what went wrong, "" when nothing did."""
    return await save_beside(transport, places, FILE, told_bytes(told))


def told_bytes(told: Mapping[str, Told]) -> bytes:
    """The file: the same bytes for the same facts."""
    people = {
        person: {
            "on": one.on.isoformat(),
            "findings": {key: day.isoformat() for key, day in sorted(one.findings.items())},
        }
        for person, one in sorted(told.items())
    }
    return document_bytes(_KIND, {"people": people})


def read_told(data: bytes) -> dict[str, Told]:
    """What a file of ours says; {} for anything else, so that people are told once too often."""
    try:
        return {
            str(person): Told(
                date.fromisoformat(one["on"]),
                {str(key): date.fromisoformat(day) for key, day in one["findings"].items()},
            )
            for person, one in document_of(_KIND, data)["people"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


async def fieldwork_days(
    transport: Transport, places: Places, periods: Sequence[AuditPeriod]
) -> tuple[date, ...]:
    """When fieldwork of each open period begins: what Audit Periods says, else the day after its end."""
    place = places.lists[PERIODS]
    reading: Reading = items_reading(places, place)
    rows = (await transport.read([reading]))[reading].body.get("value", [])
    said: dict[str, Any] = {
        str(row["id"]): columns.day(row.get("fields") or {}, "FieldworkFrom", places.zone)
        for row in rows
    }
    found = []
    for one in periods:
        if one.state in (PeriodState.OPEN, PeriodState.PLANNED) and one.days is not None:
            last = one.days.last or one.days.first
            found.append(said.get(one.id) or last + timedelta(days=1))
    return tuple(found)


_NO_SUCH = 404
"""The status where the sending mailbox is not there ("user: sendMail", learn.microsoft.com/graph)."""


async def send_mails(
    transport: Transport, mail_from: str, messages: Sequence[Message]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Send each; gives the addresses that were told, and a sentence for each that was not."""
    told, problems = [], []
    for message in messages:
        try:
            ((outcome,),) = await transport.write([Envelope((mail(mail_from, message),))])
        except ProvisionerError as error:
            problems.append(f"No digest could be sent: {error.message} {error.hint}".strip())
            break
        if outcome.state == "done":
            told.append(message.to)
        else:
            why = outcome.message or outcome.code
            if outcome.status == _NO_SUCH:
                why = f"{why.rstrip('.')}. Check `mailFrom` under `notifications:`, who sends it."
            problems.append(f"The digest to {message.to} was not sent: {why}")
    return tuple(told), tuple(problems)


def mail(mail_from: str, message: Message) -> Operation:
    """The request that sends a digest; answered 202 without a body."""
    content: dict[str, Any] = {
        "subject": message.subject,
        "body": {"contentType": "HTML", "content": message.html},
        "toRecipients": [{"emailAddress": {"address": message.to}}],
    }
    if message.logo:
        content["attachments"] = [_inline(message.logo)]
    return Operation(
        "graph",
        "POST",
        f"/users/{quote(mail_from, safe='@')}/sendMail",
        f"mail:{message.to}",
        "mail",
        {
            "message": content,
            "saveToSentItems": False,
        },
        permission=MAIL_SEND,
        alone=True,
        what=f"Send the digest to {message.to}",
    )


def _inline(address: str) -> dict[str, Any]:
    """A picture that comes with a mail: readers show no `data:` address ("fileAttachment", same place)."""
    kind, _, content = address.removeprefix("data:").partition(";base64,")
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": f"logo.{kind.removeprefix('image/')}",
        "contentType": kind,
        "contentBytes": content,
        "contentId": "logo",
        "isInline": True,
    }
