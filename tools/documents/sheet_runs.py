"""The rich texts of an XLSX workbook as runs of letters, each with the font it names; no DTD, no entities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, NoReturn
from xml.parsers import expat

from orderdesk.domain.errors import ReadError

_INLINE = re.compile(rb"<(?:\w+:)?is(?=[\s>])")
_INLINE_END = re.compile(rb"</(?:\w+:)?is\s*>")

# Elements of a font, by name, with their attributes; None for a run in the cell's own font.
Properties = Mapping[str, dict[str, str]] | None


class Run(NamedTuple):
    """Letters of a text in one font."""

    text: str
    properties: Properties


def shared_runs(content: bytes) -> dict[int, tuple[Run, ...]]:
    """The shared strings that name a colour or size of their own, by number. Raises ReadError."""
    return _Runs("si").read(content) if b"rPr" in content else {}


def inline_runs(cell: bytes) -> tuple[Run, ...]:
    """The runs of one cell's own XML, as `shared_runs`; none where it is no rich text."""
    start = _INLINE.search(cell) if b"rPr" in cell else None
    end = _INLINE_END.search(cell, start.end()) if start else None
    return _Runs("is").read(cell[start.start() : end.end()]).get(0, ()) if start and end else ()


class _Runs:
    def __init__(self, item: str) -> None:
        self.item = item
        self.found: dict[int, tuple[Run, ...]] = {}
        self.number = -1
        self.runs: list[Run] = []
        self.chunks: list[str] = []
        self.properties: dict[str, dict[str, str]] | None = None
        self.inside: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.EntityDeclHandler = self._entity

    def read(self, content: bytes) -> dict[int, tuple[Run, ...]]:
        try:
            self.parser.Parse(content, True)
        except expat.ExpatError as error:
            raise ReadError("the texts of its cells are damaged") from error
        return self.found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == self.item:
            self.number += 1
            self.runs, self.chunks = [], []
        elif name == "r":
            self.properties, self.chunks = None, []
        elif name == "rPr":
            self.properties = {}
        elif self.inside and self.inside[-1] == "rPr" and self.properties is not None:
            self.properties[name] = attributes
        self.inside.append(name)

    def _end(self, name: str) -> None:
        name = self.inside.pop()
        if name == "r":
            self.runs.append(Run("".join(self.chunks), self.properties))
        elif name == self.item and any(run.properties is not None for run in self.runs):
            self.found[self.number] = tuple(self.runs)

    def _data(self, data: str) -> None:
        # Phonetic readings (rPh) are no part of the text.
        if self.inside and self.inside[-1] == "t" and "rPh" not in self.inside[-3:]:
            self.chunks.append(data)

    def _entity(self, name: str, *_rest: object) -> NoReturn:
        raise ReadError(
            f"its texts declare an entity ('{name[:40]}'), which no order needs and attacks use",
            code="unsafe_xml",
        )
