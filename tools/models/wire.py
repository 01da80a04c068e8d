"""The HTTP client under the model client: it never reads more than a cap, and writes down what came.

Imported only where a model is asked: it brings in a whole HTTP library.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx2

from tools.models.errors import InvalidAnswer
from tools.models.exchange import watched

# The longest response that is read, in bytes. The longest answer that is used is far shorter; what is longer
# than this is cut off at the wire, so that no server can fill the memory.
MAX_BODY = 2_000_000


class CappedClient(httpx2.AsyncClient):
    """An HTTP client for one server that stops reading after MAX_BODY bytes and follows no redirect.

    A redirect would carry a customer's order to an address that nobody configured. Proxies and certificates are
    taken from the environment's usual variables. There is no time-out here: the operation's deadline cuts.
    """

    def __init__(self, base_url: str, **options: Any) -> None:
        # A user and password in the address are sent as such, and kept out of every log that shows addresses.
        parts = urlsplit(base_url)
        auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        # It logs each address with its query, where some servers want their key.
        logging.getLogger("httpx2").setLevel(logging.WARNING)
        # Packed bodies are not asked for: a few kilobytes of them can be gigabytes.
        super().__init__(
            auth=auth,
            timeout=None,
            follow_redirects=False,
            headers={"Accept-Encoding": "identity"},
            **options,
        )

    async def send(self, request: httpx2.Request, *, stream: bool = False, **options: Any) -> httpx2.Response:
        """Send a request and read its response up to the cap. Raises InvalidAnswer beyond it."""
        exchange = watched()
        request.headers["Accept-Encoding"] = "identity"
        try:
            response = await super().send(request, stream=True, **options)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError, httpx2.UnsupportedProtocol):
            exchange.connected = False
            raise
        exchange.status = response.status_code
        try:
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > MAX_BODY:
                    raise InvalidAnswer("it is far too long")
        finally:
            await response.aclose()
        exchange.body = bytes(body)
        headers = [(k, v) for k, v in response.headers.multi_items() if k.lower() not in _OF_THE_TRANSFER]
        return httpx2.Response(response.status_code, headers=headers, content=exchange.body, request=request)


_OF_THE_TRANSFER = ("content-encoding", "content-length", "transfer-encoding")
