"""Bringing a case to its stop from the command line, beside workers that may want the same case."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from orderdesk.domain.errors import CaseBusy

if TYPE_CHECKING:
    from orderdesk.bootstrap import House

# How long to wait before asking again for a case that a worker holds, in seconds.
BUSY_S = 0.1


async def to_its_stop(house: House, case_id: str) -> dict[str, Any]:
    """The case's report at its next stop; a case that another process works on is waited for.

    The wait ends: a drive may take no longer than the case's budget, and a killed process holds nothing.
    """
    while True:
        try:
            return await house.cases.drive(case_id)
        except CaseBusy:
            await asyncio.sleep(BUSY_S)


def report_line(report: dict[str, Any]) -> dict[str, Any]:
    """A report with exactly the fields that `--json` promises."""
    review = report["review"]
    return {**report, "review": review and {"review_id": review["review_id"], "kind": review["kind"]}}
