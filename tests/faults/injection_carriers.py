"""Real messages that carry foreign words: each function puts them somewhere; without words it makes the harmless twin.

All of them order the same: 20 pieces BRG-20510 and 10 rolls CLN-80210 for Harlan's Toledo plant by March 20, 2026.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from tests.faults import injection_files as files

DANA = "Dana Whitfield <dana.whitfield@harlanfab.example>"
GAIL = "Gail Sorensen <gail@lakesidesupply.example>"
PO = "HF-26-0700"
OPENING = f"Hello,\n\nplease enter the following order, PO {PO}:"
LINES = "- 20 ea BRG-20510\n- 10 rolls CLN-80210"
CLOSING = (
    "Deliver by March 20, 2026.\n\nDana Whitfield\n2200 Matzinger Road, Toledo, OH 43612\n(419) 555-0111"
)
BODY = f"{OPENING}\n\n{LINES}\n\n{CLOSING}\n"
COVER = f"Hello,\n\nattached is our order, PO {PO}, deliver by March 20, 2026.\n\nDana Whitfield\n"

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def above(text: str) -> bytes:
    """In front of the order."""
    return letter(f"{text}\n\n{BODY}" if text else BODY).as_bytes()


def below(text: str) -> bytes:
    """Behind the lines, in the mail's own voice."""
    words = f"{text}\n\n" if text else ""
    return letter(f"{OPENING}\n\n{LINES}\n\n{words}{CLOSING}\n").as_bytes()


def signature(text: str) -> bytes:
    """Below the signature."""
    return letter(f"{BODY}\n-- \n{text}\n" if text else BODY).as_bytes()


def inside_line(text: str) -> bytes:
    """In the words of an order line."""
    return letter(BODY.replace("20 ea BRG-20510", f"20 ea BRG-20510 {text}".strip())).as_bytes()


def subject(text: str) -> bytes:
    """In the subject."""
    return letter(BODY, subject=f"PO {PO} {text}".strip()).as_bytes()


def display_name(text: str) -> bytes:
    """In the sender's name."""
    name = text.replace('"', "'") or "Dana Whitfield"
    return letter(BODY, sender=f'"{name}" <dana.whitfield@harlanfab.example>').as_bytes()


def quoted(text: str) -> bytes:
    """In an older mail that is quoted below."""
    older = "".join(f"> {line}\n" for line in (text or "Thanks for the call.").split("\n"))
    return letter(f"{BODY}\nOn 26 Feb 2026 at 9:12, Joe Ferris wrote:\n{older}").as_bytes()


def forwarded(text: str) -> bytes:
    """In a forwarded mail inside the text."""
    return letter(
        f"{BODY}\n-----Original Message-----\nFrom: Joe Ferris <joe@harlanfab.example>\n"
        f"Sent: 26 February 2026 16:48\nTo: Dana\nSubject: stock\n\n{text or 'See you on Monday.'}\n",
        subject=f"FW: PO {PO}",
    ).as_bytes()


def forwarded_file(text: str) -> bytes:
    """In a mail that hangs on as a mail."""
    inner = EmailMessage(policy=SMTP)
    inner["From"], inner["Subject"] = "Joe Ferris <joe@harlanfab.example>", "stock"
    inner.set_content(text or "See you on Monday.")
    outer = letter(BODY)
    outer.add_attachment(inner)
    return outer.as_bytes()


def html_comment(text: str) -> bytes:
    """In an HTML comment."""
    return _html(f"<!-- {text} -->" if text else "")


def html_hidden(text: str) -> bytes:
    """In an element that is not shown."""
    return _html(f'<div style="display:none">{escape(text)}</div>' if text else "")


def html_white(text: str) -> bytes:
    """White on white."""
    return _html(f'<p style="color:#ffffff">{escape(text)}</p>' if text else "")


def html_tiny(text: str) -> bytes:
    """Too small to see."""
    return _html(f'<span style="font-size:0">{escape(text)}</span>' if text else "")


def html_off_page(text: str) -> bytes:
    """Far left of the page."""
    return _html(f'<div style="position:absolute;left:-9999px">{escape(text)}</div>' if text else "")


