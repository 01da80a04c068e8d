"""X12 files: the transaction sets in them, and whether their control counts hold."""

from __future__ import annotations

from orderdesk.domain.findings import Finding
from orderdesk.domain.orders import OrderDraft
from tools.documents.edi_segments import Segment, SegmentText
from tools.documents.parsed import Parsed
from tools.documents.stated import Notebook, with_findings
from tools.documents.text_offsets import decode
from tools.documents.x12_names import transaction_name
from tools.documents.x12_order import Envelope, read_order
from tools.documents.x12_segments import Interchange, interchanges, lost_header

_ORDERS = frozenset({"850", "860", "875"})
_HEADS_AND_LINES = frozenset({"BEG", "BCH", "PO1", "POC"})


def parse_x12(raw: bytes, document_id: str) -> Parsed:
    """An X12 file: one draft for each purchase order (850, 860, 875) in it; anything else is named."""
    text = SegmentText()
    notes = Notebook(document_id)
    drafts: list[OrderDraft] = []
    source = decode(raw)
    for interchange in interchanges(source, text, notes):
        drafts += _read_interchange(interchange, notes, document_id)
    lost = lost_header(source)
    if drafts and lost:
        header = Finding(
            code="edi_segment_missing",
            severity="approve",
            message=f"The ISA segment that opens the interchange is damaged ('{lost}'): who sent the file is not "
            "certain; check the sender and tell the partner.",
            facts={"segment": "ISA"},
        )
        drafts = [with_findings(draft, [header]) for draft in drafts]
    shown = str(text)
    if not shown.strip():
        shown = source
        if not notes.findings:
            notes.note(
                "unreadable_document",
                "clarify",
                "The file does not hold an X12 interchange: no ISA, GS or ST segment can be read.",
                question="unreadable_document",
            )
    return Parsed(format="x12", text=shown, drafts=tuple(drafts), findings=tuple(notes.findings))


def _read_interchange(interchange: Interchange, notes: Notebook, document_id: str) -> list[OrderDraft]:
    envelope_notes = Notebook(document_id)
    drafts: list[OrderDraft] = []
    envelope = Envelope()
    current: list[Segment] = []
    sets = groups = group_sets = closed = 0
    orphaned = False
    group = isa = None
    for segment in interchange.segments:
        tag = segment.tag
        if tag == "ISA":
            isa = segment
            envelope = Envelope(sender=segment.get(6))
            if segment.get(15).upper() == "T":
                envelope_notes.note(
                    "test_message", "approve", "The sender marked the interchange as a test (ISA15)."
                )
        elif tag == "GS":
            group, groups, group_sets = segment, groups + 1, 0
            envelope = Envelope(sender=envelope.sender, group_sender=segment.get(2))
        elif tag == "ST":
            drafts += _unfinished(current, envelope, notes)
            current, sets, group_sets = [segment], sets + 1, group_sets + 1
        elif tag == "SE" and current:
            strict = interchange.strict_counts[closed] if closed < len(interchange.strict_counts) else 0
            blank = strict if interchange.separators.blank_declared else None
            drafts += _transaction([*current, segment], envelope, notes, blank_count=blank)
            current, closed = [], closed + 1
        elif tag == "GE":
            drafts += _unfinished(current, envelope, notes)
            current = []
            _check_trailer(envelope_notes, "GE", segment, group_sets, group.get(6) if group else "")
            group = None
        elif tag == "IEA":
            _check_trailer(envelope_notes, "IEA", segment, groups, isa.get(13) if isa else "")
            isa = None
        elif current:
            current.append(segment)
        elif tag in _HEADS_AND_LINES and not orphaned:
            orphaned = True
            envelope_notes.note(
                "edi_segment_missing",
                "reject",
                f"The ST segment that opens a transaction set is missing before {tag}: an order was damaged on "
                "the way; the partner has to send it again.",
                segment="ST",
            )
    drafts += _unfinished(current, envelope, notes)
    for missing, opened in (("GE", group), ("IEA", isa)):
        if opened is not None:
            envelope_notes.note(
                "edi_segment_missing",
                "approve",
                f"The {missing} segment that closes the {opened.tag} is missing: the file may be cut off; "
                "ask the partner whether more was sent.",
                segment=missing,
            )
    if not drafts:
        # What is no order needs no word about its envelope, but an order that was lost does.
        notes.findings += [f for f in envelope_notes.findings if orphaned]
    if not sets and not notes.findings:
        notes.note(
            "not_an_order", "info", "The interchange holds no transaction set, so there is no order in it."
        )
    # What is wrong with the envelope concerns each order in it, and every order becomes a case of its own.
    return [with_findings(draft, envelope_notes.findings) for draft in drafts]


def _check_trailer(notes: Notebook, tag: str, segment: Segment, real: int, opened_as: str) -> None:
    said = segment.get(1)
    if said.isdigit() and int(said) != real:
        notes.count(tag, said, real, "sets in the group" if tag == "GE" else "groups in the interchange")
    if opened_as and _key(segment.get(2)) != _key(opened_as):
        label, where = f"{tag} control number", "number it opened with"
        # No order is damaged by it, so a person may let it pass.
        notes.count(label, segment.get(2) or "nothing", opened_as, where, severity="approve")


def _key(control_number: str) -> str:
    """A control number without leading zeros, which partners pad differently at both ends."""
    return control_number.lstrip("0") or control_number


def _unfinished(current: list[Segment], envelope: Envelope, notes: Notebook) -> list[OrderDraft]:
    """A set without SE: read as far as it goes, and refused."""
    if not current:
        return []
    finding = Finding(
        code="edi_segment_missing",
        severity="reject",
        message=f"The SE segment of transaction set {current[0].get(2) or '?'} is missing: "
        "the order is cut off; the partner has to send it again.",
        facts={"segment": "SE"},
    )
    return [with_findings(draft, [finding]) for draft in _transaction(current, envelope, notes)]


def _transaction(
    segments: list[Segment], envelope: Envelope, notes: Notebook, *, blank_count: int | None = None
) -> list[OrderDraft]:
    kind = segments[0].get(1)
    if kind not in _ORDERS:
        name = transaction_name(kind)
        message = f"Transaction set {kind or 'without a number'} ({name}) is not an order."
        if all(finding.message != message for finding in notes.findings):
            notes.note("not_an_order", "info", message, transaction=kind, name=name)
        return []
    checks = Notebook(notes.document_id)
    if segments[-1].tag == "SE":
        _check_set(checks, segments, blank_count)
    return [with_findings(read_order(segments, envelope, notes.document_id), checks.findings)]


def _check_set(notes: Notebook, segments: list[Segment], blank_count: int | None) -> None:
    closing = segments[-1]
    said, real = closing.get(1), len(segments)
    if not said.isdigit() or int(said) != real:
        notes.count("SE", said or "nothing", real, "segments from ST to SE")
    elif blank_count is not None and blank_count != real:
        notes.note(
            "control_count_wrong",
            "approve",
            "The interchange declares a blank as its segment terminator, but blanks stand inside names too: "
            f"read literally, SE says {said} real {blank_count}. Read line by line it fits; check it and tell "
            "the partner.",
            segment="SE",
            says=said,
            real=str(blank_count),
        )
    if _key(closing.get(2)) != _key(segments[0].get(2)):
        notes.count("SE control number", closing.get(2) or "nothing", segments[0].get(2), "number in ST")
