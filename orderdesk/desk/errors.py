"""What a visitor can do wrong at the desk's door; each becomes one HTTP status and one sentence."""

from __future__ import annotations

from orderdesk.domain.errors import OrderDeskError


class SignInNeeded(OrderDeskError):
    """Nobody the desk knows is asking."""


class ForgedRequest(OrderDeskError):
    """A change that does not come from one of the desk's own pages."""


class NotFound(OrderDeskError):
    """There is nothing under this address."""


class TooLarge(OrderDeskError):
    """A body of more bytes than the desk takes."""


class UnsupportedBody(OrderDeskError):
    """A body in a format the desk does not read."""


class InvalidRequest(OrderDeskError):
    """A body or parameter that is not what was expected; `errors` name each place."""

    def __init__(self, message: str, errors: tuple[dict[str, str], ...] = ()) -> None:
        super().__init__(message)
        self.errors = errors
