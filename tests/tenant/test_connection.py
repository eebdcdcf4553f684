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
