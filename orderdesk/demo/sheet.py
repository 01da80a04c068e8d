"""A purchase order as an XLSX workbook, the same to the byte every time."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

Cell = str | int | Decimal | date | None

_STAMP = (2026, 3, 3, 7, 40, 0)
_ISO_STAMP = b"2026-03-03T13:40:00Z"


def workbook(title: str, rows: list[list[Cell]], widths: dict[str, int]) -> bytes:
    """One sheet with these rows. The times a workbook carries are fixed, and nothing is compressed."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for letter, width in widths.items():
        sheet.column_dimensions[letter].width = width
    out = io.BytesIO()
    book.save(out)
    return _settled(out.getvalue())


def _settled(content: bytes) -> bytes:
    """The archive with fixed times and without compression, whose bytes depend on the zlib in use."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _ISO_STAMP, data)
            info = zipfile.ZipInfo(name, _STAMP)
            info.create_system = 3
            target.writestr(info, data)
    return out.getvalue()
