"""Orders in an EDIFACT file: ORDERS messages, by splitting at the separators that it declares or shows."""

from __future__ import annotations

import re

from evals.samples import ExpectedCase
from evals.truth.values import case, day, line

Segment = list[list[str]]
# Element 6063: quantity, discrete quantity, pieces delivered as ordered (how orders say it in the field).
_ORDERED = ("21", "1", "131")


def cases_of(raw: bytes) -> list[ExpectedCase] | None:
    """The ORDERS messages of the interchange; [] where there are only other messages, None without any UNH."""
    text = raw.decode("utf-8-sig", errors="replace").lstrip()
    segments = _segments(text)
    if segments is None or not any(s[0][0] == "UNH" for s in segments):
        return None
    found: list[ExpectedCase] = []
    current: list[Segment] = []
    for segment in [*segments, [["UNH"]]]:
        if segment[0][0] == "UNH":
            if current and _at(current[0], 2, 0) == "ORDERS":
                found.append(_order(current))
            current = []
        current.append(segment)
    return found


def _segments(text: str) -> list[Segment] | None:
    if text.startswith("UNA") and len(text) > 9:
        component, element, release, end, text = text[3], text[4], text[6], text[8], text[9:]
    else:
        # Without UNA the first segment shows its separators: UNB+UNOA:1+...'UNH
        shown = re.match(r"UNB(.)UNO\w(.)", text)
        before = re.search(r"(.)\s*UNH", text)
        if shown is None or before is None:
            return None
        element, component, end, release = shown[1], shown[2], before[1], "?"
    kept = f"(?<!{re.escape(release)})"
    found: list[Segment] = []
    for piece in re.split(kept + re.escape(end), text):
        if piece.strip():
            elements = re.split(kept + re.escape(element), piece.strip())
            found.append(
                [[_plain(c, release) for c in re.split(kept + re.escape(component), e)] for e in elements]
            )
    return found


def _plain(text: str, release: str) -> str:
    return re.sub(re.escape(release) + "(.)", r"\1", text).strip() if release.strip() else text.strip()


def _order(segments: list[Segment]) -> ExpectedCase:
    head = next((s for s in segments if s[0][0] == "BGM"), [])
    dates = [s for s in segments if s[0][0] == "DTM" and _at(s, 1, 0) == "137"]
    starts = [n for n, s in enumerate(segments) if s[0][0] == "LIN"]
    groups = [segments[a:b] for a, b in zip(starts, [*starts[1:], len(segments)], strict=True)]
    return case(_at(head, 2, 0), [_line(g) for g in groups], day(_at(dates[0], 1, 1)) if dates else None)


def _line(group: list[Segment]) -> dict[str, str]:
    quantity = next((_at(s, 1, 1) for s in group if s[0][0] == "QTY" and _at(s, 1, 0) in _ORDERED), None)
    price = next((_at(s, 1, 1) for s in group if s[0][0] == "PRI"), None)
    return line(quantity, price)


def _at(segment: Segment, element: int, component: int) -> str | None:
    if element >= len(segment) or component >= len(segment[element]):
        return None
    return segment[element][component]
