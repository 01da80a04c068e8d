"""What every API call shares: who calls, the body, the answer."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from orderdesk.desk.auth import Caller, caller_of
from orderdesk.desk.context import desk_of
from orderdesk.desk.errors import InvalidRequest, UnsupportedBody
from orderdesk.desk.security import media_type, must_be_same_site, must_hold_token

M = TypeVar("M", bound=BaseModel)
MAX_JSON_BYTES = 1_000_000
CSRF_HEADER = "x-csrf-token"


def api_caller(request: Request) -> Caller:
    """Who calls: a token, the proxy's headers, or in development the session. Raises SignInNeeded."""
    return caller_of(request, desk_of(request).auth, tokens=True)


def writing_caller(request: Request, accepted: tuple[str, ...]) -> tuple[Caller, str]:
    """Who changes something, and the body's type, one of `accepted`.

    A browser sends none of these types to another site without asking first, and the desk never says yes; a
    caller known by its session shows the token too. Raises SignInNeeded, ForgedRequest, UnsupportedBody.
    """
    caller = api_caller(request)
    must_be_same_site(request)
    if caller.by == "session":
        must_hold_token(request, request.headers.get(CSRF_HEADER, ""))
    kind = media_type(request)
    if kind not in accepted:
        raise UnsupportedBody(f"Send {' or '.join(accepted)}, and say so in Content-Type.")
    return caller, kind


def parsed(model: type[M], body: bytes) -> M:
    """A body as its model. Raises InvalidRequest naming each wrong place by JSON pointer."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        places = tuple(
            {"pointer": "/" + "/".join(str(part) for part in e["loc"]), "detail": e["msg"]}
            for e in error.errors(include_url=False, include_context=False, include_input=False)
        )
        raise InvalidRequest("The body is not what this address takes: see errors.", places) from None


def number_parameter(request: Request, name: str, default: int, most: int) -> int:
    """A whole number between 1 and `most` from the query. Raises InvalidRequest."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or not 1 <= int(text) <= most:
        raise InvalidRequest(f"{name} must be a whole number from 1 to {most}.")
    return int(text)


def answer(model: BaseModel, status: int = 200) -> Response:
    """A model as JSON."""
    return Response(model.model_dump_json(), status, media_type="application/json")
