"""Commits per second that this Postgres does alone: one row updated per transaction, by pgbench."""

from __future__ import annotations

import asyncio
import re

from checkpoints.binaries import find_binaries
from checkpoints.pools import connect
from tests.bench.place import SQL, Place

CLIENTS = (1, 4, 8)
_SCRIPT = "\\set id random(1, 1000)\nupdate bench_row set n = n + 1 where id = :id;\n"


async def commit_limit(there: Place, seconds: int) -> dict[int, float] | None:
    """Commits per second by number of clients, each measured for `seconds`; None where there is no pgbench."""
    program = find_binaries(None) / "pgbench"
    if not program.is_file():
        return None
    script = there.folder / "update.sql"
    script.write_text(_SCRIPT)
    found: dict[int, float] = {}
    with there.database() as url:
        async with await connect(url) as connection:
            await connection.execute(SQL["make_rows_to_update"], prepare=False)
        for clients in CLIENTS:
            options = ["-n", "-c", str(clients), "-j", "2", "-T", str(seconds), "-f", str(script)]
            process = await asyncio.create_subprocess_exec(
                program, *options, url,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            said, complained = await process.communicate()
            tps = re.search(r"tps = ([\d.]+)", said.decode())
            if tps is None:
                raise RuntimeError(f"pgbench said no tps: {complained.decode()[-500:]}")
            found[clients] = float(tps[1])
    return found
