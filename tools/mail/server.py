"""The mail server as ORDERDESK_SMTP_URL names it: address, login, and how the connection is protected."""

from __future__ import annotations

import ssl
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import SecretStr

from orderdesk.domain.base import Value
from orderdesk.domain.errors import ConfigurationError

_EXPECTED = (
    "ORDERDESK_SMTP_URL is wrong: {}. Write it as smtp://user:password@host:587 (STARTTLS), smtps://host:465 (TLS from "
    "the start), or with ?starttls=no where neither is to be had."
)


class MailServer(Value):
    """Where mail is handed over. The password never shows."""

    host: str
    port: int
    user: str = ""
    password: SecretStr = SecretStr("")
    tls: bool = False  # from the start
    starttls: bool = True
    verify: bool = True

    @property
    def named(self) -> str:
        """Host and port, as the ledger and the breaker know it."""
        return f"{self.host}:{self.port}"

    @property
    def shown(self) -> str:
        """For the doctor: everything but the password."""
        how = "TLS" if self.tls else "STARTTLS" if self.starttls else "not encrypted"
        unchecked = "" if self.verify else ", certificate not checked"
        return f"{self.named} ({how}{unchecked}{f', login as {self.user}' if self.user else ', no login'})"

    def context(self) -> ssl.SSLContext:
        """What certificates are trusted: the machine's own list."""
        context = ssl.create_default_context()
        if not self.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def mail_server(url: str) -> MailServer:
    """The server an ORDERDESK_SMTP_URL names. Raises ConfigurationError, which never quotes the URL.

    A login goes over an encrypted connection only, and a certificate is checked, except on loopback.
    """
    try:
        parts = urlsplit(url.strip())
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError:
        raise _wrong("it is no address") from None
    if scheme not in ("smtp", "smtps"):
        raise _wrong("it begins with neither smtp:// nor smtps://")
    if not host or port == 0 or parts.path not in ("", "/") or parts.fragment:
        raise _wrong(
            "it names no host, or more than a host and a port (write / : ? # @ of a password as %2F ...)"
        )
    unknown = set(options) - {"starttls", "verify"}
    if unknown or set(options.values()) - {"yes", "no"}:
        raise _wrong("after ? it takes starttls=yes|no and verify=yes|no")
    tls = scheme == "smtps"
    starttls = not tls and options.get("starttls", "yes") == "yes"
    server = MailServer(
        host=host, port=port or (465 if tls else 587 if starttls else 25), user=unquote(parts.username or ""),
        password=SecretStr(unquote(parts.password or "")), tls=tls, starttls=starttls,
        verify=options.get("verify", "yes") == "yes",
    )  # fmt: skip
    if not _loopback(host):
        if not server.verify:
            raise _wrong("verify=no is for a server on this machine only")
        if server.user and not tls and not starttls:
            raise _wrong("with starttls=no the password would go over the network for everybody to read")
    return server


def _wrong(what: str) -> ConfigurationError:
    return ConfigurationError(_EXPECTED.format(what))


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
