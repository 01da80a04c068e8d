"""The web desk as one ASGI application, built from parts that are handed in; nothing connects here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from orderdesk.cases.service import CaseService
from orderdesk.desk.api.routes import api_routes
from orderdesk.desk.auth import DeskAuth
from orderdesk.desk.context import Desk
from orderdesk.desk.health import health_routes
from orderdesk.desk.pages.cases import list_cases, show_case
from orderdesk.desk.pages.effects import settle_effect, show_effects
from orderdesk.desk.pages.login import log_in, log_out, show_login
from orderdesk.desk.pages.queue import show_queue
from orderdesk.desk.pages.review import decide_review, show_review
from orderdesk.desk.pages.stats import show_stats
from orderdesk.desk.problems import EXPECTED, answer_error
from orderdesk.desk.rendering import build_environment
from orderdesk.desk.security import SecurityHeaders
from orderdesk.domain.clock import Clock, SystemClock

STATIC = Path(__file__).parent / "static"
SESSION_COOKIE = "orderdesk_session"
SESSION_S = 8 * 3600  # a working day
# As large as mail servers let through; a base64 attachment is a third larger than its file.
MAX_MESSAGE_BYTES = 35_000_000


def build_app(
    cases: CaseService | Callable[[], CaseService],
    auth: DeskAuth,
    *,
    clock: Clock | None = None,
    queued: bool = False,
    role_limits: Mapping[str, Decimal] | None = None,
    doubt_below: float = 0.9,
    max_message_bytes: int = MAX_MESSAGE_BYTES,
    with_health: bool = True,
) -> Starlette:
    """The desk under /desk, and /healthz, /readyz, /metrics beside it unless `with_health` is off.

    `cases` may be given late: it is called at each request. With `queued` a posted message waits
    for a worker; without it is brought to its first stop before it is answered. `role_limits` are what the service
    checks, for pages to show in advance. Fields less certain than `doubt_below` are shown first.
    """

    def service() -> CaseService:
        return cases if isinstance(cases, CaseService) else cases()

    inner = Starlette(
        routes=[*_pages(), *api_routes(), Mount("/static", StaticFiles(directory=STATIC), name="static")],
        middleware=[
            Middleware(
                SessionMiddleware,
                secret_key=auth.session_secret,
                session_cookie=SESSION_COOKIE,
                max_age=SESSION_S,
                same_site="strict",
                https_only=auth.secure_cookies,
            )
        ],
        # Those named are answered inside the session; anything else is answered, then raised on for the log.
        exception_handlers=dict.fromkeys((*EXPECTED, Exception), answer_error),
    )
    inner.state.desk = Desk(
        service=service,
        auth=auth,
        clock=clock or SystemClock(),
        queued=queued,
        limits=role_limits or {},
        doubt_below=doubt_below,
        max_message_bytes=max_message_bytes,
        environment=build_environment(),
        version=version("orderdesk"),
    )
    routes: list[BaseRoute] = [
        Route("/desk", _to_desk, include_in_schema=False),
        # Outside everything else, so that the answer to a crash is guarded too.
        Mount("/desk", app=SecurityHeaders(inner), name="desk"),
    ]
    return Starlette(routes=[*routes, *(health_routes(service) if with_health else ())])


def _pages() -> list[BaseRoute]:
    return [
        Route("/", show_queue, include_in_schema=False),
        Route("/login", show_login, methods=["GET"], include_in_schema=False),
        Route("/login", log_in, methods=["POST"], include_in_schema=False),
        Route("/logout", log_out, methods=["POST"], include_in_schema=False),
        Route("/reviews/{review_id}", show_review, methods=["GET"], include_in_schema=False),
        Route("/reviews/{review_id}", decide_review, methods=["POST"], include_in_schema=False),
        Route("/cases", list_cases, include_in_schema=False),
        Route("/cases/{case_id}", show_case, include_in_schema=False),
        Route("/effects", show_effects, methods=["GET"], include_in_schema=False),
        Route("/effects", settle_effect, methods=["POST"], include_in_schema=False),
        Route("/stats", show_stats, include_in_schema=False),
    ]


async def _to_desk(request: Request) -> Response:
    """/desk without its slash."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/desk/", 307)
