"""Messages for long runs: orders of one known partner in mails, each with its truth, and what a person has to see."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP

from checkpoints.pools import connect
from evals.bench.orders import x12_order
from tests.support.generated_trade import rows
from tests.support.house import mail

_LINE = re.compile(r"PO1\*\d+\*(\d+)\*EA\*[\d.]+\*\*VP\*([A-Z0-9-]+)")
PRIYA = "Priya Nair <priya.nair@redwoodconveyor.example>"


def order_number(index: int) -> str:
    """The customer's number of the order with a 0-based index."""
    return f"RC-B{index:06}"


def order_mail(index: int, *, copy: int = 0) -> bytes:
    """A mail with the order attached as X12. Another `copy` is the same order in another mail."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = PRIYA, "orders@northgate.example"
    made["Subject"] = f"PO {order_number(index)}" + (" (sent again)" if copy else "")
    made["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
    made["Message-ID"] = f"<order-{index}-{copy}@redwoodconveyor.example>"
    made.set_content("Please find our order attached.\n")
    made.add_attachment(x12_order(index), maintype="application", subtype="edi-x12", filename=f"{index}.edi")
    # The boundary follows from nothing of the mail itself: fixed, so that the same order is the same bytes.
    made.set_boundary(f"=={index}-{copy}==")
    return made.as_bytes()


def order_text(index: int) -> bytes:
    """The same lines as text, under a number of its own (`B-index`); like no other index, as that X12 order is."""
    described = {row["sku"]: row["description"] for row in rows("products")}
    wanted = "".join(f"- {n} ea {sku} {described[sku]}\n" for n, sku in x12_lines(index))
    text = (
        f"Good morning,\n\nPlease enter the following order, PO number B-{index}:\n\n{wanted}\n"
        "Deliver by March 16, 2026 please.\n\nThank you,\nPriya Nair\nRedwood Conveyor Systems LLC\n"
    )
    return mail(
        text, sender=PRIYA, subject=f"PO B-{index}", message_id=f"text-{index}@redwoodconveyor.example"
    )


def x12_lines(index: int) -> list[tuple[int, str]]:
    """Quantities and articles of the order with a 0-based index, from the order as it is written."""
    return [(int(n), sku) for n, sku in _LINE.findall(x12_order(index).decode("ascii"))]


async def plenty(url: str) -> None:
    """Credit and stock for any number of orders: neither is what these runs are about."""
    async with await connect(url) as connection:
        await connection.execute("update customer set credit_limit = 1000000000, open_balance = 0")
        await connection.execute("update stock set on_hand = 1000000000, reserved = 0")
