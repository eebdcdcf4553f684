from __future__ import annotations

import base64

import pytest

from provisioner.emulator.model.hashes import quick_xor_hash

# Input and hash as published with rclone (backend/onedrive/quickxorhash/quickxorhash_test.go).
VECTORS = [
    ("", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    ("Sg==", "SgAAAAAAAAAAAAAAAQAAAAAAAAA="),
    ("n6Neh7p6fFgm", "nxiFFw6hCz3wAQsmCQAAAAAAAAA="),
    ("2fuxhBJXtpWFe8dOfdGeHw==", "O9tHLAghgSvYohKFyMMxnNCHaHg="),
    ("NbYXsp5/K6mR+NmHwExjvWeWDJFnXTKWVlzYHoesp2E=", "wjuAuWDiq04qDt1R8hHWDDcwVoQ="),
    (
        (
            "PfxMcUd0vIW6VbHG/uj/Y0W6qEoKmyBD0nYebEKazKaKG+UaDqBEcmQjbfQeVnVLuodMoPp7P7TR1htX5n2VnkHh22x"
            "DyoJ8C/ZQKiSNqQfXvh83judf4RVr9exJCud8Uvgip6aVZTaPrJHVjQhMCp/dEnGvqg0oN5OVkM2qqAXvA0teKUDhgN"
            "M71sDBVBCGXxNOR2bpbD1iM4dnuT0ey4L+loXEHTL0fqMeUcEi2asgImnlNakwenDzz0x57aBwyq3AspCFGB1ncX4yY"
            "Cr/OaCcS5OKi/00WH+wNQU3"
        ),
        "QX/YEpG0gDsmhEpCdWhsxDzsfVE=",
    ),
]


@pytest.mark.parametrize(("data", "expected"), VECTORS)
def test_the_hash_of_published_vectors(data: str, expected: str) -> None:
    assert quick_xor_hash(base64.b64decode(data)) == expected


def _by_definition(data: bytes) -> str:
    state = 0
    for position, byte in enumerate(data):
        shift = position * 11 % 160
        state ^= ((byte << shift) | (byte << shift >> 160)) & ((1 << 160) - 1)
    state ^= len(data) << 96
    return base64.b64encode(state.to_bytes(20, "little")).decode()


@pytest.mark.parametrize("size", [159, 160, 161, 319, 320, 321, 655_360, 655_361, 1_000_003])
def test_folding_gives_what_the_definition_gives(size: int) -> None:
    data = bytes((number * 31 + 7) % 251 for number in range(size))
    assert quick_xor_hash(data) == _by_definition(data)
