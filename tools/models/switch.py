"""The switch that makes requests to models impossible in this process; tests turn it, nothing else does."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from tools.models.errors import RequestsForbidden

_forbidden = False


def forbid_model_requests() -> None:
    """From here on no request to a model leaves this process, unless a block allows it."""
    global _forbidden
    _forbidden = True


@contextmanager
def allow_model_requests() -> Generator[None]:
    """Requests may be sent within this block; afterwards it is as it was before."""
    global _forbidden
    before, _forbidden = _forbidden, False
    try:
        yield
    finally:
        _forbidden = before


def check_allowed() -> None:
    """Raises RequestsForbidden where requests are switched off."""
    if _forbidden:
        raise RequestsForbidden(
            "A request to a model was made where none may be: wrap the test in allow_model_requests() "
            "and point it at a server of its own."
        )
