"""Fixtures for the tests of the command line: commands over one shared database that holds the demo company."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest

from tests.support.commands import Commands
from tests.support.postgres import DEMO_TEMPLATE, fresh_database, make_demo_template, reachable_folder


@pytest.fixture(scope="session")
def orderdesk(postgres_url: str) -> Generator[Commands]:
    """Commands over a database of their own, shared by these tests: each brings messages nobody else has."""
    make_demo_template(postgres_url)
    with fresh_database(postgres_url, DEMO_TEMPLATE) as url, reachable_folder() as folder:
        _fill_the_shelves(url)
        home = folder / "home"
        commands = Commands(folder, {"DATABASE_URL": url, "ORDERDESK_HOME": str(home)})
        try:
            yield commands
        finally:
            commands.close()


def _fill_the_shelves(url: str) -> None:
    """Stock, credit and habits for all the orders of these tests, which share them."""
    with psycopg.connect(url) as connection:
        connection.execute("update stock set on_hand = 1000000")
        connection.execute("update customer set credit_limit = 100000000 where customer_id = 'C1001'")
        connection.execute(
            "insert into order_history (customer_id, order_number, order_date, sku, quantity, uom) "
            "select 'C1001', 'OLD-' || n, date '2026-01-05', 'FST-10310', 10000 * n, 'EA' "
            "from generate_series(1, 5) n"
        )


@pytest.fixture
def folder() -> Generator[Path]:
    """A folder for a test's own files, which any user may enter."""
    with reachable_folder() as path:
        yield path


class Tables:
    """A look into the database behind the commands."""

    def __init__(self, url: str) -> None:
        self._url = url

    def count(self, table: str) -> int:
        """Rows of a table, or of a table with a condition, named by the test itself."""
        return int(self.value(f"select count(*) from {table}"))  # type: ignore[arg-type]

    def value(self, query: str) -> object:
        """The one value a query gives."""
        with psycopg.connect(self._url) as connection:
            row = connection.execute(query).fetchone()  # type: ignore[arg-type]
        assert row is not None
        return row[0]

    def counts(self) -> dict[str, int]:
        """Rows of everything a message may leave behind."""
        tables = ("message", "message_document", "cases", "decision_log", "effect", "sales_order", "review")
        return {table: self.count(table) for table in (*tables, "review_decision", "checkpoints")}


@pytest.fixture
def tables(orderdesk: Commands) -> Tables:
    """A look into the shared database."""
    return Tables(orderdesk.environment["DATABASE_URL"])
