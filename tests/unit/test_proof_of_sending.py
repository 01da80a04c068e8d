"""What files prove: our mails by their Message-IDs, however they are kept; and nothing that only looks like it."""

from __future__ import annotations

import gzip
import json
import mailbox
from pathlib import Path
from typing import Any

import pytest

from orderdesk.domain.errors import ConfigurationError
from orderdesk.domain.ids import derived_id
from tools.outbox import compose_mail
from tools.proof_of_sending import find_proofs, words_hash

ONE, TWO, THREE = (derived_id("mail", str(n), "confirmation") for n in range(3))


def request(mail_id: str, **other: str) -> dict[str, Any]:
    return {
        "message_id": f"{mail_id}@desk.example", "from": "orders@desk.example", "from_name": "Desk", "to": "a@b.example",
        "subject": "Re: Grüße", "body": "We have booked it.\n", "in_reply_to": "", "date": "2026-03-02T09:00:00+00:00",
        **other,
    }  # fmt: skip


def test_a_mail_in_the_outbox_is_known_with_its_words_and_its_number(tmp_path: Path) -> None:
    mail = compose_mail(request(ONE, order_number="SO-000007"))
    (tmp_path / f"{ONE}.eml").write_bytes(mail)
    (tmp_path / f".{TWO}.eml.1.part").write_bytes(compose_mail(request(TWO)))
    found = find_proofs([tmp_path]).mails
    assert set(found) == {ONE}, "a half-written file proves nothing"
    assert found[ONE].order_number == "SO-000007"
    assert found[ONE].words_hash == words_hash(mail)
    assert words_hash(mail) != words_hash(compose_mail(request(ONE, body="We have not booked it.\n")))
    later = compose_mail(request(ONE, date="2026-03-09T09:00:00+00:00"))
    assert words_hash(mail) == words_hash(later), "only what the customer reads counts"


def test_mailboxes_logs_and_lists_are_read_also_when_packed(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "sent")
    box.add(compose_mail(request(ONE)))
    box.close()
    with gzip.open(tmp_path / "main.log.1.gz", "wt") as log:
        log.write(f"2026-03-02 09:00:00 1abc <= orders@desk.example H=desk S=900 id={TWO}@desk.example\n")
    (tmp_path / "trace.csv").write_text(f'"2026-03-02","<{THREE}@desk.example>","Delivered"\n')
    found = find_proofs([tmp_path / "sent", tmp_path / "main.log.1.gz", tmp_path / "trace.csv"]).mails
    assert set(found) == {ONE, TWO, THREE}
    assert found[TWO].words_hash is None


def test_of_postfix_only_what_its_queue_took_counts(tmp_path: Path) -> None:
    (tmp_path / "mail.log").write_text(
        f"Mar  2 mx postfix/cleanup[1]: AAA: message-id=<{ONE}@desk.example>\n"
        f"Mar  2 mx postfix/cleanup[1]: BBB: message-id=<{TWO}@desk.example>\n"
        "Mar  2 mx postfix/smtpd[1]: warning: lost connection after DATA (900 bytes) from desk\n"
        "Mar  2 mx postfix/qmgr[1]: AAA: from=<orders@desk.example>, size=900, nrcpt=1 (queue active)\n"
    )
    assert set(find_proofs([tmp_path]).mails) == {ONE}


def test_other_peoples_mails_and_other_json_prove_nothing(tmp_path: Path) -> None:
    (tmp_path / "theirs.eml").write_bytes(
        b"Message-ID: <6F2C7A10-9B1E-4C3D-8A55-0123456789AB@apple.example>\r\n\r\nhi"
    )
    for n, text in enumerate(
        ('{"order_number": "4711"}', "[1]", "{", '{"order_number": null}', "[" * 100_000)
    ):
        (tmp_path / f"{n}.json").write_text(text)
    proofs = find_proofs([tmp_path])
    assert (proofs.mails, proofs.exports) == ({}, {})


def test_an_exported_order_is_known_by_its_case(tmp_path: Path) -> None:
    (tmp_path / "SO-000009.json").write_text(
        json.dumps({"order_number": "SO-000009", "case_id": "c", "lines": []})
    )
    [order] = find_proofs([tmp_path]).exports.values()
    assert (order.order_number, order.case_id) == ("SO-000009", "c")


def test_a_place_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nowhere"):
        find_proofs([tmp_path / "nowhere"])
