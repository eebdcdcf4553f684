"""Texts made to be slow: what others may write is gone through once, however it is written."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from provisioner.core.errors import Where
from provisioner.core.node import Node
from provisioner.kinds.default_file import read_file
from provisioner.kinds.field_xml import formula
from provisioner.kinds.page_text import normal
from provisioner.spec.secrets import secret_problems
from provisioner.tenant.recording.stand_ins import StandIns
from provisioner.tenant.redaction import shown


def secrets_in(text: str) -> list[Any]:
    return list(secret_problems(Node(text, Where("a.yaml", 1, 1), "a.yaml")))


@pytest.mark.parametrize(
    ("read", "piece", "end"),
    [
        (secrets_in, "eyJ-", ""),
        (secrets_in, "eyJaaaaaaaaaaaa.", ""),
        (secrets_in, "https://", "&sig="),
        (secrets_in, "&sig=a", "https://"),
        (shown, "eyJ-", ""),  # what a service answers
        (lambda text: read_file(text, "/sites/a/L"), '<a href="a', ""),  # a file on the site
        (lambda text: read_file(text, "/sites/a/L"), "<a href='a", ""),
        (lambda text: read_file(f'<a href="x">{text}', "/x"), '<DefaultValue FieldName="A">', ""),
        (normal, "[a", ""),
        (normal, "[a](b", ""),
        (formula, "[a", ""),
        (StandIns().text, "9", ""),
        (StandIns().text, "a-", ""),  # what stands in a column, on its way into a recording
    ],
)
def test_a_text_of_beginnings_without_an_end_takes_no_time(
    read: Callable[[str], Any], piece: str, end: str
) -> None:
    text = piece * (60_000 // len(piece)) + end
    begun = time.process_time()
    read(text)
    assert time.process_time() - begun < 0.7
