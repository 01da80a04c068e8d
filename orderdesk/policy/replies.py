"""Questions and answers to customers; source of the numbers: default.toml, area [replies]."""

from __future__ import annotations

from pydantic import Field

from orderdesk.domain.base import Value


class RepliesPolicy(Value):
    """How long a question waits and how often the same case may ask."""

    remind_after_hours: int = Field(gt=0)
    """Hours after which an unanswered question is sent once more."""

    expire_after_hours: int = Field(gt=0)
    """Hours after which an unanswered question goes to a person."""

    max_question_rounds: int = Field(ge=0)
    """Times one case may ask its customer; after that a person decides."""

    default_language: str = Field(pattern=r"^[a-z]{2}$")
    """ISO 639-1; where neither the account nor the message tells the language."""

    model_wording: bool
    """Let a model word questions in a language without a template, for a person to approve; else they go out at
    once in the default language."""
