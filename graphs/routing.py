"""Where a case goes next: a pure function from what is known to a route with its reason."""

from __future__ import annotations

from typing import Literal

from graphs.state import DeskState
from orderdesk.domain.base import Value

Step = Literal["reader", "matcher", "pricing", "supply", "risk", "booker", "correspondent", "gate"]


class Route(Value):
    """The next workers (several run side by side) and why."""

    to: tuple[Step, ...]
    why: str


def route(state: DeskState, *, max_hops: int, max_lines: int) -> Route:
    """The next step of a case. Whatever is unclear ends at the gate, and the gate's default is a person."""
    if state.get("hops", 0) >= max_hops:
        return Route(to=("gate",), why=f"{max_hops} supervisor steps without an end: a person takes over")
    if failures := state.get("failures"):
        return Route(to=("gate",), why=f"{', '.join(failures)} could not finish: hand-off to a person")
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
        return Route(to=("matcher",), why=f"a {draft.intent.value.replace('_', ' ')} to match to our data")
    if state.get("pricing") is None or state.get("supply") is None or state.get("risk") is None:
        return Route(to=("pricing", "supply", "risk"), why="matched; none of the three checks needs another")
    return Route(to=("booker", "correspondent"), why="checked; propose what to do and what to answer")
