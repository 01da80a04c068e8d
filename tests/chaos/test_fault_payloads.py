"""SQL and template payloads in every field a sender can fill: text in every table and mail, and nothing that runs."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import psycopg

from tests.chaos.fault_desk import all_is_well
from tests.integration.cases.orders import DANA
from tests.support.house import demo_house, mail, process
from tests.support.invariants import mails_in

SQL = "'; drop table sales_order; select pg_sleep(9); --"
TEMPLATES = "{{7*191}} ${7*191} {order_number} {0.__class__} %s %(key)s <%= 7*191 %> #{7*191}"
FORMATS = "\\u0000 \\x00 $1 :name @{x} {{ cycler.__init__.__globals__ }}"
TABLES = "select count(*) from information_schema.tables where table_schema = 'public'"


async def test_payloads_in_every_field_stay_text(demo_url: str, tmp_path: Path) -> None:
    with psycopg.connect(demo_url) as connection:
        tables = connection.execute(TABLES).fetchone()
    outcomes: list[str] = []
    async with demo_house(demo_url, tmp_path) as house:
        for payload in (SQL, TEMPLATES, FORMATS):
            for raw in _messages(payload):
                outcomes += [
                    str(report["outcome"]) for report in await process(house, raw, f"{payload[:60]}.eml")
                ]
                await house.cases.deliver()
        for row in await house.cases.list_cases():
            json.dumps(await house.cases.story(row["case_id"]), default=str)
            assert "1337" not in str(row)
    assert "dead_letter" not in outcomes
    with psycopg.connect(demo_url) as connection:
        assert connection.execute(TABLES).fetchone() == tables
    for letter in mails_in(tmp_path / "outbox"):
        assert b"1337" not in letter, "a template was filled in"
    await all_is_well(demo_url, tmp_path)


def _messages(payload: str) -> list[bytes]:
    """One payload in the sender's name, the subject, each header, the order's number, articles, address and notes."""
    name = payload.replace('"', "").replace("<", "").replace(">", "").replace("\\", "")
    order = f"PO number {payload}\n\n- 400 ea FST-10310 {payload}\n- 10 ea {payload}\n\nShip to: {payload}\n{payload}\n"
    clean = f"PO number P{zlib.crc32(payload.encode()) % 10**6}\n\n- 400 ea FST-10310 hex nut 1/2-13 zinc\n\n{payload}\n"
    structured = f'<?xml version="1.0"?><Order><ID><![CDATA[{payload}]]></ID></Order>'
    return [
        mail(order, sender=DANA, subject=payload),
        mail(clean, sender=f'"{name}" <dana.whitfield@harlanfab.example>', subject=f"PO {payload}"),
        mail(order, sender=DANA, message_id=name.replace(" ", "."), reply_to=name.replace(" ", ".")),
        structured.encode(),
        payload.encode(),
    ]
