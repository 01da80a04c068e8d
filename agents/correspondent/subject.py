"""The subject of an answer: the customer's own, the PO number, and the case token replies come back by."""

from __future__ import annotations

import re

from agents.correspondent.contract import CorrespondentInput
from agents.correspondent.text import clean, folded

_SUBJECT_LIMIT = 120
_PO_LIMIT = 40
_PREFIXES = re.compile(r"^\s*((re|aw|rv|sv|fw|fwd|wg|tr|ref|antw)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_TOKEN = re.compile(r"\[OD-[^\]]*\]?", re.IGNORECASE)


def reply_subject(given: CorrespondentInput, fallback: str) -> str:
    """'Re: <subject> - PO <number> [OD-1a2b3c4d]'; `fallback` stands where the message has no subject."""
    # A token in the customer's text could lead the answers of one case to another.
    bare = _TOKEN.sub(" ", _PREFIXES.sub("", clean(given.subject)))
    subject = clean(_PREFIXES.sub("", bare), _SUBJECT_LIMIT) or fallback
    po = (
        clean(_TOKEN.sub(" ", clean(given.draft.po_number.value)), _PO_LIMIT) if given.draft.po_number else ""
    )
    if po and folded(po) not in folded(subject):
        subject = f"{subject} - PO {po}"
    return f"Re: {subject} {case_token(given.case_id)}"


def case_token(case_id: str) -> str:
    """'[OD-1a2b3c4d]': the first eight characters of the case id."""
    return f"[OD-{case_id[:8]}]"
