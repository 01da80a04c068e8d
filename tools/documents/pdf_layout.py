"""Words on a page to the lines a reader sees: left to right, columns apart by a tab."""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.documents.pdf_words import Word


@dataclass
class Chunk:
    """Words of a line that stand close together; start and end are offsets into the document's text."""

    words: list[Word]
    start: int = -1
    end: int = -1
    offsets: list[int] = field(default_factory=list[int])

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        """Left edge in points."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Right edge in points."""
        return max(word.right for word in self.words)


@dataclass
class Line:
    """One visual line."""

    chunks: list[Chunk]
    top: float
    bottom: float


def lines_of(words: list[Word]) -> list[Line]:
    """Words grouped into lines by their height on the page, and into chunks by the gaps between them."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.top + w.bottom) / 2):
        middle = (word.top + word.bottom) / 2
        if lines:
            last = lines[-1]
            top = sorted(w.top for w in last)[len(last) // 2]
            bottom = sorted(w.bottom for w in last)[len(last) // 2]
            # A comma or a superscript is low or high: its middle only has to fall into the line.
            if top - 1 <= middle <= bottom + 1 or (
                (top + bottom) / 2 <= word.bottom and (top + bottom) / 2 >= word.top
            ):
                last.append(word)
                continue
        lines.append([word])
    return [_line(sorted(line, key=lambda w: w.left)) for line in lines]


def write_lines(lines: list[Line], offset: int) -> str:
    """The lines as text; notes in each chunk where it stands, counted from `offset`."""
    parts: list[str] = []
    at = offset
    last_bottom: float | None = None
    for line in lines:
        if last_bottom is not None:
            # A gap of more than a line is a paragraph's end.
            blank = line.top - last_bottom > 1.2 * max(line.bottom - line.top, 4)
            parts.append("\n\n" if blank else "\n")
            at += len(parts[-1])
        for number, chunk in enumerate(line.chunks):
            if number:
                parts.append("\t")
                at += 1
            chunk.start = at
            for word_number, word in enumerate(chunk.words):
                at += bool(word_number)
                chunk.offsets.append(at)
                at += len(word.text)
            chunk.end = at
            parts.append(chunk.text)
        last_bottom = line.bottom
    return "".join(parts) + ("\n" if parts else "")


def _line(words: list[Word]) -> Line:
    height = sorted(w.height for w in words)[len(words) // 2]
    chunks: list[Chunk] = []
    for word in words:
        gap = word.left - chunks[-1].right if chunks else 0.0
        if chunks and gap < max(height * 1.1, 4.0):
            chunks[-1].words.append(word)
        else:
            chunks.append(Chunk([word]))
    return Line(chunks, min(w.top for w in words), max(w.bottom for w in words))
