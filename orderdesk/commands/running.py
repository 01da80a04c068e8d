"""How a command runs: one event loop, signals that end it in order, errors as one sentence and an exit code."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec

import click
import psycopg
from psycopg_pool import PoolTimeout

from orderdesk.commands.plain import safe
from orderdesk.domain.errors import OrderDeskError
from orderdesk.observability.tracing import finish_tracing, prepare_tracing
from orderdesk.settings import Settings, load_settings, process_environment

if TYPE_CHECKING:
    from orderdesk.bootstrap import House

P = ParamSpec("P")
Body = Callable[P, Coroutine[Any, Any, None]]

# What a shell expects of a program that was told to end: 128 and the number of the signal.
INTERRUPTED = 128 + signal.SIGINT


def command(body: Body[P]) -> Callable[P, None]:
    """Run a command's coroutine; an error becomes one sentence on stderr and an exit code (2: yours to mend)."""
    return _runs(body, lasting=False)


def lasting_command(body: Body[P]) -> Callable[P, None]:
    """The same for a command that runs until it is told to stop: ending it is no failure, and exits 0."""
    return _runs(body, lasting=True)


@asynccontextmanager
async def open_desk() -> AsyncGenerator[House]:
    """The house over a migrated database, as the settings say."""
    from orderdesk.bootstrap import (
        open_house,
    )  # takes a second to load: wrong settings and --help need not wait

    async with open_house(load_settings()) as house:
        yield house


def settings() -> Settings:
    """The settings in force."""
    return load_settings()


def _runs(body: Body[P], *, lasting: bool) -> Callable[P, None]:
    @wraps(body)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        debug = bool(click.get_current_context().find_root().obj)
        _log_to_stderr(debug, lasting)
        try:
            prepare_tracing(process_environment())
            try:
                received = asyncio.run(_until_told_to_stop(body(*args, **kwargs)))
            finally:
                finish_tracing(process_environment())
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None
        except Exception as error:
            if debug or isinstance(error, BrokenPipeError | click.ClickException):
                raise  # click ends quietly when whoever read our output has gone
            sentence, code = _explained(error)
            click.echo(safe(f"orderdesk: {sentence}"), err=True)
            raise SystemExit(code) from None
        if received is not None and not (lasting and received is not signal.SIGINT):
            raise SystemExit(128 + received)

    return run


async def _until_told_to_stop(work: Coroutine[Any, Any, None]) -> signal.Signals | None:
    """Run the coroutine; a signal cancels it, so that it closes what it opened. Returns the signal, if any.

    A second Ctrl-C ends at once, whatever is left behind: the next command clears it up.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    received: list[signal.Signals] = []

    def stop(number: signal.Signals) -> None:
        received.append(number)
        loop.remove_signal_handler(number)
        if len(received) == 1:
            task.cancel()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup and the like mean what they say
            loop.add_signal_handler(number, stop, number)
    try:
        await task
    except asyncio.CancelledError:
        if not received:
            raise
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
    return received[0] if received else None


def _explained(error: Exception) -> tuple[str, int]:
    """What happened and what to do, in one sentence; and the exit code."""
    match error:
        case OrderDeskError():
            return " ".join(str(error).split()), error.exit_code
        case PoolTimeout() | psycopg.OperationalError():
            why = " ".join(str(error).split())[:300]
            return f"The database went away ({why}): run the same again, nothing is lost or done twice.", 1
        case psycopg.Error():
            why = " ".join(str(error).split())[:300]
            return f"The database refused ({why}): check the rights of its user in DATABASE_URL.", 1
        case OSError():
            where = f"{error.filename}: " if error.filename else ""
            return f"{where}{error.strerror or error}: check that it is there and may be used.", 2
        case _:
            why = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            return f"This should not happen ({why}): run it again with `orderdesk --debug` and report it.", 1


def _log_to_stderr(debug: bool, lasting: bool) -> None:
    """A desk that runs for days says what goes wrong, a line each; tracebacks are for --debug."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s") if debug else _OneLine())
    level = logging.INFO if debug else logging.WARNING if lasting else logging.CRITICAL
    logging.basicConfig(level=level, handlers=[handler])


class _OneLine(logging.Formatter):
    """A record on one line, with an error's own words in place of its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        error = record.exc_info[1] if record.exc_info else None
        why = f" ({type(error).__name__}: {error})" if error else ""
        return safe(f"orderdesk: {record.getMessage()}{why}")
