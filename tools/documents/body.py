"""The text of a mail body out of its plain and its HTML version."""

from __future__ import annotations

import re

from orderdesk.domain.findings import Finding
from tools.documents.defects import note
from tools.documents.hidden_text import without_invisible
from tools.documents.html import read_html
from tools.documents.limits import ReaderLimits
from tools.documents.mail import Part
from tools.documents.parsed import Parsed
from tools.documents.sniff import sniff
from tools.documents.text import clean, decode

_URL = re.compile(
    r"<?(?:https?|mailto|cid):[^\s<>\"']{1,2000}>?|\[image[^\]]*\]|\[cid:[^\]]*\]", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Plain versions of this size next to a far longer HTML say "please view this mail in a browser".
_STUB_CHARS = 200


def choose_body(part: Part, document_id: str, limits: ReaderLimits) -> Parsed:
    """The version a person would read: plain text, or the HTML where that says more or holds tables.

    People see the HTML; where its figures differ from the plain version's, the HTML counts.
    """
    if part.media_type == "text/html" or (part.html is None and sniff(part.raw) == "html"):
        source, guessed = decode(part.raw, part.charset or _meta_charset(part.raw))
        return _with(read_html(source, document_id, max_chars=limits.max_chars + 1), _guessed(guessed))
    plain = read_plain(part, document_id)
    if part.html is None:
        return plain
    source, guessed = decode(part.html, part.html_charset or _meta_charset(part.html))
    html = _with(read_html(source, document_id, max_chars=limits.max_chars + 1), _guessed(guessed))
    hidden = tuple(f for f in html.findings if f not in plain.findings)
    if not html.text.strip():
        return _with(plain, hidden)
    if html.tables or _is_stub(plain.text, html.text):
        return html
    if _figures(plain.text) != _figures(html.text):
        finding = note(
            "body_versions_differ",
            "The plain and the formatted version of the mail state different figures; the formatted one, "
            "which people see, was read.",
        )
        return _with(html, (finding,))
    return _with(plain, hidden)


def read_plain(part: Part, document_id: str) -> Parsed:
    """Plain text: charset, soft line breaks, invisible characters."""
    decoded, guessed = decode(part.raw, part.charset)
    text, findings = without_invisible(clean(decoded), document_id)
    text = text.replace("\xa0", " ")
    if part.flowed:
        text = unflow(text)
    return Parsed(format="text", text=text, findings=(*findings, *_guessed(guessed)))


def unflow(text: str) -> str:
    """Soft line breaks of format=flowed (RFC 3676) joined; quote depth and signature mark respected."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        marks = re.match(r">*", line)
        depth = marks.end() if marks else 0
        content = line[depth:].removeprefix(" ")
        if open_depth == depth and content != "-- ":
            out[-1] = out[-1] + content
        else:
            out.append((">" * depth + " " if depth else "") + content)
        open_depth = depth if content.endswith(" ") and content != "-- " else -1
    return "\n".join(out)


def _with(parsed: Parsed, more: tuple[Finding, ...]) -> Parsed:
    return parsed.model_copy(update={"findings": (*parsed.findings, *more)}) if more else parsed


def _guessed(guessed: bool) -> tuple[Finding, ...]:
    if not guessed:
        return ()
    return (
        note(
            "charset_guessed", "The text's character set is not the one stated; single letters may be wrong."
        ),
    )


def _is_stub(plain: str, html: str) -> bool:
    short = _URL.sub("", plain).strip()
    return not short or (len(short) < _STUB_CHARS and len(html.strip()) > 3 * len(short))


def _figures(text: str) -> list[str]:
    return sorted(_NUMBER.findall(_URL.sub(" ", text)))


def _meta_charset(raw: bytes) -> str:
    found = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{2,40})", raw[:4096], re.IGNORECASE)
    return found[1].decode("ascii") if found else ""
