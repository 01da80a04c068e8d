"""What the desk's pages and API work with: handed in once, found again from each request."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jinja2 import Environment
from starlette.requests import Request

from orderdesk.cases.service import CaseService
from orderdesk.desk.auth import Caller, DeskAuth, caller_of
from orderdesk.desk.errors import NotFound, SignInNeeded
from orderdesk.domain.clock import Clock
from orderdesk.domain.errors import CaseIncident, OrderDeskError

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Desk:
    """Everything a request may need; `service` is called late, as its pools open at first use."""

    service: Callable[[], CaseService]
    auth: DeskAuth
    clock: Clock
    queued: bool
    limits: Mapping[str, Decimal]
    doubt_below: float
    max_message_bytes: int
    environment: Environment
    version: str


def desk_of(request: Request) -> Desk:
    """The desk that serves this request."""
    desk: Desk = request.app.state.desk
    return desk


def signed_in(request: Request) -> Caller:
    """Who looks at this page. Raises SignInNeeded."""
    return caller_of(request, desk_of(request).auth)


async def find_review(request: Request) -> dict[str, Any]:
    """The review the address names, by its whole id. Raises NotFound."""
    review_id = _whole_id(request, "review_id", "review")
    try:
        return await desk_of(request).service().review(review_id)
    except OrderDeskError as error:
        raise _not_found(error, f"There is no review {review_id}: look at the queue.") from error


async def find_story(request: Request) -> dict[str, Any]:
    """The whole story of the case the address names. Raises NotFound."""
    case_id = _whole_id(request, "case_id", "case")
    try:
        return await desk_of(request).service().story(case_id)
    except OrderDeskError as error:
        raise _not_found(error, f"There is no case {case_id}: look at the list of cases.") from error


def _whole_id(request: Request, name: str, what: str) -> str:
    # The service also takes the start of an id, and SQL wildcards in it: an address must name exactly one.
    value = str(request.path_params[name])
    if not _ID.fullmatch(value):
        raise NotFound(f"{value[:60]!r} is not the id of a {what}.")
    return value


def _not_found(error: OrderDeskError, message: str) -> OrderDeskError:
    return NotFound(message) if type(error) in (OrderDeskError, CaseIncident) else error


def caller_or_none(request: Request) -> Caller | None:
    """Who looks, where that is known: error and sign-in pages are for everybody."""
    try:
        return signed_in(request)
    except SignInNeeded:
        return None
