"""Signing in: a picker of made-up users on a developer's machine; in production the proxy does it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from orderdesk.desk.context import desk_of
from orderdesk.desk.errors import InvalidRequest, NotFound
from orderdesk.desk.rendering import link, render
from orderdesk.desk.security import checked_form
from orderdesk.review.actors import Actor


async def show_login(request: Request) -> Response:
    """The user picker."""
    users = _development_users(request)
    return render(request, "login.html", {"users": users})


async def log_in(request: Request) -> Response:
    """Start a new session as the picked user."""
    users = _development_users(request)
    form = await checked_form(request)
    user = form.get("user", "")
    if user not in users:
        raise InvalidRequest("Pick one of the users listed.")
    request.session.clear()  # a new session gets a new token
    request.session["user"] = user
    return RedirectResponse(link(request, "/"), 303)


async def log_out(request: Request) -> Response:
    """End the session."""
    await checked_form(request)
    request.session.clear()
    return RedirectResponse(link(request, "/login"), 303)


def _development_users(request: Request) -> Mapping[str, Actor]:
    auth = desk_of(request).auth
    if auth.mode != "development":
        raise NotFound("People sign in through the company's own address: there is no sign-in page here.")
    return auth.users
