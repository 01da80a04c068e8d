"""Word documents (.docx): paragraphs and tables of the main text, nothing else of the file."""

from __future__ import annotations

from typing import Any, TypeAlias

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from orderdesk.domain.documents import Cell, Table
from orderdesk.domain.errors import ReadError
from tools.documents.hidden_text import hidden_text, without_invisible
from tools.documents.limits import ReaderLimits
from tools.documents.parsed import Parsed
from tools.documents.text import clean
from tools.documents.zipped import member, open_checked

Element: TypeAlias = Any  # lxml ships no types

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_MAX_DEPTH = 60


class _Writer:
    def __init__(self, namespace: str) -> None:
        self.w = namespace
        self.text = ""
        self.parts: list[str] = []
        self.length = 0
        self.hidden: list[str] = []
        self.tables: list[list[list[tuple[int, int]]]] = []

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)


def read_docx(raw: bytes, name: str, document_id: str, limits: ReaderLimits) -> Parsed:
    """Text with tables as tab-separated lines; hidden and white runs left out and reported.

    Raises ReadError for a damaged or encrypted file and ReaderLimitExceeded for a bomb.
    """
    with open_checked(raw, limits) as box:
        source = member(box, "word/document.xml", limits.max_unpacked_bytes // 4)
    if b"<!DOCTYPE" in source[:2000] or b"<!ENTITY" in source:
        raise ReadError("its text carries definitions that are not allowed")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        raise ReadError("its text is damaged") from error
    writer = _Writer(_STRICT if root.tag.startswith(_STRICT) else _W)
    body = root.find(f"{writer.w}body")
    if body is not None:
        _blocks(body, writer, 0)
    text = "".join(writer.parts)
    found = hidden_text(document_id, "hidden or of the colour of the paper", " ".join(writer.hidden), text)
    tables: list[Table] = []
    for number, rows in enumerate(writer.tables, start=1):
        cells = tuple(tuple(Cell(text=text[a:b], start=a, end=b) for a, b in row) for row in rows)
        tables.append(Table(rows=cells, locator=f"table {number}"))
    return Parsed(format="text", text=text, tables=tuple(tables), findings=(found,) if found else ())


def _blocks(parent: Element, out: _Writer, depth: int) -> None:
    if depth > _MAX_DEPTH:
        return
    for node in parent:
        if node.tag == f"{out.w}p":
            out.write(_paragraph(node, out) + "\n")
        elif node.tag == f"{out.w}tbl":
            _table(node, out, depth)
        elif node.tag in {f"{out.w}sdt", f"{out.w}sdtContent", f"{out.w}ins", f"{out.w}customXml"}:
            _blocks(node, out, depth + 1)


def _table(node: Element, out: _Writer, depth: int) -> None:
    rows: list[list[tuple[int, int]]] = []
    for row in node.iter(f"{out.w}tr"):
        cells: list[tuple[int, int]] = []
        for cell in row.iter(f"{out.w}tc"):
            if next(cell.iterancestors(f"{out.w}tr"), None) is not row:
                continue  # a cell of a table inside this one: its row comes by itself
            own = (p for p in cell.iter(f"{out.w}p") if next(p.iterancestors(f"{out.w}tc"), None) is cell)
            value = " ".join(filter(None, (" ".join(_paragraph(p, out).split()) for p in own)))
            if cells:
                out.write("\t")
            cells.append((out.length, out.length + len(value)))
            out.write(value)
        if cells:
            out.write("\n")
            rows.append(cells)
    if rows:
        out.tables.append(rows)


def _paragraph(node: Element, out: _Writer) -> str:
    pieces: list[str] = []
    for run in node.iter(f"{out.w}r"):
        text = ""
        for part in run:
            if part.tag == f"{out.w}t":
                text += part.text or ""
            elif part.tag == f"{out.w}tab":
                text += "\t"
            elif part.tag in {f"{out.w}br", f"{out.w}cr"}:
                text += "\n"
        (out.hidden if _unseen(run, out.w) else pieces).append(text)
    return without_invisible(clean("".join(pieces)), "")[0]


def _unseen(run: Element, w: str) -> bool:
    look = run.find(f"{w}rPr")
    if look is None:
        return False
    for tag in ("vanish", "webHidden"):
        mark = look.find(f"{w}{tag}")
        if mark is not None and mark.get(f"{w}val", "1") not in {"0", "false", "off"}:
            return True
    size = look.find(f"{w}sz")
    if size is not None and size.get(f"{w}val", "").isdigit() and int(size.get(f"{w}val", "99")) <= 4:
        return True
    ink = look.find(f"{w}color")
    white = ink is not None and ink.get(f"{w}val", "").upper() in {"FFFFFF", "FEFEFE"}
    return white and not _is_shaded(look, run, w)


def _is_shaded(look: Element, run: Element, w: str) -> bool:
    """White letters on a shaded run, paragraph or cell are a heading, not a hiding place."""
    places = [
        look.find(f"{w}shd"),
        *(a.find(f"{w}{p}/{w}shd") for a in run.iterancestors() for p in ("pPr", "tcPr")),
    ]
    fills = [str(place.get(f"{w}fill", "auto")).upper() for place in places if place is not None]
    return any(fill not in {"AUTO", "FFFFFF"} for fill in fills)
