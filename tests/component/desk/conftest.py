"""The desk over a database: one house for most tests, as its parts take a second to start."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from starlette.types import ASGIApp

from orderdesk.bootstrap import House
from tests.component.desk.scene import Visitor, a_house, an_app, with_company
from tests.support.postgres import fresh_database


@pytest_asyncio.fixture(scope="session")
async def house(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[House]:
    """A house with the demo company; tests bring orders of their own and leave those of others alone."""
    with fresh_database(postgres_url) as url:
        house = await with_company(a_house(url, tmp_path_factory.mktemp("desk")))
        try:
            yield house
        finally:
            await house.close()


@pytest_asyncio.fixture
async def empty_house(database_url: str, tmp_path: Path) -> AsyncGenerator[House]:
    """A house nothing has happened in."""
    house = a_house(database_url, tmp_path)
    try:
        yield house
    finally:
        await house.close()


@pytest.fixture(scope="session")
def app(house: House) -> ASGIApp:
    """The desk of the shared house."""
    return an_app(house)


@pytest_asyncio.fixture
async def visitor(app: ASGIApp) -> AsyncGenerator[Visitor]:
    """Somebody nobody knows."""
    async with Visitor(app) as visitor:
        yield visitor


@pytest_asyncio.fixture
async def clerk(app: ASGIApp) -> AsyncGenerator[Visitor]:
    """Anna, a clerk, signed in."""
    async with Visitor(app) as visitor:
        yield await visitor.sign_in("anna")
