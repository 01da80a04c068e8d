"""A booked order posted as JSON, signed; the receiver knows it by its Idempotency-Key, so a repeat is harmless.

| answer                       | what becomes of it                                     |
|------------------------------|--------------------------------------------------------|
| 2xx, 409 (it is there)       | done                                                   |
| 408, 425, 429, 5xx, no answer | again later, under the same key                       |
| any other 4xx, a redirect    | person: a redirect would carry orders to nobody knows where |
"""

from __future__ import annotations

import json
import logging
import ssl
from typing import Any

import httpx2

from orderdesk.domain.clock import Clock
from orderdesk.domain.errors import OrderDeskError
from orderdesk.resilience.failures import Verdict
from tools.sending import WEBHOOK, Attempt, common_verdict, shown, verdict
from tools.webhook.address import WebhookAddress

# The longest answer that is read, in bytes: its status is what counts.
LONGEST_ANSWER = 16_384
AGAIN = frozenset({408, 425, 429})


class Answered(OrderDeskError):
    """The receiver answered, and it is not done."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"It answered {status}{f' ({said})' if said else ''}.")
        self.status = status


class WebhookSender:
    """Posts booked orders to the company's own system."""

    receiver = WEBHOOK
    repeatable = True
    batch = 1

    def __init__(self, address: WebhookAddress, deadline_s: float, clock: Clock) -> None:
        self._address = address
        self._clock = clock
        self.kinds = ["export_order"]
        self.through = f"webhook {address.shown}"
        self.breaker = f"webhook:{address.host}"
        self.deadline_s = deadline_s

    async def send(self, key: str, kind: str, request: dict[str, Any], attempt: Attempt) -> dict[str, Any]:
        """Post one order and return status and words of the answer. Raises what `judge` knows."""
        body = json.dumps(request, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        timestamp = str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",  # a few kilobytes of packed answer can be gigabytes
            "User-Agent": "orderdesk",
            "Idempotency-Key": key,
            "X-Orderdesk-Timestamp": timestamp,
            "X-Orderdesk-Signature": self._address.signature(timestamp, body),
        }
        # It logs each address with its query.
        logging.getLogger("httpx2").setLevel(logging.WARNING)
        await attempt.begin()
        async with httpx2.AsyncClient(timeout=None, follow_redirects=False) as client:
            url = self._address.url.get_secret_value()
            try:
                async with client.stream("POST", url, content=body, headers=headers) as response:
                    said = shown(await _start_of(response))
            except (
                httpx2.ConnectError,
                httpx2.ConnectTimeout,
                httpx2.ProxyError,
                httpx2.UnsupportedProtocol,
            ):
                attempt.maybe_done = False
                raise
        if not (response.is_success or response.status_code == 409):
            raise Answered(response.status_code, said)
        return {"status": response.status_code, "already": response.status_code == 409, "said": said}

    def judge(self, error: BaseException) -> Verdict:
        """What an error means, as the table above says."""
        match error:
            case Answered():
                if error.status >= 500 or error.status in AGAIN:
                    return verdict("unavailable", "retry", str(error), counts=True)
                redirect = " A redirect is not followed: correct ORDERDESK_WEBHOOK_URL."
                why = f"{error}{redirect if error.status < 400 else ''}"
                return verdict("our_request", "person", why, alert=True)
            case httpx2.InvalidURL() | httpx2.UnsupportedProtocol() | httpx2.LocalProtocolError():
                why = "It cannot be posted: correct ORDERDESK_WEBHOOK_URL."
                return verdict("misconfigured", "retry", why, counts=True, alert=True)
            case httpx2.TransportError():
                if any(isinstance(c, ssl.SSLError) for c in (error.__cause__, error.__context__)):
                    why = "Its certificate is not trusted."
                    return verdict("misconfigured", "retry", why, counts=True, alert=True)
                why = f"It cannot be reached, or the connection broke ({type(error).__name__})."
                return verdict("unavailable", "retry", why, counts=True)
            case _:
                return common_verdict(error)


async def _start_of(response: httpx2.Response) -> bytes:
    """The first bytes of an answer. One that breaks off has its status, which is what counts."""
    body = bytearray()
    try:
        async for part in response.aiter_raw(4096):
            body += part
            if len(body) >= LONGEST_ANSWER:
                break
    except httpx2.TransportError:
        pass
    return bytes(body[:LONGEST_ANSWER])
