"""Named SQL statements: what a file may look like, and what is refused."""

from __future__ import annotations

import pytest

from checkpoints.queries import Queries, QueryFileError, load_queries, parse_queries

TEXT = """
-- Statements of the order system.
-- name: place_order
-- Books an order.
--
-- Once: the key says so.
insert into orders (key)
-- 100% of them
values (%(key)s)
on conflict do nothing

--name:all_orders
select * from orders
"""


def queries(text: str) -> Queries:
    return Queries("orders.sql", parse_queries("orders.sql", text))


def test_a_statement_is_found_by_attribute_and_by_key() -> None:
    found = queries(TEXT)
    assert found.all_orders == found["all_orders"] == "select * from orders"
    assert list(found) == ["place_order", "all_orders"]
    assert found.description("place_order") == "Books an order. Once: the key says so."
    assert found.description("all_orders") == ""


def test_comments_never_reach_the_database() -> None:
    assert queries(TEXT).place_order == ("insert into orders (key)\nvalues (%(key)s)\non conflict do nothing")


def test_an_unknown_name_names_the_file_and_the_nearest_one() -> None:
    found = queries(TEXT)
    with pytest.raises(AttributeError, match=r"orders.sql has no statement 'place_oder'.*'place_order'"):
        _ = found.place_oder
    with pytest.raises(KeyError, match=r"place_order, all_orders"):
        _ = found["zzz"]
    with pytest.raises(KeyError, match="zzz"):
        found.description("zzz")
    assert not hasattr(found, "zzz")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("-- name: a\nselect 1\n-- name: a\nselect 2", r"line 3: the name 'a' is used twice"),
        ("-- name: a b\nselect 1", r"line 1: 'a b' is not a name"),
        ("-- name:\nselect 1", r"'' is not a name"),
        ("select 1\n-- name: a\nselect 2", r"line 1: SQL before the first"),
        ("-- name: a\n-- only a comment", r"'a' is empty"),
    ],
)
def test_a_wrong_file_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(QueryFileError, match=complaint):
        queries(text)


def test_files_of_packages() -> None:
    assert "applied" in load_queries("checkpoints", "migrations.sql")
    for package, file in (("checkpoints", "nothing.sql"), ("no_such_package", "queries.sql")):
        with pytest.raises(QueryFileError, match=rf"no file {package}/{file}"):
            load_queries(package, file)
