"""Master data for the rules: batched look-ups that cost a case few round trips."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, LiteralString

from pydantic import Field

from checkpoints.pools import Connection, LazyPool, Pool
from checkpoints.queries import load_queries
from orderdesk.domain.base import Value
from orderdesk.domain.master import CreditUse, Customer, PastLine, Price, Product, ShipTo, Stock, SupplierItem
from tools.master import rows
from tools.master.fold import fold_gtin, fold_part, strip_zeros
from tools.master.names import NameIndex
from tools.master.rows import Alias, CustomerSignal, NamedCustomer, Row, Signal

SQL = load_queries("tools.master", "queries.sql")

# Newest first; more than any habit or quantity rule needs. Every order of an account costs the reading of all of them.
MOST_HISTORY_LINES = 1_000


class PartHits(Value):
    """Our articles that stated numbers point to: exactly (folded), without leading zeros, by GTIN."""

    by_number: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    by_stripped: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    by_gtin: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class AccountFacts(Value):
    """What matching needs to know of an account, and which of our articles the stated numbers are."""

    customer: Customer | None = None
    ship_tos: tuple[ShipTo, ...] = ()
    aliases: tuple[Alias, ...] = ()
    history: tuple[PastLine, ...] = ()
    parts: PartHits = PartHits()


class CaseFacts(Value):
    """Everything the pricing, supply and risk rules look up for one order, gathered in one round trip."""

    customer: Customer | None = None
    products: dict[str, Product] = Field(default_factory=dict)
    prices: tuple[Price, ...] = ()
    stock: dict[str, Stock] = Field(default_factory=dict)
    supplier_items: tuple[SupplierItem, ...] = ()
    history: tuple[PastLine, ...] = ()
    ship_tos: tuple[ShipTo, ...] = ()
    credit: CreditUse | None = None


class MasterData:
    """Read access to master data; own orders, reservations and learned aliases are added to it."""

    def __init__(self, pool: Pool | LazyPool) -> None:
        self._pool = pool
        self._names: NameIndex | None = None
        self._loading_names = asyncio.Lock()

    async def version(self) -> int:
        """Grows with every import."""
        return (await self._all(SQL.master_version))[0]["version"]

    async def index_rows(self) -> list[Row]:
        """sku, description, long_description and category of every article, for the search."""
        return await self._all(SQL.index_rows)

    async def products(self, skus: Iterable[str]) -> dict[str, Product]:
        """Articles by their exact SKU; unknown ones are absent."""
        wanted = sorted(set(skus))
        return _products(await self._all(SQL.products, skus=wanted)) if wanted else {}

    async def customer(self, customer_id: str) -> Customer | None:
        """An account by its exact id."""
        return next(iter(await self.customers([customer_id])), None)

    async def customers(self, customer_ids: Iterable[str]) -> tuple[Customer, ...]:
        """Accounts by their exact ids; unknown ones are absent."""
        ids = sorted(set(customer_ids))
        return tuple(map(rows.customer, await self._all(SQL.customers, ids=ids))) if ids else ()

    async def customer_signals(
        self,
        *,
        email: str = "",
        domain: str = "",
        ids: Sequence[str] = (),
        number: str = "",
        tax_id: str = "",
    ) -> tuple[CustomerSignal, ...]:
        """Accounts that stated identifiers point to, in one query; empty identifiers are not looked up.

        `ids` are EDI ids, GLNs or account ids (compared with both); `number` is our account number.
        """
        folded = [f for f in map(fold_part, ids) if f]
        found = await self._all(
            SQL.customers_by_signals,
            email=email.strip().lower() or None,
            domain=domain.strip().lower().lstrip("@") or None,
            ids=folded,
            numbers=[f for f in (fold_part(number), *folded) if f],
            tax_id=fold_part(tax_id) or None,
        )
        return tuple(CustomerSignal(signal=r["signal"], customer_id=r["customer_id"]) for r in found)

    async def customers_by_email(self, email: str) -> tuple[Customer, ...]:
        """Accounts this address, of the account itself or of a contact, belongs to."""
        return await self._signalled("email", await self.customer_signals(email=email))

    async def customers_by_domain(self, domain: str) -> tuple[Customer, ...]:
        """Accounts with this e-mail domain on file."""
        return await self._signalled("domain", await self.customer_signals(domain=domain))

    async def customers_by_edi_id(self, edi_id: str) -> tuple[Customer, ...]:
        """Accounts with this EDI id, GLN or DUNS on file."""
        return await self._signalled("edi", await self.customer_signals(ids=[edi_id]))

    async def customers_by_tax_id(self, tax_id: str) -> tuple[Customer, ...]:
        """Accounts with this tax id on file."""
        return await self._signalled("tax", await self.customer_signals(tax_id=tax_id))

    async def customers_by_account_number(self, number: str) -> tuple[Customer, ...]:
        """Accounts with this number of ours, blanks, dashes and case aside."""
        return await self._signalled("number", await self.customer_signals(number=number))

    async def customers_by_name(self, name: str, limit: int = 5) -> tuple[NamedCustomer, ...]:
        """Accounts whose name is like this one, best first; legal forms and accents do not count."""
        version = await self.version()
        async with self._loading_names:
            if self._names is None or self._names.version != version:
                named = [(r["customer_id"], r["name"]) for r in await self._all(SQL.customer_names)]
                self._names = await asyncio.to_thread(NameIndex, version, named)
        return await asyncio.to_thread(self._names.find, name, limit)

    async def ship_tos(self, customer_id: str) -> tuple[ShipTo, ...]:
        """The delivery addresses of an account."""
        return tuple(map(rows.ship_to, await self._all(SQL.ship_tos, customer_id=customer_id)))

    async def aliases(self, customer_id: str) -> tuple[Alias, ...]:
        """The agreed and the learned part numbers of an account."""
        return tuple(Alias(**r) for r in await self._all(SQL.aliases, customer_id=customer_id))

    async def prices(self, customer_id: str | None, skus: Iterable[str]) -> tuple[Price, ...]:
        """Prices of the account and those for everyone, all periods and quantity steps."""
        found = await self._all(SQL.prices, customer_id=customer_id, skus=sorted(set(skus)))
        return tuple(map(rows.price, found))

    async def stock(self, skus: Iterable[str]) -> dict[str, Stock]:
        """Stock with our own open reservations; articles without a figure are absent (unknown)."""
        return {r["sku"]: rows.stock(r) for r in await self._all(SQL.stock, skus=sorted(set(skus)))}

    async def supplier_items(self, skus: Iterable[str]) -> tuple[SupplierItem, ...]:
        """Who sells us these articles, the cheapest first."""
        return tuple(map(rows.supplier_item, await self._all(SQL.supplier_items, skus=sorted(set(skus)))))

    async def history(self, customer_id: str, since: date | None = None) -> tuple[PastLine, ...]:
        """Lines of the account's earlier orders, newest first; cancelled orders left out."""
        found = await self._all(SQL.history, customer_id=customer_id, since=since, most=MOST_HISTORY_LINES)
        return rows.past_lines(found)

    async def holidays(self, country: str, years: Iterable[int]) -> frozenset[date]:
        """Days on which this country does not deliver; empty where none are loaded."""
        found = await self._all(SQL.holidays, country=country.upper(), years=sorted(set(years)))
        return frozenset(r["date"] for r in found)

    async def credit(self, customer_id: str) -> CreditUse:
        """The value of our own open orders of this account, in its currency."""
        found = await self._all(SQL.credit, customer_id=customer_id)
        return CreditUse(customer_id=customer_id, own_exposure=found[0]["own_exposure"])

    async def account_facts(
        self, customer_id: str | None, *, numbers: Iterable[str] = (), gtins: Iterable[str] = ()
    ) -> AccountFacts:
        """Account, addresses, aliases, history, and the articles that stated numbers are: one round trip."""
        folded = sorted({f for f in map(fold_part, numbers) if f})
        folded_gtins = sorted({f for f in map(fold_gtin, gtins) if f})
        async with self._batch() as batch:
            who = batch.add(SQL.customers, ids=[customer_id] if customer_id else [])
            where = batch.add(SQL.ship_tos, customer_id=customer_id)
            names = batch.add(SQL.aliases, customer_id=customer_id)
            past = batch.add(SQL.history, customer_id=customer_id, since=None, most=MOST_HISTORY_LINES)
            parts = batch.add(SQL.skus_by_number, folded=folded, stripped=[strip_zeros(f) for f in folded])
            coded = batch.add(SQL.skus_by_gtin, gtins=folded_gtins)
        return AccountFacts(
            customer=next(map(rows.customer, batch[who]), None),
            ship_tos=tuple(map(rows.ship_to, batch[where])),
            aliases=tuple(Alias(**r) for r in batch[names]),
            history=rows.past_lines(batch[past]),
            parts=PartHits(
                by_number=_grouped(batch[parts], "sku_folded"),
                by_stripped=_grouped(batch[parts], "sku_stripped"),
                by_gtin=_grouped(batch[coded], "gtin_folded"),
            ),
        )

    async def case_facts(self, customer_id: str | None, skus: Iterable[str]) -> CaseFacts:
        """Everything pricing, supply and risk look up for an order of these articles: one round trip."""
        wanted = sorted(set(skus))
        async with self._batch() as batch:
            who = batch.add(SQL.customers, ids=[customer_id] if customer_id else [])
            what = batch.add(SQL.products, skus=wanted)
            cost = batch.add(SQL.prices, customer_id=customer_id, skus=wanted)
            shelf = batch.add(SQL.stock, skus=wanted)
            bought = batch.add(SQL.supplier_items, skus=wanted)
            past = batch.add(SQL.history, customer_id=customer_id, since=None, most=MOST_HISTORY_LINES)
            where = batch.add(SQL.ship_tos, customer_id=customer_id)
            owed = batch.add(SQL.credit, customer_id=customer_id)
        exposure = batch[owed][0]["own_exposure"]
        return CaseFacts(
            customer=next(map(rows.customer, batch[who]), None),
            products=_products(batch[what]),
            prices=tuple(map(rows.price, batch[cost])),
            stock={r["sku"]: rows.stock(r) for r in batch[shelf]},
            supplier_items=tuple(map(rows.supplier_item, batch[bought])),
            history=rows.past_lines(batch[past]),
            ship_tos=tuple(map(rows.ship_to, batch[where])),
            credit=CreditUse(customer_id=customer_id, own_exposure=exposure) if customer_id else None,
        )

    async def _signalled(self, signal: Signal, found: Sequence[CustomerSignal]) -> tuple[Customer, ...]:
        return await self.customers(f.customer_id for f in found if f.signal == signal)

    async def _all(self, query: LiteralString, **parameters: Any) -> list[Row]:
        async with self._pool.connection() as connection:
            return await (await connection.execute(query, parameters)).fetchall()

    @asynccontextmanager
    async def _batch(self) -> AsyncGenerator[_Batch]:
        """Collects statements in its block, then sends them together; results are there after the block."""
        batch = _Batch()
        yield batch
        async with self._pool.connection() as connection:
            await batch.run(connection)


class _Batch:
    """Statements that go to the database in one pipeline."""

    def __init__(self) -> None:
        self._statements: list[tuple[LiteralString, dict[str, Any]]] = []
        self._results: list[list[Row]] = []

    def add(self, query: LiteralString, **parameters: Any) -> int:
        """The place of the statement's result."""
        self._statements.append((query, parameters))
        return len(self._statements) - 1

    def __getitem__(self, place: int) -> list[Row]:
        return self._results[place]

    async def run(self, connection: Connection) -> None:
        """Send all, then fetch all."""
        async with connection.pipeline():
            cursors = [await connection.execute(query, values) for query, values in self._statements]
        self._results = [await cursor.fetchall() for cursor in cursors]


def _products(found: list[Row]) -> dict[str, Product]:
    return {row["sku"]: rows.product(row) for row in found}


def _grouped(found: list[Row], column: str) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for row in found:
        groups[row[column]] = (*groups.get(row[column], ()), row["sku"])
    return groups
