"""SharePoint's own hash of a file, for the bytes of an old version, which Graph gives no hash of.

The algorithm is published: learn.microsoft.com/onedrive/developer/code-snippets/quickxorhash. Each
byte is turned by eleven bits more than the one before, into 160 bits.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable

_BITS = 160
_TURN = 11
_MASK = (1 << _BITS) - 1
_LENGTH_BYTES = 8


def quick_xor_hash(data: bytes) -> str:
    """The quickXorHash of some bytes, in base 64 as Graph gives it."""
    return quick_xor_of([data])


def quick_xor_of(pieces: Iterable[bytes]) -> str:
    """The quickXorHash of a file that comes in pieces.

    Each but the last must have a number of bytes that 160 divides.
    """
    # After 160 bytes the turns begin anew, so bytes 160 apart are put together first, all at once.
    together = length = 0
    for data in pieces:
        assert length % _BITS == 0, "only the last piece may end anywhere"
        length += len(data)
        for start in range(0, len(data), _BITS):
            together ^= int.from_bytes(data[start : start + _BITS], "little")
    return _finished(together, length)


def _finished(together: int, length: int) -> str:
    cell = 0
    for place, byte in enumerate(together.to_bytes(_BITS, "little")):
        turned = byte << (place * _TURN % _BITS)
        cell ^= (turned & _MASK) ^ (turned >> _BITS)
    cell ^= length << (_BITS - 8 * _LENGTH_BYTES)
    return base64.b64encode((cell & _MASK).to_bytes(_BITS // 8, "little")).decode()
