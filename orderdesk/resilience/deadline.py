"""Deadlines: the one kind of time-out that really cuts, whatever the work below is waiting for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from orderdesk.domain.errors import OrderDeskError


class DeadlineExceeded(OrderDeskError):
    """Work took longer than it was given."""


@asynccontextmanager
async def deadline(seconds: float, doing: str) -> AsyncGenerator[None]:
    """Give a block this many seconds; after that it is cancelled and DeadlineExceeded says what took too long.

    Work handed to a thread goes on behind it: nothing with an effect may run in one.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise DeadlineExceeded(f"{doing} took longer than {seconds:g} seconds and was stopped.") from error
