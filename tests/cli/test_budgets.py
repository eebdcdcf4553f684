"""What a tenant said of our budget is known to the next run, for a week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from provisioner.cli.budgets import budget_of, keep_budget, known_budget

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


def test_a_budget_is_kept_for_each_tenant_and_app_and_forgotten_after_a_week(tmp_path):
    keep_budget(tmp_path, "tenant", "app", 1250, NOW)
    keep_budget(tmp_path, "tenant", "other", 6250, NOW)
    assert known_budget(tmp_path, "tenant", "app", NOW + timedelta(days=6)) == 1250
    assert known_budget(tmp_path, "tenant", "other", NOW) == 6250
    assert known_budget(tmp_path, "tenant", "app", NOW + timedelta(days=7)) is None
    assert known_budget(tmp_path, "elsewhere", "app", NOW) is None


def test_a_file_that_is_none_of_ours_is_as_good_as_none(tmp_path):
    for text in ("", "[1]", "{", '{"tenant/app": {"seen": "yesterday"}}', '{"tenant/app": 7}'):
        (tmp_path / "budgets.json").write_text(text, "utf-8")
        assert known_budget(tmp_path, "tenant", "app", NOW) is None
    keep_budget(tmp_path, "tenant", "app", 2500, NOW)
    assert known_budget(tmp_path, "tenant", "app", NOW) == 2500


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path):
    (tmp_path / "home").write_text("a file", "utf-8")
    keep_budget(tmp_path / "home", "tenant", "app", 1250, NOW)
    assert known_budget(tmp_path / "home", "tenant", "app", NOW) is None


def test_all_workspaces_of_one_app_in_one_tenant_share_a_budget_and_no_others(tmp_path):
    keep_budget(tmp_path, "tenant", "app", 1250, NOW)
    shared = {}
    one = budget_of(shared, ("tenant", "app"), tmp_path, NOW)
    assert budget_of(shared, ("tenant", "app"), tmp_path, NOW) is one
    assert one.limit == 1250
    assert budget_of(shared, ("elsewhere", "app"), tmp_path, NOW) is not one
    assert budget_of(shared, ("tenant", "other"), tmp_path, NOW).limit is None
    assert budget_of({}, ("tenant", "app"), None, NOW).limit is None, (
        "nothing is kept of a local tenant"
    )
