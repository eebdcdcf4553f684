"""Why a host gave no answer, as a sentence, from the exceptions of both HTTP libraries."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import requests
import urllib3.exceptions

from provisioner.tenant.wire import Lost

_REFUSED = re.compile(r"(?:Tunnel connection failed: )?([45]\d\d) ")
# A busy host answers late in the handshake, or lets go of it; that says nothing of its certificate.
_BUSY = (ssl.SSLWantReadError, ssl.SSLWantWriteError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


def sentence_for(url: str, problem: BaseException) -> Lost:
    """A `Lost` that says which host, what happened and what to do.

    `sent` is False only where no connection was made, so nothing can have been done.
    """
    parts = urlsplit(url)
    host = parts.hostname or url
    place = host if parts.port is None else f"{host}:{parts.port}"
    causes = list(_causes(problem))
    on_tls = any(isinstance(one, ssl.SSLError) and not isinstance(one, _BUSY) for one in causes)
    if on_tls and not _was_sent(causes):
        return Lost(
            f"The certificate of {place} is not trusted.",
            hint="Check the address and the time. Behind an inspecting proxy set SSL_CERT_FILE to "
            "its CA; for the emulator use the CA it names.",
            sent=False,
            again=False,
        )
    if any(isinstance(c, socket.gaierror | urllib3.exceptions.NameResolutionError) for c in causes):
        return Lost(
            f"The host {host} cannot be found.",
            hint="Check the spelling of the site's address and this machine's network.",
            sent=False,
            again=False,
        )
    if any(isinstance(c, httpx.ProxyError | requests.exceptions.ProxyError) for c in causes):
        return _at_the_proxy(host, causes)
    if not _was_sent(causes):
        return Lost(
            f"No connection to {place}.",
            hint="Check the network and HTTPS_PROXY; for the emulator, that it is running.",
            sent=False,
        )
    if any(isinstance(c, httpx.TimeoutException | requests.Timeout) for c in causes):
        return Lost(f"{place} took too long to answer.", hint="Try again.", sent=True)
    return Lost(
        f"The connection to {place} broke before an answer came.", hint="Try again.", sent=True
    )


def _at_the_proxy(host: str, causes: list[BaseException]) -> Lost:
    """A proxy that refuses says so by a status, which the libraries keep in their texts alone."""
    found = next(filter(None, (_REFUSED.match(str(one)) for one in causes)), None)
    proxy = f"The proxy on the way to {host}"
    if found is None:
        hint = "Check HTTPS_PROXY and this machine's network."
        return Lost(f"{proxy} does not answer.", hint=hint, sent=False)
    if found[1] == "407":
        return Lost(
            f"{proxy} wants a name and a password, or does not take those it got (HTTP 407).",
            hint="Write them into HTTPS_PROXY: http://NAME:PASSWORD@HOST:PORT, with %40 for an @ and "
            "%3A for a colon in them.",
            sent=False,
        )
    return Lost(
        f"{proxy} does not let us through (HTTP {found[1]}).",
        hint="Ask whoever runs the proxy to let this host through, or check HTTPS_PROXY.",
        sent=False,
    )


def _was_sent(causes: list[BaseException]) -> bool:
    never = (
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ProxyError,
        httpx.UnsupportedProtocol,
        requests.exceptions.SSLError,
        requests.exceptions.ProxyError,
        requests.exceptions.ConnectTimeout,
        urllib3.exceptions.NewConnectionError,
        ConnectionRefusedError,
        socket.gaierror,
    )
    return not any(isinstance(cause, never) for cause in causes)


def _causes(problem: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[object] = [problem]
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        # requests keeps the cause in `args`, urllib3 in `reason`, the others in the chain.
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
