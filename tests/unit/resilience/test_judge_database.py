"""What an error of Postgres means: each row of the failure table that speaks of the database."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors
from psycopg_pool import PoolTimeout

from orderdesk.domain.errors import DatabaseUnavailable
from orderdesk.resilience.database import judge_database

SECRET = "Key (po_number)=(PO-77 for ACME) already exists."


@pytest.mark.parametrize(
    ("error", "kind", "then", "counts", "maybe_done"),
    [
        (psycopg.OperationalError(SECRET), "unavailable", "retry", True, True),
        (errors.AdminShutdown(SECRET), "unavailable", "retry", True, True),
        (PoolTimeout(SECRET), "unavailable", "retry", True, False),
        (DatabaseUnavailable(SECRET), "unavailable", "retry", True, False),
        (errors.SerializationFailure(SECRET), "unavailable", "retry", True, False),
        (errors.DeadlockDetected(SECRET), "unavailable", "retry", True, False),
        (errors.ReadOnlySqlTransaction(SECRET), "unavailable", "retry", True, False),
        (TimeoutError(SECRET), "timeout", "later", True, True),
        (errors.DiskFull(SECRET), "disk_full", "later", True, False),
        (errors.UniqueViolation(SECRET), "already_done", "stored", False, True),
        (errors.NotNullViolation(SECRET), "fault", "person", False, True),
        (KeyError(SECRET), "fault", "person", False, True),
    ],
)
def test_the_rows_of_the_failure_table(
    error: Exception, kind: str, then: str, counts: bool, maybe_done: bool
) -> None:
    verdict = judge_database(error)
    assert (verdict.kind, verdict.then, verdict.counts, verdict.maybe_done) == (
        kind,
        then,
        counts,
        maybe_done,
    )
    assert verdict.alert == (kind in ("disk_full", "fault"))
    assert "ACME" not in verdict.why
    assert verdict.why.endswith(".")
