"""Builds the e-mails of the sample inbox from the texts in `sources`: `python -m orderdesk.demo.make_inbox`.

The raw EDI and XML messages of the inbox stand there as they are and are not made here. Running this again
gives the same bytes; needs reportlab and openpyxl, which are development dependencies.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from email.headerregistry import Address
from pathlib import Path

from orderdesk.demo.mail import Attachment, Mail, build
from orderdesk.demo.pdf import EmbeddedXml, Page, render
from orderdesk.demo.sheet import Cell, workbook

_SOURCES = Path(__file__).resolve().parent / "sources"
_INBOX = Path(__file__).resolve().parent / "inbox"


def make_inbox() -> dict[str, bytes]:
    """File name -> the e-mail's bytes, for every e-mail of the inbox."""
    return {name: build(name, mail()) for name, mail in _MAILS.items()}


def write_inbox(folder: Path = _INBOX) -> list[Path]:
    """Write the e-mails into `folder` and say which files they are."""
    paths: list[Path] = []
    for name, content in make_inbox().items():
        path = folder / name
        path.write_bytes(content)
        paths.append(path)
    return paths


def _source(name: str) -> str:
    return (_SOURCES / name).read_text(encoding="utf-8")


def _prose(source: str, name: str, address: str, subject: str, sent: str) -> Callable[[], Mail]:
    """A mail of plain text only."""
    return lambda: Mail(_person(name, address), subject, datetime.fromisoformat(sent), _source(source))


def _person(name: str, address: str) -> Address:
    user, _, domain = address.partition("@")
    return Address(name, user, domain)


def _newsletter() -> Mail:
    return Mail(
        _person("Tool World Weekly", "news@toolworld-weekly.example"),
        "Tool World Weekly: spring deals for your workshop",
        datetime.fromisoformat("2026-03-02T09:05:00+01:00"),
        _source("03.txt"),
        html=_source("03.html"),
        headers=(
            ("List-Unsubscribe", "<https://news.toolworld-weekly.example/unsubscribe>"),
            ("List-Id", "Tool World Weekly <weekly.toolworld-weekly.example>"),
            ("Precedence", "bulk"),
        ),
    )


def _order_x() -> Mail:
    page = Page(
        title="Commande CF-26-0058",
        head=(
            "Ateliers Rhône Mécanique SAS",
            "18 rue des Frères Lumière, 69200 Vénissieux, France",
            "TVA FR99999555109",
        ),
        facts=(
            "Fournisseur : Northgate Industrial Supply",
            "Date de commande : 03/03/2026",
            "Livraison souhaitée : 18 mars 2026",
            "Adresse de livraison : réception, 18 rue des Frères Lumière, 69200 Vénissieux",
            "Devise : EUR",
        ),
        columns=("Pos.", "Référence", "Désignation", "Quantité", "Unité", "Prix unitaire", "Montant"),
        column_x=(50, 80, 150, 320, 370, 415, 490),
        rows=(
            ("1", "BRG-20610", "Roulement à billes 6206-2RS", "26", "pièce", "7,75", "201,50"),
            ("2", "SEA-30120", "Joint à lèvre 30x52x7 NBR", "40", "pièce", "3,05", "122,00"),
            ("3", "BRG-21011", "Palier à semelle UCP206", "7", "pièce", "19,40", "135,80"),
        ),
        foot=("Total HT : 459,30 EUR", "Lucie Morel, service achats"),
    )
    xml = EmbeddedXml("order-x.xml", (_SOURCES / "13-order-x.xml").read_bytes(), "COMFORT")
    return Mail(
        _person("Lucie Morel", "l.morel@rhone-mecanique.example"),
        "Commande CF-26-0058",
        datetime.fromisoformat("2026-03-03T08:20:00+01:00"),
        _source("13.txt"),
        attachments=(Attachment("CF-26-0058.pdf", "application/pdf", render(page, xml)),),
    )


