"""Named SQL statements, kept in .sql files beside the code that uses them.

A file is a row of blocks, each `-- name: place_order`, then comment lines that describe it, then one
statement in psycopg's style with `%(name)s` parameters.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import LiteralString, cast

from orderdesk.domain.errors import OrderDeskError

HEADER = re.compile(r"--\s*name:(.*)")
NAME = re.compile(r"[a-z][a-z0-9_]*")


class QueryFileError(OrderDeskError):
    """A .sql file is missing, or is not a row of named statements."""


@dataclass(frozen=True)
class Query:
    """One statement and the comment that stands above it."""

    name: str
    text: LiteralString
    description: str


class Queries(Mapping[str, "LiteralString"]):
    """The statements of one file: `queries.place_order` or `queries["place_order"]` is the SQL.

    An unknown name raises AttributeError or KeyError, naming the file and the nearest known name.
    """

    def __init__(self, source: str, queries: Mapping[str, Query]) -> None:
        self._source = source
        self._queries = dict(queries)

    def __getitem__(self, name: str) -> LiteralString:
        if name not in self._queries:
            raise KeyError(self._unknown(name))
        return self._queries[name].text

    def __getattr__(self, name: str) -> LiteralString:
        queries: dict[str, Query] = self.__dict__.get("_queries", {})
        if name not in queries:
            raise AttributeError(self._unknown(name) if queries else name)
        return queries[name].text

    def __iter__(self) -> Iterator[str]:
        return iter(self._queries)

    def __len__(self) -> int:
        return len(self._queries)

    def description(self, name: str) -> str:
        """The comment above a statement, in one line."""
        if name not in self._queries:
            raise KeyError(self._unknown(name))
        return self._queries[name].description

    def _unknown(self, name: str) -> str:
        near = difflib.get_close_matches(name, self._queries, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; it has {', '.join(self._queries)}."
        return f"{self._source} has no statement {name!r}{hint}"


@cache
def load_queries(package: str, file: str) -> Queries:
    """The named statements of `file` in `package`, such as ("orderdesk.review", "queries.sql").

    Raises QueryFileError if the file is missing, names a statement twice, or holds SQL without a name.
    """
    source = f"{package}/{file}"
    try:
        text = (resources.files(package) / file).read_text(encoding="utf-8")
    except (FileNotFoundError, ModuleNotFoundError) as error:
        raise QueryFileError(f"There is no file {source}: check its name and that it is packaged.") from error
    return Queries(source, parse_queries(source, text))


def parse_queries(source: str, text: str) -> dict[str, Query]:
    """The statements of a .sql text, by name; `source` is what errors call it."""
    blocks: dict[str, list[str]] = {}
    block: list[str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.fullmatch(line.strip()):
            name = header[1].strip()
            if not NAME.fullmatch(name):
                raise QueryFileError(f"{source} line {number}: {name!r} is not a name (a-z, 0-9 and _).")
            if name in blocks:
                raise QueryFileError(f"{source} line {number}: the name {name!r} is used twice.")
            block = blocks[name] = []
        elif block is not None:
            block.append(line)
        elif line.strip() and not line.strip().startswith("--"):
            raise QueryFileError(f"{source} line {number}: SQL before the first `-- name:` line.")
    return {name: _query(source, name, lines) for name, lines in blocks.items()}


def _query(source: str, name: str, lines: list[str]) -> Query:
    comments: list[str] = []
    statement: list[str] = []
    for line in lines:
        bare = line.strip()
        if not bare.startswith("--"):
            statement.append(line.rstrip())
        elif not any(statement):
            comments.append(bare.lstrip("-").strip())
        # A comment line inside the statement is dropped: psycopg would read a % in it as a parameter.
    text = "\n".join(statement).strip()
    if not text:
        raise QueryFileError(f"{source}: the statement {name!r} is empty.")
    # Safe to call literal: the text is a file of our own package, never something put together at run time.
    return Query(name, cast("LiteralString", text), " ".join(c for c in comments if c))
