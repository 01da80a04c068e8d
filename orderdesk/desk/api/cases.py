"""GET cases, one case, and the figures."""

from __future__ import annotations

from typing import get_args

from starlette.requests import Request
from starlette.responses import Response

from orderdesk.desk.api.exchange import answer, api_caller, number_parameter
from orderdesk.desk.api.outputs import CaseList, CaseStory, Stats
from orderdesk.desk.context import desk_of, find_story
from orderdesk.desk.errors import InvalidRequest
from orderdesk.domain.results import Outcome

# A case can be asked for by where it stands or by what became of it.
STATES: tuple[str, ...] = ("queued", "running", "done", *get_args(Outcome))
MAX_LISTED = 500


async def get_cases(request: Request) -> Response:
    """The newest cases, at most `limit`, all or those of a `status`."""
    api_caller(request)
    status = request.query_params.get("status")
    if status is not None and status not in STATES:
        raise InvalidRequest(f"status must be one of {', '.join(STATES)}.")
    limit = number_parameter(request, "limit", 100, MAX_LISTED)
    rows = await desk_of(request).service().list_cases(status, limit=limit)
    return answer(CaseList.model_validate({"cases": rows}))


async def get_case(request: Request) -> Response:
    """One case: report, decision log, decisions, effects."""
    api_caller(request)
    story = await find_story(request)
    case = story["case"]
    return answer(CaseStory.model_validate({**story, "status": case["status"], "error": case["error"]}))


async def get_stats(request: Request) -> Response:
    """Counts, cost and latency."""
    api_caller(request)
    return answer(Stats.model_validate(await desk_of(request).service().stats()))