def _csv() -> Mail:
    # The ERP writes Windows' code page, line ends too.
    content = _source("14.csv").replace("\n", "\r\n").encode("cp1252")
    return Mail(
        _person("Jürgen Vogt", "j.vogt@mueller-maschinenbau.example"),
        "Bestellung 4500018755",
        datetime.fromisoformat("2026-03-03T09:10:00+01:00"),
        _source("14.txt"),
        attachments=(Attachment("Bestellung_4500018755.csv", "text/csv", content),),
    )


def _workbook() -> Mail:
    rows: list[list[Cell]] = [
        ["ORDEN DE COMPRA"],
        ["Ferretería Industrial del Bajío S.A. de C.V."],
        [],
        ["No. de orden", "OC-9041"],
        ["Fecha", date(2026, 3, 3)],
        ["Fecha de entrega", date(2026, 3, 20)],
        ["Moneda", "USD"],
        [],
        ["Partida", "Código", "Descripción", "Cantidad", "Unidad", "Precio unitario", "Importe"],
        _row(1, "TAP-70110", "Cinta americana 48 mm x 50 m plata", 60, "rollo", "5.95"),
        _row(2, "SAF-50111", "Guantes de nitrilo azules talla L", 30, "caja", "8.95"),
        _row(3, "TOL-40220", "Broca HSS 8.0 mm, paquete de 10", 8, "paquete", "15.60"),
        _row(4, "FST-10510", "Tirafondo torx 4x40", 20, "caja", "8.10"),
        [],
        [None, None, None, None, None, "Total", Decimal("912.30")],
    ]
    content = workbook("OC-9041", rows, {"A": 16, "B": 14, "C": 38, "F": 16})
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Mail(
        _person("Alejandro Rentería", "a.renteria@ferrebajio.example"),
        "Orden de compra OC-9041",
        datetime.fromisoformat("2026-03-03T07:45:00-06:00"),
        _source("17.txt"),
        attachments=(Attachment("OC-9041.xlsx", kind, content),),
    )


def _row(position: int, code: str, text: str, quantity: int, unit: str, price: str) -> list[Cell]:
    return [position, code, text, quantity, unit, Decimal(price), quantity * Decimal(price)]


def _html_table() -> Mail:
    return Mail(
        _person("Owen Griffiths", "owen.griffiths@ironbridge-eng.example"),
        "Purchase order PO-31466",
        datetime.fromisoformat("2026-03-04T09:30:00+00:00"),
        text="",
        html=_source("22.html"),
    )


def _pdf() -> Mail:
    page = Page(
        title="PURCHASE ORDER",
        head=("Harlan Fabrication Inc.", "2200 Matzinger Road, Toledo, OH 43612", "Phone (419) 555-0110"),
        facts=(
            "PO Number: HF-26-0322",
            "PO Date: March 4, 2026",
            "Vendor: Northgate Industrial Supply",
            "Ship To: Fort Wayne plant, 815 Bueter Road, Fort Wayne, IN 46803",
            "Requested Delivery: March 19, 2026",
            "Terms: Net 30     Currency: USD     Buyer: Marcus Oyelaran",
        ),
        columns=("Line", "Item", "Description", "Qty", "UOM", "Unit Price", "Amount"),
        column_x=(50, 85, 155, 345, 385, 425, 490),
        rows=(
            ("1", "SAF-50210", "Safety glasses, clear lens, anti-fog", "30", "EA", "4.75", "142.50"),
            ("2", "SAF-50410", "Foam ear plugs, dispenser of 200 pairs", "3", "BX", "28.00", "84.00"),
            ("3", "TOL-40311", "Combination wrench 17 mm", "6", "EA", "9.20", "55.20"),
        ),
        foot=("Total: 281.70 USD", "Please quote the PO number on all documents. Page 1 of 1"),
    )
    return Mail(
        _person("Marcus Oyelaran", "marcus.oyelaran@harlanfab.example"),
        "PO HF-26-0322 Fort Wayne",
        datetime.fromisoformat("2026-03-04T08:10:00-05:00"),
        _source("23.txt"),
        attachments=(Attachment("PO_HF-26-0322.pdf", "application/pdf", render(page)),),
    )


