"""The company's address for booked orders, and the secret that signs what is posted there."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from pydantic import SecretStr

from orderdesk.domain.base import Value
from orderdesk.domain.errors import ConfigurationError

SHORTEST_SECRET = 16


class WebhookAddress(Value):
    """Where booked orders are posted. The secret never shows, nor a query that may hold one."""

    url: SecretStr
    shown: str
    host: str
    secret: SecretStr

    def signature(self, timestamp: str, body: bytes) -> str:
        """HMAC-SHA256 over `timestamp.body` with the shared secret, as hex digits behind `sha256=`."""
        signed = timestamp.encode() + b"." + body
        return "sha256=" + hmac.new(self.secret.get_secret_value().encode(), signed, "sha256").hexdigest()


def webhook_address(url: str, secret: str) -> WebhookAddress:
    """The address as it is set. Raises ConfigurationError, which quotes neither of the two."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or port == 0 or parts.fragment:
        raise ConfigurationError(
            "ORDERDESK_WEBHOOK_URL is no address: write it as https://host/path, to which orders are posted."
        )
    if parts.username or parts.password:
        raise ConfigurationError(
            "ORDERDESK_WEBHOOK_URL holds a user or password: take it out, the signature says who posts."
        )
    if len(secret) < SHORTEST_SECRET:
        raise ConfigurationError(
            f"ORDERDESK_WEBHOOK_SECRET signs what is posted: set {SHORTEST_SECRET} or more random characters."
        )
    shown = f"{parts.scheme}://{parts.netloc}{parts.path}"
    return WebhookAddress(url=SecretStr(url.strip()), shown=shown, host=host, secret=SecretStr(secret))
