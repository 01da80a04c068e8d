"""Imports a folder of master-data CSV files: one transaction, upsert by key, nothing kept on error."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import LiteralString

from psycopg import sql

from checkpoints.pools import Connection, LazyPool, Pool
from checkpoints.queries import load_queries
from orderdesk.domain.errors import MasterDataError
from tools.master.columns import FileSpec, Reference
from tools.master.csv_files import NOTHING_KEPT, Rows, read_folder
from tools.master.derived import DERIVED, STORED_TYPES

SQL = load_queries("tools.master", "import.sql")


@dataclass(frozen=True)
class FileCount:
    """What one file brought; rows that are neither inserted nor updated say what was known already."""

    file: str
    rows: int
    inserted: int
    updated: int


@dataclass(frozen=True)
class ImportReport:
    """What an import did; `warnings` are oddities that were kept, for a person to look at."""

    files: tuple[FileCount, ...]
    warnings: tuple[str, ...]
    version: int
    seconds: float


async def import_folder(
    pool: Pool | LazyPool, folder: Path, *, on_file: Callable[[FileCount], None] | None = None
) -> ImportReport:
    """Load every known CSV file of a folder; `on_file` hears of each as it is loaded (not yet committed).

    A column that a file does not have is left as it was; an empty cell makes the value unknown. Rows that are
    not in the file are kept. Raises MasterDataError naming file, line, column and what was expected; then
    nothing of the whole folder is kept.
    """
    started = perf_counter()
    files, warnings = await asyncio.to_thread(read_folder, folder)
    counts: list[FileCount] = []
    async with pool.connection() as connection, connection.transaction():
        cursor = await connection.execute(SQL.bump_version)
        row = await cursor.fetchone()
        assert row is not None
        for rows in files:
            warnings += rows.warnings
            count, odd = await _load(connection, rows)
            warnings += odd
            counts.append(count)
            if on_file:
                on_file(count)
    return ImportReport(tuple(counts), tuple(warnings), row["version"], perf_counter() - started)


# The statements below are put together from columns.py alone, identifiers quoted; values go through COPY.


async def _load(connection: Connection, rows: Rows) -> tuple[FileCount, list[str]]:
    spec = rows.spec
    stored = await _copy(connection, rows)
    if spec.table == "price":
        await _settle_price_units(connection)
    for reference in spec.references:
        if not reference.only_warn:
            await _refuse_unknown(connection, spec, reference)
    inserted, updated = await _upsert(connection, spec, stored)
    warnings = [
        warning
        for reference in spec.references
        if reference.only_warn and reference.column in stored
        for warning in await _warn_unknown(connection, spec, reference)
    ]
    # Fresh statistics: the first orders after a big first import must not wait for autovacuum.
    await connection.execute(sql.SQL("analyze {}").format(sql.Identifier(spec.table)), prepare=False)
    return FileCount(spec.file, len(rows.values), inserted, updated), warnings


def _staging(spec: FileSpec) -> sql.Identifier:
    return sql.Identifier(f"import_{spec.table}")


async def _copy(connection: Connection, rows: Rows) -> list[str]:
    """The rows into a temporary table, with the line each stands on; returns the table's columns."""
    names = [column.name for column in rows.columns]
    derived = [(d, names.index(d.source)) for d in DERIVED.get(rows.spec.table, ()) if d.source in names]
    types: dict[str, LiteralString] = {}
    types.update((column.name, STORED_TYPES[column.type]) for column in rows.columns)
    types.update((d.name, d.type) for d, _ in derived)
    typed = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(type)) for name, type in types.items()]
    staging = _staging(rows.spec)
    create = sql.SQL("create temp table {} (line integer, {}) on commit drop").format(
        staging, sql.SQL(", ").join(typed)
    )
    await connection.execute(create, prepare=False)
    async with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL("copy {} from stdin").format(staging)) as copy,
    ):
        for line, values in zip(rows.lines, rows.values, strict=True):
            await copy.write_row([line, *values, *(d.derive(values[i]) for d, i in derived)])
    return list(types)


