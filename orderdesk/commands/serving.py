"""`orderdesk up`, `worker` and `serve`: the desk as it runs day by day."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import click
import uvicorn

from orderdesk.bootstrap import House, open_house
from orderdesk.commands.demo import load_demo
from orderdesk.commands.running import command, settings
from orderdesk.desk.app import build_app
from orderdesk.desk.setup import desk_auth
from orderdesk.domain.errors import ConfigurationError
from orderdesk.worker import watch_folder, work

HOST = "127.0.0.1"


@click.command()
@click.option("--demo", is_flag=True, help="Load the demo company and process its sample inbox first.")
@click.option("--port", default=8400, show_default=True, help="Port of the web desk.")
@click.option("--workers", default=1, show_default=True, help="Worker processes.")
@click.option("--exit", "leave", is_flag=True, help="Stop after the demo's table instead of serving.")
@command
async def up(demo: bool, port: int, workers: int, leave: bool) -> None:
    """Run the whole desk: database, workers, drop folder and web desk, until Ctrl-C."""
    if not leave:
        _must_be_free(port)
    async with open_house(settings()) as house:
        if demo:
            await load_demo(house)
        if leave:
            return
        click.echo(f"The desk is at http://{HOST}:{port}/desk (Ctrl-C stops it)")
        click.echo(f"Drop messages into {house.settings.inbox.resolve()}")
        async with _workers(house, workers), _task(watch_folder(house.cases, house.settings.inbox)):
            await _serve(house, HOST, port)


@click.command()
@click.option("--host", default=HOST, show_default=True)
@click.option("--port", default=8400, show_default=True)
@command
async def serve(host: str, port: int) -> None:
    """Serve the web desk and the JSON API alone."""
    _must_be_free(port, host)
    async with open_house(settings()) as house:
        click.echo(f"The desk is at http://{host}:{port}/desk (Ctrl-C stops it)")
        await _serve(house, host, port)


@click.command()
@command
async def worker() -> None:
    """Work on waiting cases until SIGTERM; as many as you like, on as many machines as share the database."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_house(settings()) as house:
        await work(house.cases, stop)


async def _serve(house: House, host: str, port: int) -> None:
    app = build_app(house.cases, desk_auth(house.settings), role_limits=house.services.role_limits)
    config = uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False)
    await uvicorn.Server(config).serve()


@asynccontextmanager
async def _task(coroutine: object) -> AsyncGenerator[None]:
    """Run a coroutine beside the block and end it with the block."""
    task = asyncio.ensure_future(coroutine)  # type: ignore[arg-type]
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def _workers(house: House, count: int) -> AsyncGenerator[None]:
    """Worker processes beside the block, each started again when it dies."""
    stopping = asyncio.Event()
    supervisors = [asyncio.create_task(_supervise(stopping)) for _ in range(count)]
    try:
        yield
    finally:
        stopping.set()
        await asyncio.gather(*supervisors, return_exceptions=True)


async def _supervise(stopping: asyncio.Event) -> None:
    """Keep one worker process alive; a worker that dies at once is started again ever more slowly."""
    pause = 1.0
    while not stopping.is_set():
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "orderdesk", "worker")
        ended = asyncio.create_task(process.wait())
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait({ended, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not ended.done():
            process.terminate()
            await ended
            return
        click.echo(f"A worker ended with code {process.returncode}; starting another.", err=True)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)
        pause = min(pause * 2, 60.0)


def _must_be_free(port: int, host: str = HOST) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConfigurationError(
                f"Port {port} on {host} cannot be used ({error.strerror}): choose another with --port."
            ) from error
