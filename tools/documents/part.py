"""One part of a message to its documents: body, quoted history, forwarded mail, or an attachment."""

from __future__ import annotations

from orderdesk.domain.documents import Cell, Document, DocumentRole, Table
from orderdesk.domain.errors import ReaderLimitExceeded, ReadError
from orderdesk.domain.findings import Finding
from orderdesk.domain.ids import content_hash, derived_id
from tools.documents.body import choose_body
from tools.documents.defects import document_encrypted, reader_limit_exceeded, unreadable_document
from tools.documents.file import read_file
from tools.documents.injection import injection_findings
from tools.documents.limits import ReaderLimits
from tools.documents.mail import Part
from tools.documents.parsed import Parsed
from tools.documents.reply_trim import Span, moved, split_reply, take
from tools.documents.sniff import sniff

_STRUCTURED = {"x12", "edifact", "xml"}


def read_part(
    part: Part, position: int, message_sha256: str, limits: ReaderLimits, *, subject: str = ""
) -> tuple[Document, ...]:
    """The documents of one part: one for a file, up to three for a body. Never raises on content."""
    try:
        if part.role == "attachment":
            parsed = read_file(part, part_id(message_sha256, position), limits)
            return (_document(part, position, message_sha256, part.role, parsed, parsed.text, "0", limits),)
        return _body(part, position, message_sha256, limits, subject)
    except ReaderLimitExceeded as error:
        finding = reader_limit_exceeded(part.name, str(error))
    except ReadError as error:
        encrypted = error.code == "document_encrypted"
        finding = document_encrypted(part.name) if encrypted else unreadable_document(part.name, str(error))
    except MemoryError:
        finding = reader_limit_exceeded(part.name, "it needs too much memory")
    except (KeyboardInterrupt, SystemExit, GeneratorExit, ImportError):
        raise  # nothing the content did
    except BaseException as error:  # a parser's own bug, a Rust panic included: costs this part only
        finding = unreadable_document(part.name, f"its content is damaged ({type(error).__name__})")
    return (placeholder(part, position, message_sha256, finding),)


def part_id(message_sha256: str, position: int, piece: str = "0") -> str:
    """The id of a document: the same for the same message, time after time."""
    return derived_id("document", message_sha256, position, piece)


def placeholder(part: Part, position: int, message_sha256: str, finding: Finding) -> Document:
    """A part that was not read, and why."""
    return Document(
        document_id=part_id(message_sha256, position),
        name=part.name,
        format="unknown",
        role=part.role,
        media_type=part.media_type,
        size=len(part.raw),
        sha256=content_hash(part.raw),
        findings=(finding,),
    )


def _body(part: Part, position: int, sha256: str, limits: ReaderLimits, subject: str) -> tuple[Document, ...]:
    if sniff(part.raw) in _STRUCTURED and part.html is None:
        parsed = read_file(part, part_id(sha256, position), limits)
        if parsed.drafts or parsed.findings:  # an order pasted into the body; other markup is just text
            return (_document(part, position, sha256, part.role, parsed, parsed.text, "0", limits),)
    ids = {piece: part_id(sha256, position, piece) for piece in ("0", "forwarded", "quoted")}
    parsed = choose_body(part, ids["0"], limits)
    split = split_reply(parsed.text, subject)
    pieces: list[tuple[str, DocumentRole, tuple[Span, ...]]] = [
        ("0", part.role, split.new),
        ("forwarded", "forwarded", split.forwarded),
        ("quoted", "quoted", split.quoted),
    ]
    documents: list[Document] = []
    for piece, role, spans in pieces:
        text = take(parsed.text, spans)
        if piece == "0" or text.strip():
            tables = _moved_tables(parsed.tables, spans, text)
            findings = parsed.findings if piece == "0" else ()
            cut = Parsed(format=parsed.format, text=text, tables=tables, findings=findings)
            documents.append(_document(part, position, sha256, role, cut, text, piece, limits))
    return tuple(documents)


def _document(
    part: Part, position: int, sha256: str, role: DocumentRole, parsed: Parsed, text: str, piece: str,
    limits: ReaderLimits,
) -> Document:  # fmt: skip
    document_id = part_id(sha256, position, piece)
    findings = (*parsed.findings, *injection_findings(text[: limits.max_chars], document_id))
    if len(text) > limits.max_chars and not parsed.drafts:
        text = text[: limits.max_chars]
        findings = (*findings, reader_limit_exceeded(part.name, "it holds more text than an order can have"))
    return Document(
        document_id=document_id,
        name=part.name,
        format=parsed.format,
        role=role,
        media_type=part.media_type,
        size=len(part.raw),
        sha256=content_hash(part.raw),
        text=text,
        tables=parsed.tables,
        drafts=parsed.drafts,
        findings=findings,
    )


def _moved_tables(tables: tuple[Table, ...], spans: tuple[Span, ...], text: str) -> tuple[Table, ...]:
    """The tables, or the rows of them, that stand in these spans, with their new places."""
    kept: list[Table] = []
    for table in tables:
        rows: list[tuple[Cell, ...]] = []
        for row in table.rows:
            cells = [_moved_cell(cell, spans, text) for cell in row]
            if cells and all(cell is not None for cell in cells):
                rows.append(tuple(cell for cell in cells if cell is not None))
        if rows:
            kept.append(table.model_copy(update={"rows": tuple(rows)}))
    return tuple(kept)


def _moved_cell(cell: Cell, spans: tuple[Span, ...], text: str) -> Cell | None:
    if cell.start < 0:
        return cell
    start = moved(cell.start, spans)
    if start < 0:
        return None
    end = start + cell.end - cell.start
    return cell.model_copy(update={"start": start, "end": end}) if text[start:end] == cell.text else None
