"""A drive that failed: on record with its traceback, tried again, and after the last attempt a dead letter."""

from __future__ import annotations

from typing import Any

from graphs.handoff import spent_of
from graphs.services import Services
from orderdesk.cases.allowance import SQL
from orderdesk.cases.reporting import report_of_row
from orderdesk.cases.tracebacks import readable_traceback, storable
from orderdesk.domain.errors import CaseIncident
from orderdesk.intake.case_rows import get_case, set_case
from orderdesk.observability.decision_log import LogEntry, write_log

# After this many failed drives a case is a person's: more attempts at a poison message help nobody.
MAX_ATTEMPTS = 3
# A case that takes its worker down with it never gets to count a failure: so many starts without an end are enough.
MAX_DEATHS = 6
# One sentence of what went wrong, for lists; the traceback has all of it.
LONGEST_WHY = 500


class KilledItsWorkers(CaseIncident):
    """A case whose workers died with it, time after time: no traceback of that is left."""

    def __init__(self, case_id: str) -> None:
        super().__init__(f"Case {case_id} was begun {MAX_DEATHS} times and its worker died each time.")


async def record_failure(services: Services, case_id: str, error: BaseException, worked_ms: int) -> bool:
    """Record a failed drive; True when the case is over: a dead letter now, or finished before it failed."""
    now = services.clock.now()
    why = storable(f"{type(error).__name__}: {_first_line(error)}")[:LONGEST_WHY]
    async with services.pool.connection() as connection, connection.transaction():
        parameters = {"case_id": case_id, "error": why, "latency_ms": worked_ms}
        row = await (await connection.execute(SQL.record_failure, parameters)).fetchone()
        if row is None:
            raise CaseIncident(f"There is no case {case_id}: check the id.") from error
        attempts, over = int(row["attempts"]), row["status"] == "done"
        last = attempts >= MAX_ATTEMPTS and not over
        case = await get_case(connection, case_id)
        evidence: dict[str, Any] = {"attempts": attempts, "spent": spent_of(case)}
        if not isinstance(error, KilledItsWorkers):
            evidence["traceback"] = readable_traceback(error)
        await write_log(
            connection,
            [
                LogEntry(
                    case_id=case_id, step=0, node="drive", n=row["logged"] + 1, kind="failure", actor="worker",
                    what="dead letter" if last else f"attempt {attempts} failed",
                    why=f"{why} {_DEAD_LETTER}" if last else why, evidence=evidence, at=now,
                )
            ],
        )  # fmt: skip
        if last:
            report = {**report_of_row(case), "outcome": "dead_letter"}
            await set_case(connection, case_id, "dead_letter", report, now)
    return last or over


# What a person is told to do about a dead letter; how often it was tried and what that took stands beside it.
_DEAD_LETTER = "Needed: somebody who removes the cause, then `orderdesk retry` takes it up where it stopped."


def _first_line(error: BaseException) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "no reason was given")
