"""How a command runs: settings once, one event loop, errors as one sentence and an exit code."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec

import click

from orderdesk.domain.errors import OrderDeskError
from orderdesk.observability.tracing import finish_tracing, prepare_tracing
from orderdesk.settings import Settings, load_settings, process_environment

P = ParamSpec("P")


def command(body: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a command's coroutine; an error of ours becomes one sentence on stderr and its exit code."""

    @wraps(body)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        debug = bool(click.get_current_context().find_root().obj)
        logging.basicConfig(level=logging.INFO if debug else logging.CRITICAL, stream=sys.stderr)
        try:
            prepare_tracing(process_environment())
            asyncio.run(body(*args, **kwargs))
        except OrderDeskError as error:
            if debug:
                raise
            click.echo(f"orderdesk: {error}", err=True)
            _leave(error.exit_code)
        except OSError as error:
            if debug:
                raise
            click.echo(
                f"orderdesk: {error.strerror or error} ({error.filename or 'no file named'})", err=True
            )
            _leave(2)
        except KeyboardInterrupt:
            _leave(130)
        finally:
            finish_tracing(process_environment())

    return run


def settings() -> Settings:
    """The settings in force."""
    return load_settings()


def _leave(code: int) -> None:
    sys.stdout.flush()
    raise SystemExit(code)
