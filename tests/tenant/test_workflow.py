"""Posting to a Teams workflow: taken or not, and its address, which is a secret, is told to nobody."""

from __future__ import annotations

import asyncio
import json
import ssl
import urllib.request
from urllib.error import HTTPError

import pytest

from provisioner.tenant.workflow import post_workflow

SECRET = "qV3secretSignature"
PATH = "/v1.0/workflows/w1/triggers/manual/paths/invoke"
CARD = {
    "type": "message",
    "attachments": [
        {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {"type": "AdaptiveCard", "version": "1.4", "body": []},
        }
    ],
}


def post(url, message=CARD, ca=None):
    return asyncio.run(post_workflow(url, message, ca))


@pytest.mark.parametrize(
    ("url", "message", "words"),
    [
        (f"http://example.test/?sig={SECRET}", CARD, "no https address"),
        (f"javascript:{SECRET}", CARD, "no https address"),
        (SECRET, CARD, "no https address"),
        (f"https://localhost:1/?sig={SECRET}", CARD, "could not be reached"),
        (f"https://localhost:1/?sig={SECRET}", {"text": "x" * 30_000}, "larger than Teams takes"),
    ],
)
def test_what_goes_wrong_is_a_sentence_without_the_address(url, message, words, caplog):
    caplog.set_level("DEBUG")
    said = post(url, message)
    assert words in said
    assert SECRET not in said
    assert not any(SECRET in one.getMessage() for one in caplog.records)


def test_the_emulators_workflow_takes_a_signature_and_no_token(provisioner):
    running, control = provisioner.running, provisioner.control
    url = f"{running.url}{PATH}?sig={SECRET}"
    assert post(url, ca=running.ca_path) == ""
    (sent,) = control.call("GET", "outbox")
    assert (sent["kind"], sent["workflow"]) == ("teams", "w1")
    assert sent["cards"][0]["type"] == "AdaptiveCard"

    refused = post(url.partition("?")[0], ca=running.ca_path)
    assert "HTTP 401" in refused
    assert "HTTP 400" in post(url, {"text": "plain"}, ca=running.ca_path)
    wrong = {"attachments": [{"contentType": "text/plain", "content": {"type": "AdaptiveCard"}}]}
    assert "HTTP 400" in post(url, wrong, ca=running.ca_path)
    request = urllib.request.Request(
        url,
        json.dumps(CARD).encode(),
        {"Content-Type": "application/json", "Authorization": "Bearer abc"},
    )
    context = ssl.create_default_context(cafile=str(running.ca_path))
    with pytest.raises(HTTPError, match="401") as both:
        urllib.request.urlopen(request, context=context, timeout=30)
    both.value.close()
    assert len(control.call("GET", "outbox")) == 1
