"""Findings about a document as a file: what is wrong with it, in words a clerk can pass on."""

from __future__ import annotations

from orderdesk.domain.findings import Finding


def clarify(code: str, message: str, **facts: str) -> Finding:
    """A defect the sender can cure by sending the document again in another form."""
    return Finding(code=code, severity="clarify", message=message, question=code, facts=facts)


def note(code: str, message: str, **facts: str) -> Finding:
    """Something worth knowing that changes nothing."""
    return Finding(code=code, severity="info", message=message, facts=facts)


def hold(code: str, message: str, **facts: str) -> Finding:
    """A sign of an attempt to deceive: a person decides before anything else happens."""
    return Finding(code=code, severity="approve", hold=True, message=message, facts=facts)


def empty_document(name: str) -> Finding:
    """A file or part without content."""
    return clarify(
        "empty_document", f"{_called(name)} is empty; the sender has to send it again.", document=name
    )


def unreadable_document(name: str, why: str) -> Finding:
    """A file whose content cannot be read; `why` completes 'cannot be read: ...'."""
    return clarify(
        "unreadable_document",
        f"{_called(name)} cannot be read: {why}. The sender has to send it again, "
        "best as text, PDF or spreadsheet.",
        document=name,
    )


def unsupported_attachment(name: str, why: str) -> Finding:
    """A file of a kind that is not opened."""
    return clarify(
        "unsupported_attachment",
        f"{_called(name)} was not opened: {why}. If the order stands in it, the sender has to send it "
        "as text, PDF or spreadsheet.",
        document=name,
    )


def document_too_large(name: str, size: int, limit: int) -> Finding:
    """A file over the limit, not read at all. Sizes in bytes."""
    return clarify(
        "document_too_large",
        f"{_called(name)} is too large to be read ({_mb(size)} MB, the limit is {_mb(limit)} MB). "
        "The sender has to send a smaller file.",
        document=name,
        size_mb=_mb(size),
        limit_mb=_mb(limit),
    )


def reader_limit_exceeded(name: str, why: str) -> Finding:
    """A file whose reading was stopped; `why` completes 'reading was stopped: ...'."""
    return clarify(
        "reader_limit_exceeded",
        f"Reading of {_called(name, middle=True)} was stopped: {why}. A person has to look at it, or the "
        "sender sends it in a simpler form.",
        document=name,
    )


def document_encrypted(name: str) -> Finding:
    """A file that needs a password or a key."""
    return clarify(
        "document_encrypted",
        f"{_called(name)} is protected by a password or encrypted; the sender has to send it unprotected.",
        document=name,
    )


def scanned_document(name: str) -> Finding:
    """A picture of a document: no text in it."""
    return clarify(
        "scanned_document",
        f"{_called(name)} is a scan or picture with no text in it; the sender has to send the order as "
        "text, spreadsheet or a PDF with text.",
        document=name,
    )


def macro_file(name: str) -> Finding:
    """An office file with program code in it."""
    return hold(
        "macro_file",
        f"{_called(name)} contains macros (program code) and was not opened; a person has to check it.",
        document=name,
    )


def _called(name: str, *, middle: bool = False) -> str:
    if name:
        return f"“{name}”"
    return "the message" if middle else "The message"


def _mb(size: int) -> str:
    return f"{size / (1024 * 1024):.1f}"
