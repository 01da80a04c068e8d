"""Templates: escaped always, read once when the desk is built, with links that survive any mount prefix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from orderdesk.desk import formats
from orderdesk.desk.context import caller_or_none, desk_of
from orderdesk.desk.security import csrf_token

FILTERS: dict[str, Any] = {
    "money": formats.money,
    "cost": formats.cost,
    "number": formats.number,
    "day": formats.day,
    "moment": formats.moment,
    "clock": formats.clock,
    "duration": formats.duration,
    "percent": formats.percent,
    "words": formats.words,
    "sentence": formats.sentence,
    "initials": formats.initials,
    "json_text": formats.json_text,
}
GLOBALS: dict[str, Any] = {
    "KINDS": formats.KINDS,
    "OUTCOMES": formats.OUTCOMES,
    "TONES": formats.TONES,
    "EFFECT_STATES": formats.EFFECT_STATES,
    "EFFECT_TONES": formats.EFFECT_TONES,
    "INCIDENTS": formats.INCIDENTS,
    "SEVERITIES": formats.SEVERITIES,
    "due_text": formats.due_text,
    "due_tone": formats.due_tone,
    "path_words": formats.path_words,
    "step_facts": formats.step_facts,
}


def build_environment() -> Environment:
    """The desk's templates, all compiled: no page reads a file while it is made."""
    environment = Environment(
        loader=PackageLoader("orderdesk.desk"),
        autoescape=True,
        auto_reload=False,
        cache_size=-1,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(GLOBALS)
    for name in environment.list_templates():
        environment.get_template(name)
    return environment


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A page with what every page needs: who looks, the token of their forms, the time, a message to show once."""
    desk = desk_of(request)
    caller = caller_or_none(request)
    shared = {
        "root": link(request, ""),
        "me": caller.actor if caller else None,
        "signs_out": desk.auth.mode == "development",
        "csrf": csrf_token(request),
        "now": desk.clock.now(),
        "toast": request.session.pop("toast", None) if request.method == "GET" else None,
    }
    page = desk.environment.get_template(template).render(shared | dict(context))
    return HTMLResponse(page, status, headers)


def link(request: Request, path: str) -> str:
    """An address of the desk, below wherever it is mounted."""
    return f"{request.scope.get('root_path', '')}{path}"
