"""A process with several callers of one breaker: `python callers.py URL NAME CALLERS`.

It says "ready" once its pool is open, starts all its callers at the next line it is given, and prints how many were let
in. It then lives on, holding what it got, until its input ends.
"""

from __future__ import annotations

import asyncio
import sys

from checkpoints.pools import LazyPool
from orderdesk.resilience.breaker import Breakers, Entry


async def call(url: str, name: str, callers: int) -> None:
    async with LazyPool(url, max_size=callers) as pool:
        await pool.get()
        breakers = Breakers(pool, ask_s=60.0)  # a slow machine must not make it go on alone
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        found = await asyncio.gather(*(breakers.enter(name) for _ in range(callers)))
        print(sum(isinstance(entry, Entry) for entry in found), flush=True)
        await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(call(sys.argv[1], sys.argv[2], int(sys.argv[3])))
