"""What leaves the house: claimed in the ledger, done, and marked done; a crash in between is repeated safely.

Mail and exports are written as files whose names follow from the ledger row, so that repeating is harmless.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg.types.json import Jsonb

from checkpoints.pools import LazyPool
from orderdesk.domain.clock import Clock
from orderdesk.domain.errors import EffectRefused, OrderDeskError
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

        An effect that definitely did not happen goes back to pending; the others are done all the same, then its
        error is raised.
        """
        async with self._pool.connection() as connection:
            where = {"case_id": case_id, "kinds": _KINDS, "limit": limit}
            claimed = await (await connection.execute(SQL.claim_effects, where)).fetchall()
            done: list[dict[str, Any]] = []
            failed: list[OrderDeskError] = []
            try:
                for effect in claimed:
                    try:
                        response = await self._do(effect["kind"], effect["request"])
                    except OrderDeskError as error:
                        failed.append(error)
                        await connection.execute(SQL.release_effect, {"key": effect["key"]})
                    else:
                        now = self._clock.now()
                        done.append({"key": effect["key"], "response": Jsonb(response), "now": now})
            finally:
                if done:
                    async with connection.transaction(), connection.cursor() as cursor:
                        await cursor.executemany(SQL.finish_effect, done)
        if failed:
            raise failed[0]
        return len(done)

    async def _do(self, kind: str, request: dict[str, Any]) -> dict[str, Any]:
        try:
            if kind == "send_mail":
                return await send_to_outbox(self._outbox, request)
            return await export_to_folder(self._exports, request)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            # Nothing was written: what cannot be put into words must not keep the others from leaving.
            raise EffectRefused(f"This {kind} cannot be written ({error}): a person has to do it.") from error
