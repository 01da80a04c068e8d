"""What leaves the house: claimed in the ledger, done, and marked done; a crash in between is repeated safely.

Mail and exports are written as files whose names follow from the ledger row, so that repeating is harmless.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg.types.json import Jsonb

from checkpoints.pools import LazyPool
from orderdesk.domain.clock import Clock
from orderdesk.domain.errors import OrderDeskError
from tools.export import export_to_folder
from tools.ledger import SQL
from tools.outbox import send_to_outbox

_KINDS = ["send_mail", "export_order"]


class Delivery:
    """Sends what the ledger holds: mail to the outbox folder, booked orders to the export folder."""

    def __init__(self, pool: LazyPool, *, outbox: Path, exports: Path, clock: Clock) -> None:
        self._pool = pool
        self._outbox = outbox
        self._exports = exports
        self._clock = clock

    async def deliver(self, case_id: str | None = None, *, limit: int = 100) -> int:
        """Deliver what is due (of one case, or of all); returns how many effects were done.

        An effect that definitely did not happen goes back to pending and its error is raised.
        """
        async with self._pool.connection() as connection:
            where = {"case_id": case_id, "kinds": _KINDS, "limit": limit}
            claimed = await (await connection.execute(SQL.claim_effects, where)).fetchall()
            done: list[dict[str, Any]] = []
            try:
                for effect in claimed:
                    response = await self._do(effect["kind"], effect["request"])
                    done.append({"key": effect["key"], "response": Jsonb(response), "now": self._clock.now()})
            except OrderDeskError:
                for effect in claimed[len(done) :]:
                    await connection.execute(SQL.release_effect, {"key": effect["key"]})
                raise
            finally:
                if done:
                    async with connection.transaction(), connection.cursor() as cursor:
                        await cursor.executemany(SQL.finish_effect, done)
        return len(done)

    async def _do(self, kind: str, request: dict[str, Any]) -> dict[str, Any]:
        if kind == "send_mail":
            return await send_to_outbox(self._outbox, request)
        return await export_to_folder(self._exports, request)
