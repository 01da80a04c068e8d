"""The fault matrix: what can go wrong, and which tests inject it for real. `python -m tests.chaos.fault_matrix` prints it.

After each of these tests the invariants I1 to I5 hold, or what the test asserts says more than they do. What people do
at a review and who may call which page is not here: those tests stand beside the desk's pages.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Row(NamedTuple):
    """One fault, and the tests of it as file::function."""

    fault: str
    tests: tuple[str, ...]


def _in(file: str, *functions: str) -> tuple[str, ...]:
    return tuple(f"{file}::{function}" for function in functions)


_FAULTS, _SMTP = "tests/faults/test_fault_table.py", "tests/integration/effects/test_smtp.py"
_DATABASE, _LADDER = "tests/chaos/test_fault_database.py", "tests/integration/models/test_ladder.py"
_CALLER, _SECURITY = (
    "tests/integration/resilience/test_caller.py",
    "tests/integration/security/test_hostile_messages.py",
)
_TWICE, _KILLED = "tests/chaos/test_fault_twice.py", "tests/integration/effects/test_killed_sender.py"
_POOL = "tests/component/test_reader_pool.py"
_WEBHOOK = "tests/integration/effects/test_webhook.py"

MATRIX: tuple[Row, ...] = (
    Row("kill -9 of the worker at every step boundary", (
        *_in("tests/chaos/test_kill_matrix.py", "test_killed_everywhere", "test_killed_somewhere"),
        *_in("tests/integration/checkpoints/test_saver.py",
             "test_after_kill_9_finished_siblings_stay_and_the_killed_worker_starts_again"),
    )),
    Row("kill -9 inside every effect: claimed, called, noted", (
        *_in("tests/chaos/test_kill_matrix.py", "test_killed_everywhere", "test_killed_somewhere"),
        *_in(_KILLED, "test_a_mail_leaves_once_or_a_person_is_asked", "test_an_order_is_posted_and_exported_once",
             "test_a_mail_in_the_outbox_folder_is_one_file",
             "test_who_dies_of_an_effect_every_time_does_not_go_on_for_ever"),
    )),
    Row("Postgres restarted at once (pg_ctl restart -m immediate) in mid-case",
        _in(_DATABASE, "test_restarted_again_and_again_in_the_middle_of_cases")),
    Row("Postgres' port closed and opened", _in(_DATABASE, "test_its_port_closed_in_the_middle_and_opened_again")),
    Row("pool exhausted; no connection left at the server", _in(_DATABASE, "test_out_of_connections")),
    Row("disk full", (
        *_in("tests/chaos/test_fault_disk.py", "test_full_in_mid_run_and_freed_again"),
        *_in("tests/integration/cases/test_database_trouble.py", "test_a_full_disk_is_no_attempt_of_the_case"),
    )),
    Row("clocks an hour ahead and behind between workers",
        _in("tests/chaos/test_fault_clock.py", "test_two_workers_two_hours_apart")),
    Row("an older checkpoint is the latest by its id",
        _in("tests/chaos/test_fault_clock.py",
            "test_an_older_checkpoint_that_looks_like_the_latest_books_nothing_again")),
    Row("429 storm", (
        *_in(_FAULTS, "test_where_a_fault_ends"),
        *_in("tests/faults/test_fault_table_aimock.py", "test_another_double_gives_the_same_outcome"),
    )),
    Row("model hangs: no first byte, stall, drip", (
        *_in(_FAULTS, "test_where_a_fault_ends", "test_a_model_that_hangs_costs_the_next_orders_nothing"),
        *_in(_LADDER, "test_a_hang_costs_one_deadline_and_its_cost_is_unknown"),
    )),
    Row("model garbage: truncated, wrong schema, huge", (
        *_in(_FAULTS, "test_where_a_fault_ends"),
        *_in(_LADDER, "test_a_model_that_never_fits_is_asked_twice_and_the_next_one_answers"),
    )),
    Row("one model down; all models down", _in(_FAULTS, "test_where_a_fault_ends")),
    Row("the model's port closed, to a worker",
        _in("tests/chaos/test_fault_ports.py", "test_the_models_port_closed")),
    Row("tool time-out before its effect and after it", (
        *_in(_SMTP, "test_every_answer_at_every_step"),
        *_in(_WEBHOOK, "test_every_answer"),
        *_in(_CALLER, "test_a_hang_in_something_with_an_effect_is_a_persons",
             "test_what_may_have_happened_is_not_sent_twice"),
    )),
    Row("mail server down, and there again", (
        *_in("tests/chaos/test_fault_ports.py", "test_the_mail_servers_port_closed_and_opened"),
        *_in(_SMTP, "test_a_server_that_is_not_there_costs_a_try_and_then_rests"),
    )),
    Row("mail server accepts DATA, then the connection dies", _in(_SMTP, "test_every_answer_at_every_step")),
    Row("a mail server as Debian ships it puts off, refuses, takes",
        _in("tests/integration/effects/test_debian_mail_server.py",
            "test_a_confirmation_arrives_once_under_our_message_id",
            "test_what_it_puts_off_is_tried_again_and_arrives_once", "test_what_it_refuses_is_a_persons")),
    Row("the same message delivered ten times at once", _in(_TWICE, "test_one_message_delivered_ten_times_at_once")),
    Row("two workers on one case", (
        *_in(_TWICE, "test_a_case_is_on_one_worker_until_its_fence_is_lost"),
        *_in("tests/integration/cases/test_booking.py",
             "test_two_workers_on_the_same_customer_number_book_once"),
    )),
    Row("the fence's connection is cut in the middle of a step",
        _in(_TWICE, "test_a_case_is_on_one_worker_until_its_fence_is_lost",
            "test_a_worker_that_slept_through_the_loss_of_its_fence_books_nothing_twice")),
    Row("corrupt checkpoint",
        _in("tests/integration/cases/test_lost_threads.py",
            "test_a_case_in_which_nobody_has_spoken_begins_again_by_itself",
            "test_a_value_that_no_longer_fits_its_class_is_not_gone_on_with",
            "test_a_thread_lost_twice_goes_to_a_person_who_may_have_it_begun_again")),
    Row("code upgraded with threads in flight", (
        *_in("tests/integration/upgrades/test_upgrades.py",
             "test_open_cases_of_a_released_version_come_to_their_ends"),
        *_in("tests/integration/cases/test_lost_threads.py", "test_steps_of_a_newer_release_go_to_a_person"),
    )),
    Row("oversized mail, zip bomb, entity bomb, PDF bomb, spreadsheet that expands", (
        *_in("tests/chaos/test_fault_parsers.py", "test_bombs_stop_nobody_and_the_next_order_is_booked"),
        *_in(_POOL, "test_a_bad_part_costs_only_itself", "test_fifty_megabytes_are_refused_with_a_reason"),
        *_in("tests/unit/documents_mail/test_files.py", "test_zip_bomb_is_not_unpacked", "test_xlsx_bounds"),
        *_in("tests/unit/documents_mail/test_mail.py",
             "test_oversized_mail_keeps_its_text_and_names_what_was_left_out"),
        *_in("tests/unit/documents/test_xml_safe.py", "test_what_attacks_use_is_not_read"),
    )),
    Row("prompt injection with a model that obeys it fully",
        _in("tests/faults/test_injection_suite.py", "test_nothing_follows_from_words_aimed_at_the_desk")),
    Row("SQL and template payloads", (
        *_in(_SECURITY, "test_payloads_are_text_wherever_they_stand",
             "test_a_formula_in_an_order_number_is_text_in_the_export"),
        *_in("tests/chaos/test_fault_payloads.py", "test_payloads_in_every_field_stay_text"),
    )),
    Row("poison message: always crashes the parser",
        _in(_POOL, "test_a_message_of_bad_parts_ends_in_a_finding", "test_kill_9_in_the_middle_of_a_read")),
    Row("poison case: fails every time", (
        *_in("tests/chaos/test_fault_poison.py", "test_a_case_that_fails_every_time_stops_nobody"),
        *_in("tests/integration/cases/test_poison.py",
             "test_a_dead_letter_carries_its_traceback_and_the_list_one_sentence"),
    )),
    Row("poison case: takes its worker with it every time",
        _in("tests/chaos/test_fault_poison.py",
            "test_a_case_that_kills_every_worker_ends_and_takes_no_other_with_it")),
    Row("LangSmith down, slow, refusing, never answering", (
        *_in("tests/integration/test_tracing.py", "test_a_service_that_is_down_changes_nothing"),
        *_in("tests/chaos/test_fault_langsmith.py", "test_the_order_is_booked_and_the_process_ends"),
    )),
    Row("all of it at random (seeded)",
        _in("tests/chaos/test_soak.py", "test_a_soak_loses_nothing_and_doubles_nothing")),
)  # fmt: skip


def missing(test: str) -> bool:
    """Whether a test that the table names is not there."""
    file, _, function = test.partition("::")
    return function not in _functions(ROOT / file)


@cache
def _functions(file: Path) -> frozenset[str]:
    if not file.exists():
        return frozenset()
    found = ast.walk(ast.parse(file.read_text("utf-8")))
    return frozenset(n.name for n in found if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def main() -> None:
    """Print the table."""
    for row in MATRIX:
        print(row.fault)
        for test in row.tests:
            print(f"  {test}{'   NOT THERE' if missing(test) else ''}")


if __name__ == "__main__":
    main()
