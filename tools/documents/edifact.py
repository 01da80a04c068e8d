"""EDIFACT files: the messages in them, and whether their control counts and mandatory segments hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from orderdesk.domain.orders import OrderDraft
from tools.documents.edi_segments import Segment
from tools.documents.edifact_order import read_order
from tools.documents.edifact_segments import EdifactText, read_segments
from tools.documents.parsed import Parsed
from tools.documents.stated import Notebook, with_findings

_ORDERS = frozenset({"ORDERS", "ORDCHG"})
_MESSAGES = {
    "ORDRSP": "order response",
    "DESADV": "despatch advice",
    "INVOIC": "invoice",
    "QUOTES": "quote",
    "REQOTE": "request for quotation",
    "DELFOR": "delivery schedule",
    "DELJIT": "just-in-time delivery",
    "PRICAT": "price catalogue",
    "RECADV": "receiving advice",
    "APERAK": "application error or acknowledgement",
    "CONTRL": "syntax and service report",
    "OSTENQ": "order status enquiry",
    "OSTRPT": "order status report",
    "SLSRPT": "sales report",
    "INVRPT": "inventory report",
    "REMADV": "remittance advice",
}
# Elements without which a segment says nothing: (element, component), with the directory's number.
_MANDATORY = {
    "DTM": ((1, 0, "2005 date function"),),
    "NAD": ((1, 0, "3035 party function"),),
    "QTY": ((1, 0, "6063 quantity type"), (1, 1, "6060 quantity")),
    "PRI": ((1, 0, "5125 price type"),),
    "RFF": ((1, 0, "1153 reference type"),),
    "MOA": ((1, 0, "5025 amount type"),),
    "CNT": ((1, 0, "6069 control type"), (1, 1, "6066 control value")),
    "PIA": ((1, 0, "4347 product id function"),),
    "UNS": ((1, 0, "0081 section"),),
}


@dataclass(slots=True)
class _Message:
    segments: list[Segment] = field(default_factory=list[Segment])
    sender: tuple[str, ...] = ()
    envelope: list[Notebook] = field(default_factory=list[Notebook])

    @property
    def kind(self) -> str:
        return self.segments[0].get(2).upper()


def parse_edifact(raw: bytes, document_id: str) -> Parsed:
    """An EDIFACT file: one draft for each ORDERS or ORDCHG message in it; any other message is named."""
    read = read_segments(raw)
    notes = Notebook(document_id)
    _file_notes(read, notes)
    drafts: list[OrderDraft] = []
    count = 0
    for message in _messages(read.segments, document_id):
        count += 1
        if message.kind in _ORDERS:
            drafts.append(_order(message, document_id))
            continue
        if message.kind == "ORDERR":
            notes.note(
                "unsupported_version",
                "approve",
                "The file holds an order in the old ODETTE format (ORDERR), which is not read; a person has to "
                "enter it or ask the partner for EDIFACT ORDERS.",
                version="ODETTE ORDERR",
            )
            continue
        name = _MESSAGES.get(message.kind, "a message that is not of the order family")
        text = f"EDIFACT message {message.kind or 'without a type'} ({name}) is not an order."
        if all(finding.message != text for finding in notes.findings):
            notes.note("not_an_order", "info", text, transaction=message.kind, name=name)
    if read.lost_header:
        header = Notebook(document_id)
        header.note(
            "edi_segment_missing",
            "approve",
            f"The UNB segment that opens the interchange is damaged ('{read.lost_header}'): who sent the file is "
            "not certain; check the sender and tell the partner.",
            segment="UNB",
        )
        drafts = [with_findings(draft, header.findings) for draft in drafts]
    if read.segments and not count:
        _missing(notes, "UNH", "the interchange holds no message")
    return Parsed(format="edifact", text=read.text, drafts=tuple(drafts), findings=tuple(notes.findings))


def _file_notes(read: EdifactText, notes: Notebook) -> None:
    if read.too_many:
        notes.note(
            "reader_limit_exceeded", "approve", "The file has too many segments; ask the partner to split it."
        )
    elif not read.segments:
        notes.note(
            "unreadable_document",
            "clarify",
            "The file does not hold an EDIFACT interchange: no UNA, UNB or UNH segment can be read.",
            question="unreadable_document",
        )
    if read.undeclared:
        notes.note(
            "edi_separators_undeclared",
            "info",
            "The interchange uses separators of its own without declaring them in UNA; they were taken from its "
            "first segments.",
        )
    if read.empty_segments:
        notes.note(
            "edi_empty_segments",
            "info",
            f"The file holds {read.empty_segments} empty segments (two terminators in a row); they were skipped.",
            count=str(read.empty_segments),
        )


def _messages(segments: tuple[Segment, ...], document_id: str) -> Iterator[_Message]:
    """Each message UNH to UNT with its sender; what is wrong with the envelope is noted on all its messages."""
    waiting: list[_Message] = []
    message: _Message | None = None
    notes = Notebook(document_id)
    opened: Segment | None = None
    group: Segment | None = None
    groups = in_group = 0
    for segment in segments:
        if message is not None:
            if segment.tag not in ("UNH", "UNB", "UNZ", "UNE"):
                message.segments.append(segment)
                message = None if segment.tag == "UNT" else message
                continue
            message = None
        match segment.tag:
            case "UNB":
                yield from _closed(waiting, notes, opened, group)
                waiting, notes, opened, group = [], Notebook(document_id), segment, None
                groups = in_group = 0
                if segment.get(11) == "1":
                    notes.note(
                        "test_message", "approve", "The sender marked the interchange as a test (UNB 0035)."
                    )
            case "UNG":
                group, groups, in_group = segment, groups + 1, 0
            case "UNH":
                sender = (opened.get(2) if opened else "", group.get(2) if group else "")
                message = _Message([segment], tuple(dict.fromkeys(s for s in sender if s)), [notes])
                waiting.append(message)
                in_group += 1
            case "UNE":
                _check_trailer(notes, segment, in_group, group.get(5) if group else "")
                group = None
            case "UNZ":
                _check_trailer(notes, segment, groups or len(waiting), opened.get(5) if opened else "")
                yield from _closed(waiting, notes, None, group)
                waiting, notes, opened, group = [], Notebook(document_id), None, None
                groups = in_group = 0
            case "BGM":
                notes.note(
                    "edi_segment_missing",
                    "reject",
                    "The UNH segment that opens a message is missing before BGM: an order was damaged on the way; "
                    "the partner has to send it again.",
                    segment="UNH",
                )
            case _:
                pass
    yield from _closed(waiting, notes, opened, group)


def _closed(
    waiting: list[_Message], notes: Notebook, opened: Segment | None, group: Segment | None
) -> list[_Message]:
    """The messages of an interchange, once it is known which of its trailers are missing."""
    for tag, head in (("UNE", group), ("UNZ", opened)):
        if head is not None:
            notes.note(
                "edi_segment_missing",
                "approve",
                f"The {tag} segment that closes the {head.tag} is missing: the file may be cut off; "
                "ask the partner whether more was sent.",
                segment=tag,
            )
    return waiting


def _check_trailer(notes: Notebook, trailer: Segment, real: int, opened_as: str) -> None:
    said = trailer.get(1)
    if said.isdigit() and int(said) != real:
        notes.count(trailer.tag, said, real, "messages or groups inside")
    closed_as = trailer.get(2)
    if opened_as and closed_as.lstrip("0") != opened_as.lstrip("0"):
        label, where = f"{trailer.tag} reference", "reference it opened with"
        # No order is damaged by it, so a person may let it pass.
        notes.count(label, closed_as or "nothing", opened_as, where, severity="approve")


def _order(message: _Message, document_id: str) -> OrderDraft:
    checks = Notebook(document_id)
    segments = message.segments
    closing = segments[-1]
    if closing.tag != "UNT":
        _missing(checks, "UNT", "the message is cut off")
    else:
        said = closing.get(1)
        if not said.isdigit() or int(said) != len(segments):
            checks.count("UNT", said or "nothing", len(segments), "segments from UNH to UNT")
        if closing.get(2) != segments[0].get(1):
            checks.count("UNT reference", closing.get(2) or "nothing", segments[0].get(1), "reference in UNH")
    for tag in ("BGM", "DTM", "NAD"):
        if all(segment.tag != tag for segment in segments):
            _missing(checks, tag, "the order does not hold it")
    for position, segment in enumerate(segments, start=1):
        for element, component, name in _MANDATORY.get(segment.tag, ()):
            if not segment.get(element, component):
                _missing(checks, segment.tag, f"segment {position} lacks its mandatory element {name}")
    draft = read_order(segments, message.sender, document_id)
    envelope = [finding for notes in message.envelope for finding in notes.findings]
    return with_findings(draft, checks.findings + envelope)


def _missing(notes: Notebook, tag: str, why: str) -> None:
    notes.note(
        "edi_segment_missing",
        "reject",
        f"Mandatory segment {tag}: {why}; the partner has to send the order again.",
        segment=tag,
    )