def html_class(text: str) -> bytes:
    """Hidden by a style sheet."""
    sheet = "<style>.pre{opacity:0;max-height:0;overflow:hidden}</style>"
    return _html(f'{sheet}<div class="pre">{escape(text)}</div>' if text else "")


def html_attribute(text: str) -> bytes:
    """In texts of pictures and links."""
    return _html(f'<img src="cid:logo" alt="{escape(text)}" title="{escape(text)}">' if text else "")


def zero_width(text: str) -> bytes:
    """Letters with zero-width characters between them."""
    return below("\u200b".join(text))


def tag_characters(text: str) -> bytes:
    """In characters nobody sees at all."""
    smuggled = "".join(chr(0xE0000 + ord(c)) for c in text if 0x20 <= ord(c) < 0x7F)
    return letter(BODY.replace("Hello,", f"Hello,{smuggled}")).as_bytes()


def pdf_seen(text: str) -> bytes:
    """In a PDF order, as a remark."""
    return _attached(files.pdf_order(text), "pdf")


def pdf_white(text: str) -> bytes:
    """In a PDF order, white on white."""
    return _attached(files.pdf_order(text, how="white"), "pdf")


def pdf_tiny(text: str) -> bytes:
    """In a PDF order, half a point high."""
    return _attached(files.pdf_order(text, how="tiny"), "pdf")


def pdf_off_page(text: str) -> bytes:
    """In a PDF order, beside the page."""
    return _attached(files.pdf_order(text, how="off_page"), "pdf")


def pdf_invisible(text: str) -> bytes:
    """In a PDF order, drawn in the invisible way."""
    return _attached(files.pdf_order(text, how="invisible"), "pdf")


def pdf_covered(text: str) -> bytes:
    """In a PDF order, below a white box."""
    return _attached(files.pdf_order(text, how="covered"), "pdf")


def pdf_properties(text: str) -> bytes:
    """In the title and the keywords of a PDF order."""
    return _attached(files.pdf_order(text, how="properties"), "pdf")


def xlsx_cell(text: str) -> bytes:
    """In a cell of a spreadsheet order."""
    return _attached(files.xlsx_order(text), "xlsx")


def xlsx_hidden_column(text: str) -> bytes:
    """In a hidden column."""
    return _attached(files.xlsx_order(text, how="column"), "xlsx")


def xlsx_hidden_row(text: str) -> bytes:
    """In a hidden row."""
    return _attached(files.xlsx_order(text, how="row"), "xlsx")


def xlsx_hidden_line(text: str) -> bytes:
    """An order line in a hidden row, as any other but for its description."""
    return _attached(files.xlsx_order(text, how="line"), "xlsx")


def xlsx_flat_line(text: str) -> bytes:
    """An order line in a row of no height."""
    return _attached(files.xlsx_order(text, how="flat"), "xlsx")


def xlsx_hidden_sheet(text: str) -> bytes:
    """On a hidden sheet."""
    return _attached(files.xlsx_order(text, how="sheet"), "xlsx")


def xlsx_white(text: str) -> bytes:
    """White letters in a cell."""
    return _attached(files.xlsx_order(text, how="white"), "xlsx")


def xlsx_comment(text: str) -> bytes:
    """In a cell's comment."""
    return _attached(files.xlsx_order(text, how="comment"), "xlsx")


def csv_cell(text: str) -> bytes:
    """In a cell of a CSV order."""
    return _attached(files.csv_order(text), "csv")


def file_name(text: str) -> bytes:
    """In the name of an attachment."""
    return _attached(files.csv_order(""), "csv", name=text)


def text_file(text: str) -> bytes:
    """In a second attachment."""
    message = letter(BODY)
    message.add_attachment(text or "Thank you for your good service.", filename="read-me.txt")
    return message.as_bytes()


def x12_message(text: str) -> bytes:
    """In the free text of an X12 order."""
    return files.x12_order(message=text)


def x12_description(text: str) -> bytes:
    """In the description of an X12 line."""
    return files.x12_order(description=text)


def edifact_text(text: str) -> bytes:
    """In the free text of an EDIFACT order."""
    return files.edifact_order(text=text)


def edifact_description(text: str) -> bytes:
    """In the description of an EDIFACT line."""
    return files.edifact_order(description=text)


