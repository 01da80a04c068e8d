"""`orderdesk process`: any readable file becomes a case, the same one once, in exactly the form that is promised."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from orderdesk.cases.fence import fence
from orderdesk.commands.driving import to_its_stop
from orderdesk.commands.plain import safe
from orderdesk.domain.results import Outcome
from tests.component.cli.conftest import Tables
from tests.integration.cases.orders import DANA, clean_order
from tests.support.commands import Commands
from tests.support.house import DEMO_DAY, demo_house, mail

KEYS = [
    "source", "case_id", "intent", "outcome", "order_number", "customer_id", "po_number", "po_date",
    "requested_date", "ship_to_code", "currency", "lines", "net_total", "confidence", "findings", "questions",
    "review", "model_calls", "tokens_in", "tokens_out", "cost_usd", "latency_ms", "steps", "checkpoints",
]  # fmt: skip
LINE_KEYS = {
    "line_number", "customer_ref", "sku", "description", "quantity", "uom", "uom_stated", "unit_price", "confidence",
}  # fmt: skip
MAY_BE = {"booked_quantity", "booked_uom", "booked_unit_price", "requested_date"}
AS_OF = ("--as-of", DEMO_DAY.isoformat())
FIFTY_MB = 50 * 1024 * 1024


def in_form(row: dict[str, Any]) -> dict[str, Any]:
    """The row, after holding it against the contract of `process --json`."""
    assert sorted(row) == sorted(KEYS)
    assert row["outcome"] in get_args(Outcome)
    for line in row["lines"]:
        assert set(line) >= LINE_KEYS
        assert set(line) <= LINE_KEYS | MAY_BE
        for key in ("quantity", "unit_price", "booked_quantity", "booked_unit_price"):
            if line.get(key) is not None:
                assert isinstance(line[key], str)
                assert Decimal(line[key]).is_finite()
        for ours in ("quantity", "uom", "unit_price"):
            assert line.get(f"booked_{ours}", "not there") != line[ours]
    for finding in row["findings"]:
        assert sorted(finding) == ["code", "message", "path", "severity"]
        assert finding["severity"] in ("info", "clarify", "approve", "reject")
    assert row["net_total"] is None or isinstance(row["net_total"], str)
    assert isinstance(row["cost_usd"], str)
    if row["outcome"] == "waiting_review":
        assert sorted(row["review"]) == ["kind", "review_id"]
    if row["outcome"] == "booked":
        assert row["order_number"].startswith("SO-")
    return row


def test_an_order_is_booked_and_the_same_file_again_changes_nothing(
    orderdesk: Commands, folder: Path, tables: Tables
) -> None:
    file = folder / "order.eml"
    file.write_bytes(clean_order("CLI-1", quantity=500))
    first = orderdesk.run("process", str(file), "--json", *AS_OF)
    [row] = first.rows
    in_form(row)
    assert (first.code, first.err) == (0, "")
    assert (row["source"], row["outcome"], row["intent"]) == ("order.eml", "booked", "new_order")
    assert row["lines"][0]["quantity"] == "500"
    assert row["steps"] > 0
    assert row["checkpoints"] <= 14
    assert row["model_calls"] == 0
    before = tables.counts()
    copy = folder / "copy of the order.eml"
    copy.write_bytes(file.read_bytes())
    again = orderdesk.run("process", str(file), str(copy), "--json", *AS_OF)
    assert again.code == 0
    assert again.rows == [row, {**row, "source": copy.name}]
    assert tables.counts() == before
    table = orderdesk.run("process", str(file), *AS_OF)
    assert (table.code, table.err) == (0, ""), "progress is for terminals only"
    assert row["order_number"] in table.out


def test_the_same_order_in_another_message_is_a_duplicate(
    orderdesk: Commands, folder: Path, tables: Tables
) -> None:
    (folder / "1.eml").write_bytes(clean_order("CLI-2", quantity=600))
    (folder / "2.eml").write_bytes(
        clean_order("CLI-2", quantity=600).replace(b"Good morning", b"Good evening")
    )
    orders = tables.count("sales_order")
    ran = orderdesk.run("process", str(folder), "--json", *AS_OF)
    booked, repeated = [in_form(row) for row in ran.rows]
    assert (booked["outcome"], repeated["outcome"]) == ("booked", "duplicate")
    assert repeated["order_number"] == booked["order_number"]
    assert tables.count("sales_order") == orders + 1


def _with_attachment(content: bytes, name: str) -> bytes:
    import base64

    head = mail("", sender=DANA, subject="PO 77").partition(b"Content-Type")[0]
    return head + (
        b'Content-Type: multipart/mixed; boundary="X"\r\n\r\n--X\r\nContent-Type: text/plain\r\n\r\n'
        b"Please book the attached order.\r\n--X\r\nContent-Type: application/octet-stream\r\n"
        b'Content-Disposition: attachment; filename="' + name.encode() + b'"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content) + b"\r\n--X--\r\n"
    )


def _locked_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret", ownerPassword="owner"))
    canvas.drawString(72, 700, "PO 77: 10 ea FST-10310")
    canvas.save()
    return out.getvalue()


def _bomb_xlsx() -> bytes:
    plain, out = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in source.namelist():
            bomb.writestr(name, source.read(name))
        with bomb.open("xl/worksheets/sheet9.xml", "w") as sheet:
            for _ in range(200):
                sheet.write(b" " * 1024 * 1024)
    return out.getvalue()


def _bomb_xml() -> bytes:
    entities = '<!ENTITY a0 "a">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    order = "<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'><ID>&a9;</ID></Order>"
    return f"<?xml version='1.0'?><!DOCTYPE x [{entities}]>{order}".encode()


HOSTILE: dict[str | bytes, tuple[Callable[[], bytes], str]] = {
    "empty.eml": (lambda: b"", "empty_document"),
    "junk.bin": (lambda: bytes(range(256)) * 20, "unreadable_document"),
    "big.pdf": (lambda: b"%PDF-1.7\n" + b"\0" * FIFTY_MB, "document_too_large"),
    "big attachment.eml": (lambda: _with_attachment(b"\1" * FIFTY_MB, "order.pdf"), "document_too_large"),
    "locked.pdf": (_locked_pdf, "document_encrypted"),
    "bomb.xlsx": (_bomb_xlsx, "reader_limit_exceeded"),
    "bomb.xml": (_bomb_xml, "unsafe_xml"),
    "truncated.eml": (lambda: _with_attachment(_locked_pdf(), "order.pdf")[:-800], "malformed_mail"),
    "[red]od/d[b] \n\x1b[31m.eml".replace("/", ""): (lambda: mail("hm", sender=DANA), "intent_unclear"),
    b"caf\xe9.eml": (lambda: mail("hm?", sender=DANA), "intent_unclear"),
    "-rf.eml": (lambda: mail("hm!", sender=DANA), "intent_unclear"),
}


def test_whatever_a_file_holds_it_is_a_case_with_a_finding(orderdesk: Commands, folder: Path) -> None:
    wanted: dict[str, str] = {}
    for name, (content, code) in HOSTILE.items():
        raw_name = os.fsencode(name)
        (Path(os.fsdecode(os.fsencode(folder) + b"/" + raw_name))).write_bytes(content())
        wanted[raw_name.decode("utf-8", "replace")] = code
    ran = orderdesk.run("process", str(folder), "--json", *AS_OF)
    assert (ran.code, ran.err) == (0, "")
    rows = {row["source"]: in_form(row) for row in ran.rows}
    assert rows.keys() == wanted.keys()
    for source, code in wanted.items():
        findings = {finding["code"]: finding for finding in rows[source]["findings"]}
        assert code in findings, source
        assert findings[code]["message"].strip().endswith(".")
        assert rows[source]["outcome"] in ("waiting_review", "waiting_customer"), source
    table = orderdesk.run("process", str(folder), *AS_OF)
    assert table.code == 0
    assert "\x1b" not in table.out, "a file's name must not steer the terminal"
    assert "[red]od" in table.out


@pytest.mark.parametrize(
    "hostile", ["a\x1b]0;x\x07b", "a\rb", "a\u202eb", "a\u2028b", "a\x9bb", "a\nb", "a\ud800b"]
)
def test_nothing_in_a_text_steers_the_terminal(hostile: str) -> None:
    assert safe(hostile).isprintable()
    assert safe("Grün 5 \u00d8 [b]") == "Grün 5 \u00d8 [b]"


def test_business_dates_at_the_ends_of_time(orderdesk: Commands, folder: Path) -> None:
    for number, day in enumerate(("0001-01-01", "9999-12-31")):
        (folder / "order.eml").write_bytes(clean_order(f"CLI-8{number}", quantity=700 + number))
        [row] = orderdesk.run("process", str(folder), "--json", "--as-of", day).rows
        assert in_form(row)["outcome"] != "dead_letter"


@pytest.mark.parametrize("kill_at", [1, 5, 9])
def test_a_killed_process_is_continued_by_the_next(
    orderdesk: Commands, folder: Path, tables: Tables, kill_at: int
) -> None:
    file = folder / "order.eml"
    file.write_bytes(clean_order(f"CLI-9{kill_at}", quantity=900 + 100 * kill_at))
    orders = tables.count("sales_order")
    assert orderdesk.run("process", str(file), *AS_OF, kill_at=kill_at).code == -signal.SIGKILL
    [row] = orderdesk.run("process", str(file), "--json", *AS_OF).rows
    assert in_form(row)["outcome"] == "booked", row["findings"]
    assert tables.count("sales_order") == orders + 1


def test_a_process_told_to_stop_ends_in_order_and_can_be_run_again(
    orderdesk: Commands, folder: Path, tables: Tables
) -> None:
    for number in range(16):
        (folder / f"{number:02}.eml").write_bytes(mail(f"hello {number}", sender=DANA, subject="Stop"))
    before = tables.count("cases where outcome is not null")
    process = orderdesk.start("process", str(folder), "--json", *AS_OF)
    while tables.count("cases where outcome is not null") <= before + 1 and process.poll() is None:
        time.sleep(0.01)  # another process works: there is nothing to wait on but its tables
    process.terminate()
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (128 + signal.SIGTERM, "")
    assert 0 < out.count("\n") < 16
    again = orderdesk.run("process", str(folder), "--json", *AS_OF)
    assert len(again.rows) == 16
    assert tables.count("cases where outcome is not null") == before + 16


def test_a_worker_continues_what_a_killed_process_left(
    orderdesk: Commands, folder: Path, tables: Tables
) -> None:
    file = folder / "order.eml"
    file.write_bytes(clean_order("CLI-71", quantity=2000))
    orders = tables.count("sales_order")
    assert orderdesk.run("process", str(file), *AS_OF, kill_at=7).code == -signal.SIGKILL
    worker = orderdesk.start("worker")
    try:
        deadline = time.monotonic() + 60
        while tables.count("cases where status in ('queued', 'running')") and worker.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.1)  # another process works: there is nothing to wait on but its tables
        worker.terminate()
        out, err = worker.communicate(timeout=60)
    finally:
        worker.kill()
    assert (worker.returncode, out, err) == (0, "", "")
    [row] = orderdesk.run("process", str(file), "--json", *AS_OF).rows
    assert row["outcome"] == "booked"
    assert tables.count("sales_order") == orders + 1


async def test_a_case_a_worker_holds_is_waited_for(orderdesk: Commands, folder: Path) -> None:
    async with demo_house(orderdesk.environment["DATABASE_URL"], folder) as house:
        stored = await house.cases.submit(
            clean_order("CLI-72", quantity=2100), "b.eml", channel="test", as_of=DEMO_DAY
        )
        [case_id] = stored.case_ids
        async with fence(house.pool, case_id):
            waiting = asyncio.ensure_future(to_its_stop(house, case_id))
            await asyncio.wait({waiting}, timeout=0.3)
            assert not waiting.done()
        assert (await waiting)["outcome"] == "booked"


def test_stats_has_exactly_what_is_promised(orderdesk: Commands, folder: Path, tables: Tables) -> None:
    (folder / "order.eml").write_bytes(clean_order("CLI-73", quantity=2200))
    orderdesk.run("process", str(folder), *AS_OF)
    ran = orderdesk.run("stats", "--json")
    [stats] = ran.rows
    assert list(stats) == [
        "cases", "outcomes", "orders", "order_lines", "effects", "reviews_waiting", "questions_waiting",
        "dead_letters", "incidents", "model_calls", "tokens_in", "tokens_out", "cost_usd", "p50_ms", "p95_ms",
    ]  # fmt: skip
    assert sorted(stats["effects"]) == ["ambiguous", "done", "pending", "sending"]
    assert stats["cases"] == tables.count("cases")
    assert stats["orders"] == tables.count("sales_order") == stats["outcomes"]["booked"]
    assert stats["effects"]["pending"] == 0
    assert isinstance(stats["cost_usd"], str)
    assert {type(stats[key]) for key in stats if key not in ("outcomes", "effects", "cost_usd")} == {int}
    assert orderdesk.run("stats").code == 0
