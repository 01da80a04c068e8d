"""The report of a case from its row: what `process --json` prints, whoever asks and however far the case is."""

from __future__ import annotations

from typing import Any

from orderdesk.intake.case_rows import NO_COST


def report_of_row(case: dict[str, Any]) -> dict[str, Any]:
    """A case's report from its row; a case nobody has worked on yet has little to say."""
    report = case["report"] or {}
    # The report says what the case had cost at its last stop; while it is worked on, more may have come.
    under_way = case["cost"] if case["drive_began_at"] is not None or not report else None
    return {
        **_EMPTY,
        "source": case["source"],
        "case_id": case["case_id"],
        "outcome": case["outcome"],
        **report,
        **(under_way or {}),
    }


_EMPTY: dict[str, Any] = {
    "source": None, "case_id": None, "intent": None, "outcome": None, "order_number": None, "customer_id": None,
    "po_number": None, "po_date": None, "requested_date": None, "ship_to_code": None, "currency": None, "lines": [],
    "net_total": None, "confidence": None, "findings": [], "questions": [], "review": None,
    **NO_COST, "latency_ms": 0, "steps": 0, "checkpoints": 0,
}  # fmt: skip
