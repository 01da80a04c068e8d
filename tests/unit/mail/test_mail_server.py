"""ORDERDESK_SMTP_URL and ORDERDESK_WEBHOOK_URL: what they mean, what is refused, and that no secret ever shows."""

from __future__ import annotations

import hashlib
import hmac
import ssl

import pytest

from orderdesk.domain.errors import ConfigurationError
from tools.mail.server import mail_server
from tools.webhook.address import webhook_address


@pytest.mark.parametrize(
    ("url", "port", "tls", "starttls"),
    [
        ("smtp://mail.example", 587, False, True),
        ("smtp://mail.example:2525?starttls=yes", 2525, False, True),
        ("smtps://mail.example", 465, True, False),
        ("smtp://mail.example?starttls=no", 25, False, False),
    ],
)
def test_how_the_connection_is_protected(url: str, port: int, tls: bool, starttls: bool) -> None:
    server = mail_server(url)
    assert (server.port, server.tls, server.starttls, server.verify) == (port, tls, starttls, True)
    assert server.context().verify_mode is ssl.CERT_REQUIRED


def test_a_password_may_hold_anything_and_never_shows() -> None:
    server = mail_server("smtp://orders%40x.example:s%2Fcr%40t@mail.example")
    assert (server.user, server.password.get_secret_value()) == ("orders@x.example", "s/cr@t")
    assert "cr@t" not in f"{server!r} {server.shown} {server.named}"


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example", "mail.example", "smtp://", "smtp://hid:den/x@mail.example", "smtp://mail.example:0",
        "smtp://mail.example:99999", "smtp://mail.example?tls=no", "smtp://mail.example?starttls=maybe",
        "smtp://u:hidden@mail.example?starttls=no", "smtp://mail.example?verify=no", "smtp://mail.example/inbox",
    ],
)  # fmt: skip
def test_what_cannot_work_or_gives_the_password_away_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="ORDERDESK_SMTP_URL") as refused:
        mail_server(url)
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_on_this_machine_a_certificate_need_not_be_checked(host: str) -> None:
    server = mail_server(f"smtp://u:p@{host}:2525?verify=no")
    assert server.context().verify_mode is ssl.CERT_NONE
    assert mail_server(f"smtp://u:p@{host}?starttls=no").user == "u"


def test_the_signature_is_over_time_and_body() -> None:
    address = webhook_address("https://erp.example/orders?token=hidden", "0123456789abcdef")
    expected = hmac.new(b"0123456789abcdef", b'1700000000.{"a":1}', hashlib.sha256).hexdigest()
    assert address.signature("1700000000", b'{"a":1}') == f"sha256={expected}"
    assert address.signature("1700000001", b'{"a":1}') != f"sha256={expected}"
    assert "hidden" not in f"{address!r} {address.shown}"


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("ftp://erp.example/", "0123456789abcdef"), ("file:///x", "0123456789abcdef"), ("erp.example", "0123456789abcdef"),
        ("https://u:hidden@erp.example/", "0123456789abcdef"), ("https://erp.example/", "hidden"),
        ("https://erp.example:port/", "0123456789abcdef"),
    ],
)  # fmt: skip
def test_a_webhook_needs_an_address_and_a_secret(url: str, secret: str) -> None:
    with pytest.raises(ConfigurationError, match="ORDERDESK_WEBHOOK") as refused:
        webhook_address(url, secret)
    assert "hidden" not in str(refused.value)