def ubl_note(text: str) -> bytes:
    """In the note of a UBL order."""
    return files.ubl_order(note=text)


def ubl_line_note(text: str) -> bytes:
    """In the note of a UBL line."""
    return files.ubl_order(line_note=text)


def ubl_comment(text: str) -> bytes:
    """In an XML comment of a UBL order."""
    return files.ubl_order(comment=text)


def look_alike(text: str) -> bytes:
    """From a domain that looks like the customer's; without words from the customer's own."""
    sender = "Dana Whitfield <dana.whitfield@harlanfab.example>"
    forged = "Dana Whitfield <dana.whitfield@har1anfab.example>"
    return letter(f"{text}\n\n{BODY}" if text else BODY, sender=forged if text else sender).as_bytes()


def unicode_look_alike(text: str) -> bytes:
    """From a domain with a foreign letter in it."""
    forged = "Dana Whitfield <dana.whitfield@xn--hrlanfab-5fg.example>"
    return letter(f"{text}\n\n{BODY}" if text else BODY, sender=forged if text else DANA).as_bytes()


def reply_elsewhere(text: str) -> bytes:
    """With answers led to another address."""
    message = letter(f"{BODY}\n{text}" if text else BODY)
    if text:
        message["Reply-To"] = "Dana Whitfield <orders@evil.example>"
    return message.as_bytes()


def unclear_article(text: str) -> bytes:
    """Below a line that fits several articles: nothing certain is ordered."""
    words = f"{text}\n\n" if text else ""
    body = f"Hello,\n\nPO {PO}, please ship:\n\n- 10 boxes nitrile gloves blue\n\n{words}Dana Whitfield\n"
    return letter(body).as_bytes()


def unclear_wish(text: str) -> bytes:
    """Below lines that may be an order or a complaint: nothing certain is ordered."""
    words = f"\n{text}\n" if text else ""
    body = f"Part of the delivery was damaged and missing:\n\n20 ea BRG-20510\n10 rolls CLN-80210\n{words}"
    return letter(body, subject="delivery").as_bytes()


def polish_question(text: str) -> bytes:
    """In an order of a Polish customer (C1003 is made one), with a doubt that we have to ask about."""
    words = f"\n\n{text}" if text else ""
    body = f"Dzień dobry,\n\nzamawiamy:\n- 6 szt TOL-40310\n- 10 szt TOL-4039\n{words}\n\nGail Sorensen\n"
    return letter(body, sender=GAIL, subject="Zamówienie").as_bytes()


def letter(text: str, *, subject: str = f"PO {PO}", sender: str = DANA) -> EmailMessage:
    """A mail to the desk."""
    message = EmailMessage(policy=SMTP.clone(utf8=False))
    message["From"], message["To"], message["Subject"] = sender, "orders@northgate.example", subject
    message["Date"], message["Message-ID"] = "Mon, 02 Mar 2026 09:00:00 +0000", "<carried@customer.example>"
    message.set_content(text, cte="base64" if not text.isascii() else None)
    return message


def _html(addition: str) -> bytes:
    shown = "".join(f"<p>{escape(p)}</p>" for p in BODY.replace(LINES, "").split("\n") if p.strip())
    items = "".join(f"<li>{line[2:]}</li>" for line in LINES.split("\n"))
    body = shown.replace("<p>Deliver", f"<ul>{items}</ul>{addition}<p>Deliver", 1)
    message = EmailMessage(policy=SMTP)
    for name, value in letter("x").items():
        if name in ("From", "To", "Subject", "Date", "Message-ID"):
            message[name] = value
    message.set_content(f"<html><body>{body}</body></html>", subtype="html")
    return message.as_bytes()


def _attached(content: bytes, ending: str, *, name: str = "") -> bytes:
    message = letter(COVER)
    part = EmailMessage(policy=SMTP)
    kind = {"pdf": ("application", "pdf"), "csv": ("text", "csv"), "xlsx": tuple(XLSX.split("/"))}[ending]
    part.set_content(content, *kind, filename=f"{name or 'order'}.{ending}", disposition="attachment")
    message.make_mixed()
    message.attach(part)
    return message.as_bytes()
