"""What an error of Postgres means for the next step."""

from __future__ import annotations

import psycopg
from psycopg import errors
from psycopg_pool import PoolTimeout

from orderdesk.domain.errors import DatabaseUnavailable
from orderdesk.resilience.failures import Verdict

# Refused before a statement was sent, or rolled back whole by the server: surely not done.
NOT_SENT = (
    DatabaseUnavailable,
    PoolTimeout,
    errors.ConnectionTimeout,
    errors.TooManyConnections,
    errors.CannotConnectNow,
)
ROLLED_BACK = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.ReadOnlySqlTransaction,
)


def judge_database(error: BaseException) -> Verdict:
    """The verdict on an error of the database; it never quotes the error, which may hold a row's content.

    There is no next database: who runs out of tries puts the work back for later.
    """
    match error:
        case errors.DiskFull():
            return Verdict(
                kind="disk_full",
                then="later",
                counts=True,
                alert=True,
                maybe_done=False,
                why="The database's disk is full: nothing more is taken in until there is room.",
            )
        case errors.UniqueViolation():
            return Verdict(
                kind="already_done",
                then="stored",
                counts=False,
                why="It was done before: what is stored is taken.",
            )
        case DatabaseUnavailable() | psycopg.OperationalError() | errors.ReadOnlySqlTransaction():
            return Verdict(
                kind="unavailable",
                then="retry",
                counts=True,
                maybe_done=not isinstance(error, NOT_SENT + ROLLED_BACK),
                why=f"The database could not do it just now ({_named(error)}).",
            )
        case TimeoutError():
            return Verdict(
                kind="timeout", then="later", counts=True, why="The database gave no answer in time."
            )
        case _:
            return Verdict(
                kind="fault",
                then="person",
                counts=False,
                alert=True,
                why=f"The database refused what the program asked of it ({_named(error)}): a fault of ours.",
            )


def _named(error: BaseException) -> str:
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    return f"{type(error).__name__}, {state}" if state else type(error).__name__
