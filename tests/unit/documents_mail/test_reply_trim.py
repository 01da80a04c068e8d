"""Newest text against history and signature, in four languages; nothing is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.documents.reply_trim import body_span, moved, split_reply, take

ATTRIBUTIONS = [
    "On Mon, May 4, 2026 at 9:00 AM Us <o@us.example> wrote:",
    "On 4 May 2026, at 09:00, Us\n<o@us.example>\nwrote:",
    "Am 04.05.2026 um 09:00 schrieb Us <o@us.example>:",
    "Us <o@us.example> schrieb am Mo., 4. Mai 2026, 09:00:",
    "El lun, 4 may 2026 a las 9:00, Us (<o@us.example>) escribió:",
    "Le lun. 4 mai 2026 à 09:00, Us <o@us.example> a écrit :",
    "-----Original Message-----",
    "-----Ursprüngliche Nachricht-----",
    "________________________________\nFrom: Us <o@us.example>\nSent: Monday, May 4, 2026\nTo: Ann\nSubject: offer\n",
    "Von: Us <o@us.example>\nGesendet: Montag, 4. Mai 2026\nAn: Ann\nBetreff: Angebot\n",
    "De: Us <o@us.example>\nEnviado: lunes, 4 de mayo de 2026\nPara: Ann\nAsunto: oferta\n",
    "De : Us <o@us.example>\nEnvoyé : lundi 4 mai 2026\nÀ : Ann\nObjet : offre\n",
]


@pytest.mark.parametrize("mark", ATTRIBUTIONS)
def test_text_below_the_mark_is_history(mark: str) -> None:
    text = f"5 boxes please\n\n{mark}\nold text with 99 pieces\n"
    parts = split_reply(text)
    assert take(text, parts.new).strip() == "5 boxes please"
    assert "99 pieces" in take(text, parts.quoted)


def test_answers_between_quotes_are_new() -> None:
    text = "On 4 May 2026 at 09:00 o@us.example wrote:\n> How many?\n5 boxes\n> When?\nMonday\n"
    parts = split_reply(text)
    assert take(text, parts.new) == "5 boxes\nMonday\n"


@pytest.mark.parametrize(
    "text",
    [
        "From: ACME\nShip to: dock 4\n5 boxes of gloves\n",
        "On Monday we need:\n5 boxes\n",
        "Am Montag brauchen wir 5 Kisten:\n- Handschuhe\n",
        "De: acuerdo\n5 cajas\n",
        "> 5 boxes of gloves\n> 3 boxes of masks\n",
    ],
)
def test_order_text_is_not_taken_for_history(text: str) -> None:
    assert take(text, split_reply(text).new) == text


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAnn\n+1 555 0100\n",
        "Best regards,\nAnn\nACME Ltd, 1 Main Street\n",
        "Mit freundlichen Grüßen\nAnn\n",
        "Saludos cordiales\nAnn\n",
        "Cordialement,\nAnn\n",
        "Sent from my iPhone\n",
        "Von meinem iPhone gesendet\n",
        "Best regards\nAnn\n\nSent from my iPhone\n",
    ],
)
def test_body_span_leaves_the_signature_out(signature: str) -> None:
    text = f"\n5 boxes please\n\n{signature}"
    start, end = body_span(text)
    assert text[start:end] == "5 boxes please"


def test_an_afterthought_below_the_name_is_no_signature() -> None:
    text = "5 boxes\n\nRegards\nAnn\n\nPS: add 3 of B-2\n"
    start, end = body_span(text)
    assert "3 of B-2" in text[start:end]


_LINES = st.sampled_from(
    ["5 boxes", "", "> old", "-- ", "Regards", "On 4 May 2026 o@us.example wrote:", "From: a@b.example", "To: c",
     "Sent: 4 May 2026", "Subject: x", "---------- Forwarded message ---------", "Sent from my iPhone", "\u00df \u20ac"]
)  # fmt: skip


@given(st.lists(_LINES, max_size=30), st.sampled_from(["", "Fwd: x", "Re: y"]), st.booleans())
def test_every_line_is_in_exactly_one_part(lines: list[str], subject: str, ended: bool) -> None:
    text = "\n".join(lines) + ("\n" if ended else "")
    parts = split_reply(text, subject)
    spans = sorted((*parts.new, *parts.forwarded, *parts.quoted))
    assert "".join(text[a:b] for a, b in spans) == text
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    for start, _ in parts.new:
        assert take(text, parts.new)[moved(start, parts.new)] == text[start]
    a, b = body_span(text)
    assert 0 <= a <= b <= len(text)
