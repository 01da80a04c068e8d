"""The doctor's look at the engine: whether anybody works, what waits, and what a person has to see to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderdesk.commands.doctor_report import Report

if TYPE_CHECKING:
    from checkpoints.pools import LazyPool

# So many incidents are named; the desk's page of effects has all of them.
NAMED = 10


async def report_engine(report: Report, pool: LazyPool) -> None:
    """Workers and the queue in one line, and a line for each open incident."""
    from orderdesk.cases.drive import SQL  # loaded here: it brings in LangGraph, which takes a second
    from orderdesk.cases.incidents import open_incidents

    async with pool.connection() as connection:
        row = await (await connection.execute(SQL.engine)).fetchone()
    assert row is not None
    waiting, doing = row["jobs_waiting"]["cases"], row["jobs_doing"]["cases"]
    line = f"{row['workers_alive'] // 2} alive, {waiting} cases wait, {doing} are being worked on"
    if row["oldest_waiting_s"]:
        line += f", the oldest waits for {row['oldest_waiting_s']} s"
    if row["workers_alive"] or not waiting:
        report.fine("workers", line)
    else:
        report.note("workers", f"{line}: run `orderdesk worker` on any machine with this DATABASE_URL")
    incidents = await open_incidents(pool, limit=NAMED)
    for incident in incidents:
        report.note("incident", f"{incident['what']} {incident['needed']}")
    if row["open_incidents"] > len(incidents):
        report.note(
            "incidents", f"{row['open_incidents'] - len(incidents)} more: see the desk's page of effects"
        )
    if not incidents:
        report.fine("incidents", "none open")
