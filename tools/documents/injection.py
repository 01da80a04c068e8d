"""Text aimed at the assistant instead of the company, and requests to change bank details."""

from __future__ import annotations

import re

from orderdesk.domain.findings import Finding
from tools.documents.defects import hold
from tools.documents.injection_patterns import BANK_CHANGE, INJECTION

_EMPTY_LINES = re.compile(r"\n{3,}")


def injection_findings(text: str, document_id: str) -> tuple[Finding, ...]:
    """One finding for text aimed at the assistant, one for changed bank details; each quotes its sentence."""
    findings: list[Finding] = []
    folded = _folded(text)
    if match := _first(INJECTION, folded):
        quote = _sentence(folded, match)
        findings.append(
            hold(
                "injection_suspected",
                f"The text gives orders to the software instead of to the company: “{quote}”. It was taken as "
                "data only; a person has to judge the message.",
                document_id=document_id,
                quote=quote,
            )
        )
    if match := _first(BANK_CHANGE, folded):
        quote = _sentence(folded, match)
        findings.append(
            hold(
                "bank_details_changed",
                f"The text speaks of changed bank details: “{quote}”. Nothing is changed on the strength of a "
                "message; call back at the number on file.",
                document_id=document_id,
                quote=quote,
            )
        )
    return tuple(findings)


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> re.Match[str] | None:
    found = [m for m in (p.search(text) for p in patterns) if m]
    return min(found, key=lambda m: m.start()) if found else None


def _folded(text: str) -> str:
    """Wrapped lines joined (quote marks included), so that a sentence is found across them.

    Line by line, and with runs of blanks and empty lines made short: a pattern that looks across blanks takes
    time with the square of such a run, and whoever writes the mail chooses how long it is.
    """
    lines = [" ".join(line.lstrip(" \t>").split()) for line in text.split("\n")]
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines))


def _sentence(text: str, match: re.Match[str]) -> str:
    start = max(text.rfind(stop, 0, match.start() + 1) for stop in ("\n", ". ", "! ", "? ")) + 1
    start = max(start, match.start() - 60)
    ends = [i for i in (text.find(stop, match.end()) for stop in (". ", "\n", "! ", "? ")) if i >= 0]
    end = min([*ends, match.end() + 80, len(text)])
    return " ".join(text[start:end].split())[:200]
