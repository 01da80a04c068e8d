"""A connection of the pools: never used again once it may be wrong about its prepared statements."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from types import TracebackType

import psycopg
from psycopg import AsyncConnection, AsyncPipeline
from psycopg.errors import InvalidSqlStatementName
from psycopg.rows import DictRow


class StatementsLost(psycopg.OperationalError):
    """The session no longer has a statement that was prepared in it: it counts as lost, and the work is tried again."""


class DeskConnection(AsyncConnection[DictRow]):
    """A connection that closes itself, so that its pool replaces it, where it would fail whoever has it next.

    Raises StatementsLost where a block with it ends in a statement unknown to the server.
    """

    @asynccontextmanager
    async def pipeline(self) -> AsyncGenerator[AsyncPipeline]:
        """psycopg's pipeline; broken off by whatever, it takes the connection with it.

        After an error the server skips what else was sent. psycopg (3.3.9) takes a statement whose preparation was
        skipped for prepared all the same, and every later use of it would fail.
        """
        try:
            async with super().pipeline() as pipeline:
                yield pipeline
        except BaseException:
            await self.close()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the transaction; see the class."""
        if isinstance(error, InvalidSqlStatementName):
            await self.close()
            raise StatementsLost("The session of the database lost a prepared statement.") from error
        await super().__aexit__(kind, error, trace)
