"""What a model can do wrong that no client library raises, and the switch's refusal.

ModelRefused        the model said it will not answer
InvalidAnswer       an answer came that breaks its contract: it may be asked for once more
RequestsForbidden   a request was made where none may be: a fault of the program or of a test
"""

from __future__ import annotations

from orderdesk.domain.errors import OrderDeskError


class ModelRefused(OrderDeskError):
    """The model said that it will not answer this."""


class InvalidAnswer(OrderDeskError):
    """An answer that is empty, too long, or not in the form that was asked for.

    `fault` says what is wrong with it in words meant for the model; it quotes nothing of the answer's values.
    """

    def __init__(self, fault: str) -> None:
        super().__init__(f"The model's answer cannot be used: {fault}")
        self.fault = fault


class RequestsForbidden(OrderDeskError):
    """Requests to models are switched off in this process; a test that wants one has to allow it."""
