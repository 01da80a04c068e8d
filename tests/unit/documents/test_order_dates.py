"""What stands behind 'due' is a day or an amount; only a day that cannot be read is asked for."""

from __future__ import annotations

import pytest

from tools.documents.order_dates import unreadable_date


@pytest.mark.parametrize(
    ("value", "asked"), [("30,099.85", False), ("$50.00", False), ("124.50", False), ("31.02.", True)]
)
def test_an_amount_due_is_no_date(value: str, asked: bool) -> None:
    text = f"DUE\t{value}"
    assert (unreadable_date(text, 0, 4, value) is not None) is asked
