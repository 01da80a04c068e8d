"""Fixtures of the chaos tests."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.chaos.fault_server import demo_home_made
from tests.support.zygote import Zygote


@pytest.fixture(scope="session")
def demo_home(made_home: Path) -> Generator[Path]:
    """The home of a stopped server that holds the demo company, to be copied for a test that starves or kills it."""
    making = demo_home_made(made_home)
    with ThreadPoolExecutor(1) as thread:  # it runs an event loop of its own
        home = thread.submit(making.__enter__).result()
        try:
            yield home
        finally:
            thread.submit(making.__exit__, None, None, None).result()


@pytest.fixture(scope="session")
async def shared_zygote() -> AsyncGenerator[Zygote]:
    """One zygote for all tests: its imports are most of what a short test costs."""
    async with Zygote(models=True) as zygote:
        yield zygote


@pytest.fixture
async def zygote(shared_zygote: Zygote) -> AsyncGenerator[Zygote]:
    """The zygote; what a test leaves running ends with it, and what they said is shown where the test fails."""
    before = len(shared_zygote.children)
    yield shared_zygote
    for child in shared_zygote.children[before:]:
        child.kill()
        await child.wait()
        print(f"--- {child} said:\n{child.said()}")
