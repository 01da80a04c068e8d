"""Orders and accounts for the domain rules: every case has an account of its own, so that no case meets another."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.house import mail

Row = Mapping[str, str]

ACCOUNT: Row = {
    "currency": "USD", "payment_terms": "Net 30", "freight_terms": "DAP", "credit_limit": "1000000",
    "open_balance": "0", "overdue_balance": "0", "as_of": "2026-02-27", "tier": "standard", "status": "active",
    "language": "en", "country": "US", "po_required": "true", "partial_allowed": "true",
    "substitution_consent": "false", "autonomy": "auto",
}  # fmt: skip
SHIP_TO: Row = {
    "code": "01", "name": "Main plant", "street": "100 Foundry Road", "city": "Springfield", "region": "IL",
    "postal_code": "62701", "country": "US", "is_default": "true",
}  # fmt: skip
ARTICLE: Row = {
    "base_uom": "EA", "pack_uom": "", "pack_size": "", "min_order_qty": "", "list_price": "10.00",
    "price_base": "1", "unit_cost": "6.00", "currency": "USD", "lead_time_days": "3", "gtin": "",
    "status": "active", "superseded_by": "", "restricted": "false",
}  # fmt: skip
SUPPLY: Row = {"on_hand": "1000000", "reserved": "0", "as_of": "2026-02-27"}
SUPPLIER: Row = {
    "supplier_id": "RS1",
    "unit_cost": "6.00",
    "currency": "USD",
    "min_order_qty": "1",
    "lead_time_days": "5",
}


@dataclass(frozen=True)
class Article:
    """An article of the rules' own catalogue; `stock` None = not known, `supplier` None = nobody sells it to us."""

    description: str
    row: Row = field(default_factory=dict[str, str])
    stock: Row | None = field(default_factory=dict[str, str])
    supplier: Row | None = None
    uoms: Row = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Account:
    """What differs from an account that everything is allowed to; a value of '' is unknown."""

    row: Row = field(default_factory=dict[str, str])
    history: Sequence[Row] = ()
    prices: Sequence[Row] = ()
    ship_to: bool = True
    also: Row | None = None
    """A second account with the same address; None = there is none."""


@dataclass(frozen=True)
class Names:
    """Everything a case's account is called."""

    slug: str

    @property
    def customer_id(self) -> str:
        return f"R-{self.slug}"

    @property
    def po(self) -> str:
        return f"{zlib.crc32(self.slug.encode()) % 10**8:08}"

    @property
    def edi(self) -> str:
        return f"E{self.slug.replace('-', '').upper()}"[:15]

    @property
    def company(self) -> str:
        return f"{self.slug.replace('-', ' ').title()} Works Inc."

    @property
    def domain(self) -> str:
        return f"{self.slug}.example"

    @property
    def buyer(self) -> str:
        return f"buyer@{self.domain}"


def write_company(folder: Path, articles: Mapping[str, Article], accounts: Mapping[str, Account]) -> None:
    """The master data of all cases as a folder to import over the demo company."""
    files: dict[str, list[Row]] = {"suppliers": [{"supplier_id": "RS1", "name": "Rule Supply"}]}
    for sku, article in articles.items():
        product = {**ARTICLE, "sku": sku, "description": article.description, **article.row}
        files.setdefault("products", []).append(product)
        if article.stock is not None:
            files.setdefault("stock", []).append({**SUPPLY, "sku": sku, **article.stock})
        if article.supplier is not None:
            files.setdefault("supplier_items", []).append({**SUPPLIER, "sku": sku, **article.supplier})
        files.setdefault("uoms", []).extend(
            {"sku": sku, "uom": u, "factor": f} for u, f in article.uoms.items()
        )
    for slug, account in accounts.items():
        who = Names(slug)
        own = {"customer_id": who.customer_id}
        base = {**ACCOUNT, "name": who.company, "email_domains": who.domain, "emails": who.buyer}
        files.setdefault("customers", []).append({**base, **own, "edi_ids": who.edi, **account.row})
        if account.also is not None:
            second = {
                **base,
                "customer_id": f"{who.customer_id}-2",
                "name": f"{who.company} Two",
                **account.also,
            }
            files["customers"].append(second)
        if account.ship_to:
            files.setdefault("ship_to", []).append({**own, **SHIP_TO})
        files.setdefault("order_history", []).extend({**own, **row} for row in account.history)
        files.setdefault("prices", []).extend({**own, **row} for row in account.prices)
    for name, rows in files.items():
        _write(folder / f"{name}.csv", rows)


def _write(path: Path, rows: Sequence[Row]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if not columns:
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def x12(
    slug: str, body: str, *, po: str = "", purpose: str = "00", wanted: str = "20260313", named: bool = False
) -> bytes:
    """An X12 850 of the account; `body`: its further segments, one a line; `named`: no id of the account in it."""
    who = Names(slug)
    edi = "STRANGER" if named else who.edi
    head = [f"BEG*{purpose}*SA*{po or who.po}**20260302"]
    lines = [segment.strip() for segment in body.strip().splitlines() if segment.strip()]
    header = [s for s in lines if s.partition("*")[0] in ("CUR", "REF", "PER", "ITD", "FOB", "MSG")]
    rest = [s for s in lines if s not in header]
    dates = [f"DTM*002*{wanted}"] if wanted else []
    parties = [f"N1*BY*{who.company.upper()}" + ("" if named else f"*1*{edi}")]
    count = sum(s.startswith("PO1") for s in rest)
    first = next((i for i, s in enumerate(rest) if s.startswith("AMT*TT")), len(rest))
    segments = ["ST*850*0001", *head, *header, *dates, *parties, *rest[:first], f"CTT*{count}", *rest[first:]]
    segments.append(f"SE*{len(segments) + 1}*0001")
    isa = (
        f"ISA*00*          *00*          *ZZ*{edi:<15}*ZZ*NORTHGATE      *260302*0530*U*00401*000000001*0*P*>"
    )
    group = f"GS*PO*{edi}*NORTHGATE*20260302*0530*1*X*004010"
    return "~\n".join([isa, group, *segments, "GE*1*1", "IEA*1*000000001", ""]).encode()


def letter(slug: str, text: str, *, sender: str = "", po: str | None = None, headers: str = "") -> bytes:
    """A mail of the account's buyer."""
    number = Names(slug).po if po is None else po
    first = f"Please enter our PO number {number}:" if number else "Please enter the following order:"
    raw = mail(f"Hello,\n\n{first}\n\n{text}\n", sender=sender or Names(slug).buyer, subject="Order")
    return headers.encode() + raw if headers else raw


def attached(slug: str, text: str, name: str, content: bytes, *, sender: str = "") -> bytes:
    """A mail with a file that holds the order."""
    plain = mail("", sender=sender or Names(slug).buyer).decode()
    head = plain.replace("Content-Type: text/plain; charset=utf-8\r\n", "").rstrip()
    parts = (
        f"--cut\r\nContent-Type: text/plain\r\n\r\n{text}\r\n",
        "--cut\r\nContent-Type: application/octet-stream\r\n"
        f"Content-Disposition: attachment; filename={name}\r\n\r\n{content.decode()}\r\n--cut--\r\n",
    )
    return f"{head}\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n{''.join(parts)}".encode()
