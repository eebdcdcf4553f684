"""Why a host gave no answer: what is said of it, and whether it is worth another try."""

from __future__ import annotations

import ssl

import httpx
import pytest
import requests

from provisioner.tenant.connection import sentence_for

URL = "https://contoso.sharepoint.com/sites/acme"


@pytest.mark.parametrize(
    "cause",
    [
        ssl.SSLEOFError(8, "EOF occurred in violation of protocol"),
        ssl.SSLZeroReturnError(6, "TLS/SSL connection has been closed (EOF)"),
    ],
)
def test_a_handshake_that_a_busy_host_broke_off_says_nothing_of_its_certificate(
    cause: ssl.SSLError,
) -> None:
    lost = sentence_for(URL, requests.exceptions.SSLError(cause))
    assert "certificate" not in str(lost)
    assert (lost.sent, lost.again) == (False, True)


def test_a_handshake_that_takes_too_long_says_nothing_of_the_certificate() -> None:
    late = httpx.ConnectTimeout("timed out")
    late.__context__ = ssl.SSLWantReadError(2, "The operation did not complete (read)")
    lost = sentence_for(URL, late)
    assert "certificate" not in str(lost)
    assert (lost.sent, lost.again) == (False, True)


def test_a_certificate_that_is_not_trusted_is_not_tried_again() -> None:
    cause = ssl.SSLCertVerificationError(1, "self-signed certificate in certificate chain")
    lost = sentence_for(URL, requests.exceptions.SSLError(cause))
    assert "The certificate of contoso.sharepoint.com is not trusted" in str(lost)
    assert (lost.sent, lost.again) == (False, False)


@pytest.mark.parametrize(
    ("said", "sentence", "hint"),
    [
        ("407 Proxy Authentication Required", "a name and a password", "%40"),
        ("403 Forbidden", "does not let us through (HTTP 403)", "let this host through"),
        ("502 Bad Gateway", "does not let us through (HTTP 502)", "let this host through"),
        ("", "does not answer", "HTTPS_PROXY"),
    ],
)
def test_a_proxy_that_refuses_is_told_from_one_that_does_not_answer(
    said: str, sentence: str, hint: str
) -> None:
    inner = OSError(f"Tunnel connection failed: {said}" if said else "refused at 10.0.0.407 4070")
    for problem in (requests.exceptions.ProxyError(inner), httpx.ProxyError(said or "no answer")):
        lost = sentence_for(URL, problem)
        assert sentence in lost.sentence
        assert hint in lost.hint
        assert (lost.sent, "contoso.sharepoint.com" in lost.sentence) == (False, True)
