"""Files that are small on the way and huge when they are opened, each in a mail that looks like an order."""

from __future__ import annotations

import io
import zipfile
import zlib
from email.message import EmailMessage

MEGABYTE = 1 << 20


def bombs(*, long: bool = False) -> dict[str, bytes]:
    """Mails by what is in them. The long form has one that runs into the reader's time limit, twice over."""
    slow = {"spreadsheet of two million cells": _mail("order.xlsx", _sheet(_ROW * 50_000))} if long else {}
    huge = b'<row><c t="inlineStr"><is><t>' + b"x" * (290 * MEGABYTE) + b"</t></is></c></row>"
    return {
        "oversized mail": _mail("order.bin", bytes(range(256)) * (40 * MEGABYTE // 256)),
        "zip bomb": _mail("order.zip", _zipped({f"{n}.csv": bytes(100 * MEGABYTE) for n in range(2)})),
        "XML entity bomb": _mail("order.xml", _laughs()),
        "PDF bomb": _mail("order.pdf", _pdf()),
        "spreadsheet that expands": _mail("order.xlsx", _sheet(huge)),
        **slow,
    }


def _mail(name: str, content: bytes) -> bytes:
    message = EmailMessage()
    message["From"] = "Dana Whitfield <dana.whitfield@harlanfab.example>"
    message["To"] = "orders@northgate.example"
    message["Subject"] = "Our order"
    message["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
    message.set_content("Good morning,\n\nplease see our order attached.\n\nDana Whitfield\n")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _laughs() -> bytes:
    """An entity of entities of entities: 10^9 times the innermost word."""
    entities = '<!ENTITY e0 "order">' + "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)
    )
    return f'<?xml version="1.0"?><!DOCTYPE Order [{entities}]><Order><ID>&e9;</ID></Order>'.encode()


def _pdf() -> bytes:
    """A page whose drawing is packed twice: 400 MB of operators in a few kilobytes."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b"q Q " * (MEGABYTE // 4)) for _ in range(400)) + packer.flush()
    stream = zlib.compress(once, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%b\nendstream"
        % (len(stream), stream),
    ]
    out, places = bytearray(b"%PDF-1.7\n"), list[int]()
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start, table = len(out), b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 5\n0000000000 65535 f \n%btrailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table, start,
    )  # fmt: skip
    return bytes(out)


_ROW = b"<row>" + b'<c t="inlineStr"><is><t>FST-10310</t></is></c>' * 40 + b"</row>"


def _sheet(rows: bytes) -> bytes:
    """A workbook with one sheet of these rows."""
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = b"http://schemas.openxmlformats.org/package/2006/"
    return _zipped({
        "[Content_Types].xml": b'<Types xmlns="%bcontent-types"><Default Extension="xml" ContentType="application/xml"/>'
        b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        b'<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        b'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>' % package,
        "_rels/.rels": b'<Relationships xmlns="%brelationships"><Relationship Id="r1" Type="%b/officeDocument" Target="xl/workbook.xml"/></Relationships>' % (package, office),
        "xl/workbook.xml": b'<workbook xmlns="%b" xmlns:r="%b"><sheets><sheet name="Order" sheetId="1" r:id="r1"/></sheets></workbook>' % (main, office),
        "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="%brelationships"><Relationship Id="r1" Type="%b/worksheet" Target="worksheets/sheet1.xml"/></Relationships>' % (package, office),
        "xl/worksheets/sheet1.xml": b'<worksheet xmlns="%b"><sheetData>%b</sheetData></worksheet>' % (main, rows),
    })  # fmt: skip
