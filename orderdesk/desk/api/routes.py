"""The addresses of the JSON API."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from orderdesk.desk.api.cases import get_case, get_cases, get_stats
from orderdesk.desk.api.messages import post_message
from orderdesk.desk.api.openapi import get_openapi
from orderdesk.desk.api.reviews import get_review, get_reviews, post_decision

PREFIX = "/api/v1"


def api_routes() -> list[BaseRoute]:
    """Everything under /desk/api/v1."""
    return [
        Route(f"{PREFIX}/messages", post_message, methods=["POST"], include_in_schema=False),
        Route(f"{PREFIX}/cases", get_cases, include_in_schema=False),
        Route(f"{PREFIX}/cases/{{case_id}}", get_case, include_in_schema=False),
        Route(f"{PREFIX}/reviews", get_reviews, include_in_schema=False),
        Route(f"{PREFIX}/reviews/{{review_id}}", get_review, include_in_schema=False),
        Route(
            f"{PREFIX}/reviews/{{review_id}}/decision",
            post_decision,
            methods=["POST"],
            include_in_schema=False,
        ),
        Route(f"{PREFIX}/stats", get_stats, include_in_schema=False),
        Route(f"{PREFIX}/openapi.json", get_openapi, include_in_schema=False),
    ]
