"""Who is at the desk: a development user picker, a trusted reverse proxy, or a token for programs."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

from starlette.requests import Request

from orderdesk.desk.errors import SignInNeeded
from orderdesk.domain.errors import ConfigurationError, NotAllowed
from orderdesk.review.actors import Actor, Role

DEVELOPMENT_USERS: Mapping[str, Actor] = {
    "anna": Actor(name="Anna Berg", role="clerk"),
    "ben": Actor(name="Ben Okafor", role="clerk"),
    "mira": Actor(name="Mira Sandell", role="manager"),
    "vik": Actor(name="Vik Rao", role="viewer"),
}
USER_HEADER, ROLE_HEADER = "x-orderdesk-user", "x-orderdesk-role"
SECRET_HEADER = "x-orderdesk-proxy-secret"  # noqa: S105  the header's name, not a secret
MIN_SECRET = 16  # characters; shorter ones can be guessed
MAX_NAME = 100


@dataclass(frozen=True)
class DeskAuth:
    """How people are known. Raises ConfigurationError for anything that would let strangers decide.

    `session_secret` signs the session cookie. In mode "proxy" a reverse proxy signs people in and names them in
    X-Orderdesk-User and X-Orderdesk-Role; it proves itself with `proxy_secret` in X-Orderdesk-Proxy-Secret and
    must remove these headers from what it lets in. `api_tokens` maps the SHA-256 (hexadecimal) of a bearer token
    to whom it stands for; tokens work for the JSON API only.
    """

    mode: Literal["development", "proxy"]
    session_secret: str = field(repr=False)
    environment: Literal["development", "production"] = "production"
    proxy_secret: str | None = field(default=None, repr=False)
    users: Mapping[str, Actor] = field(default_factory=lambda: DEVELOPMENT_USERS)
    api_tokens: Mapping[str, Actor] = field(default_factory=dict[str, Actor], repr=False)

    def __post_init__(self) -> None:
        if self.mode == "development" and self.environment == "production":
            raise ConfigurationError(
                "The development user picker cannot run in production: set ORDERDESK_PROXY_SECRET and put the "
                "desk behind the proxy that signs people in."
            )
        if len(self.session_secret) < MIN_SECRET:
            raise ConfigurationError(
                f"ORDERDESK_DESK_SECRET is too short: use at least {MIN_SECRET} random characters."
            )
        if self.mode == "proxy" and len(self.proxy_secret or "") < MIN_SECRET:
            raise ConfigurationError(
                f"ORDERDESK_PROXY_SECRET is missing or too short: use at least {MIN_SECRET} random characters, "
                "the same in the proxy."
            )

    @property
    def secure_cookies(self) -> bool:
        """Cookies over HTTPS only, everywhere but on a developer's machine."""
        return self.mode != "development"


@dataclass(frozen=True)
class Caller:
    """A known person or program, and how it is known."""

    actor: Actor
    by: Literal["session", "proxy", "token"]


def caller_of(request: Request, auth: DeskAuth, *, tokens: bool = False) -> Caller:
    """Who is asking. Raises SignInNeeded; nothing a client merely says about itself counts."""
    if tokens and (header := request.headers.get("authorization")):
        return Caller(_by_token(header, auth), "token")
    if auth.mode == "proxy":
        return Caller(_by_proxy(request, auth), "proxy")
    actor = auth.users.get(str(request.session.get("user", "")))
    if actor is None:
        raise SignInNeeded("Sign in to use the desk.")
    return Caller(actor, "session")


def must_not_only_look(actor: Actor) -> None:
    """Raise NotAllowed for a viewer."""
    if actor.role == "viewer":
        raise NotAllowed(f"{actor.name} may look but change nothing: ask a clerk or a manager.")


def token_hash(token: str) -> str:
    """What `api_tokens` holds instead of the token itself."""
    return hashlib.sha256(token.encode()).hexdigest()


def _by_token(header: str, auth: DeskAuth) -> Actor:
    scheme, _, token = header.partition(" ")
    actor = auth.api_tokens.get(token_hash(token.strip())) if scheme.lower() == "bearer" else None
    if actor is None:
        raise SignInNeeded("This token is not known: ask whoever runs the desk for one.")
    return actor


def _by_proxy(request: Request, auth: DeskAuth) -> Actor:
    given = request.headers.get(SECRET_HEADER, "").encode()
    if not hmac.compare_digest(given, (auth.proxy_secret or "").encode()):
        raise SignInNeeded("Sign in through the company's own address: the desk takes nobody past its proxy.")
    # Twice the same header means that somebody's own came through beside the proxy's.
    names, roles = request.headers.getlist(USER_HEADER), request.headers.getlist(ROLE_HEADER)
    if len(names) != 1 or len(roles) != 1 or not names[0].strip() or len(names[0]) > MAX_NAME:
        raise SignInNeeded("The proxy did not name a person: check X-Orderdesk-User and X-Orderdesk-Role.")
    role = roles[0].strip().lower()
    if role not in get_args(Role):
        raise SignInNeeded(f"The role {role[:40]!r} is not known: use viewer, clerk, manager or admin.")
    return Actor(name=names[0].strip(), role=cast(Role, role))
