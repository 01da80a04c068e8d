"""Fixtures that every kind of test may use; and no test reaches a model that it did not set up itself."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from checkpoints.embedded import EmbeddedPostgres
from tests.support.postgres import (
    DEMO_TEMPLATE,
    FAST,
    copy_home,
    fresh_database,
    make_demo_template,
    reachable_folder,
    shared_server,
)
from tools.models.switch import allow_model_requests, forbid_model_requests


def pytest_configure() -> None:
    """Requests to models are impossible unless a test takes the fixture `models_allowed`.

    Whatever the machine has set up for itself is taken away, for this process and for those it starts. An empty
    list, not an absent one: a `.env` beside the repository cannot bring models back.
    """
    for name in [name for name in os.environ if name.startswith(("OPENAI_", "AZURE_OPENAI_"))]:
        del os.environ[name]
    os.environ["ORDERDESK_MODELS"] = "[]"
    forbid_model_requests()


@pytest.fixture
def models_allowed() -> Generator[None]:
    """This test may send requests to models; it brings a server of its own."""
    with allow_model_requests():
        yield


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """One embedded Postgres for the whole test session, shared by its parallel workers."""
    base = tmp_path_factory.getbasetemp()
    with shared_server(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) as url:
        yield url


@pytest.fixture
def database_url(postgres_url: str) -> Generator[str]:
    """A fresh database with all migrations applied."""
    with fresh_database(postgres_url) as url:
        yield url


@pytest.fixture
def demo_url(postgres_url: str) -> Generator[str]:
    """A fresh database that holds the demo company's master data."""
    make_demo_template(postgres_url)
    with fresh_database(postgres_url, DEMO_TEMPLATE) as url:
        yield url


@pytest.fixture(scope="session")
def made_home() -> Generator[Path]:
    """The home of an embedded server that was started once and stopped, to be copied."""
    with reachable_folder() as folder:
        server = EmbeddedPostgres(folder / "home", settings=FAST, shelter=folder)
        server.start()
        server.stop()
        yield server.home


@pytest.fixture
def postgres_server(made_home: Path) -> Generator[EmbeddedPostgres]:
    """A server of the test's own, not started yet, that it may kill; stopped afterwards."""
    with reachable_folder() as folder:
        copy_home(made_home, folder / "home")
        server = EmbeddedPostgres(folder / "home", settings=FAST, shelter=folder)
        try:
            yield server
        finally:
            server.stop()
