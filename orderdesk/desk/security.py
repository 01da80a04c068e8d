"""What guards every page: strict headers, no cross-site changes, a CSRF token, bodies of a known size."""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orderdesk.desk.errors import ForgedRequest, InvalidRequest, TooLarge, UnsupportedBody

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
MAX_FORM_BYTES = 256_000
MAX_FORM_FIELDS = 4000
FORM = "application/x-www-form-urlencoded"


class SecurityHeaders:
    """Adds the headers to every answer of the desk, also to its errors."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)


def must_be_same_site(request: Request) -> None:
    """Raise ForgedRequest where the browser says that another site sent this."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ForgedRequest("This was sent from another site and was refused: use the desk's own pages.")


def csrf_token(request: Request) -> str:
    """The token of this session, made at first use."""
    return str(request.session.setdefault("csrf", secrets.token_urlsafe(24)))


def must_hold_token(request: Request, given: str) -> None:
    """Raise ForgedRequest unless the token of this session came along."""
    known = str(request.session.get("csrf", ""))
    if not known or not hmac.compare_digest(given.encode(), known.encode()):
        raise ForgedRequest("This page was open too long or is not the desk's own: reload it and try again.")


async def checked_form(request: Request) -> dict[str, str]:
    """The fields of one of our own forms. Raises ForgedRequest, TooLarge, UnsupportedBody, InvalidRequest."""
    must_be_same_site(request)
    if media_type(request) != FORM:
        raise UnsupportedBody("Send the form as the page does.")
    body = await limited_body(request, MAX_FORM_BYTES)
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS, errors="strict"
        )
    except ValueError:
        raise InvalidRequest("The form cannot be read: reload the page and try again.") from None
    fields = dict(pairs)
    must_hold_token(request, fields.pop("csrf", ""))
    return fields


def media_type(request: Request) -> str:
    """The body's media type, without parameters, in small letters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def limited_body(request: Request, limit: int) -> bytes:
    """The body, read no further than `limit` bytes. Raises TooLarge."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise TooLarge(f"This is more than the desk takes at once ({limit // 1000:,} kB): send less.")
        parts.append(part)
    return b"".join(parts)