async def _upsert(connection: Connection, spec: FileSpec, stored: list[str]) -> tuple[int, int]:
    changed = [sql.Identifier(name) for name in stored if name not in spec.key]
    table = sql.Identifier(spec.table)
    # A row that says what is known already is left alone: a nightly export changes few of its rows.
    update = (
        sql.SQL("do update set {} where ({}) is distinct from ({})").format(
            sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(name) for name in changed),
            sql.SQL(", ").join(sql.SQL("{}.{}").format(table, name) for name in changed),
            sql.SQL(", ").join(sql.SQL("excluded.{}").format(name) for name in changed),
        )
        if changed
        else sql.SQL("do nothing")
    )
    # xmax is 0 in a row that this statement inserted, and set in one that it updated
    statement = sql.SQL(
        "with done as (insert into {table} ({columns}) select {columns} from {staging} order by line "
        "on conflict ({key}) {update} returning (xmax = 0) as is_new) "
        "select count(*) filter (where is_new) as inserted, count(*) filter (where not is_new) as updated "
        "from done"
    ).format(
        table=table,
        columns=sql.SQL(", ").join(map(sql.Identifier, stored)),
        staging=_staging(spec),
        key=sql.SQL(", ").join(map(sql.Identifier, spec.key)),
        update=update,
    )
    row = await (await connection.execute(statement, prepare=False)).fetchone()
    assert row is not None
    return row["inserted"], row["updated"]


async def _refuse_unknown(connection: Connection, spec: FileSpec, reference: Reference) -> None:
    for line, value in await _unknown(connection, spec, reference, limit=1):
        raise MasterDataError(
            f"{spec.file} line {line}, column {reference.column}: '{value}' is not known; expected a "
            f"{reference.target} of this import or of an earlier one. {NOTHING_KEPT}"
        )


async def _warn_unknown(connection: Connection, spec: FileSpec, reference: Reference) -> list[str]:
    found = await _unknown(connection, spec, reference, limit=5)
    return [
        f"{spec.file} line {line}, column {reference.column}: '{value}' is not in the catalogue; kept"
        for line, value in found
    ]


async def _unknown(
    connection: Connection, spec: FileSpec, reference: Reference, *, limit: int
) -> list[tuple[int, str]]:
    statement = sql.SQL(
        "select t.line, t.{column} as value from {staging} t left join {table} r on r.{target} = t.{column} "
        "where t.{column} is not null and r.{target} is null order by t.line limit {limit}"
    ).format(
        column=sql.Identifier(reference.column),
        staging=_staging(spec),
        table=sql.Identifier(reference.table),
        target=sql.Identifier(reference.target),
        limit=sql.Literal(limit),
    )
    cursor = await connection.execute(statement, prepare=False)
    return [(row["line"], row["value"]) for row in await cursor.fetchall()]


async def _settle_price_units(connection: Connection) -> None:
    await connection.execute(SQL.fill_price_units, prepare=False)
    row = await (await connection.execute(SQL.first_repeated_price, prepare=False)).fetchone()
    if row:
        raise MasterDataError(
            f"prices.csv line {row['line']}, column uom: the same price stands on line {row['first_line']} "
            f"already; expected one row for each customer, article, unit, quantity and start. {NOTHING_KEPT}"
        )
    await _refuse_unknown(connection, _PRICES, _PRICED_PRODUCT)
    row = await (await connection.execute(SQL.first_price_without_unit, prepare=False)).fetchone()
    if row:
        raise MasterDataError(
            f"prices.csv line {row['line']}, column uom: it is empty and {row['sku']} has no base unit; "
            f"expected a unit code, like EA. {NOTHING_KEPT}"
        )


_PRICES = FileSpec("prices.csv", "price", ())
_PRICED_PRODUCT = Reference("sku", "product", "sku")
