"""What the correspondent's model is given and asked, what it may decide, and what it may not."""

from __future__ import annotations

from pydantic import Field

from orderdesk.domain.base import Value
from tools.models.agent_contract import AgentContract
from tools.models.contract import Closed


class LetterToWord(Value):
    """A question as its template words it, and the language it is wanted in."""

    subject: str
    body: str
    language: str = Field(pattern=r"^[a-z]{2}$", description="ISO 639-1")


class WordedQuestion(Closed):
    """The answer of the correspondent's model."""

    subject: str = Field(description="the subject, on one line")
    body: str = Field(description="the whole letter, with its line breaks")


CONTRACT = AgentContract(
    name="correspondent",
    takes=LetterToWord,
    answer=WordedQuestion,
    prompt=("agents.correspondent.model", "word_question.md"),
    rules="agents.correspondent.rules.propose_reply",
    may=("word a question to a customer in a language that has no template, for a person to approve",),
    may_not=(
        "word a confirmation, a refusal or anything else that commits us",
        "choose a recipient, a figure or a choice: they are the template's, to the last digit",
        "have a letter sent: a person approves it first",
    ),
)
