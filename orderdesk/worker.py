"""The worker: takes jobs from the queue until it is told to stop, then leaves its cases behind a finished step."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from procrastinate import App
from procrastinate.exceptions import ProcrastinateException

from checkpoints.pools import AWAY
from orderdesk.bootstrap import House
from orderdesk.intake.queue import CASES_QUEUE, RECONCILE, UPKEEP_QUEUE, enqueue_upkeep, give_back
from orderdesk.jobs import AWAY_S, build_jobs, pause

logger = logging.getLogger(__name__)

# Upkeep that may go on at once beside the cases: one that waits for a mail server leaves room for another.
UPKEEP_AT_ONCE = 2
# How long what is under way may still take when the worker is told to stop, in seconds; a step takes a fraction of
# one. What is cut off then goes on from its last step, like what was killed.
LAST_STEP_S = 15.0
# How long the worker waits for a notification before it looks for jobs by itself, in seconds.
LOOK_S = 2.0
# A worker that has not shown life for so many leases is forgotten; it registers anew if it lives.
FORGOTTEN_AFTER = 8


async def work(house: House, stop: asyncio.Event) -> None:
    """Do the jobs of the queue until `stop` is set; every case under way is then left behind its step.

    Cases and upkeep have places of their own. Outages of the database are waited for.
    """
    app = build_jobs(house, stop)
    settings = house.settings
    async with app.open_async(pool=await house.pool.get()), asyncio.TaskGroup() as group:
        group.create_task(_begin(house, stop))
        group.create_task(_look_after_the_dead(house, settings.worker_lease_s, stop))
        group.create_task(_serve(house, app, CASES_QUEUE, settings.worker_cases, stop))
        group.create_task(_serve(house, app, UPKEEP_QUEUE, UPKEEP_AT_ONCE, stop))


async def _serve(house: House, app: App, queue: str, places: int, stop: asyncio.Event) -> None:
    """Do the jobs of one queue, again and again: a worker of procrastinate ends when it loses the database."""
    lease = house.settings.worker_lease_s
    while not stop.is_set():
        running = asyncio.ensure_future(
            app.run_worker_async(
                queues=[queue],
                name=queue,
                concurrency=places,
                install_signal_handlers=False,
                fetch_job_polling_interval=LOOK_S,
                update_heartbeat_interval=lease / 4,
                stalled_worker_timeout=lease * FORGOTTEN_AFTER,
                shutdown_graceful_timeout=LAST_STEP_S,
                delete_jobs="successful",
            )
        )
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if stop.is_set():
            house.cases.drain()
            running.cancel()  # it takes no more jobs, and waits for those it has
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await running
        except (ProcrastinateException, *AWAY) as error:
            logger.warning("the queue %s was left (%s); taking it up again in %s s", queue, error, AWAY_S)
        await pause(stop, AWAY_S)


async def _begin(house: House, stop: asyncio.Event) -> None:
    """Have a look taken for what a crash left behind, before the first time that comes by itself."""
    while not stop.is_set():
        try:
            async with house.pool.connection() as connection:
                await enqueue_upkeep(connection, RECONCILE)
        except AWAY:
            await pause(stop, AWAY_S)
        else:
            return


async def _look_after_the_dead(house: House, lease_s: float, stop: asyncio.Event) -> None:
    """Give the jobs of workers that died back to the queue, so that the next free worker goes on with them."""
    while not stop.is_set():
        try:
            async with house.pool.connection() as connection:
                given = await give_back(connection, lease_s)
        except AWAY:
            await pause(stop, AWAY_S)
            continue
        if given:
            logger.warning("%s jobs of a worker that died wait for another one", len(given))
        await pause(stop, lease_s / 8)
