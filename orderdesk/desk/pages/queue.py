"""The queue: what waits for a person, most urgent first."""

from __future__ import annotations

from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from orderdesk.desk.context import desk_of, signed_in
from orderdesk.desk.formats import KINDS, sentence
from orderdesk.desk.rendering import render

# More than a day's work of a whole team; what is less urgent moves up by itself.
MAX_WAITING = 500


async def show_queue(request: Request) -> Response:
    """All waiting reviews or those of one kind; htmx asks for the rows alone, every half minute."""
    desk = desk_of(request)
    signed_in(request)
    rows = await desk.service().reviews(limit=MAX_WAITING)
    kind = request.query_params.get("kind")
    kind = kind if kind in KINDS else None
    now = desk.clock.now()
    context: dict[str, Any] = {
        "waiting": len(rows),
        "overdue": sum(row["due_at"] < now for row in rows),
        "counts": Counter(row["kind"] for row in rows),
        "kind": kind,
        "items": [{**row, "reasons": reasons_of(row)} for row in rows if kind in (None, row["kind"])],
    }
    partial = request.headers.get("hx-request") == "true"
    return render(request, "_queue_rows.html" if partial else "queue.html", context)


def reasons_of(row: dict[str, Any]) -> list[str]:
    """Why a review is there: the bullets of its description, the weightiest first."""
    lines = (row["description"] or "").splitlines()
    return [sentence(line[2:].strip()) for line in lines if line.startswith("- ")]
