"""The API described for programs: OpenAPI 3.1, made from the models it really uses."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from orderdesk.desk.api import inputs, outputs
from orderdesk.desk.api.cases import MAX_LISTED, STATES
from orderdesk.desk.context import desk_of
from orderdesk.desk.rendering import link

INPUTS: tuple[type[BaseModel], ...] = (inputs.MessageIn, inputs.DecisionIn)
OUTPUTS: tuple[type[BaseModel], ...] = (
    outputs.Accepted,
    outputs.CaseList,
    outputs.CaseStory,
    outputs.ReviewList,
    outputs.ReviewOut,
    outputs.DecisionOut,
    outputs.Stats,
    outputs.Problem,
)
ERRORS = {
    "401": "Not signed in, or an unknown token",
    "403": "This caller may not do this",
    "404": "There is nothing under this id",
    "409": "Decided already, or no longer what was shown; nothing was done",
    "413": "The body is too large",
    "415": "The body's format is not read here",
    "422": "The body or a parameter is not what was expected",
    "503": "The database does not answer; try again after Retry-After seconds",
}
READ, FIND, WRITE = ("401", "422", "503"), ("401", "404", "503"), ("401", "403", "413", "415", "422", "503")


async def get_openapi(request: Request) -> Response:
    """The description, open to everyone: it holds no data."""
    return JSONResponse(openapi(link(request, "/api/v1"), desk_of(request).version))


def openapi(server: str, version: str) -> dict[str, Any]:
    """The description, for the API at `server` of this version."""
    shapes = [*((m, "validation") for m in INPUTS), *((m, "serialization") for m in OUTPUTS)]
    _, definitions = models_json_schema(shapes, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Order desk",
            "version": version,
            "description": "Messages in, cases and reviews out. Errors are RFC 9457 problem details.",
        },
        "servers": [{"url": server}],
        "security": [{"token": []}, {"session": []}, {"proxy": []}],
        "paths": _paths(),
        "components": {"schemas": definitions["$defs"], "securitySchemes": _security()},
    }


def _paths() -> dict[str, Any]:
    limit = _parameter(
        "limit", "query", {"type": "integer", "minimum": 1, "maximum": MAX_LISTED, "default": 100}
    )
    status = _parameter("status", "query", {"type": "string", "enum": list(STATES)})
    case_id = _parameter("case_id", "path", {"type": "string", "format": "uuid"})
    review_id = _parameter("review_id", "path", {"type": "string", "format": "uuid"})
    key = _parameter("Idempotency-Key", "header", {"type": "string", "maxLength": 200})
    mail = {"schema": {"type": "string", "format": "binary"}}
    message = {"application/json": _schema("MessageIn"), "message/rfc822": mail}
    return {
        "/messages": {
            "post": _operation(
                "postMessage", "Hand in a message", "202", "Accepted", WRITE, parameters=[key], body=message
            )
        },
        "/cases": {
            "get": _operation(
                "listCases", "The newest cases", "200", "CaseList", READ, parameters=[status, limit]
            )
        },
        "/cases/{case_id}": {
            "get": _operation("getCase", "One case", "200", "CaseStory", FIND, parameters=[case_id])
        },
        "/reviews": {
            "get": _operation("listReviews", "Waiting reviews", "200", "ReviewList", READ, parameters=[limit])
        },
        "/reviews/{review_id}": {
            "get": _operation("getReview", "One review", "200", "ReviewOut", FIND, parameters=[review_id])
        },
        "/reviews/{review_id}/decision": {"post": _decision(review_id)},
        "/stats": {"get": _operation("getStats", "Counts, cost and latency", "200", "Stats", ("401", "503"))},
    }


def _decision(review_id: dict[str, Any]) -> dict[str, Any]:
    body = {"application/json": _schema("DecisionIn")}
    errors = (*WRITE, "404", "409")
    operation = _operation(
        "decideReview", "Decide a review", "200", "DecisionOut", errors, parameters=[review_id], body=body
    )
    operation["responses"]["202"] = {
        "description": "Recorded; another worker holds the case and carries the decision out"
    }
    return operation


def _operation(
    name: str,
    summary: str,
    status: str,
    gives: str,
    errors: tuple[str, ...],
    *,
    parameters: list[dict[str, Any]] | None = None,
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    problem = {"application/problem+json": _schema("Problem")}
    responses: dict[str, Any] = {
        status: {"description": summary, "content": {"application/json": _schema(gives)}},
        **{code: {"description": ERRORS[code], "content": problem} for code in sorted(errors)},
    }
    operation: dict[str, Any] = {"operationId": name, "summary": summary, "responses": responses}
    if parameters:
        operation["parameters"] = parameters
    if body:
        operation["requestBody"] = {"required": True, "content": body}
    return operation


def _parameter(name: str, place: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _schema(name: str) -> dict[str, Any]:
    return {"schema": {"$ref": f"#/components/schemas/{name}"}}


def _security() -> dict[str, Any]:
    return {
        "token": {"type": "http", "scheme": "bearer", "description": "A token the desk was configured with"},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "orderdesk_session",
            "description": "In development; changes need X-CSRF-Token too",
        },
        "proxy": {
            "type": "apiKey",
            "in": "header",
            "name": "X-Orderdesk-Proxy-Secret",
            "description": "Set by the reverse proxy, with X-Orderdesk-User and X-Orderdesk-Role",
        },
    }
