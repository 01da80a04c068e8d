"""What an error of a model call means: retry, next rung, ask again, or a person; the failure table as code.

| error                                                     | kind          | then   | breaker |
|-----------------------------------------------------------|---------------|--------|---------|
| 429                                                       | rate_limited  | retry  | counts  |
| 429 insufficient_quota, 402                               | no_credit     | next   | counts  | alert
| 5xx, 408, 409, 425, connection errors, client time-outs   | unavailable   | retry  | counts  |
| our deadline                                              | timeout       | next   | counts  |
| an envelope that is not the protocol                      | garbage       | retry  | counts  |
| 401, 403, 404, 405, 410, redirects, certificates          | misconfigured | next   | counts  | alert
| 413, context overflow, length stop                        | too_large     | next   | no      |
| refusal, content filter                                   | refused       | next   | no      |
| an answer that breaks its contract (ours: InvalidAnswer)  | invalid       | reask  | no      |
| any other 4xx                                             | our_request   | person | no      | alert
| anything else                                             | fault         | person | no      | alert

A sentence names the status and the provider's code, never its text: providers quote keys and input in it.
"""

from __future__ import annotations

import math
import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from orderdesk.resilience.failures import FailureKind, Then, Verdict
from tools.models.errors import InvalidAnswer, ModelRefused

if TYPE_CHECKING:
    import openai

# What may be shown of a provider's code: words. Keys and what a customer wrote have digits, dashes or spaces.
CODE = re.compile(r"(?=.{1,60}$)[A-Za-z]+(?:_[A-Za-z]+)*")
# Codes of a prompt or an answer that a filter held back, at OpenAI and Azure.
FILTERED = frozenset(
    {"content_filter", "content_policy_violation", "invalid_prompt", "responsibleaipolicyviolation"}
)
# The client library goes by the words of the message alone; these are the codes, and what servers without codes
# say of an input that is too long (vLLM, llama.cpp, gateways).
TOO_LONG_CODES = frozenset({"context_length_exceeded", "string_above_max_length", "request_too_large"})
TOO_LONG = ("context length", "context window", "prompt is too long")
WRONG_ADDRESS = frozenset({401, 403, 404, 405, 410})
TRY_AGAIN = frozenset({408, 409, 425})


def judge_model_error(error: BaseException, now: datetime) -> Verdict:
    """The verdict on what a model call raised. `now` is for a Retry-After that names a date."""
    import httpx2
    import openai
    from langchain_core.exceptions import ContextOverflowError

    match error:
        case ModelRefused() | openai.ContentFilterFinishReasonError():
            return _verdict("refused", "next", "It refused to answer.")
        case InvalidAnswer():
            return _verdict("invalid", "reask", f"Its answer cannot be used: {error.fault}.")
        case openai.LengthFinishReasonError():
            return _verdict("too_large", "next", "Its answer was longer than max_output_tokens allows.")
        case ContextOverflowError():
            return _verdict("too_large", "next", "The message is longer than it can read.")
        case openai.APIStatusError():
            return _of_status(error, now)
        case openai.APIConnectionError() | httpx2.TransportError() | ssl.SSLError() | ConnectionError():
            return _of_connection(error)
        case TimeoutError():
            return _verdict("timeout", "next", "It did not answer in time.", counts=True)
        case httpx2.InvalidURL():
            return _misconfigured("Its base_url is not an address.")
        case (
            openai.APIError()
            | ValueError()
            | LookupError()
            | TypeError()
            | AttributeError()
            | RecursionError()
        ):
            # Only the client library can raise these here; what it choked on is what came over the wire.
            return _verdict(
                "garbage",
                "retry",
                f"What came back is not the protocol ({type(error).__name__}).",
                counts=True,
            )
        case openai.OpenAIError():
            return _misconfigured(f"The client library refuses its settings ({type(error).__name__}).")
        case _:
            return _verdict(
                "fault", "person", f"An error of the program ({type(error).__name__}).", alert=True
            )


def _of_status(error: openai.APIStatusError, now: datetime) -> Verdict:
    status, codes = error.status_code, set(_codes(error))
    named = f"{status}" + (f" {error.code}" if error.code and CODE.fullmatch(error.code) else "")
    if status == 402 or "insufficient_quota" in codes:
        return _verdict("no_credit", "next", f"Its account has no credit ({named}).", counts=True, alert=True)
    if status == 429:
        wish = _retry_after(error, now)
        return _verdict(
            "rate_limited", "retry", f"It asked to be called less often ({named}).", counts=True, wish=wish
        )
    if status >= 500 or status in TRY_AGAIN:
        wish = _retry_after(error, now)
        return _verdict("unavailable", "retry", f"It failed on its side ({named}).", counts=True, wish=wish)
    if codes & FILTERED:
        return _verdict("refused", "next", f"A content filter held the message back ({named}).")
    if status in WRONG_ADDRESS or status < 400:
        return _misconfigured(f"It refuses the key, the address or the model's name ({named}).")
    said = error.message.lower()
    if (
        status == 413
        or codes & TOO_LONG_CODES
        or (status == 400 and any(words in said for words in TOO_LONG))
    ):
        return _verdict("too_large", "next", f"The message is longer than it can read ({named}).")
    return _verdict("our_request", "person", f"It cannot accept what was sent ({named}).", alert=True)


def _of_connection(error: BaseException) -> Verdict:
    import httpx2

    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _misconfigured("Its certificate is not trusted.")
        if isinstance(cause, httpx2.UnsupportedProtocol | httpx2.LocalProtocolError):
            return _misconfigured("Its base_url or key cannot be sent as it is.")
    return _verdict("unavailable", "retry", "It cannot be reached, or the connection broke.", counts=True)


def _verdict(
    kind: FailureKind,
    then: Then,
    why: str,
    *,
    counts: bool = False,
    alert: bool = False,
    wish: float | None = None,
) -> Verdict:
    return Verdict(kind=kind, then=then, counts=counts, why=why, alert=alert, retry_after_s=wish)


def _misconfigured(why: str) -> Verdict:
    return _verdict("misconfigured", "next", why, counts=True, alert=True)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(10):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _codes(error: openai.APIStatusError) -> Iterator[str]:
    """The provider's codes, in lower case: the error's own, its type, and Azure's inner one."""
    for code in (error.code, error.type):
        if isinstance(code, str):
            yield code.lower()
    body = error.body if isinstance(error.body, dict) else {}
    inner = body.get("innererror")
    if isinstance(inner, dict) and isinstance(inner.get("code"), str):
        yield inner["code"].lower()


def _retry_after(error: openai.APIStatusError, now: datetime) -> float | None:
    """The wish in Retry-After-Ms or Retry-After (seconds or a date), in seconds; None where there is none."""
    headers = error.response.headers
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    stated = headers.get("retry-after")
    if (seconds := _number(stated)) is not None:
        return seconds
    # A date is meant by the server's clock, which its own Date header tells.
    until, at = _moment(stated), _moment(headers.get("date"))
    return None if until is None else max(0.0, (until - (at or now)).total_seconds())


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
