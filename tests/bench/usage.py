"""What a stretch of work has used: CPU of workers and of Postgres, of the whole machine, and commits."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

from checkpoints.pools import Connection
from tests.bench.place import rows

CORES = psutil.cpu_count() or 1


@dataclass(frozen=True)
class Usage:
    """Readings at one moment, or their difference: seconds, and counts of the server since it was made."""

    at_s: float
    workers_s: float
    postgres_s: float
    machine_s: float
    written: float
    transactions: float
    flushes: float

    def __sub__(self, before: Usage) -> Usage:
        return Usage(*(now - then for now, then in zip(self._all, before._all, strict=True)))

    @property
    def _all(self) -> tuple[float, ...]:
        return (
            self.at_s, self.workers_s, self.postgres_s, self.machine_s, self.written, self.transactions, self.flushes
        )  # fmt: skip


async def usage(connection: Connection, postmaster: int, workers: Iterable[int]) -> Usage:
    """The readings now; `workers` are process ids."""
    (counted,) = await rows(connection, "counters")
    return Usage(
        at_s=time.perf_counter(),
        workers_s=sum(_tree_s(pid) for pid in workers),
        postgres_s=_tree_s(postmaster),
        machine_s=_machine_s(),
        written=counted["written"],
        transactions=counted["transactions"],
        flushes=counted["flushes"],
    )


def _tree_s(pid: int) -> float:
    """CPU seconds of a process, of its children, and of those that have ended already."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        own = process.cpu_times()
        ended = getattr(own, "children_user", 0.0) + getattr(own, "children_system", 0.0)
        return own.user + own.system + ended + sum(_tree_s(child.pid) for child in process.children())
    return 0.0


def _machine_s() -> float:
    """CPU seconds of everything that runs on this machine, in every core."""
    times = psutil.cpu_times()
    return times.user + times.system + getattr(times, "nice", 0.0) + getattr(times, "softirq", 0.0)


def middle(values: Iterable[float], share: float = 0.5) -> float:
    """The smallest value that `share` of them do not exceed."""
    ranked = sorted(values)
    return ranked[max(0, -(-round(len(ranked) * share * 1000) // 1000) - 1)]
