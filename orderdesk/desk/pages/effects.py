"""Effects that a person has to settle, and whatever else reconciliation has raised."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, cast, get_args

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from orderdesk.cases.service import CaseService
from orderdesk.desk.auth import must_not_only_look
from orderdesk.desk.context import desk_of, signed_in
from orderdesk.desk.errors import InvalidRequest
from orderdesk.desk.formats import EFFECT_STATES
from orderdesk.desk.rendering import link, render
from orderdesk.desk.security import checked_form
from orderdesk.domain.errors import StaleDecision
from tools.settling import Settling

MAX_LISTED = 200
MAX_REASON = 1000  # characters
# Incidents about effects that are listed here themselves.
_LISTED = ("effect_ambiguous", "effect_failed")
_DONE: dict[Settling, str] = {
    "sent": "Recorded: it was sent.",
    "again": "It is sent again, with the next delivery.",
    "drop": "Recorded: it is not sent.",
}


async def show_effects(request: Request) -> Response:
    """The page: what is ambiguous or failed, and the other incidents."""
    signed_in(request)
    return await _page(request)


async def settle_effect(request: Request) -> Response:
    """Take a person's word on one effect, if it still is as the page showed it. The first word counts."""
    desk, caller = desk_of(request), signed_in(request)
    form = await checked_form(request)
    must_not_only_look(caller.actor)
    how, reason = form.get("how", ""), form.get("reason", "").strip()
    if how not in get_args(Settling):
        raise InvalidRequest("Choose what became of it: it was sent, send it again, or drop it.")
    service = desk.service()
    key = await _unchanged(service, form.get("key", ""), form.get("shown", ""))
    if not reason:
        return await _page(request, key=key, problem="Say in a few words how you know, or why.")
    if len(reason) > MAX_REASON:
        return await _page(
            request, key=key, typed=reason, problem=f"At most {MAX_REASON} characters, please."
        )
    row = await service.settle_effect(key, cast(Settling, how), caller.actor, reason=reason)
    request.session["toast"] = {"text": _DONE[cast(Settling, how)], "case": row["case_id"]}
    return RedirectResponse(link(request, "/effects"), 303)


async def _unchanged(service: CaseService, key: str, shown: str) -> str:
    """The key of an effect that is as it was shown. Raises StaleDecision."""
    case_id = key.partition(":")[0]
    rows = [row for row in await service.effects(case_id) if row["key"] == key]
    if not rows or rows[0]["status"] not in EFFECT_STATES or shown_as(rows[0]) != shown:
        raise StaleDecision(
            "This effect is no longer as the page showed it: somebody has settled it, or it was tried again. "
            "Look at the list once more."
        )
    return key


def shown_as(row: Mapping[str, Any]) -> str:
    """What a form says it was shown: state, tries, and which try was the last."""
    seen = (row["key"], row["status"], row["attempts"], row["claimed_by"])
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]


async def _page(request: Request, *, key: str = "", typed: str = "", problem: str = "") -> Response:
    service = desk_of(request).service()
    state = request.query_params.get("state")
    state = state if state in EFFECT_STATES else None
    rows: list[dict[str, Any]] = []
    for name in EFFECT_STATES:
        rows += [
            {**row, "shown": shown_as(row)} for row in await service.effects(state=name, limit=MAX_LISTED)
        ]
    caller = signed_in(request)
    return render(
        request,
        "effects.html",
        {
            "effects": [row for row in rows if state in (None, row["status"])],
            "counts": {name: sum(row["status"] == name for row in rows) for name in EFFECT_STATES},
            "state": state,
            "incidents": [row for row in await service.incidents(MAX_LISTED) if row["kind"] not in _LISTED],
            "may_settle": caller.actor.role != "viewer",
            "most": MAX_LISTED,
            "key": key,
            "typed": typed,
            "problem": problem,
        },
        422 if problem else 200,
    )
