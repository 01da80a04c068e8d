"""A worker under cProfile, and where its time goes: by package, and by the functions that take most of it themselves."""

from __future__ import annotations

import cProfile
import pstats
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any, cast

from rich.console import Console
from rich.table import Table

from checkpoints.pools import connect
from orderdesk.cli import main
from tests.bench.place import PLAIN, Place, registered, settled
from tests.bench.waiting import Orders, put_in
from tests.support.zygote import Zygote

SHOWN = 15
_ROOT = Path(__file__).resolve().parents[2]
_OURS = ("agents", "checkpoints", "graphs", "orderdesk", "tools")


def worker(written_to: str) -> None:
    """`orderdesk worker` until it is told to stop, its profile written down at the end."""
    # By the CPU time of the event loop's thread: waiting counts nothing, nor do other programs on this machine.
    profiler = cProfile.Profile(time.thread_time)
    try:
        profiler.runcall(main, ["worker"], prog_name="orderdesk", standalone_mode=False)
    finally:
        profiler.dump_stats(written_to)


async def profiled_worker(there: Place, zygote: Zygote, backlog: Orders) -> pstats.Stats:
    """The profile of one worker that works off a backlog, its start included."""
    written_to = there.folder / "worker.profile"
    with there.database() as url:
        environment = {**PLAIN, "DATABASE_URL": url, "ORDERDESK_HOME": str(there.home)}
        async with await connect(url) as connection:
            child = await zygote.start("tests.bench.profiled:worker", environment, written_to=str(written_to))
            await registered(connection, 1)
            await settled(connection, await put_in(connection, backlog))
            child.terminate()
            await child.wait()
    return pstats.Stats(str(written_to))


def print_profile(stats: pstats.Stats, orders: int, console: Console) -> None:
    """Shares of packages, then the dearest functions. A profiled run is slower than a real one: shares count."""
    found = cast("dict[tuple[str, int, str], Any]", vars(stats)["stats"])
    spent: Counter[str] = Counter()
    dearest: list[tuple[float, int, str, str]] = []
    for key, (_, calls, own, _whole, callers) in found.items():
        package = _package(key)
        if package is not None:
            spent[package] += own
        else:  # written in C: whoever called it has it
            for caller, (_, _, theirs, _) in callers.items():
                spent[_package(caller) or "Python itself"] += theirs
        dearest.append((own, calls, package or _callers(callers), _name(key)))
    whole = sum(spent.values())
    packages = Table("package", title="Where a worker's CPU goes (profiled)", title_justify="left")
    for heading in ("own ms per order", "share"):
        packages.add_column(heading, justify="right")
    for package, seconds in spent.most_common(SHOWN):
        packages.add_row(package, f"{seconds * 1000 / orders:.1f}", f"{seconds / whole:.0%}")
    console.print(packages)
    functions = Table("function", "of", title="The dearest functions", title_justify="left")
    for heading in ("calls per order", "own ms per order"):
        functions.add_column(heading, justify="right")
    for own, calls, package, name in sorted(dearest, reverse=True)[:SHOWN]:
        functions.add_row(name, package, f"{calls / orders:.0f}", f"{own * 1000 / orders:.2f}")
    console.print(functions)


def _package(key: tuple[str, int, str]) -> str | None:
    """What a function belongs to: ours by folder, others by distribution; None for what is built in."""
    path, _, name = key
    if path == "~":
        known = re.search(r"(psycopg_binary|pydantic_core|ormsgpack|lxml)", name)
        return (
            {"psycopg_binary": "psycopg", "pydantic_core": "pydantic"}.get(known[1], known[1])
            if known
            else None
        )
    parts = Path(path).parts
    if "site-packages" in parts:
        package = parts[parts.index("site-packages") + 1].removesuffix(".py")
        return {"psycopg_pool": "psycopg", "psycopg_binary": "psycopg", "pydantic_core": "pydantic"}.get(
            package, package
        )
    try:
        top = Path(path).resolve().relative_to(_ROOT).parts[0]
    except ValueError:
        return "asyncio" if "asyncio" in parts else "Python itself"
    return f"ours: {top}" if top in _OURS else "Python itself"


def _callers(callers: dict[tuple[str, int, str], Any]) -> str:
    """Who calls a built-in function most."""
    most = max(callers.items(), key=lambda item: item[1][2], default=None)
    return f"called by {_package(most[0]) or 'Python itself'}" if most else "Python itself"


def _name(key: tuple[str, int, str]) -> str:
    path, line, function = key
    return f"{'/'.join(Path(path).parts[-2:])}:{line} {function}" if line else function
