"""The order desk's graph: the supervisor and its workers, the gate, the two waits, and perform."""

from __future__ import annotations

from typing import Any

from langgraph.graph import START, StateGraph

from graphs.await_customer import make_await_customer
from graphs.gate_node import make_gate
from graphs.intake_node import make_intake
from graphs.perform import make_perform
from graphs.review_node import make_review
from graphs.services import Services
from graphs.state import DeskInput, DeskOutput, DeskState
from graphs.supervisor import make_supervisor
from graphs.workers.booker import build_booker
from graphs.workers.correspondent import build_correspondent
from graphs.workers.matcher import build_matcher
from graphs.workers.pricing import build_pricing
from graphs.workers.reader import build_reader
from graphs.workers.risk import build_risk
from graphs.workers.supply import build_supply

WORKERS = {
    "reader": build_reader,
    "matcher": build_matcher,
    "pricing": build_pricing,
    "supply": build_supply,
    "risk": build_risk,
    "booker": build_booker,
    "correspondent": build_correspondent,
}

# The nodes that make up a step, always whole, so that the last one's writes are kept with the step's checkpoint
# (build_saver): the three checks run side by side, the booker runs beside the correspondent, all others alone.
STEPS = tuple(
    frozenset(nodes)
    for nodes in (
        (START,), ("intake",), ("supervisor",), ("reader",), ("matcher",), ("pricing", "supply", "risk"),
        ("booker", "correspondent"), ("gate",), ("review",), ("await_customer",), ("perform",),
    )
)  # fmt: skip

# Supersteps of one run, from a start or a resume to the next stop. A clean order takes 12. The supervisor gives a case
# to a person after max_hops of its own steps (24, each followed by one step of workers, beside the gate, a wait and
# perform: under 60), so this limit is never met by a case that goes round; it stops a graph that leaves the supervisor
# out, which is a fault of ours, and ends at a person with its reason.
RECURSION_LIMIT = 100


def build_order_desk(services: Services) -> StateGraph[Any, Any, Any, Any]:
    """The whole graph over the given services; compile it with the saver."""
    builder: StateGraph[Any, Any, Any, Any] = StateGraph(
        DeskState, input_schema=DeskInput, output_schema=DeskOutput
    )
    builder.add_node("intake", make_intake(services))
    builder.add_node("supervisor", make_supervisor(services))
    for name, build in WORKERS.items():
        builder.add_node(name, build(services).compile(name=name))
        builder.add_edge(name, "gate" if name in ("booker", "correspondent") else "supervisor")
    builder.add_node("gate", make_gate(services))
    builder.add_node("review", make_review(services))
    builder.add_node("perform", make_perform(services))
    builder.add_node("await_customer", make_await_customer(services))
    builder.add_edge(START, "intake")
    builder.add_edge("intake", "supervisor")
    return builder
