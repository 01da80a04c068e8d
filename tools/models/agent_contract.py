"""What an agent's model rung may and may not do: declared once, beside the agent, and held by tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tools.models.contract import Closed
from tools.models.prompts import Prompt, load_prompt


@dataclass(frozen=True)
class AgentContract:
    """One agent's contract with the models it asks."""

    name: Literal["reader", "matcher", "supervisor", "correspondent"]
    # What the agent gets; only what its prompt's parameters name ever reaches a model.
    takes: type
    # The closed form a model has to fill; nothing else of its answer is looked at.
    answer: type[Closed]
    # Package and file of the prompt.
    prompt: tuple[str, str]
    # What goes on without a model, and what a model's answer is held against: 'package.module.function'.
    rules: str
    may: tuple[str, ...]
    may_not: tuple[str, ...]

    def load(self) -> Prompt:
        """The prompt file, checked. Raises ConfigurationError naming what is wrong with it."""
        return load_prompt(*self.prompt)
