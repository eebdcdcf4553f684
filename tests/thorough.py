"""The dearest tests, run by `./scripts/test --thorough` and not in the run that everybody waits for.

Each repeats on a larger scale, in another language or at more moments what a test of the ordinary
run shows too. A name is a file, or a file and the beginning of a test's name.
"""

from __future__ import annotations

THOROUGH = (
    "laws/test_drift_more.py",
    "laws/test_drift.py::test_each_kind_is_named",
    "laws/test_import.py::test_the_pack_once_applied",
    "laws/test_import.py::test_every_property_of_lists",
    "laws/test_import.py::test_generated_workspaces",
    "laws/test_import.py::test_pages_levels",
    "laws/test_page.py::test_each_part_of_a_page",
    "laws/test_lists.py::test_each_property_is_applied",
    "laws/test_wide.py::test_the_wide_workspace_is_imported_whole_and_made_again[en-US]",
    "laws/test_wide.py::test_the_wide_workspace_is_imported_whole_and_made_again[fr-FR]",
    "laws/test_wide.py::test_what_somebody_changed_is_mended",
    "laws/test_column_moves.py::test_a_move_that_is_cut_off",
    "laws/test_column_moves.py::test_columns_are_made_again",
    "laws/test_safe_change.py::test_a_change_of_type_that_is_cut_off",
    "laws/test_access.py::test_what_apply_leaves_to_people",
    "templates/test_packs_applied.py",
    "faults/test_every_fault.py::test_killed_again_and_again_it_ends_as_undisturbed[1]",
    "faults/test_every_fault.py::test_killed_again_and_again_it_ends_as_undisturbed[2]",
    "faults/test_every_fault.py::test_killed_again_and_again_it_ends_as_undisturbed[3]",
    "faults/test_every_fault.py::test_every_kind_of_request_answered_once_with_a_fault_ends_as_undisturbed[5",
    "faults/test_every_fault.py::test_every_kind_of_request_answered_once_with_a_fault_ends_as_undisturbed[delay",
    "faults/test_every_fault.py::test_every_kind_of_request_answered_once_with_a_fault_ends_as_undisturbed[truncated",
    *(
        f"faults/test_every_fault.py::test_in_whatever_order_the_parts_of_a_batch_are_done_the_end_is_the_same[{seed}]"
        for seed in range(3, 8)
    ),
    "faults/test_killed.py::test_whatever_is_cut_off",
    "faults/test_second_apply.py::test_a_small_change_killed",
    "faults/test_second_apply.py::test_every_kind_of_writing_request",
    "faults/test_second_apply.py::test_an_undo_that_was_killed",
    "faults/test_second_apply.py::test_a_small_change_is_taken_back_whatever",
    "faults/test_second_apply.py::test_a_detach_that_was_killed",
    "faults/test_interrupted.py::test_a_line_that_breaks_for_good",
    "sync_io/test_cost.py",
    "sync_io/test_turns.py::test_two_processes",
    "cli/test_package_memory.py",
    "cli/test_national_clouds.py::test_a_national_cloud_is_reached_by_its_own_hosts[usgov",
    "cli/test_secrets_stay_secret.py::test_each_way_to_sign_in_keeps_what_it_is_given[pfx]",
    "cli/test_secrets_stay_secret.py::test_a_service_that_repeats_what_it_was_sent_is_not_repeated[400]",
    "sync_io/test_publishing.py::test_a_sync_puts_a_report_there",
)


def is_thorough(node: str) -> bool:
    """Whether the test of this node id, `tests/laws/test_x.py::test_y[z]`, is one of them."""
    name = node.removeprefix("tests/")
    return any(name.startswith(one) for one in THOROUGH)
