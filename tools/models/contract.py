"""What an agent asks a model, and what comes back: a checked value, or why there is none and who goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from orderdesk.domain.base import DecimalString, Value
from orderdesk.resilience.failures import FailureKind
from tools.models.prompts import Prompt


class Closed(BaseModel):
    """Base of every answer: each field is required (nullable where unknown), nothing else is allowed.

    That is what providers accept as a strict JSON schema.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


T = TypeVar("T", bound=Closed)


@dataclass(frozen=True)
class Question(Generic[T]):
    """One question to the ladder."""

    # The case it is paid by; a worker that is tried alone names an id of its own.
    case_id: str
    agent: Literal["reader", "matcher", "supervisor", "correspondent"]
    prompt: Prompt
    # What stands in the prompt's user part; untrusted text is only ever here.
    values: Mapping[str, str]
    answer: type[T]
    priority: int = 0


class Use(Value):
    """What calls have cost. `cost_usd` is None where the price of any of them is not known."""

    calls: int = Field(default=0, description="requests sent, failed ones too")
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: DecimalString | None = Field(default=None, description="US dollars; None = not known")


class RungTried(Value):
    """One rung of the ladder: what became of it."""

    rung: str = Field(description="the model's name")
    outcome: FailureKind | Literal["answered"]
    why: str = ""
    tries: int = 0
    ms: int = 0
    alert: bool = False


class Trail(Value):
    """Which rungs were tried for one question, and what that cost."""

    rungs: tuple[RungTried, ...] = ()
    use: Use = Use()
    answered_by: str = Field(default="", description="the model that answered; '' = none did")
    remembered: bool = Field(default=False, description="the answer was on record: nothing was sent")


@dataclass(frozen=True)
class Answered(Generic[T]):
    """A value that fits the closed schema. What it says is still only a claim."""

    value: T
    trail: Trail


@dataclass(frozen=True)
class NoAnswer:
    """No model answered. `then` says who goes on: the agent's rules, or a person."""

    then: Literal["rules", "person"]
    why: str  # a sentence for a clerk: what was tried, and what is needed
    trail: Trail = field(default_factory=Trail)


class Models(Protocol):
    """The ladder of models, as agents see it."""

    @property
    def any(self) -> bool:
        """Whether there is a model to ask at all; without one an agent's ladder starts at its rules."""
        ...

    async def ask(self, question: Question[T]) -> Answered[T] | NoAnswer:
        """Ask the models in order. Never raises for what a model or its provider does."""
        ...


class NoModels:
    """The ladder without a model: the rules go on."""

    any = False

    async def ask(self, question: Question[T]) -> Answered[T] | NoAnswer:
        """No answer; the rules go on."""
        return NoAnswer(then="rules", why="No model is configured (ORDERDESK_MODELS).")
