"""GET reviews, one review, and POST the decision on exactly what was shown."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from orderdesk.desk.api.exchange import (
    MAX_JSON_BYTES,
    answer,
    api_caller,
    number_parameter,
    parsed,
    writing_caller,
)
from orderdesk.desk.api.inputs import DecisionIn
from orderdesk.desk.api.outputs import DecisionOut, ReviewList, ReviewOut
from orderdesk.desk.auth import must_not_only_look
from orderdesk.desk.context import desk_of, find_review
from orderdesk.desk.errors import InvalidRequest
from orderdesk.desk.security import limited_body
from orderdesk.domain.errors import CaseBusy

MAX_LISTED = 500


async def get_reviews(request: Request) -> Response:
    """Reviews waiting for a person, the most urgent first."""
    api_caller(request)
    limit = number_parameter(request, "limit", 100, MAX_LISTED)
    rows = await desk_of(request).service().reviews(limit=limit)
    return answer(ReviewList.model_validate({"reviews": rows}))


async def get_review(request: Request) -> Response:
    """One review with its payload."""
    api_caller(request)
    return answer(ReviewOut.model_validate(await find_review(request)))


async def post_decision(request: Request) -> Response:
    """Decide a review, then carry the decision out. The first decision stands."""
    caller, _ = writing_caller(request, ("application/json",))
    must_not_only_look(caller.actor)
    wanted = parsed(DecisionIn, await limited_body(request, MAX_JSON_BYTES))
    if wanted.decisions[0].get("type") == "ignore":
        raise InvalidRequest("To leave a review pending, send nothing.")
    review = await find_review(request)
    raw: dict[str, Any] = {"decisions": wanted.decisions}
    try:
        decided, report = (
            await desk_of(request)
            .service()
            .decide(review["review_id"], raw, caller.actor, payload_hash=wanted.payload_hash)
        )
    except CaseBusy:  # raised only after the decision was recorded: whoever holds the case carries it out
        recorded = {"case_id": review["case_id"], "review_id": review["review_id"], "status": "recorded"}
        return JSONResponse(recorded, 202)
    return answer(DecisionOut.model_validate(decided.model_dump() | {"report": report}))
