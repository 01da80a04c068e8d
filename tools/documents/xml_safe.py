"""XML from outside as a small tree with the place of every value; no DTD, no entities, bounded depth and size.

Expat is used rather than a tree library because it tells the byte at which each value stands, and because it
loads nothing: there is no code here that could open a DTD, an entity or a network connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from orderdesk.domain.errors import ReadError
from tools.documents.text_offsets import Place, decode

_MAX_BYTES = 20_000_000
_MAX_DEPTH = 100
_MAX_NODES = 500_000
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


@dataclass(slots=True)
class Node:
    """An element: local name, attributes by local name, children, and the place of its own text."""

    name: str
    attributes: dict[str, str]
    path: str
    source: str
    start: int
    children: list[Node] = field(default_factory=list["Node"])
    chunks: list[str] = field(default_factory=list[str])
    text_start: int = -1
    text_end: int = -1

    def all(self, *path: str) -> Iterator[Node]:
        """Every element at a path of local names below this one ('LineItem', 'Item', 'Name')."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.all(*path[1:])

    def first(self, *path: str) -> Node | None:
        """The first element at a path below this one."""
        return next(self.all(*path), None)

    def text(self, *path: str) -> str:
        """The text of the first element at a path that has any, without outer blanks."""
        return next((node.value for node in self.all(*path) if node.value), "")

    def place(self, *path: str) -> Place | None:
        """The first element at a path that has text, with its place; None where there is none."""
        node = next((node for node in self.all(*path) if node.value), None)
        if node is None:
            return None
        quote = node.source[node.text_start : node.text_end]
        return Place(node.value, node.text_start, node.text_end, node.path, quote)

    @property
    def value(self) -> str:
        """The element's own text without outer blanks."""
        return "".join(self.chunks).strip()

    @property
    def here(self) -> Place:
        """The element's start tag, as evidence for an element without text."""
        end = self.source.find(">", self.start) + 1
        return Place("", self.start, end, self.path, self.source[self.start : end])

    def attribute(self, name: str) -> Place | None:
        """An attribute with its place; None where it is missing or empty."""
        value = self.attributes.get(name, "").strip()
        if not value:
            return None
        tag_end = self.source.find(">", self.start)
        written = re.compile(rf"[\s:]{re.escape(name)}\s*=\s*([\"'])(.*?)\1", re.DOTALL)
        match = written.search(self.source, self.start, max(tag_end, self.start) + 1)
        locator = f"{self.path}/@{name}"
        if match is None:
            return Place(value, locator=locator)
        start = match.start(2) + len(match.group(2)) - len(match.group(2).lstrip())
        end = match.end(2) - len(match.group(2)) + len(match.group(2).rstrip())
        return Place(value, start, end, locator, self.source[start:end])

    @property
    def namespace(self) -> str:
        """The namespace its prefix is bound to on the element itself; empty where it is bound further up."""
        prefix = self.path.rpartition("/")[2].partition("[")[0].rpartition(":")[0]
        return self.attributes.get(f"xmlns:{prefix}" if prefix else "xmlns", "")


def xml_text(raw: bytes) -> str:
    """The decoded text of an XML file, in the encoding it really has."""
    head = re.match(rb"[^<]{0,4}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", raw)
    return decode(raw, head.group(1).decode("ascii") if head else "utf-8")


def read_xml(text: str) -> Node:
    """The root element. Raises ReadError with the finding code unsafe_xml or unreadable_document."""
    # The declaration may name an encoding the text no longer is in; blanks keep every offset as it is.
    declared = _DECLARATION.match(text)
    body = " " * declared.end() + text[declared.end() :] if declared else text
    data = body.encode("utf-8", errors="replace")
    if len(data) > _MAX_BYTES:
        raise ReadError(
            f"The XML file is larger than {_MAX_BYTES // 1_000_000} MB; ask for it in parts.",
            code="reader_limit_exceeded",
        )
    return _Builder(text, data).build()


class _Builder:
    def __init__(self, text: str, data: bytes) -> None:
        self.source = text
        self.data = data
        self.ascii = len(text) == len(data)
        self.byte = self.char = self.nodes = 0
        self.stack: list[Node] = []
        self.seen: list[dict[str, int]] = [{}]
        self.root: Node | None = None
        self.parser = expat.ParserCreate("utf-8")
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.EntityDeclHandler = self._entity

    def build(self) -> Node:
        try:
            self.parser.Parse(self.data, True)
        except expat.ExpatError as error:
            reason = expat.errors.messages.get(error.code, "not well-formed")
            raise ReadError(
                f"The XML is broken at line {error.lineno}, column {error.offset + 1}: {reason}."
            ) from None
        if self.root is None:
            raise ReadError("The XML file holds no element.")
        return self.root

    def _offset(self) -> int:
        """The parser's byte position as an offset into the text; positions only ever move forward."""
        position = self.parser.CurrentByteIndex
        if self.ascii:
            return position
        if position < self.byte:
            self.byte = self.char = 0
        self.char += len(self.data[self.byte : position].decode("utf-8", errors="replace"))
        self.byte = position
        return self.char

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.nodes += 1
        if len(self.stack) >= _MAX_DEPTH or self.nodes > _MAX_NODES:
            raise ReadError(
                "The XML is nested too deeply or has too many elements to be an order.", code="unsafe_xml"
            )
        counts = self.seen[-1]
        counts[name] = counts.get(name, 0) + 1
        step = name if counts[name] == 1 else f"{name}[{counts[name]}]"
        path = f"{self.stack[-1].path if self.stack else ''}/{step}"
        kept = {
            key if key.startswith("xmlns") else key.rpartition(":")[2]: value
            for key, value in attributes.items()
        }
        node = Node(name.rpartition(":")[2], kept, path, self.source, self._offset())
        if self.stack:
            self.stack[-1].children.append(node)
        else:
            self.root = node
        self.stack.append(node)
        self.seen.append({})

    def _end(self, _name: str) -> None:
        self.stack.pop()
        self.seen.pop()

    def _data(self, data: str) -> None:
        node = self.stack[-1]
        node.chunks.append(data)
        if data.strip():
            start = self._offset()
            if node.text_start < 0:
                node.text_start = start + len(data) - len(data.lstrip())
            # A reference such as &amp; is longer as written than the character it stands for.
            written = self.source.find(";", start) + 1 if self.source.startswith("&", start) else 0
            node.text_end = written or start + len(data.rstrip())

    def _entity(self, name: str, *_rest: object) -> NoReturn:
        raise ReadError(
            f"The XML declares an entity ('{name[:40]}'), which an order never needs and attacks use; "
            "it was not read.",
            code="unsafe_xml",
        )
