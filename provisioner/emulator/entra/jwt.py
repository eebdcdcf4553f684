"""JSON Web Tokens, as far as Entra needs them: RS256 and PS256 (RFC 7515, RFC 7518)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.padding import AsymmetricPadding
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey


class InvalidTokenError(ValueError):
    """The text is not a token, or its signature does not match."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token taken apart; nothing in it is verified yet."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes
    signature: bytes

    def verify(self, key: RSAPublicKey) -> None:
        """Check the signature; raises `InvalidTokenError`, also for any other algorithm."""
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415

        try:
            padding = _padding(str(self.header.get("alg")))
            key.verify(self.signature, self.signed, padding, hashes.SHA256())
        except InvalidSignature:
            raise InvalidTokenError("the signature does not match the key") from None


def read(text: str) -> Token:
    """Take a compact token apart; raises `InvalidTokenError` if it is not one."""
    try:
        head, body, signature = text.split(".")
        header, claims = json.loads(decode(head)), json.loads(decode(body))
        signature_bytes = decode(signature)
    except ValueError:
        raise InvalidTokenError("not a compact JSON Web Token") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise InvalidTokenError("the token's header and claims must be objects")
    return Token(header, claims, f"{head}.{body}".encode(), signature_bytes)


def sign(claims: dict[str, Any], key: RSAPrivateKey, key_id: str) -> str:
    """A compact RS256 token of these claims."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415

    header = {"typ": "JWT", "alg": "RS256", "kid": key_id}
    head = ".".join(encode(json.dumps(part).encode()) for part in (header, claims))
    signature = key.sign(head.encode(), _padding("RS256"), hashes.SHA256())
    return f"{head}.{encode(signature)}"


def encode(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes of base64url text without padding; a `ValueError` if it is none."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _padding(algorithm: str) -> AsymmetricPadding:
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415

    if algorithm == "RS256":
        return padding.PKCS1v15()
    if algorithm == "PS256":
        digest = hashes.SHA256()
        return padding.PSS(mgf=padding.MGF1(digest), salt_length=digest.digest_size)
    raise InvalidTokenError(f"algorithm {algorithm} is not accepted")
