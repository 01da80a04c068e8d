"""Messages for the tests of cases, in the demo company's terms."""

from __future__ import annotations

from tests.support.house import mail

DANA = "Dana Whitfield <dana.whitfield@harlanfab.example>"


def clean_order(po: str, *, message_id: str = "", quantity: int = 400) -> bytes:
    """An order that goes through by itself."""
    text = (
        f"Good morning,\n\nPlease enter the following order, PO number {po}:\n\n"
        f"- {quantity} ea FST-10310 hex nut 1/2-13 zinc\n- 10 rolls CLN-80210 industrial wiping paper\n\n"
        "Deliver by March 13, 2026 please.\n\nThank you,\nDana Whitfield\nHarlan Fabrication Inc.\n"
    )
    return mail(text, sender=DANA, subject=f"PO {po}", message_id=message_id)


def unknown_article(po: str) -> bytes:
    """An order with one line nobody can match: the customer is asked."""
    text = (
        f"Hello,\n\nPlease enter PO number {po}:\n\n- 400 ea FST-10310 hex nut 1/2-13 zinc\n"
        "- 12 ea ZQX-99881 left-handed smoke shifter\n\nDeliver by March 13, 2026.\n\nThanks,\nDana Whitfield\n"
    )
    return mail(text, sender=DANA, subject=f"PO {po}")


def stranger(po: str) -> bytes:
    """A complete order from somebody who is not on file: a person decides."""
    text = (
        f"Hello,\n\nplease send us, PO number {po}:\n\n- 400 ea FST-10310 hex nut 1/2-13 zinc\n\n"
        "Deliver by March 13, 2026.\n\nRegards,\nSam Field\nQuarry Works LLC\n"
    )
    return mail(text, sender="Sam Field <sam@quarryworks.example>", subject=f"PO {po}")
