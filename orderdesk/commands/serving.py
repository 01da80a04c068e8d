"""`orderdesk up`, `worker` and `serve`: the desk as it runs day by day."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import socket
import sys
from collections.abc import AsyncGenerator, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import click

from orderdesk.commands.running import lasting_command, open_desk
from orderdesk.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from orderdesk.bootstrap import House
    from orderdesk.desk.auth import DeskAuth

HOST = "127.0.0.1"
_PORT = click.IntRange(0, 65535)
# How long requests under way may still take when the desk is stopped, in seconds.
LAST_REQUESTS_S = 3
# How long a worker may take to finish the steps it is at before it is killed, in seconds. Nothing is lost then:
# the case goes on from its last step.
LAST_CASE_S = 20.0


@click.command()
@click.option("--demo", is_flag=True, help="Load the demo company and process its sample inbox first.")
@click.option(
    "--port", type=_PORT, default=8400, show_default=True, help="Port of the web desk; 0 takes a free one."
)
@click.option("--workers", type=click.IntRange(0, 64), default=1, show_default=True, help="Worker processes.")
@click.option("--exit", "leave", is_flag=True, help="Stop after the demo's table instead of serving.")
@lasting_command
async def up(demo: bool, port: int, workers: int, leave: bool) -> None:
    """Run the whole desk: database, workers, drop folder and web desk, until Ctrl-C."""
    with contextlib.ExitStack() as held:
        listening = None if leave else held.enter_context(_listening(HOST, port))
        async with open_desk() as house:
            from orderdesk.desk.setup import desk_auth

            auth = None if listening is None else desk_auth(house.settings)
            if demo:
                from orderdesk.commands.demo import load_demo

                await load_demo(house)
            if listening is None or auth is None:
                return
            from orderdesk.watching import watch_folder

            async with _workers(workers), _beside(watch_folder(house.cases, house.settings.inbox)):
                note = f"Drop messages into {house.settings.inbox.resolve()}"
                await _serve(house, auth, listening, note, queued=workers > 0)


@click.command()
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
@click.option("--port", type=_PORT, default=8400, show_default=True, help="Port; 0 takes a free one.")
@lasting_command
async def serve(host: str, port: int) -> None:
    """Serve the web desk and the JSON API alone, until Ctrl-C."""
    with _listening(host, port) as listening:
        async with open_desk() as house:
            from orderdesk.desk.setup import desk_auth

            auth = desk_auth(house.settings)
            _must_not_be_open_to_all(auth, listening)
            await _serve(house, auth, listening)


@click.command()
@click.option(
    "--until-input-ends", is_flag=True, hidden=True, help="Stop when the process that started us is gone."
)
@lasting_command
async def worker(until_input_ends: bool) -> None:
    """Work on waiting cases until SIGTERM or Ctrl-C; each case in hand is left behind the step it is at.

    Run as many as you like, on as many machines as share the database.
    """
    from orderdesk.collecting import collecting_rarely
    from orderdesk.worker import work

    stop = asyncio.Event()
    orphaned = _input_ending(stop) if until_input_ends else contextlib.nullcontext()
    async with orphaned, open_desk() as house:
        with collecting_rarely():
            working = asyncio.ensure_future(work(house, stop))
            try:
                await asyncio.shield(working)
            finally:
                stop.set()
                await working


async def _serve(
    house: House, auth: DeskAuth, listening: socket.socket, *notes: str, queued: bool = False
) -> None:
    """Answer requests until cancelled, then finish those under way; with `queued` posted messages wait for workers."""
    import uvicorn

    from orderdesk.desk.app import build_app

    class Server(uvicorn.Server):
        """uvicorn without its own way with signals, which ends the process before we have cleaned up."""

        @contextmanager
        def capture_signals(self) -> Generator[None]:
            """Leave the signals to the command."""
            yield

    app = build_app(
        house.cases,
        auth,
        queued=queued,
        role_limits=house.services.role_limits,
        doubt_below=house.policy.confidence.auto_threshold,
    )
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, log_config=None, timeout_graceful_shutdown=LAST_REQUESTS_S
    )
    server = Server(config)
    serving = asyncio.ensure_future(server.serve(sockets=[listening]))
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    for line in (f"The desk is at http://{shown}:{port}/desk (Ctrl-C stops it)", *notes):
        click.echo(line)
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving


@contextmanager
def _listening(host: str, port: int) -> Generator[socket.socket]:
    """The port, taken before anything else is started. Raises ConfigurationError when it cannot be had."""
    try:
        family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, number)
    except OSError as error:
        raise _no_port(host, port, error) from error
    with listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(address)
            listening.listen()
        except OSError as error:
            raise _no_port(host, port, error) from error
        yield listening


def _must_not_be_open_to_all(auth: DeskAuth, listening: socket.socket) -> None:
    """Raise ConfigurationError where anybody in the network could pick a user and approve orders."""
    host = str(listening.getsockname()[0])
    if auth.mode == "development" and not ipaddress.ip_address(host.partition("%")[0]).is_loopback:
        raise ConfigurationError(
            f"Anybody who reaches {host} could sign in with the development user picker: serve on 127.0.0.1, or set "
            "ORDERDESK_PROXY_SECRET and put the desk behind the proxy that signs people in."
        )


def _no_port(host: str, port: int, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"Port {port} on {host} cannot be used ({error.strerror}): choose another with --port."
    )


@asynccontextmanager
async def _beside(coroutine: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Run a coroutine beside the block and end it with the block."""
    task = asyncio.ensure_future(coroutine)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def _workers(count: int) -> AsyncGenerator[None]:
    """Worker processes beside the block, each started again when it dies."""
    stopping = asyncio.Event()
    keepers = [asyncio.ensure_future(_keep_working(stopping)) for _ in range(count)]
    try:
        yield
    finally:
        stopping.set()
        await asyncio.gather(*keepers, return_exceptions=True)


async def _keep_working(stopping: asyncio.Event) -> None:
    """Keep one worker process alive; a worker that dies at once is started again ever more slowly."""
    pause = 1.0
    while not stopping.is_set():
        # In a session of its own a Ctrl-C reaches it through us alone; its input ends if we are killed.
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "orderdesk", "worker", "--until-input-ends",
            stdin=asyncio.subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        ended = asyncio.ensure_future(process.wait())
        stop = asyncio.ensure_future(stopping.wait())
        await asyncio.wait({ended, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not ended.done():
            await _end(process, ended)
            return
        if stopping.is_set():
            return
        click.echo(f"A worker ended with code {process.returncode}; starting another.", err=True)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)
        pause = min(pause * 2, 60.0)


async def _end(process: asyncio.subprocess.Process, ended: asyncio.Future[int]) -> None:
    process.terminate()
    done, _ = await asyncio.wait({ended}, timeout=LAST_CASE_S)
    if not done:
        process.kill()
        await ended


@asynccontextmanager
async def _input_ending(stop: asyncio.Event) -> AsyncGenerator[None]:
    """Set `stop` when standard input ends, as it does when the process at its other end is killed."""
    loop = asyncio.get_running_loop()
    descriptor = sys.stdin.fileno()

    def read() -> None:
        if not os.read(descriptor, 1024):
            loop.remove_reader(descriptor)
            stop.set()

    loop.add_reader(descriptor, read)
    try:
        yield
    finally:
        loop.remove_reader(descriptor)
