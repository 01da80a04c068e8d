"""Deadlines: the one kind of time-out that really cuts, whatever the work below is waiting for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from contextvars import ContextVar

from orderdesk.domain.errors import OrderDeskError

# When the work under way must end, by the event loop's own clock; tasks started below inherit it.
_ends: ContextVar[float | None] = ContextVar("deadline", default=None)


class DeadlineExceeded(OrderDeskError):
    """Work took longer than it was given."""


@asynccontextmanager
async def deadline(seconds: float, doing: str) -> AsyncGenerator[None]:
    """Give a block this many seconds; after that it is cancelled and DeadlineExceeded says what took too long.

    Work handed to a thread goes on behind it: nothing with an effect may run in one.
    """
    token = _ends.set(asyncio.get_running_loop().time() + seconds)
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise DeadlineExceeded(f"{doing} took longer than {seconds:g} seconds and was stopped.") from error
    finally:
        _ends.reset(token)


def share_of_time(seconds: float) -> float:
    """Seconds that one call may take of what is left: at most half, so that what comes after it still has time.

    Without a deadline around it, the seconds as given.
    """
    ends = _ends.get()
    return seconds if ends is None else min(seconds, max(0.0, (ends - asyncio.get_running_loop().time()) / 2))
