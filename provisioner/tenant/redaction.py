"""What may be shown of a text that came from outside: cut, on one line, without secrets."""

from __future__ import annotations

import re

LONGEST = 256
_LOOKED_AT = 4096
"""Characters of which the rest is made: going through what may be a token takes time."""

_TOKENS = re.compile(
    r"eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?"  # a JWT, signed or not
    r"|(?i:bearer)\s+[\w.~+/=-]{8,}"
    r"|(?i:client_secret|client_assertion|access_token|refresh_token|tempauth|password|sig)"
    r"""["']?\s*[=:]\s*["']?[^&\s"',}]+"""
    r"|-----BEGIN [\s\S]*?(?:-----END [^-]*-----|$)"
)


def shown(text: str, *secrets: str) -> str:
    """`text` on one line, without tokens, keys and the given secrets, cut at 256 characters."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "[removed]")
    line = " ".join(_TOKENS.sub("[removed]", text[:_LOOKED_AT]).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
