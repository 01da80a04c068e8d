"""The import: what it takes, what it refuses and how it says so, and that nothing is kept on error."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from checkpoints.pools import Pool, open_pool
from orderdesk.domain.errors import MasterDataError
from tools.master.importer import FileCount, import_folder
from tools.master.repository import MasterData

PRODUCTS = (
    "sku,description,base_uom,pack_uom,pack_size,list_price,currency\n"
    "A-1,Bolt,EA,BX,50,1.50,USD\n"
    "A-2,Nut,EA,,,0.2,USD\n"
)
CUSTOMERS = (
    "customer_id,name,email_domains,emails\n"
    "C1,Harlan Inc.,harlan.example,Buy@Harlan.example;po@harlan.example\n"
)
ALIASES = "customer_id,customer_ref,sku\nC1,x,A-1\n"


@pytest_asyncio.fixture
async def pool(database_url: str) -> AsyncGenerator[Pool]:
    pool = await open_pool(database_url, min_size=1, max_size=3)
    yield pool
    await pool.close()


def folder_of(path: Path, **files: str | bytes) -> Path:
    for name, text in files.items():
        content = text if isinstance(text, bytes) else text.encode()
        (path / f"{name}.csv").write_bytes(content)
    return path


async def refusal(pool: Pool, folder: Path) -> str:
    with pytest.raises(MasterDataError) as caught:
        await import_folder(pool, folder)
    return str(caught.value)


async def test_a_product_file_alone_is_enough(pool: Pool, tmp_path: Path) -> None:
    heard: list[FileCount] = []
    report = await import_folder(pool, folder_of(tmp_path, products=PRODUCTS), on_file=heard.append)
    assert [(c.file, c.rows, c.inserted, c.updated) for c in report.files] == [("products.csv", 2, 2, 0)]
    assert heard == list(report.files)
    product = (await MasterData(pool).products(["A-1"]))["A-1"]
    assert product.units.factors == {"BX": 50}
    assert product.lead_time_days is None


async def test_only_numbers_and_words_are_enough(pool: Pool, tmp_path: Path) -> None:
    await import_folder(pool, folder_of(tmp_path, products="sku,description\nA-1,Bolt\n"))
    assert (await MasterData(pool).products(["A-1"]))["A-1"].units.base == ""


async def test_a_second_import_updates_and_keeps(pool: Pool, tmp_path: Path) -> None:
    await import_folder(pool, folder_of(tmp_path, products=PRODUCTS))
    second = "sku,list_price,pack_size\nA-1,1.75,\nA-3,3,\n"
    report = await import_folder(pool, folder_of(tmp_path, products=second))
    assert (report.files[0].inserted, report.files[0].updated, report.version) == (1, 1, 2)
    products = await MasterData(pool).products(["A-1", "A-2", "A-3"])
    assert set(products) == {"A-1", "A-2", "A-3"}
    assert str(products["A-1"].list_price) == "1.75"
    assert products["A-1"].description == "Bolt"  # a column that is not in the file stays
    assert products["A-1"].pack_size is None  # an empty cell makes it unknown


async def test_byte_order_mark_blank_lines_case_and_quotes(pool: Pool, tmp_path: Path) -> None:
    text = '\ufeffSKU, Description ,base_uom\r\n"A-1","Bolt, 2"" long\nzinc",Stk\r\n\r\nA-2,Nut,ea\r\n'
    await import_folder(pool, folder_of(tmp_path, products=text))
    products = await MasterData(pool).products(["A-1", "A-2"])
    assert products["A-1"].description == 'Bolt, 2" long\nzinc'
    assert products["A-1"].units.base == products["A-2"].units.base == "EA"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"products": "sku,descripton\nA,b\n"}, ["products.csv line 1", "descripton", "description?"]),
        ({"products": "description\nb\n"}, ["products.csv line 1", "sku", "missing"]),
        ({"products": "sku,sku\nA,b\n"}, ["products.csv line 1", "sku", "twice"]),
        ({"products": "sku;description\nA;b\n"}, ["commas"]),
        ({"products": ""}, ["products.csv is empty"]),
        ({"products": "sku,description\nA,b,c\n"}, ["products.csv line 2", "3 columns", "expected 2"]),
        ({"products": 'sku,description\nA,"b\n'}, ["products.csv line 2", "quotes"]),
        ({"products": "sku,description\nA,b\n,c\n"}, ["products.csv line 3, column sku", "empty"]),
        ({"products": "sku,list_price\nA,1\nB,1.234,5\n"}, ["products.csv line 3"]),
        (
            {"products": 'sku,list_price\nA,1\nB,"1,5"\n'},
            ["line 3, column list_price", "'1,5'", "decimal point"],
        ),
        ({"products": "sku,list_price\nA,-1\n"}, ["line 2, column list_price", "zero or more"]),
        ({"products": "sku,pack_size\nA,0\n"}, ["line 2, column pack_size", "above zero"]),
        ({"products": "sku,list_price\nA,NaN\n"}, ["line 2, column list_price"]),
        ({"products": "sku,lead_time_days\nA,2.5\n"}, ["column lead_time_days", "whole number"]),
        ({"products": "sku,currency\nA,XXZ\n"}, ["column currency", "ISO 4217"]),
        ({"products": "sku,status\nA,old\n"}, ["column status", "active, discontinued, superseded"]),
        ({"products": "sku,restricted\nA,yes\n"}, ["column restricted", "true or false"]),
        ({"products": "sku,description\nA,b\nA,c\n"}, ["line 3, column sku", "line 2"]),
        ({"products": b"sku,description\nA,b\nB,\xe4\n"}, ["products.csv line 3", "UTF-8"]),
        ({"holidays": "country,date\nUS,31/12/2026\n"}, ["holidays.csv line 2, column date", "YYYY-MM-DD"]),
        ({"holidays": "country,date\nUS,2026-02-30\n"}, ["column date"]),
        ({"holidays": "country,date\nUSA,2026-02-20\n"}, ["column country"]),
        ({"uoms": "sku,uom,factor\nNO,BX,5\n"}, ["uoms.csv line 2, column sku", "'NO'"]),
        (
            {
                "products": PRODUCTS,
                "customers": CUSTOMERS,
                "aliases": ALIASES + "C1,y,A-9\n",
            },
            ["aliases.csv line 3, column sku", "'A-9'"],
        ),
        (
            {"products": PRODUCTS, "customers": CUSTOMERS, "aliases": ALIASES + "C9,x,A-1\n"},
            ["aliases.csv line 3, column customer_id"],
        ),
        (
            {
                "products": PRODUCTS,
                "prices": "sku,unit_price,valid_from,valid_to\nA-1,1,2026-02-01,2026-01-01\n",
            },
            ["prices.csv line 2, column valid_to"],
        ),
        (
            {"products": PRODUCTS, "prices": "sku,uom,unit_price\nA-1,,1\nA-1,EA,2\n"},
            ["prices.csv line 3, column uom", "line 2"],
        ),
    ],
)
async def test_a_bad_file_is_named_and_nothing_is_kept(
    pool: Pool, tmp_path: Path, files: dict[str, str | bytes], said: list[str]
) -> None:
    message = await refusal(pool, folder_of(tmp_path, **files))
    for words in said:
        assert words in message
    master = MasterData(pool)
    assert await master.version() == 0
    assert await master.products(["A", "A-1"]) == {}


async def test_no_folder_and_no_known_file(pool: Pool, tmp_path: Path) -> None:
    assert "not a folder" in await refusal(pool, tmp_path / "nowhere")
    assert "products.csv" in await refusal(pool, folder_of(tmp_path, product=PRODUCTS))


async def test_an_alias_of_an_article_that_was_loaded_before(pool: Pool, tmp_path: Path) -> None:
    await import_folder(pool, folder_of(tmp_path, products=PRODUCTS, customers=CUSTOMERS))
    (tmp_path / "products.csv").unlink()
    (tmp_path / "customers.csv").unlink()
    await import_folder(pool, folder_of(tmp_path, aliases="customer_id,customer_ref,sku\nC1,H-1,A-1\n"))
    assert [(a.customer_ref, a.sku) for a in await MasterData(pool).aliases("C1")] == [("H-1", "A-1")]


async def test_oddities_are_kept_and_reported(pool: Pool, tmp_path: Path) -> None:
    folder_of(
        tmp_path,
        products="sku,gtin,superseded_by,base_uom\nA-1,4006381333932,A-9,TRAY\nA-2,123,,EA\n",
        customers=CUSTOMERS,
        order_history="customer_id,order_number,sku,quantity,uom\nC1,S1,GONE,4,EA\nC1,S1,A-1,2,EA\nC1,S1,A-1,3,EA\n",
        prodcuts="x\n",
    )
    report = await import_folder(pool, tmp_path)
    text = "\n".join(report.warnings)
    for odd in ("4006381333932", "123", "A-9", "GONE", "TRAY", "prodcuts.csv"):
        assert odd in text
    history = await MasterData(pool).history("C1")
    assert {(p.sku, str(p.quantity)) for p in history} == {("GONE", "4"), ("A-1", "5")}


async def test_one_price_row_for_each_key_even_without_dates(pool: Pool, tmp_path: Path) -> None:
    prices = "sku,uom,unit_price,currency\nA-1,,1.5,USD\nA-1,BX,60,USD\n"
    for expected in ((2, 0), (0, 0)):
        report = await import_folder(pool, folder_of(tmp_path, products=PRODUCTS, prices=prices))
        assert (report.files[1].inserted, report.files[1].updated) == expected
    found = await MasterData(pool).prices("C1", ["A-1"])
    assert {(p.customer_id, p.uom, str(p.unit_price), str(p.min_qty)) for p in found} == {
        ("", "EA", "1.5", "0"),
        ("", "BX", "60", "0"),
    }


async def test_a_re_import_leaves_our_own_figures_alone(pool: Pool, tmp_path: Path) -> None:
    stock = "sku,on_hand,reserved\nA-1,100,7\n"
    folder = folder_of(tmp_path, products=PRODUCTS, customers=CUSTOMERS, stock=stock)
    await import_folder(pool, folder)
    await book(pool, "A-1", "30")
    await import_folder(pool, folder)
    figure = (await MasterData(pool).stock(["A-1"]))["A-1"]
    assert (figure.on_hand, figure.reserved, figure.own_reserved) == (100, 7, 30)
    assert (await MasterData(pool).credit("C1")).own_exposure == 45


async def book(pool: Pool, sku: str, quantity: str, status: str = "open", number: str = "SO-1") -> None:
    """A booked order, past the rules of the order system, as only its rows matter here."""
    async with pool.connection() as connection:
        await connection.execute("set session_replication_role = replica")  # no case behind it
        await connection.execute(
            "insert into sales_order (order_number, case_id, customer_id, order_date, currency, net_total, status, "
            "created_at) values (%s, %s, 'C1', '2026-03-02', 'USD', 45, %s, now())",
            (number, f"case-{number}", status),
        )
        await connection.execute(
            "insert into sales_order_line (order_number, line_number, sku, quantity, uom, base_quantity, unit_price, "
            "price_base, net) values (%s, 1, %s, %s, 'EA', %s, 1.5, 1, 45)",
            (number, sku, quantity, quantity),
        )
        await connection.execute(
            "insert into reservation (order_number, line_number, sku, base_quantity) values (%s, 1, %s, %s)",
            (number, sku, quantity),
        )
        await connection.execute("set session_replication_role = default")


async def test_own_orders_count_as_history_unless_cancelled(pool: Pool, tmp_path: Path) -> None:
    await import_folder(pool, folder_of(tmp_path, products=PRODUCTS, customers=CUSTOMERS))
    await book(pool, "A-1", "30")
    await book(pool, "A-2", "5", status="cancelled", number="SO-2")
    assert [p.sku for p in await MasterData(pool).history("C1")] == ["A-1"]


async def test_accounts_are_found_by_every_identifier(pool: Pool, tmp_path: Path) -> None:
    customers = (
        "customer_id,name,email_domains,emails,edi_ids,tax_id\n"
        "C1,Müller Maschinenbau GmbH,@mueller.example,Einkauf@Mueller.example,40 12345 67890 1;DUNS9,DE 123\n"
        "C2,Harlan Inc.,harlan.example,,,\n"
    )
    contacts = "customer_id,name,email\nC2,Dana,Dana@gmail.example\n"
    await import_folder(pool, folder_of(tmp_path, customers=customers, contacts=contacts))
    master = MasterData(pool)
    for found in (
        await master.customers_by_email("EINKAUF@mueller.example"),
        await master.customers_by_domain("mueller.example"),
        await master.customers_by_edi_id("4012345678901"),
        await master.customers_by_tax_id("DE123"),
        await master.customers_by_account_number("c-1"),
    ):
        assert [c.customer_id for c in found] == ["C1"]
    assert [c.contacts for c in await master.customers_by_email("dana@gmail.example")] == [
        ("dana@gmail.example",)
    ]
    assert [n.customer_id for n in await master.customers_by_name("Mueller Maschinenbau")] == ["C1"]
    assert await master.customers_by_name("Mueller Logistik") == ()
    assert await master.customer_signals() == ()


async def test_the_public_wholesaler(pool: Pool) -> None:
    folder = Path(os.environ.get("ORDERDESK_CORPUS", "../shared/corpus")) / "company-adventureworks"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there; set ORDERDESK_CORPUS to the folder of public order files")
    report = await import_folder(pool, folder)
    assert {c.file: c.rows for c in report.files} == {
        "products.csv": 304,
        "customers.csv": 701,
        "ship_to.csv": 712,
        "stock.csv": 304,
        "suppliers.csv": 104,
        "supplier_items.csv": 103,
    }
