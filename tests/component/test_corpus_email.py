"""Every public e-mail and reply body of the corpus is read without a crash."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools.documents.read import read_message
from tools.documents.reply_trim import body_span, split_reply, take

CORPUS = Path(os.environ.get("ORDERDESK_CORPUS", Path(__file__).parents[2].parent / "shared" / "corpus"))
MAILS = sorted((CORPUS / "email").glob("*")) if CORPUS.is_dir() else []
BODIES = sorted((CORPUS / "email-body").glob("*.txt")) if CORPUS.is_dir() else []

pytestmark = pytest.mark.skipif(not MAILS, reason=f"no public e-mails at {CORPUS} (set ORDERDESK_CORPUS)")


@pytest.mark.parametrize("path", MAILS, ids=lambda p: p.name)
def test_mail_is_read(path: Path) -> None:
    message = read_message(path.read_bytes(), path.name)
    assert message.documents
    for document in message.documents:
        assert document.text.strip() or document.drafts or document.findings or document.role == "attachment"
        for table in document.tables:
            for cell in (c for row in table.rows for c in row if c.start >= 0):
                assert document.text[cell.start : cell.end] == cell.text
    assert message.model_validate_json(message.model_dump_json()) == message


def test_most_mails_have_a_sender_and_readable_text() -> None:
    read = [read_message(p.read_bytes(), p.name) for p in MAILS if p.suffix == ".eml"]
    assert sum(bool(m.sender.address) for m in read) > 0.9 * len(read)
    assert sum(any(d.text.strip() for d in m.documents) for m in read) > 0.9 * len(read)


@pytest.mark.parametrize("path", BODIES, ids=lambda p: p.name)
def test_reply_body_is_split_without_loss(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    parts = split_reply(text)
    spans = sorted((*parts.new, *parts.forwarded, *parts.quoted))
    assert "".join(text[a:b] for a, b in spans) == text
    new = take(text, parts.new)
    start, end = body_span(new)
    assert new[start:end].strip()
    assert not any(line.startswith(">") for line in new.split("\n"))
