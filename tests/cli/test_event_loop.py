"""The event loop of a command."""

from __future__ import annotations

from provisioner.cli.shared_options import run


class Large:
    """A result that takes long to write out."""

    written = 0

    def __repr__(self) -> str:
        Large.written += 1
        return "Large"


def test_what_a_command_gives_is_not_written_out_at_its_end() -> None:
    async def work() -> Large:
        return Large()

    assert isinstance(run(work()), Large)
    assert Large.written == 0
