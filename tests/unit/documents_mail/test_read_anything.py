"""Whatever bytes arrive, reading them never raises and gives at least one document."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.documents.limits import ReaderLimits
from tools.documents.read import read_message, read_raw_text

NAMES = st.sampled_from(
    [
        "in.eml",
        "o.pdf",
        "o.xlsx",
        "o.csv",
        "o.txt",
        "o.xml",
        "o.html",
        "o.docx",
        "winmail.dat",
        "",
        "o.ods",
        "o.xls",
    ]
)
HEADS = st.sampled_from(
    [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"ISA*00*", b"UNA:+.? 'UNB+UNOA:1+", b"<?xml version='1.0'?><Order>", b"<html>",
     b"From: a@b.example\r\nSubject: x\r\nDate: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
     b"From: =?utf-8?q?=ff?= <a@b>\r\nSubject: =?x?b?!!?=\r\nTo: a\r\nContent-Type: text/html; charset=utf-7\r\n\r\n",
     b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"sku;qty\n"]
)  # fmt: skip
MARKUP = [
    "<div>", "</div>", "<table>", "<tr>", "<td>", "</td>", "</table>", "5 x", " ", "\n", "<blockquote type=cite>",
    "<th>", "</blockquote>", "<br>", "<pre>", "<!--", "-->", "<p hidden>", "<style>", "</style>", "a{display:none",
    "&#8203;",
]  # fmt: skip
LIMITS = ReaderLimits(max_bytes=3000, head_bytes=500)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HEADS, st.binary(max_size=400), NAMES)
def test_any_bytes(head: bytes, tail: bytes, name: str) -> None:
    message = read_message(head + tail, name, limits=LIMITS)
    assert message.documents
    assert message.model_validate_json(message.model_dump_json()) == message


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=300),
    st.text(max_size=40),
    st.text(max_size=40),
    st.text(max_size=20),
    st.binary(max_size=50),
)
def test_any_text(text: str, sender: str, subject: str, name: str, content: bytes) -> None:
    message = read_raw_text(text, sender, subject, [(name, content)])
    assert message.documents
    assert message.recipients == ()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(MARKUP), max_size=60))
def test_any_html_keeps_places(pieces: list[str]) -> None:
    for document in read_message("".join(pieces).encode(), "o.html").documents:
        for table in document.tables:
            for row in table.rows:
                for cell in row:
                    assert document.text[cell.start : cell.end] == cell.text
