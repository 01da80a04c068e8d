"""HTML to the text a reader sees, with tables as tables; hidden text left out and reported.

Nothing is fetched and nothing runs: links, images and scripts are text here, or nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import lxml.html
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from orderdesk.domain.documents import Cell, Table
from tools.documents.css import Colour, StyleSheet, colour, concealment, declarations, same_colour
from tools.documents.hidden_text import hidden_text, without_invisible
from tools.documents.parsed import Parsed
from tools.documents.text import clean

Element: TypeAlias = Any  # lxml ships no types

_SKIPPED = {
    "script",
    "style",
    "head",
    "title",
    "template",
    "object",
    "embed",
    "svg",
    "math",
    "iframe",
    "noscript",
}
_BLOCKS = {
    "p", "div", "table", "tr", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr",
    "address", "article", "section", "header", "footer", "dl", "dt", "dd", "form", "center", "tbody", "thead", "body",
}  # fmt: skip
_SPACED = {"p", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote"}
_CITES = re.compile(r"\b(?:gmail_quote|moz-cite|yahoo_quoted|protonmail_quote|cite|zmail_extra)\b")
_MAX_DEPTH = 300


@dataclass(frozen=True)
class _Look:
    """What an element inherits: its colours, and how it is hidden ('' for visible)."""

    hidden: str = ""
    ink: Colour | None = (0, 0, 0)
    ground: Colour | None = (255, 255, 255)
    ink_set: bool = False
    preformatted: bool = False


class _Page:
    """The text as it is written, line by line, with quote marks and the places of cells."""

    def __init__(self, sheet: StyleSheet) -> None:
        self.sheet = sheet
        self.parts: list[str] = []
        self.length = 0
        self.quotes = 0
        self.in_cell = False
        self.fresh_line = True
        self.space = False
        self.blank_lines = 2
        self.tables: list[list[list[tuple[int, int]]]] = []
        self.hidden: dict[str, list[str]] = {}

    def write(self, text: str) -> None:
        if self.fresh_line and self.quotes:
            self._put("> " * self.quotes)
        self._put(text)
        self.fresh_line = False
        self.blank_lines = 0

    def words(self, text: str) -> None:
        """Inline text: runs of white space are one space, none at the start of a line or cell."""
        pieces = text.split()
        if text[:1].isspace() or not pieces:
            self.space = self.space or bool(text)
        if not pieces:
            return
        lead = " " if self.space and not self.fresh_line and not self._after_tab() else ""
        self.write(lead + " ".join(pieces))
        self.space = text[-1:].isspace()

    def newline(self, blank: bool = False) -> None:
        self.space = False
        if self.in_cell:  # a cell is one line, whatever stands in it
            self.space = True
            return
        if not self.fresh_line:
            self._put("\n")
            self.fresh_line = True
        if blank and self.blank_lines == 0 and self.length:
            self._put(">" * self.quotes + "\n" if self.quotes else "\n")
            self.blank_lines = 1

    def tab(self) -> None:
        self.space = False
        self.write("\t")

    def _after_tab(self) -> bool:
        return bool(self.parts) and self.parts[-1].endswith("\t")

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)


def read_html(source: str, document_id: str, *, max_chars: int = 1_000_000) -> Parsed:
    """Visible text, tables with their cells' places in it, and findings about hidden text."""
    source, findings = without_invisible(clean(source), document_id)
    root = _tree(source)
    if root is None:
        return Parsed(format="html", text="", findings=findings)
    sheet = StyleSheet()
    for style in root.iter("style"):
        sheet.add(style.text or "")
    page = _Page(sheet)
    _element(root, page, _Look(), 0)
    text = "".join(page.parts)
    visible = text[:max_chars]
    found = [hidden_text(document_id, how, "\n".join(pieces), visible) for how, pieces in page.hidden.items()]
    comments = [c.text for c in root.iter(etree.Comment) if c.text and _speaks(c.text)]
    found.append(hidden_text(document_id, "in a comment nobody sees", "\n".join(comments), visible))
    return Parsed(
        format="html",
        text=visible,
        tables=_tables(page, visible),
        findings=(*findings, *(f for f in found if f is not None)),
    )


