"""One file to text, tables and drafts, by what it is; the kinds that are not opened say why."""

from __future__ import annotations

from orderdesk.domain.findings import Finding
from tools.documents.body import read_plain
from tools.documents.defects import (
    document_encrypted,
    empty_document,
    macro_file,
    note,
    scanned_document,
    unreadable_document,
    unsupported_attachment,
)
from tools.documents.html import read_html
from tools.documents.limits import ReaderLimits
from tools.documents.mail import Part
from tools.documents.parsed import Parsed
from tools.documents.sniff import Kind, sniff
from tools.documents.text import decode

# Pictures smaller than this are logos and icons; a photographed order is larger.
_LOGO_BYTES = 40 * 1024

_REFUSED: dict[Kind, str] = {
    "msg": "it is an Outlook message file, a format that is not read (an .eml is)",
    "tnef": "it is an Outlook package (winmail.dat)",
    "archive": "it is a compressed archive",
    "office": "it is an office file of a kind that is not read",
    "tradacoms": "it is a TRADACOMS file, a format that is not read (EDIFACT and X12 are)",
}


def read_file(part: Part, document_id: str, limits: ReaderLimits) -> Parsed:
    """Reads one file. Raises what the parsers raise; the caller turns that into a finding."""
    kind = sniff(part.raw, part.name, part.media_type)
    if part.name.lower().endswith("winmail.dat") or part.media_type == "application/ms-tnef":
        kind = "tnef"
    if part.media_type in {"application/pkcs7-mime", "application/x-pkcs7-mime"} and kind == "unknown":
        kind = "encrypted"
    if kind in {"x12", "edifact", "xml"}:
        return _structured(kind, part.raw, document_id)
    if kind == "html":
        return read_html(decode(part.raw, part.charset)[0], document_id, max_chars=limits.max_chars + 1)
    if kind in {"csv", "text"}:
        return _text_file(kind, part, document_id, limits)
    if kind == "sheet":
        from tools.documents.sheets import read_sheets

        return _with_orders(read_sheets(part.raw, part.name, document_id, limits), document_id)
    if kind == "pdf":
        from tools.documents.pdf import read_pdf

        return read_pdf(part.raw, part.name, document_id, limits)
    if kind == "docx":
        from tools.documents.docx import read_docx

        return read_docx(part.raw, part.name, document_id, limits)
    if kind in {"calendar", "email"}:
        return read_plain(part, document_id)
    return Parsed(format="unknown", text="", findings=(_refusal(kind, part),))


def _refusal(kind: Kind, part: Part) -> Finding:
    if kind == "empty":
        return empty_document(part.name)
    if kind == "encrypted":
        return document_encrypted(part.name)
    if kind == "macro":
        return macro_file(part.name)
    if kind == "signature":
        return note("signature_not_read", "The message carries an electronic signature; it was not checked.")
    if kind == "image":
        if part.inline or (len(part.raw) < _LOGO_BYTES and part.media_type.startswith("image/")):
            return note(
                "picture_not_read",
                f"“{part.name or 'A picture'}” is a small or inline picture; it was not read.",
            )
        return scanned_document(part.name)
    if kind in _REFUSED:
        return unsupported_attachment(part.name, _REFUSED[kind])
    return unreadable_document(part.name, "its kind is not known")


def _structured(kind: Kind, raw: bytes, document_id: str) -> Parsed:
    if kind == "x12":
        from tools.documents.x12 import parse_x12

        return parse_x12(raw, document_id)
    if kind == "edifact":
        from tools.documents.edifact import parse_edifact

        return parse_edifact(raw, document_id)
    from tools.documents.xml_read import parse_xml

    return parse_xml(raw, document_id)


def _text_file(kind: Kind, part: Part, document_id: str, limits: ReaderLimits) -> Parsed:
    from tools.documents.csv_table import read_csv

    text = decode(part.raw, part.charset)[0]
    table = read_csv(text, document_id, limits, certain=kind == "csv")
    return _with_orders(table, document_id) if table is not None else read_plain(part, document_id)


def _with_orders(parsed: Parsed, document_id: str) -> Parsed:
    """Order tables turned into drafts, where the header row says that it is one."""
    from tools.documents.order_tables import drafts_from_tables

    if not parsed.tables:
        return parsed
    drafts, findings = drafts_from_tables(
        parsed.tables, text=parsed.text, document_id=document_id, format=parsed.format
    )
    return parsed.model_copy(update={"drafts": drafts, "findings": (*parsed.findings, *findings)})
