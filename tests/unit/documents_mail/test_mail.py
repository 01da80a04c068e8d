"""Mails as they come: structures, charsets, forwards, automatic senders, hostile headers."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest

from orderdesk.domain.documents import ReadMessage
from tools.documents.limits import ReaderLimits
from tools.documents.read import compose_message, read_message, read_raw_text


def mail(text: str = "Please send 5 boxes of gloves.", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ann Buyer <ann@acme.example>"
    message["To"] = "orders@us.example"
    message["Subject"] = "Order 4711"
    message["Message-ID"] = "<1@acme.example>"
    message["Date"] = "Mon, 4 May 2026 09:30:00 +0200"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def read(message: EmailMessage | bytes) -> ReadMessage:
    return read_message(message if isinstance(message, bytes) else message.as_bytes(), "in.eml")


def roles(message: ReadMessage) -> list[str]:
    return [d.role for d in message.documents]


def codes(message: ReadMessage) -> set[str]:
    return {f.code for d in message.documents for f in d.findings} | {f.code for f in message.findings}


def test_envelope_is_read() -> None:
    message = read(mail(In_Reply_To="<0@us.example>", References="<a@x> <0@us.example>", Cc="b@acme.example"))
    assert message.message_id == "1@acme.example"
    assert message.in_reply_to == ("0@us.example", "a@x")
    assert (message.sender.address, message.sender.name) == ("ann@acme.example", "Ann Buyer")
    assert message.recipients == ("orders@us.example", "b@acme.example")
    assert message.sent_at == "2026-05-04T09:30:00+02:00"
    assert message.automatic == ""
    assert message.documents[0].text.strip() == "Please send 5 boxes of gloves."


def test_the_same_bytes_give_the_same_ids() -> None:
    raw = mail().as_bytes()
    assert [d.document_id for d in read(raw).documents] == [d.document_id for d in read(raw).documents]
    assert read(raw).documents[0].document_id != read(raw + b"\n").documents[0].document_id


def test_html_only_mail_becomes_text_and_table() -> None:
    message = mail()
    message.clear_content()
    message.set_content(
        "<p>Hello,</p><table><tr><th>SKU</th><th>Qty</th></tr><tr><td>A-1</td><td>5</td></tr></table>",
        subtype="html",
    )
    body = read(message).documents[0]
    assert body.format == "html"
    assert body.text.startswith("Hello,")
    cell = body.tables[0].rows[1][1]
    assert cell.text == body.text[cell.start : cell.end] == "5"


def test_plain_text_is_preferred_where_both_versions_agree() -> None:
    message = mail("5 x A-1 please")
    message.add_alternative("<p>5 x <b>A-1</b> please</p>", subtype="html")
    assert read(message).documents[0].format == "text"


def test_html_counts_where_figures_differ() -> None:
    message = mail("5 x A-1 please")
    message.add_alternative("<p>50 x A-1 please</p>", subtype="html")
    result = read(message)
    assert result.documents[0].text.strip() == "50 x A-1 please"
    assert "body_versions_differ" in codes(result)


def test_stub_plain_part_gives_way_to_html() -> None:
    message = mail("View this message in a browser.")
    message.add_alternative("<p>" + "We order twelve pallets of paper. " * 20 + "</p>", subtype="html")
    assert "twelve pallets" in read(message).documents[0].text


def test_quoted_history_is_a_document_of_its_own() -> None:
    text = "Yes, 5 boxes.\n\nOn Mon, 4 May 2026 at 09:00, Us <o@us.example> wrote:\n> How many of the 99?\n"
    message = read(mail(text))
    assert roles(message) == ["body", "quoted"]
    assert "99" not in message.documents[0].text
    assert "99" in message.documents[1].text


def test_attached_mail_is_forwarded_and_its_files_are_attachments() -> None:
    inner = mail("20 pcs B-2", X_Test="1")
    inner.add_attachment(b"sku;qty\nA-1;5\nA-2;6\n", maintype="text", subtype="csv", filename="lines.csv")
    outer = mail("see attached")
    outer.add_attachment(inner)
    message = read(outer)
    assert roles(message) == ["body", "forwarded", "attachment"]
    assert message.documents[1].text.strip() == "20 pcs B-2"
    assert message.documents[2].name == "lines.csv"


def test_forward_under_an_empty_text_counts_as_forwarded() -> None:
    text = (
        "FYI\n\n---------- Forwarded message ---------\nFrom: Bo <bo@acme.example>\nDate: Mon, 4 May 2026\n"
        "Subject: order\nTo: <ann@acme.example>\n\n20 pcs B-2\n\nOn 1 May 2026 at 10:00 x@y.example wrote:\n> old\n"
    )
    message = read(mail(text))
    assert roles(message) == ["body", "forwarded", "quoted"]
    assert "20 pcs B-2" in message.documents[1].text
    assert "> old" in message.documents[2].text


def test_forward_under_an_order_of_its_own_is_history() -> None:
    order = "We order: " + "10 pcs of part A-1, blue, " * 15
    history = (
        "-----Original Message-----\nFrom: a@b.example\nSent: 1 May 2026\nTo: x\nSubject: y\n\n20 pcs B-2\n"
    )
    text = f"{order}\n\n{history}"
    assert roles(read(mail(text))) == ["body", "quoted"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto_reply"),
        ({"X_Autoreply": "yes"}, "auto_reply"),
        ({"Precedence": "auto_reply"}, "auto_reply"),
        ({"Auto_Submitted": "auto-generated"}, ""),
        ({"Auto_Submitted": "no"}, ""),
        ({"List_Unsubscribe": "<mailto:u@x.example>"}, "newsletter"),
        ({"Precedence": "bulk"}, "newsletter"),
        ({"Return_Path": "<>"}, "bounce"),
        ({"Return_Path": "<ann@acme.example>"}, ""),
    ],
)
def test_automatic_senders(headers: dict[str, str], expected: str) -> None:
    assert read(mail(**headers)).automatic == expected


def test_order_file_on_a_mailing_is_read_as_an_order() -> None:
    message = mail(List_Unsubscribe="<mailto:u@x.example>")
    message.add_attachment(b"sku;qty\nA-1;5\nA-2;6\n", maintype="text", subtype="csv", filename="order.csv")
    result = read(message)
    assert result.automatic == ""
    assert "mass_mail_headers" in codes(result)


def test_delivery_report_is_a_bounce_and_its_content_history() -> None:
    raw = (
        b"From: MAILER-DAEMON@x.example\r\nSubject: failed\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\n\r\nCould not deliver.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.0.0\r\n\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: our mail\r\n\r\nYour order is booked.\r\n--b--\r\n"
    )
    message = read(raw)
    assert message.automatic == "bounce"
    assert "forwarded" not in roles(message)


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "cp1252", "utf-16", "iso-8859-15"])
def test_declared_charsets(charset: str) -> None:
    raw = f"Subject: x\r\nFrom: a@b.example\r\nTo: c\r\nContent-Type: text/plain; charset={charset}\r\n"
    body = base64.encodebytes("Größe für café".encode(charset))
    assert read(raw.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + body).documents[
        0
    ].text.strip() == ("Größe für café")


@pytest.mark.parametrize(
    ("charset", "real"), [("utf-8", "cp1252"), ("us-ascii", "utf-8"), ("nonsense", "cp1252")]
)
def test_wrongly_declared_charsets(charset: str, real: str) -> None:
    raw = f"Subject: x\r\nFrom: a@b.example\r\nTo: c\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode()
    assert read(raw + "5 Stück für Größe".encode(real)).documents[0].text.strip() == "5 Stück für Größe"


def test_format_flowed_lines_are_joined() -> None:
    raw = (
        b"Subject: x\r\nFrom: a@b.example\r\nTo: c\r\nContent-Type: text/plain; format=flowed\r\n\r\n"
        b"Please send \r\n5 boxes.\r\n-- \r\nAnn\r\n"
    )
    assert read(raw).documents[0].text.startswith("Please send 5 boxes.\n-- \n")


def test_encoded_headers_and_file_names() -> None:
    message = mail()
    message.replace_header("Subject", "Bestellung für Köln")
    message.add_attachment(b"hello there", maintype="text", subtype="plain", filename="Auftrag für Köln.txt")
    raw = message.as_bytes()
    assert b"=?utf-8?" in raw
    result = read(raw)
    assert result.subject == "Bestellung für Köln"
    assert result.documents[1].name == "Auftrag für Köln.txt"


def test_file_names_lose_their_folders() -> None:
    message = mail()
    message.add_attachment(b"hello there", maintype="text", subtype="plain", filename="../../etc/passwd")
    assert read(message).documents[1].name == "passwd"


def test_missing_boundary_is_found_again() -> None:
    raw = (
        b"From: a@b.example\r\nSubject: x\r\nTo: c\r\nContent-Type: multipart/mixed\r\n\r\n"
        b"--sep\r\nContent-Type: text/plain\r\n\r\n5 boxes\r\n--sep\r\n"
        b"Content-Type: text/csv; name=o.csv\r\n\r\nsku;qty\r\nA-1;5\r\n--sep--\r\n"
    )
    message = read(raw)
    assert message.documents[0].text.strip() == "5 boxes"
    assert message.documents[1].name == "o.csv"


def test_bad_date_and_two_senders_are_findings() -> None:
    raw = b"From: a@b.example\r\nFrom: c@d.example\r\nDate: yesterday\r\nSubject: x\r\nTo: c\r\n\r\nhello\r\n"
    message = read(raw)
    assert message.sent_at == ""
    assert {"bad_date", "sender_ambiguous"} <= codes(message)


def test_winmail_archives_and_macros_are_refused_with_a_reason() -> None:
    message = mail()
    message.add_attachment(
        b"\x78\x9f\x3e\x22abc", maintype="application", subtype="ms-tnef", filename="winmail.dat"
    )
    message.add_attachment(b"\x1f\x8b\x08abc", maintype="application", subtype="gzip", filename="order.gz")
    result = read(message)
    assert [d.findings[0].code for d in result.documents[1:]] == ["unsupported_attachment"] * 2
    assert "winmail.dat" in result.documents[1].findings[0].message


def test_empty_mail_says_so() -> None:
    assert "empty_document" in codes(read(mail("\n")))
    assert "empty_document" in codes(read_message(b"", "order.pdf"))


def test_oversized_mail_keeps_its_text_and_names_what_was_left_out() -> None:
    message = mail("please see the drawing, 5 pcs")
    message.add_attachment(
        b"%PDF-1.4" + b"x" * 200_000, maintype="application", subtype="pdf", filename="big.pdf"
    )
    limits = ReaderLimits(max_bytes=100_000, head_bytes=20_000)
    result = read_message(message.as_bytes(), "in.eml", limits=limits)
    assert "5 pcs" in result.documents[0].text
    assert [f.code for f in result.documents[1].findings] == ["document_too_large"]
    assert result.sender.address == "ann@acme.example"


def test_raw_text_reads_like_a_mail() -> None:
    message = read_raw_text(
        "5 x A-1\n\nOn Mon, 4 May 2026 at 09:00, Us <o@us.example> wrote:\n> old\n",
        "Ann <ann@acme.example>",
        "Order\r\nBcc: evil@x.example",
        [("lines.csv", b"sku;qty\nA-1;5\nA-2;6\n")],
    )
    assert message.sender.address == "ann@acme.example"
    assert message.subject == "Order Bcc: evil@x.example"
    assert roles(message) == ["body", "attachment", "quoted"]
    assert compose_message("a") == compose_message("a")
    assert "evil@x.example" not in message.recipients


def test_raw_text_without_a_sender_keeps_its_words() -> None:
    assert read_raw_text("5 x A-1 – für Köln").documents[0].text.strip() == "5 x A-1 – für Köln"