def _tree(source: str) -> Element | None:
    if not source.strip():
        return None
    # An encoding declared inside text already decoded makes lxml refuse the text.
    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source)
    parser = lxml.html.HTMLParser(no_network=True, huge_tree=False, remove_pis=True, encoding="utf-8")
    try:
        return lxml.html.document_fromstring(source.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _element(node: Element, page: _Page, inherited: _Look, depth: int) -> None:
    tag = node.tag if isinstance(node.tag, str) else ""
    if not tag or tag in _SKIPPED or depth > _MAX_DEPTH:
        return
    look = _look(node, tag, page.sheet, inherited)
    quoting = (tag == "blockquote" and (node.get("type") == "cite" or _is_cite(node))) and not page.in_cell
    if tag == "table" and not look.hidden and _is_data_table(node):
        _table(node, page, look, depth)
        return
    if tag == "br":
        page.newline()
        return
    block = tag in _BLOCKS and not look.hidden
    if block:
        page.newline(blank=tag in _SPACED)
    page.quotes += quoting
    if tag == "li" and not look.hidden:
        page.words("- ")
    _inside(node, page, look, depth)
    if tag in {"td", "th"} and not look.hidden:
        page.space = True
    if block:
        page.newline(blank=tag in _SPACED)
    page.quotes -= quoting


def _inside(node: Element, page: _Page, look: _Look, depth: int) -> None:
    _text(node.text, page, look)
    for child in node:
        _element(child, page, look, depth + 1)
        _text(child.tail, page, look)


def _text(text: str | None, page: _Page, look: _Look) -> None:
    if not text:
        return
    if look.hidden:
        page.hidden.setdefault(look.hidden, []).append(text)
    elif look.ink_set and same_colour(look.ink, look.ground):
        page.hidden.setdefault("of the same colour as its background", []).append(text)
    elif look.preformatted and not page.in_cell:
        for number, line in enumerate(text.split("\n")):
            if number:
                page.fresh_line = page.fresh_line or not page.write("\n")
            if line:
                page.write(line)
    else:
        page.words(text)


def _look(node: Element, tag: str, sheet: StyleSheet, inherited: _Look) -> _Look:
    classes: list[str] = str(node.get("class") or "").split()[:20]
    style = sheet.of(tag, classes, node.get("id") or "")
    style.update(declarations(node.get("style") or ""))
    look = inherited
    if tag in {"pre", "textarea"} or style.get("white-space", "").startswith("pre"):
        look = replace(look, preformatted=tag == "pre" or style.get("white-space") in {"pre", "pre-wrap"})
    ground = style.get("background-color") or style.get("background") or node.get("bgcolor") or ""
    if "url(" in ground or "gradient" in ground or node.get("background") or "background-image" in style:
        look = replace(look, ground=None)
    elif ground and (known := colour(ground)) != (-1, -1, -1):
        look = replace(look, ground=known)
    ink = style.get("color") or (node.get("color") if tag == "font" else "") or ""
    if ink:
        look = replace(look, ink=colour(ink), ink_set=True)
    if (
        look.hidden
        and style.get("font-size")
        and look.hidden == "too small to see"
        and not concealment(style)
    ):
        look = replace(look, hidden="")  # tiny wrappers around normal text: a trick of mail templates
    how = concealment(style) or ("hidden from view" if node.get("hidden") is not None else "")
    return replace(look, hidden=how) if how and not look.hidden else look


def _is_cite(node: Element) -> bool:
    return bool(_CITES.search(node.get("class") or ""))


def _is_data_table(node: Element) -> bool:
    """Rows and columns of its own and no table inside: most tables of a mail only arrange it."""
    if node.find(".//table") is not None:
        return False
    widths = [sum(1 for cell in row if cell.tag in {"td", "th"}) for row in node.iter("tr")]
    return sum(width >= 2 for width in widths) >= 2


def _table(node: Element, page: _Page, inherited: _Look, depth: int) -> None:
    page.newline(blank=True)
    rows: list[list[tuple[int, int]]] = []
    table_look = _look(node, "table", page.sheet, inherited) if node.tag == "table" else inherited
    for row in node.iter("tr"):
        look = _look(row, "tr", page.sheet, table_look)
        cells: list[tuple[int, int]] = []
        for cell in row:
            if cell.tag not in {"td", "th"}:
                continue
            if cells:
                page.tab()
            elif page.fresh_line and page.quotes:
                page.write("")
            start = page.length
            page.in_cell = True
            _inside(cell, page, _look(cell, str(cell.tag), page.sheet, look), depth + 1)
            page.in_cell = False
            page.space = False
            cells.append((start, page.length))
        if cells:
            rows.append(cells)
            page.fresh_line = False
            page.newline()
    page.tables.append(rows)
    page.newline(blank=True)


def _tables(page: _Page, text: str) -> tuple[Table, ...]:
    tables: list[Table] = []
    for number, rows in enumerate(page.tables, start=1):
        cells = tuple(
            tuple(Cell(text=text[a:b], start=a, end=b) for a, b in row)
            for row in rows
            if row and row[-1][1] <= len(text)
        )
        if any(cell.text.strip() for row in cells for cell in row):
            tables.append(Table(rows=cells, locator=f"table {number}"))
    return tuple(tables)


def _speaks(comment: str) -> bool:
    """A comment with a sentence in it; conditional comments and markup are how mail programs work."""
    if re.match(r"\s*\[(?:if|endif)|\s*<!?\[", comment, re.IGNORECASE) or "<" in comment or "{" in comment:
        return False
    return len(re.findall(r"(?<!\S)[^\W\d_]{2,}[.,:;!?]?(?!\S)", comment)) >= 6
