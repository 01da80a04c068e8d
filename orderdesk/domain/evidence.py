"""Evidence: where in which document a value stands; a stated value with its method and confidence."""

from __future__ import annotations

from typing import Generic, Literal, TypeVar

from pydantic import Field

from orderdesk.domain.base import Probability, Value

T = TypeVar("T")

Method = Literal["structured", "rules", "model", "person", "master_data", "derived"]


class Evidence(Value):
    """A place in a document and the words that stand there."""

    document_id: str
    start: int = Field(
        default=-1, description="offset into the document's text; -1 where only a locator is known"
    )
    end: int = -1
    quote: str = ""
    locator: str = Field(default="", description="'PO1[2]', '/Order/cbc:ID', 'sheet 1 B4', 'page 1'")


class Stated(Value, Generic[T]):
    """A value as the customer stated it, with the evidence it rests on.

    `confidence` is the share of checkable signals that agree (see the reader's rules): 1.0 means a
    structured format defines the field, so nothing had to be inferred.
    """

    value: T
    confidence: Probability = 1.0
    method: Method = "structured"
    evidence: Evidence | None = None
