"""One review: the source beside the fields, and the decision, bound to exactly what was shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from orderdesk.desk.answer_form import REASONS, answer_from, edits_in
from orderdesk.desk.auth import must_not_only_look
from orderdesk.desk.context import Desk, desk_of, find_review, signed_in
from orderdesk.desk.formats import OUTCOMES
from orderdesk.desk.pages.queue import MAX_WAITING
from orderdesk.desk.rendering import link, render
from orderdesk.desk.review_view import review_view
from orderdesk.desk.security import checked_form
from orderdesk.domain.errors import CaseBusy, StaleDecision
from orderdesk.review.answers import InvalidAnswer
from orderdesk.review.reviews import Decided


async def show_review(request: Request) -> Response:
    """The page of one review."""
    signed_in(request)
    return await _page(request, await find_review(request))


async def decide_review(request: Request) -> Response:
    """Take a decision. What cannot be taken changes nothing and is said on the page."""
    desk, caller = desk_of(request), signed_in(request)
    form = await checked_form(request)
    must_not_only_look(caller.actor)
    row = await find_review(request)
    shown = form.get("payload_hash", "")
    try:
        if not shown:
            raise InvalidAnswer("The form does not say what was shown: reload the page and try again.")
        answer = answer_from(form, row["payload"])
        decided, report = await desk.service().decide(
            row["review_id"], answer, caller.actor, payload_hash=shown
        )
    except InvalidAnswer as problem:
        entered = edits_in(form, row["payload"])
        return await _page(request, row, entered=entered, form=form, problem=str(problem), status=422)
    except CaseBusy:  # it is raised after the decision was recorded: whoever holds the case goes on with it
        request.session["toast"] = {"text": "Your decision is recorded and being carried out.", "case": ""}
        return RedirectResponse(link(request, "/"), 303)
    if decided.already and row["decided_by"] != caller.actor.name:
        raise StaleDecision(f"{row['decided_by']} decided this before you: the first decision stands.")
    request.session["toast"] = {"text": _done(decided, report), "case": decided.case_id}
    return RedirectResponse(await _next(request, desk, decided, report), 303)


async def _page(
    request: Request,
    row: dict[str, Any],
    *,
    entered: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    desk, service = desk_of(request), desk_of(request).service()
    message, answers = await service.message_of(row["case_id"])
    story = await service.story(row["case_id"])
    waiting = [str(r["review_id"]) for r in await service.reviews(limit=MAX_WAITING)]
    view = review_view(
        row,
        [message, *answers],
        signed_in(request).actor,
        limits=desk.limits,
        doubt_below=desk.doubt_below,
        entered=entered,
    )
    return render(
        request,
        "review.html",
        {
            "review": view,
            "case": story["case"],
            "report": story["report"],
            "log": story["log"],
            "message": message,
            "waiting": len(waiting),
            "position": waiting.index(view.review_id) + 1 if view.review_id in waiting else 0,
            "next_id": _after(waiting, view.review_id),
            "problem": problem,
            "typed": form or {},
            "reasons": REASONS,
        },
        status,
    )


def _after(waiting: list[str], review_id: str) -> str | None:
    """The review to look at next: the one behind this one, else the most urgent."""
    if review_id in waiting:
        place = waiting.index(review_id)
        waiting = waiting[place + 1 :] + waiting[:place]
    return waiting[0] if waiting else None


async def _next(request: Request, desk: Desk, decided: Decided, report: Mapping[str, Any]) -> str:
    """Where to go after a decision: the same case when it needs another look, else the most urgent review."""
    again = (
        (report.get("review") or {}).get("review_id") if report.get("outcome") == "waiting_review" else None
    )
    if again and again != decided.review_id:
        return link(request, f"/reviews/{again}")
    rows = await desk.service().reviews(limit=2)
    following = next((r["review_id"] for r in rows if r["review_id"] != decided.review_id), None)
    return link(request, f"/reviews/{following}" if following else "/")


def _done(decided: Decided, report: Mapping[str, Any]) -> str:
    if decided.approvals_missing:
        return f"Your approval is recorded; {decided.approvals_missing} more needed."
    if decided.already:
        return "This was decided already; nothing was done twice."
    outcome = str(report.get("outcome") or "")
    if outcome == "booked":
        return f"Booked as {report.get('order_number')}."
    if outcome == "waiting_review":
        return "Checked again with your decision: there is something new to look at."
    return f"{OUTCOMES.get(outcome, 'Recorded')}."
