"""What the double does with one request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "ok",
    "http_error",
    "error_200",  # {"error": ...} with status 200, as some gateways do
    "html_200",  # a proxy's page
    "garbage_200",  # bytes that are neither text nor JSON
    "empty_body",  # status 200 and nothing
    "reset",  # the connection is reset before any byte of the answer
    "reset_mid",  # ... in the middle of the body
    "close_mid",  # closed in order, but in the middle of the body
    "stall_first",  # silence before the first byte
    "stall_mid",  # silence in the middle of the body
    "drip",  # a byte now and then, for ever
    "truncated_envelope",  # a whole HTTP body that holds half a JSON
    "truncated_content",  # a whole envelope that holds half an answer
    "wrong_schema",  # JSON, but another form than was asked for
    "empty_content",
    "null_content",
    "empty_choices",
    "null_choices",
    "refusal",
    "content_filter",  # as finish_reason
    "length",  # stopped by the limit of output
    "huge",  # `size` bytes of output
    "no_done",  # a stream without its end
]


@dataclass(frozen=True)
class Behaviour:
    """One behaviour with its arguments. Times are in seconds."""

    kind: Kind = "ok"
    # The answer: text, or what is sent as its JSON; None = the responder's, else the smallest that fits the schema.
    content: Any = None
    status: int = 500
    code: str | None = None
    message: str = "scripted fault"
    headers: dict[str, str] = field(default_factory=dict)
    # Tokens (prompt, completion) that the answer claims; None = counted from the text.
    usage: tuple[int, int] | None = None
    latency_s: float = 0.0  # before the first byte
    stall_s: float = 60.0  # how long a stall lasts unless the client leaves
    drip_s: float = 0.05  # between two bytes of a drip
    size: int = 5_000_000

    @property
    def name(self) -> str:
        """As it stands in the call log."""
        return f"http_{self.status}" if self.kind == "http_error" else self.kind


def ok(content: Any = None, *, usage: tuple[int, int] | None = None, latency_s: float = 0.0) -> Behaviour:
    """An answer as a good model gives it."""
    return Behaviour("ok", content=content, usage=usage, latency_s=latency_s)


def http_error(
    status: int, code: str | None = None, message: str = "scripted fault", retry_after: str | None = None
) -> Behaviour:
    """An error as OpenAI words it. `retry_after`: the header as it is sent, seconds or a date."""
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return Behaviour("http_error", status=status, code=code, message=message, headers=headers)


def rate_limit(retry_after: str | None = None) -> Behaviour:
    """429: too many requests."""
    return http_error(429, "rate_limit_exceeded", "Rate limit reached for requests", retry_after)


def quota() -> Behaviour:
    """429: the account is empty; waiting does not help."""
    return http_error(429, "insufficient_quota", "You exceeded your current quota, please check your plan.")


def context_overflow() -> Behaviour:
    """400: the input is longer than the model takes."""
    message = (
        "This model's maximum context length is 128000 tokens. However, your messages resulted in 200000."
    )
    return http_error(400, "context_length_exceeded", message)


def refusal(text: str = "I'm sorry, I can't help with that.") -> Behaviour:
    """The model will not answer."""
    return Behaviour("refusal", content=text)
