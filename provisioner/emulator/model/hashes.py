"""quickXorHash, the content hash SharePoint gives of every file, and the store of file contents.

Algorithm: learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash: 160 bits, each byte
XORed in 11 bits further on, circularly; then the length, 64 bits little-endian, XORed into the end.
"""

from __future__ import annotations

import base64
import hashlib

from provisioner.emulator.tenant import Tenant

_WIDTH = 160
_SHIFT = 11
_MASK = (1 << _WIDTH) - 1


def quick_xor_hash(data: bytes) -> str:
    """The base64 of the 20-byte quickXorHash of `data`."""
    # Bytes 160 apart share a position, as 160 * 11 is a multiple of 160: fold them together first.
    folded = 0
    for start in range(0, len(data), _WIDTH * 4096):
        chunk = data[start : start + _WIDTH * 4096]
        number = int.from_bytes(chunk, "little")
        width = (len(chunk) + _WIDTH - 1) // _WIDTH
        while width > 1:  # halve until one row of 160 bytes is left
            half = (width + 1) // 2
            cut = half * _WIDTH * 8
            number = (number >> cut) ^ (number & ((1 << cut) - 1))
            width = half
        folded ^= number
    state = 0
    for position, byte in enumerate(folded.to_bytes(_WIDTH, "little")):
        shift = position * _SHIFT % _WIDTH
        rotated = byte << shift
        state ^= (rotated & _MASK) ^ (rotated >> _WIDTH)
    state ^= len(data) << (_WIDTH - 64)
    return base64.b64encode((state & _MASK).to_bytes(_WIDTH // 8, "little")).decode("ascii")


def store_blob(tenant: Tenant, data: bytes) -> str:
    """Keep file contents once; gives the digest they are found by."""
    digest = hashlib.sha256(data).hexdigest()
    tenant.run("INSERT OR IGNORE INTO blob VALUES (?, ?)", digest, data)
    return digest


def read_blob(tenant: Tenant, digest: str) -> bytes:
    """The contents with this digest."""
    row = tenant.one("SELECT data FROM blob WHERE digest = ?", digest)
    return bytes(row["data"]) if row is not None else b""
