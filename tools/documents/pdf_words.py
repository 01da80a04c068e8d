"""The words of a PDF page with their boxes, told apart into those a reader sees and those nobody does."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tools.documents.hidden_text import without_invisible
from tools.documents.text import clean

# Pixels per point when looking for a word's trace; fine print of 4 points still leaves one.
_SCALE = 2.0
_MAX_PIXELS = 2600
# Difference of the lightest to the darkest pixel (0-255) under which a word cannot be seen.
_CONTRAST = 14
_TINY_POINTS = 1.5
_MAX_PAGE_CHARS = 200_000


@dataclass(frozen=True)
class Word:
    """A run of characters without a space. Points from the top left corner, as on the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """Height in points."""
        return self.bottom - self.top


def page_words(page: pdfium.PdfPage) -> tuple[list[Word], list[str]]:
    """Visible words in the file's order, and the hidden ones' text."""
    words = list(_words(page))
    if not words:
        return [], []
    picture, scale = _picture(page)
    width, height = page.get_size()
    seen: list[Word] = []
    unseen: list[str] = []
    for word in words:
        if _is_seen(word, picture, scale, width, height):
            seen.append(word)
        else:
            unseen.append(word.text)
    return seen, unseen


def _words(page: pdfium.PdfPage) -> list[Word]:
    textpage = page.get_textpage()
    try:
        return _group(page, textpage)
    finally:
        textpage.close()


def _group(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> list[Word]:
    words: list[Word] = []
    letters: list[str] = []
    box: list[float] = []
    place = _Placer(page)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))

    def close() -> None:
        text = without_invisible(clean("".join(letters)), "")[0].strip()
        if text and box:
            words.append(Word(text, *box))
        letters.clear()
        box.clear()

    high = 0
    for index in range(min(textpage.count_chars(), _MAX_PAGE_CHARS)):
        code: int = pdfium_c.FPDFText_GetUnicode(textpage, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        letter = "-" if code in (2, 0xFFFE) else chr(code) if code < 0x110000 else " "
        if letter.isspace() or letter == "\x00":
            close()
            continue
        if not pdfium_c.FPDFText_GetCharBox(textpage, index, left, right, bottom, top):
            letters.append(letter)
            continue
        here = place(left.value, bottom.value, right.value, top.value)
        if box and not _continues(box, here):
            close()
        letters.append(letter)
        box[:] = (
            [min(box[0], here[0]), min(box[1], here[1]), max(box[2], here[2]), max(box[3], here[3])]
            if box
            else here
        )
    close()
    return words


def _continues(box: list[float], here: list[float]) -> bool:
    """Whether a character stands right behind a word; programs that draw cells write no spaces between."""
    height = max(box[3] - box[1], here[3] - here[1], 1.0)
    gap = here[0] - box[2]
    overlaps = min(box[3], here[3]) - max(box[1], here[1]) > -0.5 * height
    return -height * 2 < gap < height * 0.9 and overlaps


class _Placer:
    """Page coordinates (origin bottom left, unrotated) to points from the top left of the page as shown."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.page = page
        width, height = page.get_size()
        self.size = (max(1, round(width * 10)), max(1, round(height * 10)))

    def __call__(self, left: float, bottom: float, right: float, top: float) -> list[float]:
        ax, ay = self._point(left, bottom)
        bx, by = self._point(right, top)
        return [min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)]

    def _point(self, x: float, y: float) -> tuple[float, float]:
        px, py = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDF_PageToDevice(self.page, 0, 0, *self.size, 0, x, y, px, py)
        return px.value / 10, py.value / 10


def _picture(page: pdfium.PdfPage) -> tuple[Any, float]:
    width, height = page.get_size()
    scale = min(_SCALE, _MAX_PIXELS / max(width, height, 1.0))
    bitmap = page.render(
        scale=scale,  # pyright: ignore[reportArgumentType] # a float by its own docs
        may_draw_forms=False,
    )
    picture = bitmap.to_pil().convert("RGB")
    bitmap.close()
    return picture, scale


def _is_seen(word: Word, picture: Any, scale: float, width: float, height: float) -> bool:
    """Whether a word leaves a trace on the rendered page, and is large enough to be read."""
    if word.right <= 0 or word.bottom <= 0 or word.left >= width or word.top >= height:
        return False
    if not any(c.isalnum() for c in word.text):
        return True
    if word.height < _TINY_POINTS and word.right - word.left < _TINY_POINTS * len(word.text):
        return False
    box = (
        max(0, int(word.left * scale) - 1),
        max(0, int(word.top * scale) - 1),
        min(picture.width, int(word.right * scale) + 2),
        min(picture.height, int(word.bottom * scale) + 2),
    )
    if box[2] <= box[0] or box[3] <= box[1]:
        return False
    return any(high - low >= _CONTRAST for low, high in picture.crop(box).getextrema())
