"""The list of cases, and the whole story of one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from orderdesk.desk.context import desk_of, find_story, signed_in
from orderdesk.desk.formats import OUTCOMES
from orderdesk.desk.rendering import render
from orderdesk.desk.review_view import documents_of

MAX_LISTED = 200


async def list_cases(request: Request) -> Response:
    """The newest cases, all or those of one outcome."""
    signed_in(request)
    outcome = request.query_params.get("outcome")
    outcome = outcome if outcome in OUTCOMES else None
    service = desk_of(request).service()
    rows = await service.list_cases(outcome, limit=MAX_LISTED)
    counts = (await service.stats())["outcomes"]
    return render(
        request,
        "cases.html",
        {"rows": rows, "outcome": outcome, "counts": counts, "most": MAX_LISTED},
    )


async def show_case(request: Request) -> Response:
    """Message, lines, findings, steps, decisions, effects and cost of one case."""
    signed_in(request)
    story = await find_story(request)
    service = desk_of(request).service()
    message, answers = await service.message_of(story["case"]["case_id"])
    messages = [message, *answers]
    return render(request, "case.html", {**story, "message": message, "documents": documents_of(messages)})
