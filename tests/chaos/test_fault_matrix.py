"""The fault matrix has a test for each of its rows, and each of those tests is there."""

from __future__ import annotations

import pytest

from tests.chaos.fault_matrix import MATRIX, Row, main, missing


@pytest.mark.parametrize("row", MATRIX, ids=lambda row: row.fault)
def test_every_fault_is_injected_by_a_test(row: Row) -> None:
    assert row.tests, "no test injects it"
    assert [test for test in row.tests if missing(test)] == []


def test_the_table_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print("\nThe fault matrix, and what injects each fault:")
        main()
