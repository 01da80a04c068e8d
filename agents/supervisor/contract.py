"""What the supervisor's model is given and asked, what it may decide, and what it may not."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from orderdesk.domain.base import Value
from orderdesk.domain.orders import OrderDraft
from tools.models.agent_contract import AgentContract
from tools.models.contract import Closed

# The ways a model may ever be offered: work the message through as an order, or hand it to a person as it is.
Way = Literal["matcher", "gate"]


class UnclearWay(Value):
    """A message in which lines were read, but not what is asked for."""

    draft: OrderDraft
    subject: str = Field(default="", description="of the message; foreign text")
    ways: tuple[Way, ...] = Field(description="the closed list")


class WayChosen(Closed):
    """The answer of the supervisor's model."""

    route: Way = Field(description="one of the offered ways")
    reason: str = Field(description="why, in one sentence of at most 200 characters")


CONTRACT = AgentContract(
    name="supervisor",
    takes=UnclearWay,
    answer=WayChosen,
    prompt=("agents.supervisor", "choose_way.md"),
    rules="graphs.routing.route",
    may=(
        "choose between working an unclear message through for a person and handing it to a person at once",
    ),
    may_not=(
        "take a way that the rules did not offer",
        "change what becomes of the case: whatever is chosen, a person decides",
        "change a field of the order, or see master data, prices or customers",
    ),
)
