"""Where a case goes next: a pure function from what is known to a route with its reason.

A route is a way, never an outcome. What may happen to a case is settled in one place, the gate, by the written
precedence of its findings, whoever made them and whichever way it came (orderdesk.policy.gate.LEVELS):
refuse > hold by a person > duplicate > file > ask the customer > approval by a person > auto. So workers that
disagree need no arbiter: each says what it found, and the gravest finding decides.

Where the rules cannot tell the way, the route names a closed list that a model may choose from: what the rules do
by themselves, or a person at once. So no answer of a model lets a case through that the rules would have stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from agents.supervisor.contract import Way
from graphs.state import DeskState, Unfinished, unfinished
from graphs.trails import what_was_tried
from orderdesk.domain.base import Value
from orderdesk.domain.orders import OrderDraft

Step = Literal["reader", "matcher", "pricing", "supply", "risk", "booker", "correspondent", "gate"]


class Route(Value):
    """The next workers (several run side by side) and why."""

    to: tuple[Step, ...]
    why: str
    unclear: tuple[Way, ...] = Field(
        default=(), description="the ways a model may choose from; `to` is what the rules do without one"
    )
    cannot: Unfinished | None = Field(
        default=None,
        description="the supervisor's own 'I can't complete this'; the case goes to a person with it",
    )


def route(state: DeskState, *, max_hops: int, max_lines: int) -> Route:
    """The next step of a case. Whatever is unclear ends at the gate, and the gate's default is a person.

    `max_hops`: supervisor steps a case may take (see Settings.max_hops).
    """
    if stopped := unfinished(state):
        return _stopped(state, stopped)
    if state.get("hops", 0) >= max_hops:
        return _no_end(state, max_hops)
    draft = state.get("draft")
    if draft is None:
        return Route(to=("reader",), why="nothing has been read yet")
    if draft.intent.value == "other":
        return Route(to=("gate",), why="this asks nothing of the desk")
    if len(draft.lines) > max_lines:
        return Route(
            to=("gate",), why=f"{len(draft.lines)} lines, more than the {max_lines} the desk works on alone"
        )
    if state.get("match") is None:
        return _to_matcher(state, draft)
    if state.get("pricing") is None or state.get("supply") is None or state.get("risk") is None:
        return Route(to=("pricing", "supply", "risk"), why="matched; none of the three checks needs another")
    return Route(to=("booker", "correspondent"), why="checked; propose what to do and what to answer")


def intent_unclear(draft: OrderDraft) -> bool:
    """Whether the reader could not tell what the message asks for; a person then decides, whatever else is known."""
    return any(f.code == "intent_unclear" for f in draft.findings)


def _to_matcher(state: DeskState, draft: OrderDraft) -> Route:
    wish = draft.intent.value.replace("_", " ")
    # Once a person has edited the lines they are worth working through, whatever anybody thinks of the message; and
    # where the reader's model has said what is asked for, asking a model again would be paying twice for one opinion.
    settled = bool(state.get("corrections")) or draft.intent.method == "model"
    if not draft.lines or not intent_unclear(draft) or settled:
        return Route(to=("matcher",), why=f"a {wish} to match to our data")
    return Route(
        to=("matcher",),
        why=f"lines were read as a {wish}, but what is asked for is not clear",
        unclear=("matcher", "gate"),
    )


def _stopped(state: DeskState, stopped: Mapping[str, Unfinished]) -> Route:
    """A worker could not finish: to a person, with what each says and needs."""
    said = "; ".join(f"{name}: {what.why}" for name, what in stopped.items())
    needed = "; ".join(dict.fromkeys(what.needed for what in stopped.values() if what.needed))
    return Route(to=("gate",), why=_cannot(said, state, needed or "the missing values by hand, or a retry"))


def _no_end(state: DeskState, max_hops: int) -> Route:
    """The supervisor itself gives up: the case goes round, and nobody but a person can end that."""
    because = f"{max_hops} supervisor steps without an end"
    needed = "somebody who completes it by hand or rejects it"
    why = _cannot(because, state, needed)
    return Route(to=("gate",), why=why, cannot=Unfinished(why=because, needed=needed))


def _cannot(because: str, state: DeskState, needed: str) -> str:
    done = [name for name, key in _RESULTS.items() if state.get(key) is not None]
    tried = [*([f"{', '.join(done)} finished"] if done else []), *what_was_tried(state)]
    return f"I can't complete this: {because}. Tried: {'; '.join(tried) or 'nothing yet'}. Needed: {needed}."


_RESULTS = {
    "reader": "draft", "matcher": "match", "pricing": "pricing", "supply": "supply", "risk": "risk",
    "booker": "proposal", "correspondent": "replies",
}  # fmt: skip
