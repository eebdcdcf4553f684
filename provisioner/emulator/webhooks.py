"""Webhooks: asking a receiver whether it wants notifications, and posting them.

The emulator posts to loopback addresses and to nothing else. Sources: "Receive change notifications
through webhooks" (learn.microsoft.com/graph/change-notifications-delivery-webhooks): the receiver
echoes ``validationToken`` as plain text within 10 seconds; "Overview of SharePoint webhooks"
(learn.microsoft.com/sharepoint/dev/apis/webhooks). The services post again when a receiver fails;
the emulator posts once and keeps in the outbox what came of it.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import ssl
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from sqlite3 import Row
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from provisioner.emulator.tenant import Tenant
from provisioner.emulator.wire import Refusal

_SECONDS = 10
_ARGUMENT = "-2147024809, System.ArgumentException"


def check_receiver(url: Any) -> str:
    """The address of a receiver. Raises `Refusal` 400 for any that is not on loopback."""
    parts = urlsplit(url) if isinstance(url, str) else SplitResult("", "", "", "", "")
    try:
        usable = parts.scheme in ("http", "https") and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or not _is_loopback(parts.hostname or "") or parts.username is not None:
        raise Refusal(
            400,
            "ValidationError",
            "The emulator posts notifications to loopback addresses only, such as "
            "http://127.0.0.1:5000/hook.",
            rest_code=_ARGUMENT,
        )
    return str(url)


async def validate(url: str, parameter: str, token: str) -> None:
    """Post the validation request; `parameter` is ``validationToken`` or ``validationtoken``.

    Raises `Refusal` 400 unless the receiver answers 200 with the token within 10 seconds.
    """
    query = urlencode({parameter: token})
    joined = f"{url}{'&' if urlsplit(url).query else '?'}{query}"
    status, body = await asyncio.to_thread(_post, joined, b"", "text/plain")
    if status != http.client.OK or body.strip() != token:
        raise Refusal(
            400,
            "ValidationError",
            "Subscription validation request failed. Notification endpoint must respond with 200 "
            "OK to validation request.",
            rest_code="-1, System.InvalidOperationException",
        )


@dataclass(slots=True)
class Notifier:
    """Tells subscribers that a list changed; one post for all changes of a request."""

    tenant: Tenant
    tenant_id: str
    _task: asyncio.Task[None] | None = None
    _again: bool = False

    def wake(self) -> None:
        """Something may have changed: look, and post what is due, beside the answer."""
        if self._task is not None and not self._task.done():
            self._again = True
            return
        with self.tenant.lock:
            if self.tenant.one("SELECT 1 FROM subscription LIMIT 1") is None:
                return
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        self._again = True
        while self._again:
            self._again = False
            with self.tenant.lock:
                due = [(row, self._message(row)) for row in self._due()]
            for row, message in due:
                url = str(json.loads(row["doc"])["notificationUrl"])
                content = json.dumps(message).encode()
                status, _ = await asyncio.to_thread(_post, url, content, "application/json")
                record = {"url": url, "status": status, "body": message}
                with self.tenant.lock:
                    self.tenant.run(
                        "INSERT INTO outbox (kind, at, doc) VALUES ('notification', ?, ?)",
                        self.tenant.stamp(),
                        json.dumps(record),
                    )

    def _due(self) -> list[Row]:
        """Subscriptions whose list has changed since they were last told."""
        now, found = self.tenant.now(), []
        for row in self.tenant.rows("SELECT * FROM subscription"):
            doc = json.loads(row["doc"])
            last = last_change(self.tenant, row["list_id"])
            if last <= doc["seq"]:
                continue
            doc["seq"] = last
            self.tenant.run(
                "UPDATE subscription SET doc = ? WHERE id = ?", json.dumps(doc), row["id"]
            )
            if datetime.fromisoformat(row["expires"]) > now:
                found.append(row)
        return found

    def _message(self, row: Row) -> dict[str, Any]:
        doc = json.loads(row["doc"])
        site = self.tenant.one("SELECT * FROM site WHERE id = ?", row["site_id"])
        value: dict[str, Any] = {
            "subscriptionId": row["id"],
            "clientState": doc.get("clientState"),
            "resource": doc["resource"],
            "tenantId": self.tenant_id,
        }
        if row["face"] == "graph":
            value |= {
                "subscriptionExpirationDateTime": row["expires"],
                "changeType": "updated",
                "resourceData": None,
            }
        else:
            value |= {
                "expirationDateTime": row["expires"],
                "resource": row["list_id"],
                "siteUrl": site["path"] if site is not None else "",
                "webId": site["web_id"] if site is not None else "",
            }
        return {"value": [value]}


def last_change(tenant: Tenant, list_id: str) -> int:
    """The number of the list's newest change; 0 for none."""
    row = tenant.one("SELECT MAX(seq) AS n FROM change WHERE list_id = ?", list_id)
    return int(row["n"] or 0) if row is not None else 0


def expiration(tenant: Tenant, text: Any, minutes: int) -> str:
    """The end of a subscription, at most `minutes` ahead. Raises `Refusal` 400."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise _bad_expiration("expirationDateTime is not a time.") from None
    if moment.tzinfo is None:
        raise _bad_expiration("expirationDateTime has no time zone.")
    ahead = (moment - tenant.now()).total_seconds()
    if ahead <= 0:
        raise _bad_expiration("Subscription expiration must be in the future.")
    if ahead > minutes * 60:
        raise _bad_expiration(
            f"Subscription expiration can only be {minutes} minutes in the future."
        )
    return moment.isoformat()


def _bad_expiration(message: str) -> Refusal:
    return Refusal(400, "ValidationError", message, rest_code=_ARGUMENT)


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _post(url: str, content: bytes, kind: str) -> tuple[int | None, str]:
    """The status and body of a POST; no status when nothing answers. Redirects are not followed."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # loopback only, with whatever certificate it has
        connection = http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with closing(connection):
            connection.request("POST", target, content, {"Content-Type": f"{kind}; charset=utf-8"})
            answer = connection.getresponse()
            return answer.status, answer.read(65536).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return None, ""
