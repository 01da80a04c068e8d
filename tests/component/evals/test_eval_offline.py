"""An evaluation of a few messages through the real system: offline, right, and strict about wrong bookings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orderdesk.demo import company_folder, expected_outcomes, inbox_folder
from tests.support.postgres import reachable_folder

CHILD = Path(__file__).with_name("offline_child.py")
ROOT = Path(__file__).resolve().parents[3]
TWO_ORDERS, CLEAN, ALTERED = "05-mueller-zwei-auftraege.edi", "15-ironbridge-ubl.xml", "08-redwood-850.x12"
UNKNOWN = "03-newsletter.eml"


@pytest.fixture(scope="module")
def gated() -> Any:
    """What `eval gate` says of three messages, one of them with a truth that was altered, and one without."""
    with reachable_folder() as folder:
        truth = {name: expected_outcomes()[name] for name in (TWO_ORDERS, CLEAN, ALTERED)}
        truth[ALTERED][0]["lines"][1]["quantity"] = "41"
        write_dataset(folder / "mine", truth, extra=(UNKNOWN,))
        arguments = ("eval", "gate", "--dataset", str(folder / "mine"), "--as-of", "2026-03-02", "--json")
        # A key and the switch for tracing are there, as on a developer's machine; they must change nothing.
        tracing = {"LANGSMITH_API_KEY": "none", "LANGSMITH_ENDPOINT": "http://127.0.0.1:9"}
        done = subprocess.run(
            [sys.executable, str(CHILD), *arguments],
            cwd=folder, env={**os.environ, **tracing, "PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=False, timeout=180,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        left = [p for p in folder.iterdir() if p.name != "mine"]
        *output, told = done.stdout.splitlines()
        (summary,) = json.loads("\n".join(output))["datasets"]
        return summary, json.loads(told), done.stderr, left


def write_dataset(folder: Path, truth: dict[str, Any], extra: tuple[str, ...] = ()) -> None:
    shutil.copytree(company_folder(), folder / "company")
    (folder / "inbox").mkdir()
    for name in (*truth, *extra):
        shutil.copy(inbox_folder() / name, folder / "inbox")
    (folder / "expected.json").write_text(json.dumps(truth))


def test_no_socket_is_opened_towards_a_network(gated: Any) -> None:
    _, child, _, _ = gated
    assert child["sockets"] == []


def test_nothing_is_left_where_it_ran(gated: Any) -> None:
    assert gated[3] == []


def test_the_altered_order_is_a_wrong_booking_and_the_others_are_not(gated: Any) -> None:
    summary, _, _, _ = gated
    (wrong,) = summary["wrong_bookings"]
    assert (wrong["message"], wrong["why"]) == (ALTERED, ["lines[1].quantity 40 instead of 41"])
    assert (summary["messages"], summary["cases"], summary["booked"]) == (4, 5, 3)
    assert [f["where"] for f in summary["failures"]] == ["lines[1].quantity"]
    fields = {f["field"]: (f["right"], f["total"]) for f in summary["fields"]}
    lines = sum(len(c["lines"]) for n in (TWO_ORDERS, CLEAN, ALTERED) for c in expected_outcomes()[n])
    assert fields["outcome"] == (4, 4)
    assert fields["lines.quantity"] == (lines - 1, lines)
    assert fields["lines.sku"] == (lines, lines)


def test_a_message_without_a_truth_is_named(gated: Any) -> None:
    assert gated[0]["no_truth"] == [UNKNOWN]


def test_a_wrong_booking_closes_the_gate(gated: Any) -> None:
    _, child, said, _ = gated
    assert child["code"] == 1
    assert f"The gate is closed: {ALTERED} case 1: wrong booking" in said
