"""What the emulator must refuse or change, and the test that proves each.

The list is the emulator's specification in short; a line without a test that exists, or whose test
names no source in its docstring, fails here.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
_SOURCE = re.compile(
    r"learn\.microsoft\.com|support\.microsoft\.com|microsoft\.com/|github\.com|#\d+|issue \d+"
    r"|\(sitepage-\w+\)|docs/schema/|Q&A|[Nn]ot documented|columnDefinition page|list-post-perm"
    r"|[Oo]verview of Selected"
)

REFUSED = {
    "a multi-choice column by displayAs checkBoxes": [
        "structure/test_refused_columns.py::test_a_multi_choice_by_check_boxes_is_refused",
    ],
    "a currency column": ["structure/test_refused_columns.py::test_a_currency_column_is_refused"],
    "a hyperlink value of an item in Graph": [
        "content/test_refused_items.py::test_a_hyperlink_value_is_refused_in_graph",
    ],
    "a name on list creation": ["structure/test_lists.py::test_a_name_on_list_create_is_refused"],
    "a list title that is taken": [
        "structure/test_lists.py::test_a_title_that_is_taken_is_a_409_whatever_its_case",
    ],
    "a template nobody knows": [
        "structure/test_lists.py::test_an_unknown_template_is_refused_and_an_unbuilt_one_is_501",
    ],
    "a bare array for several choices": [
        "content/test_items.py::test_a_bare_array_for_a_multi_choice_is_refused",
    ],
    "a number where a person's id is text": [
        "content/test_items.py::test_an_integer_person_id_is_refused",
    ],
    "manage or full control when a permission is posted": [
        "edge/test_gate.py::test_write_is_granted_by_post_and_full_control_by_patch",
        "edge/test_list_grants.py::test_more_than_write_cannot_be_posted_on_a_list",
    ],
    "a person in a permission of a site or a list": [
        "edge/test_gate.py::test_a_person_cannot_be_granted_a_site_permission",
        "edge/test_list_grants.py::test_a_user_in_a_list_permission_is_refused",
    ],
    "list and library web parts in Graph's pages": [
        "pages/test_graph_pages.py::test_web_parts_outside_the_fourteen_are_refused",
    ],
    "a page patched without its type": ["pages/test_graph_pages.py::test_a_patch_needs_the_cast"],
    "a filter on a column without an index": [
        "content/test_items.py::test_a_filter_needs_an_index_or_the_prefer_header",
    ],
    "an order by a column without an index": [
        "content/test_refused_items.py::test_an_order_needs_an_index",
    ],
    "two indexed columns at once": [
        "content/test_items.py::test_two_indexed_fields_at_once_are_refused",
        "content/test_refused_items.py::test_a_filter_and_an_order_are_two_indexed_columns",
    ],
    "a page of more than 5,000": ["content/test_items.py::test_a_page_above_5000_is_refused"],
    "a batch of more than 20": [
        "edge/test_graph_batch.py::test_more_than_twenty_requests_are_refused",
    ],
    "two parts of one id": [
        "edge/test_graph_batch.py::test_ids_that_differ_only_in_case_are_refused",
    ],
    "what depends on a part that failed": [
        "edge/test_graph_batch.py::test_what_depends_on_a_failure_answers_424",
    ],
    "dependsOn on some parts and not on others": [
        "edge/test_graph_batch.py::test_depends_on_in_some_parts_only_is_refused",
    ],
    "any reliance on the order of independent parts": [
        "edge/test_graph_batch.py::test_parts_without_depends_on_run_in_another_order_than_they_came",
        (
            "edge/test_rest_batch.py::"
            "test_answers_come_in_the_order_of_the_requests_whatever_order_they_ran_in"
        ),
    ],
    "two schema writes of one scope at once": [
        "edge/test_gate.py::test_two_schema_writes_of_one_list_at_once_answer_409",
        "edge/test_gate.py::test_two_navigation_writes_of_one_site_at_once_answer_409",
    ],
    "an If-Match that is stale": [
        "content/test_items.py::test_a_stale_if_match_answers_412",
        "content/test_refused_items.py::test_a_stale_if_match_on_a_file_answers_412",
        "content/test_rest_items.py::test_a_stale_etag_answers_412",
    ],
    "metadata right after an upload": [
        "content/test_files.py::test_metadata_right_after_an_upload_answers_409",
    ],
    "a locked file": [
        "content/test_files.py::test_a_locked_file_answers_423",
        "content/test_refused_items.py::test_a_locked_file_refuses_its_metadata_too",
    ],
    "a twenty-first index": ["structure/test_columns.py::test_a_twenty_first_index_is_refused"],
    "unique values without an index": [
        "structure/test_columns.py::test_unique_values_need_an_index_and_a_type_that_has_one",
    ],
    "an index on a type that has none": [
        "structure/test_columns.py::test_a_type_that_has_no_index_is_refused_one",
    ],
    "a call whose app role does not suffice": [
        "edge/test_gate.py::test_an_app_without_any_permission_gets_403",
        "test_permission_table.py::test_a_route_asks_for_what_the_table_says_or_notes_why_not",
    ],
    "Sites.Selected without a grant": [
        "edge/test_gate.py::test_sites_selected_without_a_grant_gives_nothing",
    ],
    "a list created with a write grant": [
        "edge/test_gate.py::test_a_write_grant_cannot_create_a_list",
        "structure/test_lists.py::test_a_sites_selected_write_grant_cannot_create_a_list",
    ],
    "a Graph token at SharePoint, and the reverse": [
        "edge/test_signing_in.py::test_graph_refuses_a_sharepoint_token_and_the_reverse",
    ],
    "a token got with a secret at SharePoint": [
        "edge/test_signing_in.py::test_sharepoint_refuses_a_token_got_with_a_secret",
    ],
    "an expired token": ["edge/test_signing_in.py::test_an_expired_token_is_refused"],
}

READ_BACK = {
    "validation, term, hyperlink and type are not among a column's facets": [
        "structure/test_columns.py::test_some_facets_are_never_read_back",
        "structure/test_columns.py::test_a_hyperlink_made_in_rest_has_no_facet_in_graph",
    ],
    "columns without a value are left out": [
        "content/test_items.py::test_columns_without_a_value_are_left_out",
    ],
    "people and lookups come as ids unless they are selected": [
        "content/test_items.py::test_a_person_reads_as_lookup_id_unless_selected",
        "content/test_item_rules.py::test_more_than_twelve_lookups_are_dropped_in_silence",
    ],
    "item ids are text": ["content/test_read_back.py::test_item_ids_are_strings"],
    "site ids have three parts": ["content/test_read_back.py::test_site_ids_have_three_parts"],
    "ETags are quoted": [
        "content/test_read_back.py::test_etags_are_quoted",
        "content/test_read_back.py::test_etags_of_files_are_quoted",
    ],
    "a content type in a list has an id below the site's": [
        (
            "structure/test_content_types.py::"
            "test_a_copy_in_a_list_has_a_child_id_and_brings_its_columns"
        ),
    ],
    "formulas are written anew": [
        "structure/test_columns.py::test_a_formula_is_normalised_and_its_columns_must_exist",
    ],
    "internal names are escaped": ["structure/test_columns.py::test_internal_names_are_escaped"],
    "metadata makes a version and moves Modified and eTag, not cTag nor hash": [
        (
            "content/test_read_back.py::"
            "test_a_metadata_change_makes_a_version_and_moves_modified_and_etag"
        ),
        "content/test_files.py::test_metadata_moves_the_etag_but_not_the_ctag_or_hash",
        "content/test_items.py::test_each_change_makes_a_version",
    ],
    "metadata moves the hash of an Office file, by a setting": [
        "content/test_files.py::test_the_hash_of_an_office_file_moves_with_its_metadata",
    ],
    "metadata puts what was approved back to pending": [
        "content/test_items.py::test_an_approved_item_goes_back_to_pending",
        "content/test_read_back.py::test_a_metadata_change_puts_an_approved_file_back_to_pending",
    ],
    "an overwriting form update makes no version and moves Modified, Editor and eTag": [
        "content/test_rest_items.py::test_an_overwriting_update_makes_no_version",
    ],
    "Modified and Editor are kept by a setting only": [
        "content/test_rest_items.py::test_modified_and_editor_are_kept_only_by_the_setting",
    ],
    "approval after an overwriting update is a setting": [
        "content/test_rest_items.py::test_approval_after_an_overwriting_update_is_a_setting",
    ],
    "a form update heeds no If-Match": [
        "content/test_read_back.py::test_a_form_update_heeds_no_if_match",
    ],
    "dates of a form are text in the site's language": [
        "content/test_rest_items.py::test_dates_are_read_in_the_sites_language",
        (
            "content/test_rest_items.py::"
            "test_an_iso_date_is_refused_for_its_field_and_nothing_is_written"
        ),
    ],
    "a form tells its errors in a 200, field by field": [
        "content/test_rest_items.py::test_what_a_form_refuses",
    ],
    "a date without time is midnight in the site's zone": [
        "content/test_items.py::test_date_only_is_midnight_in_the_sites_zone",
    ],
}

TIME = {
    "a new site is accepted, made later, and 404 until then": [
        "structure/test_sites.py::test_a_new_site_is_accepted_provisioned_later_and_404_until_then",
    ],
    "an old delta token": ["content/test_delta.py::test_an_old_token_answers_410"],
    "Retry-After in seconds, fractional, as a date, or absent": [
        "edge/test_faults.py::test_retry_after_comes_in_seconds_fractions_or_as_a_date",
        "edge/test_faults.py::test_a_fault_stands_in_for_the_service_in_the_words_of_graph",
    ],
    "resource units run out": [
        "edge/test_budget.py::test_a_throttled_graph_call_says_so_as_graph_does",
        "edge/test_budget.py::test_graph_and_sharepoint_draw_on_one_budget",
    ],
    "the limit is shown from four fifths on": [
        "edge/test_budget.py::test_the_limit_is_shown_from_four_fifths_on",
    ],
    "parts of a batch are charged and refused one by one": [
        "edge/test_graph_batch.py::test_parts_are_charged_and_throttled_one_by_one",
        "edge/test_rest_batch.py::test_parts_are_throttled_one_by_one",
        "edge/test_faults.py::test_a_fault_hits_one_part_of_a_graph_batch",
    ],
    "a tenant in another language": [
        "edge/test_control.py::test_a_tenant_can_be_made_in_another_language",
        "content/test_permissions.py::test_names_follow_the_language_of_the_site",
        "structure/test_sites.py::test_a_french_site_has_french_names_and_the_same_addresses",
    ],
}

LINES = [
    (line, test)
    for part in (REFUSED, READ_BACK, TIME)
    for line, tests in part.items()
    for test in tests
]


@cache
def docstrings(path: str) -> dict[str, str]:
    """The docstring of each test function of a file."""
    tree = ast.parse((HERE / path).read_text("utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name: ast.get_docstring(node) or "" for node in found}


@pytest.mark.parametrize(("line", "test"), LINES, ids=[test for _, test in LINES])
def test_each_line_has_a_test_with_its_source(line: str, test: str) -> None:
    path, _, name = test.partition("::")
    assert (HERE / path).is_file(), f"{line}: there is no {path}"
    assert name in docstrings(path), f"{line}: there is no {test}"
    assert _SOURCE.search(docstrings(path)[name]), f"{line}: {test} names no source"
