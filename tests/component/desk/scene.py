"""A desk to visit in tests: the real application over a real database, and a visitor with a cookie jar."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.types import ASGIApp

from orderdesk.bootstrap import House, build_house
from orderdesk.demo import company_folder, inbox_folder
from orderdesk.desk.app import build_app
from orderdesk.desk.auth import DeskAuth, token_hash
from orderdesk.domain.clock import FixedClock
from orderdesk.domain.documents import Document, ReadMessage, Sender
from orderdesk.domain.evidence import Evidence
from orderdesk.domain.findings import Finding
from orderdesk.domain.ids import content_hash, derived_id
from orderdesk.intake.messages import Inbound, store_message
from orderdesk.review.actors import Actor
from orderdesk.review.payload import Difference, ReviewField, ReviewRequest
from orderdesk.review.reviews import SQL, open_review
from orderdesk.settings import Settings
from tools.master.importer import import_folder

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET, PROXY_SECRET, TOKEN = "s" * 32, "p" * 32, "a-token-for-programs"
DEVELOPMENT = DeskAuth(
    mode="development",
    session_secret=SECRET,
    environment="development",
    api_tokens={
        token_hash(TOKEN): Actor(name="shop", role="clerk"),
        token_hash("looks-only"): Actor(name="dashboard", role="viewer"),
        token_hash("manages"): Actor(name="back office", role="manager"),
    },
)
PROXY = DeskAuth(mode="proxy", session_secret=SECRET, proxy_secret=PROXY_SECRET)
BASE = "http://desk.test"


def a_house(url: str, home: Path) -> House:
    """Every part of the desk over one database, at a fixed time."""
    return build_house(Settings(home=home), url, clock=FixedClock(NOW))


async def with_company(house: House) -> House:
    """The same with the demo company's master data."""
    await import_folder(await house.pool.get(), company_folder())
    return house


def an_app(house: House, auth: DeskAuth = DEVELOPMENT, **options: Any) -> ASGIApp:
    """The desk over a house."""
    return build_app(lambda: house.cases, auth, clock=house.clock, **options)


class Visitor(httpx.AsyncClient):
    """Somebody with a browser: keeps cookies, follows no redirect by itself, sends forms with their token."""

    def __init__(self, app: ASGIApp, **options: Any) -> None:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        super().__init__(transport=transport, base_url=BASE, **options)

    async def sign_in(self, user: str) -> Visitor:
        """Through the development picker."""
        token = hidden((await self.get("/desk/login")).text, "csrf")
        answer = await self.send_form("/desk/login", {"csrf": token, "user": user})
        assert answer.status_code == 303, answer.text
        return self

    async def send_form(self, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        """A form as a browser encodes it."""
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return await self.post(path, content=urlencode(fields), headers=kind | headers)

    async def decide(self, review_id: str, **fields: str) -> httpx.Response:
        """Open a review's page and send its form with these fields."""
        page = (await self.get(f"/desk/reviews/{review_id}")).text
        form = {"csrf": hidden(page, "csrf"), "payload_hash": hidden(page, "payload_hash")} | fields
        return await self.send_form(f"/desk/reviews/{review_id}", form)


def hidden(page: str, name: str) -> str:
    """The value of a hidden input; empty where the page has none."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)">', page)
    return unescape(found[1]) if found else ""


async def waiting_order(house: House, po_number: str) -> tuple[str, str]:
    """An order of the demo company that waits for approval; gives its case and review."""
    raw = (inbox_folder() / "06-becker-opentrans.xml").read_text(encoding="utf-8")
    raw = raw.replace("B-2026-058", po_number)
    assert po_number in raw
    stored = await house.cases.submit(raw.encode(), "order.xml", channel="test", as_of=date(2026, 3, 2))
    report = await house.cases.drive(stored.case_ids[0])
    assert report["outcome"] == "waiting_review", report
    return stored.case_ids[0], report["review"]["review_id"]


TEXT = (
    "Please send 40 boxes of 6204-2RS bearings.\n"
    '<script>alert(1)</script> <b onmouseover="alert(1)">approve this</b> & PO 4500-77193\n'
)


async def made_up_review(
    house: House,
    name: str,
    *,
    text: str = TEXT,
    kind: Any = "fields",
    due: timedelta = timedelta(hours=1),
    amount: str | None = "1678.60",
    role: Any = "clerk",
    allowed: tuple[Any, ...] = ("approve", "edit", "reject", "respond"),
) -> tuple[str, str]:
    """A review written straight into the tables, to see how pages show it; it has no run behind it."""
    document = Document(document_id=f"doc-{name}", name="mail.txt", format="text", role="body", text=text)
    message = ReadMessage(
        sender=Sender(address="petra@nordmek.example", name="Petra <i>Lindqvist</i>"),
        subject=f"Order {name}",
        documents=(document,),
    )
    stored = await store_message(
        house.pool,
        Inbound(
            message=message, raw=name.encode(), content_hash=content_hash(name.encode()), source=f"{name}.eml",
            channel="test", received_at=NOW, business_date=NOW.date(),
        ),
    )  # fmt: skip
    case_id = stored.case_ids[0]
    start = text.find("40 boxes")
    found = Evidence(document_id=document.document_id, start=start, end=start + 8, quote="40 boxes")
    request = ReviewRequest(
        case_id=case_id,
        review_id=derived_id("review", case_id),
        kind=kind,
        args={"customer_id": "C1", "lines": [{"line_number": 1, "sku": "B-1", "quantity": "40", "uom": "BX"}]},
        allowed=allowed,
        description=f"**New order** from C1\n\n- the quantity of {name} is not clear",
        due=NOW + due,
        amount=amount,  # type: ignore[arg-type]
        currency="EUR" if amount else None,
        role=role,
        payload_hash=f"sha256:{name}",
        reasons=("the quantity is not clear",),
        findings=(Finding(code="box_or_piece", severity="approve", path="lines[0].quantity", message="Box?"),),
        fields=(
            ReviewField(path="customer_id", label="Customer", value="C1", confidence=1.0),
            ReviewField(
                path="lines[0].quantity", label="Line 1 quantity", value="40", confidence=0.61, evidence=found,
                alternatives=("40", "400"), why="Box or piece?",
            ),
        ),
        diff=(Difference(path="lines[0].unit_price", stated="4.10", ours="3.85", source="price list A-311"),),
    )  # fmt: skip
    async with house.pool.connection() as connection:
        await open_review(connection, request, priority=0, now=NOW)
        where = {"review_id": request.review_id, "interrupt_id": f"interrupt-{name}"}
        await connection.execute(SQL.link_interrupt, where)
    return case_id, request.review_id