_DANA = ("Dana Whitfield", "dana.whitfield@harlanfab.example")
_LOU = ("Lou Petrakis", "lou.petrakis@tricountymaint.example")
_KURZ = ("Sabine Kurz", "s.kurz@mueller-maschinenbau.example")
_CARMEN = ("Carmen Ibáñez", "carmen.ibanez@suministroslevante.example")
_HANNAH = ("Hannah Prentice", "hannah.prentice@ironbridge-eng.example")
_GAIL = ("Gail Sorensen", "gail@lakesidesupply.example")
_RICK = ("Rick Dunham", "rick@lakesidesupply.example")
_TOM = ("Tom Becerra", "tom.becerra@redwoodconveyor.example")
_PRIYA = ("Priya Nair", "priya.nair@redwoodconveyor.example")
_DOUG = ("Doug Finley", "doug@coastalmarine.example")
_LUCIE = ("Lucie Morel", "l.morel@rhone-mecanique.example")
_VANCE = ("Martin Vance", "procurement@quickparts-trading.example")

# In order of arrival; the numbers left out are the raw EDI and XML messages.
_MAILS: dict[str, Callable[[], Mail]] = {
    "01-mueller-bestellung.eml": _prose(
        "01.txt", *_KURZ, "Bestellung 4500018734", "2026-03-02T07:58:00+01:00"
    ),
    "02-levante-pedido.eml": _prose("02.txt", *_CARMEN, "Pedido pavimento", "2026-03-02T08:40:00+01:00"),
    "03-newsletter.eml": _newsletter,
    "04-ironbridge-forwarded.eml": _prose(
        "04.txt", *_HANNAH, "FW: gloves and bearings", "2026-03-02T09:20:00+00:00"
    ),
    "07-harlan-prose.eml": _prose("07.txt", *_DANA, "PO HF-26-0311 Toledo", "2026-03-02T07:42:00-05:00"),
    "09-lakeside-typos-table.eml": _prose("09.txt", *_GAIL, "order 4531", "2026-03-02T08:31:00-06:00"),
    "11-tricounty-over-credit.eml": _prose("11.txt", *_LOU, "PO TC-583", "2026-03-02T11:12:00-05:00"),
    "12-redwood-ambiguous.eml": _prose("12.txt", *_TOM, "cap screws", "2026-03-02T10:05:00-08:00"),
    "13-rhone-order-x.eml": _order_x,
    "14-mueller-csv.eml": _csv,
    "16-harlan-resent.eml": _prose("16.txt", *_DANA, "Re-send: PO HF-26-0311", "2026-03-03T08:02:00-05:00"),
    "17-bajio-xlsx.eml": _workbook,
    "18-lakeside-unknown-article.eml": _prose("18.txt", *_RICK, "PO 4533", "2026-03-03T09:20:00-06:00"),
    "19-redwood-price.eml": _prose("19.txt", *_PRIYA, "PO RC-77815", "2026-03-03T08:50:00-08:00"),
    "20-coastal-injection.eml": _prose("20.txt", *_DOUG, "PO CM-219", "2026-03-03T10:30:00-08:00"),
    "21-rhone-past-date.eml": _prose("21.txt", *_LUCIE, "Commande CF-26-0061", "2026-03-04T08:15:00+01:00"),
    "22-ironbridge-high-value.eml": _html_table,
    "23-harlan-pdf.eml": _pdf,
    "24-unknown-sender.eml": _prose("24.txt", *_VANCE, "Purchase order QP-1107", "2026-03-04T08:50:00-05:00"),
    "25-tricounty-rfq.eml": _prose("25.txt", *_LOU, "RFQ-26-07", "2026-03-04T10:05:00-05:00"),
}

if __name__ == "__main__":
    for written in write_inbox():
        print(written)
