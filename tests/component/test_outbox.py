"""The outbox: whatever the words are, the headers of a mail are ours."""

from __future__ import annotations

import asyncio
import tempfile
from email import message_from_bytes
from email.policy import compat32
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tools.outbox import send_to_outbox

BREAKS_OUT = "=?utf-8?q?hello=0d=0aBcc:_all@evil.example?="
WORDS = st.text(max_size=120) | st.sampled_from(
    [BREAKS_OUT, f"x {BREAKS_OUT}", "a\r\nBcc: x@y", "\ud800", "é" * 300]
)
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"]


def written(**changes: str) -> bytes:
    request: dict[str, Any] = {
        "message_id": "m@desk.example", "from": "orders@desk.example", "from_name": "Order desk",
        "to": "dana@harlanfab.example", "subject": "Order", "body": "Hello", "in_reply_to": "",
        "date": "2026-03-02T09:00:00+00:00",
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(send_to_outbox(Path(folder), {**request, **changes}))
        return (Path(folder) / "m.eml").read_bytes()


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS, WORDS, WORDS)
@example("Acme, Inc. <x@y>", BREAKS_OUT, BREAKS_OUT.replace(" ", ""), "body")
def test_no_text_adds_or_changes_a_header(company: str, subject: str, replied: str, body: str) -> None:
    sent = message_from_bytes(
        written(from_name=company, subject=subject, in_reply_to=replied, body=body), policy=compat32
    )
    names = [n for n in sent if n not in ("In-Reply-To", "References")]
    assert names[:6] == HEADERS
    assert {n.lower() for n in names[6:]} <= {"content-type", "content-transfer-encoding", "mime-version"}
    assert sent["To"] == "dana@harlanfab.example"
    assert sent["From"].endswith(" <orders@desk.example>")


def test_a_plain_message_id_is_answered_and_a_strange_one_left_out() -> None:
    assert message_from_bytes(written(in_reply_to="a.b@c.example"))["In-Reply-To"] == "<a.b@c.example>"
    assert message_from_bytes(written(in_reply_to=BREAKS_OUT.replace(" ", "")))["In-Reply-To"] is None
