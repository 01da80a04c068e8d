"""Errors as answers: RFC 9457 problem details for programs, a page with one sentence for people."""

from __future__ import annotations

import http
import logging
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from orderdesk.desk.context import desk_of
from orderdesk.desk.errors import (
    ForgedRequest,
    InvalidRequest,
    NotFound,
    SignInNeeded,
    TooLarge,
    UnsupportedBody,
)
from orderdesk.desk.rendering import link, render
from orderdesk.domain.errors import (
    CaseBusy,
    DatabaseUnavailable,
    EffectRefused,
    IdempotencyConflict,
    NotAllowed,
    OrderDeskError,
    StaleDecision,
)
from orderdesk.review.answers import InvalidAnswer

logger = logging.getLogger(__name__)

# The first class that fits decides; names are stable, programs may rely on them.
PROBLEMS: tuple[tuple[type[Exception], int, str, str], ...] = (
    (SignInNeeded, 401, "sign-in-needed", "Sign in first"),
    (NotAllowed, 403, "not-allowed", "You may not do this"),
    (ForgedRequest, 403, "forged-request", "This was refused"),
    (NotFound, 404, "not-found", "There is nothing here"),
    (StaleDecision, 409, "stale-decision", "Nothing was done"),
    (EffectRefused, 409, "effect-refused", "Nothing was done"),
    (TooLarge, 413, "too-large", "This is too large"),
    (UnsupportedBody, 415, "unsupported-body", "This format is not read here"),
    (InvalidAnswer, 422, "invalid-answer", "This answer cannot be taken"),
    (InvalidRequest, 422, "invalid-request", "This request cannot be taken"),
    (IdempotencyConflict, 422, "idempotency-conflict", "This Idempotency-Key was used with another message"),
    (CaseBusy, 503, "case-busy", "The case is being worked on"),
    (DatabaseUnavailable, 503, "database-unavailable", "The desk is not available just now"),
    (psycopg.OperationalError, 503, "database-unavailable", "The desk is not available just now"),
    (PoolTimeout, 503, "database-unavailable", "The desk is not available just now"),
    (OrderDeskError, 500, "incident", "Something went wrong"),
    (Exception, 500, "incident", "Something went wrong"),
)
# What may be raised while a request is answered; anything else is a fault of the desk itself.
EXPECTED: tuple[type[Exception], ...] = (OrderDeskError, HTTPException, psycopg.OperationalError, PoolTimeout)
MEDIA_TYPE = "application/problem+json"
RETRY_S = 5


def problem_of(error: Exception) -> dict[str, Any]:
    """The problem details of an error: type, title, status, detail and, for bad input, where."""
    status, name, title = next((s, n, t) for kind, s, n, t in PROBLEMS if isinstance(error, kind))
    if isinstance(error, HTTPException):
        status, name = error.status_code, "http"
        title, detail = http.HTTPStatus(status).phrase, error.detail
    elif isinstance(error, OrderDeskError):
        detail = str(error)
    elif status == 503:
        detail = "The database does not answer: try again in a moment."
    else:  # its message may hold anything
        detail = "The desk failed at this. It is in the log; nothing was decided."
    problem: dict[str, Any] = {
        "type": f"urn:orderdesk:problem:{name}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    if isinstance(error, InvalidRequest) and error.errors:
        problem["errors"] = list(error.errors)
    return problem


async def answer_error(request: Request, error: Exception) -> Response:
    """The one handler of everything that is raised while a request is answered."""
    problem = problem_of(error)
    status: int = problem["status"]
    if status >= 500 and isinstance(error, EXPECTED):
        # Anything else is raised on after the answer, and logged by the server.
        logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    headers = {"retry-after": str(RETRY_S)} if status == 503 else {}
    if isinstance(error, HTTPException):
        headers |= dict(error.headers or {})
    if wants_json(request):
        if status == 401:
            headers["www-authenticate"] = "Bearer"
        return JSONResponse(problem, status, headers, media_type=MEDIA_TYPE)
    if status == 401 and desk_of(request).auth.mode == "development":
        return RedirectResponse(link(request, "/login"), 303)
    return render(request, "problem.html", {"problem": problem}, status, headers)


def wants_json(request: Request) -> bool:
    """Whether a program asks: everything under the API."""
    return request.url.path.startswith(link(request, "/api/"))
