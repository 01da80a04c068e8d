"""The double and a connection to it; `pytest tests/faults --fault-table` prints the suites' tables at its end."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Generator

import httpx2
import pytest

from tests.support.chat_double import ChatDouble, chat_double

HEAD = ("fault", "scope", "ended at", "primary", "breaker", "alternative", "breaker", "the pinned client")
PROPERTY = "fault"
# A suite's own table, as its tests record it.
REPORT = "report"


@pytest.fixture(scope="module")
def served_double() -> Generator[ChatDouble]:
    with chat_double() as served:
        yield served


@pytest.fixture
def double(served_double: ChatDouble) -> ChatDouble:
    served_double.reset()
    served_double.responder = None
    served_double.responders.clear()
    return served_double


@pytest.fixture
async def http() -> AsyncGenerator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(timeout=None) as client:
        yield client


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option; without it the tests say no more than others."""
    parser.addoption("--fault-table", action="store_true", help="print where each fault ended")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """A line for each fault and scope, in the order of the table, also where several processes ran them."""
    if not config.getoption("--fault-table", default=False):
        return
    reports = [r for kind in ("passed", "failed") for r in terminalreporter.stats.get(kind, ())]
    for report in reports:
        for name, value in report.user_properties:
            if name == REPORT:
                terminalreporter.write_line(f"\n{value}")
    found = {
        report.nodeid: json.loads(str(value))
        for report in reports
        for name, value in report.user_properties
        if name == PROPERTY
    }
    if not found:
        return
    terminalreporter.section("faults: where a clean order ended, calls sent, breakers afterwards")
    for row in _laid_out([HEAD, *sorted(found.values(), key=_place)]):
        terminalreporter.write_line(row)


def _place(row: list[str]) -> tuple[int, int]:
    """As in the table, whoever ran it and in whatever order."""
    from tests.faults.fault_table import ROWS, SCOPES

    return [known.fault for known in ROWS].index(row[0]), [str(scope) for scope in SCOPES].index(row[1])


def _laid_out(rows: list[tuple[str, ...] | list[str]]) -> list[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEAD))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
