"""What the store remembers between two requests is never older than the store."""

from __future__ import annotations

from contextlib import closing

from provisioner.emulator.tenant import Tenant


def test_what_was_read_is_read_again_after_a_change_and_after_one_that_is_undone() -> None:
    tenant = Tenant(":memory:")
    with closing(tenant.db):
        assert tenant.setting("pageSize") == 200
        tenant.set_setting("pageSize", 5)
        assert tenant.setting("pageSize") == 5

        tenant.db.execute("BEGIN")
        tenant.set_setting("pageSize", 9)
        assert tenant.setting("pageSize") == 9
        tenant.roll_back()
        assert tenant.setting("pageSize") == 5

        tenant.reset()
        assert tenant.setting("pageSize") == 200
