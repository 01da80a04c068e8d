"""What the pinned client really raises at each fault of a server, and what it is taken for."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pydantic import SecretStr

from orderdesk.resilience.failures import Verdict
from tests.integration.models.conftest import KEY, NOW, PROMPT, Lines, question
from tests.support.chat_double import FAULTS, Behaviour, ChatDouble, http_error, rate_limit
from tools.models.answers import read_answer
from tools.models.asked import asked
from tools.models.client import ModelClient
from tools.models.exchange import Exchange
from tools.models.rung import Rung
from tools.models.usage import NOTHING, Usage, usage_of
from tools.models.verdicts import judge_model_error

UNKNOWN = Usage()

# fault: (class raised, kind, then, counts, alert)
EXPECTED = {
    "429": ("OpenAIRateLimitError", "rate_limited", "retry", True, False),
    "429, Retry-After that fits": ("OpenAIRateLimitError", "rate_limited", "retry", True, False),
    "429, Retry-After too long": ("OpenAIRateLimitError", "rate_limited", "retry", True, False),
    "429 insufficient_quota": ("OpenAIRateLimitError", "no_credit", "next", True, True),
    "500": ("OpenAIAPIError", "unavailable", "retry", True, False),
    "502": ("OpenAIAPIError", "unavailable", "retry", True, False),
    "503": ("OpenAIAPIError", "unavailable", "retry", True, False),
    "504": ("OpenAIAPIError", "unavailable", "retry", True, False),
    "400": ("OpenAIInvalidRequestError", "our_request", "person", False, True),
    "401": ("OpenAIAuthenticationError", "misconfigured", "next", True, True),
    "403": ("OpenAIPermissionDeniedError", "misconfigured", "next", True, True),
    "404": ("OpenAIModelNotFoundError", "misconfigured", "next", True, True),
    "408": ("APIStatusError", "unavailable", "retry", True, False),
    "409": ("ConflictError", "unavailable", "retry", True, False),
    "413": ("APIStatusError", "too_large", "next", False, False),
    "422": ("UnprocessableEntityError", "our_request", "person", False, True),
    # The client library knows it by one wording of the message only, not by its code.
    "context overflow": ("OpenAIInvalidRequestError", "too_large", "next", False, False),
    "context overflow, other words": ("OpenAIInvalidRequestError", "too_large", "next", False, False),
    "reset before the body": ("OpenAIConnectionError", "unavailable", "retry", True, False),
    "reset in the body": ("OpenAIConnectionError", "unavailable", "retry", True, False),
    "closed in the body": ("OpenAIConnectionError", "unavailable", "retry", True, False),
    "slow first byte": ("TimeoutError", "timeout", "next", True, False),
    "stall in the body": ("TimeoutError", "timeout", "next", True, False),
    "endless drip": ("TimeoutError", "timeout", "next", True, False),
    # Not the JSONDecodeError that one would expect: the SDK hands a page that is no JSON on as a string.
    "HTML with 200": ("AttributeError", "garbage", "retry", True, False),
    "error object with 200": ("TypeError", "garbage", "retry", True, False),
    "truncated envelope": ("JSONDecodeError", "garbage", "retry", True, False),
    "truncated JSON": ("InvalidAnswer", "invalid", "reask", False, False),
    "wrong schema": ("InvalidAnswer", "invalid", "reask", False, False),
    "empty content": ("InvalidAnswer", "invalid", "reask", False, False),
    "null content": ("InvalidAnswer", "invalid", "reask", False, False),
    "empty choices": ("IndexError", "garbage", "retry", True, False),
    "null choices": ("TypeError", "garbage", "retry", True, False),
    "refusal": ("ModelRefused", "refused", "next", False, False),
    "content filter, 400": ("OpenAIInvalidRequestError", "refused", "next", False, False),
    "content filter, finish reason": ("ContentFilterFinishReasonError", "refused", "next", False, False),
    "length stop": ("LengthFinishReasonError", "too_large", "next", False, False),
    "5 MB of output": ("InvalidAnswer", "invalid", "reask", False, False),
    "garbage bytes": ("UnicodeDecodeError", "garbage", "retry", True, False),
    "empty body": ("JSONDecodeError", "garbage", "retry", True, False),
}
HANGS = ("slow first byte", "stall in the body", "endless drip")


@pytest.fixture
async def client(double: ChatDouble) -> AsyncGenerator[ModelClient]:
    """A client of the double's first model."""
    client = ModelClient(
        Rung(name="primary", model="primary", base_url=double.base_url, api_key=SecretStr(KEY))
    )
    yield client
    await client.aclose()


async def meet(client: ModelClient, seconds: float = 20.0) -> tuple[Exception, Exchange]:
    """What one request raises, and its exchange."""
    ask, exchange = asked(question()), Exchange()
    await client.load()
    try:
        async with asyncio.timeout(seconds):
            read_answer(Lines, await client.send(ask.system, ask.user, ask.response_format, exchange))
    except Exception as error:
        return error, exchange
    raise AssertionError("it was answered")


async def judged(client: ModelClient, double: ChatDouble, fault: Behaviour) -> Verdict:
    """The verdict on one fault."""
    double.script("primary", fault)
    error, _ = await meet(client)
    return judge_model_error(error, NOW)


def test_every_fault_of_the_double_is_expected_here() -> None:
    assert set(EXPECTED) == set(FAULTS)


@pytest.mark.parametrize("name", EXPECTED)
async def test_each_fault(client: ModelClient, double: ChatDouble, name: str) -> None:
    double.script("primary", FAULTS[name])
    error, exchange = await meet(client, 0.3 if name in HANGS else 20.0)
    verdict = judge_model_error(error, NOW)
    found = (type(error).__name__, verdict.kind, verdict.then, verdict.counts, verdict.alert)
    assert found == EXPECTED[name]
    assert verdict.why.endswith(".")
    for secret in (KEY, "B-2", PROMPT.system):
        assert secret not in verdict.why
    assert len(double.calls) == 1, "the client itself never repeats"
    if name in HANGS or name in ("400", "408", "502", "504", "reset before the body", "reset in the body"):
        assert usage_of(exchange) == UNKNOWN
    elif re.match("401|403|404|409|413|422|429|500|503", name):
        assert usage_of(exchange) == NOTHING


@pytest.mark.parametrize("name", ["refusal", "length stop", "content filter, finish reason", "empty choices",
                                  "truncated JSON", "null content"])  # fmt: skip
async def test_what_was_worked_is_paid_although_it_failed(
    client: ModelClient, double: ChatDouble, name: str
) -> None:
    double.script("primary", dataclasses.replace(FAULTS[name], usage=(120, 30)))
    _, exchange = await meet(client)
    assert usage_of(exchange) == Usage(120, 30)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0), ("0", 0.0), ("1.5", 1.5), ("-4", 0.0), ("soon", None), ("nan", None), ("inf", None),
        (format_datetime(datetime.now(UTC) + timedelta(days=3650), usegmt=True), "later"),
        (format_datetime(datetime(2001, 1, 1, tzinfo=UTC), usegmt=True), 0.0), ("", None),
    ],
)  # fmt: skip
async def test_retry_after(
    client: ModelClient, double: ChatDouble, header: str, seconds: float | str | None
) -> None:
    found = (await judged(client, double, rate_limit(header))).retry_after_s
    if seconds == "later":
        assert found is not None
        assert found > 86_400
    else:
        assert found == seconds


async def test_retry_after_in_milliseconds(client: ModelClient, double: ChatDouble) -> None:
    fault = Behaviour("http_error", status=503, headers={"retry-after-ms": "250", "retry-after": "9"})
    assert (await judged(client, double, fault)).retry_after_s == 0.25


@pytest.mark.parametrize(
    ("status", "kind"),
    [(402, "no_credit"), (405, "misconfigured"), (410, "misconfigured"), (415, "our_request"), (425, "unavailable"),
     (529, "unavailable"), (307, "misconfigured"), (451, "our_request")],
)  # fmt: skip
async def test_the_other_statuses(client: ModelClient, double: ChatDouble, status: int, kind: str) -> None:
    fault = Behaviour("http_error", status=status, headers={"location": f"{double.base_url}/elsewhere"})
    assert (await judged(client, double, fault)).kind == kind
    assert len(double.calls) == 1, "a redirect is not followed"


async def test_a_provider_that_quotes_key_and_input_is_not_quoted(
    client: ModelClient, double: ChatDouble
) -> None:
    said = f"Incorrect API key provided: {KEY}; you sent '4 of A-1'"
    for fault in (http_error(401, said, said), http_error(400, said, said), http_error(500, said, said)):
        why = (await judged(client, double, fault)).why
        assert KEY not in why
        assert "A-1" not in why
    for code in (KEY, "4 of A-1", "x" * 61):
        assert code not in (await judged(client, double, http_error(401, code))).why


async def test_the_wording_that_the_client_library_knows(client: ModelClient, double: ChatDouble) -> None:
    double.script("primary", http_error(400, None, "Too much (context_length_exceeded)."))
    error, _ = await meet(client)
    assert type(error).__name__ == "OpenAIContextOverflowError"
    assert judge_model_error(error, NOW).kind == "too_large"


async def test_servers_without_codes_that_say_the_input_is_too_long(
    client: ModelClient, double: ChatDouble
) -> None:
    fault = http_error(
        400, None, "This model's maximum context length is 8192 tokens. However, you requested 9000."
    )
    assert (await judged(client, double, fault)).kind == "too_large"


async def test_a_key_that_cannot_be_sent_is_a_setting_to_mend(double: ChatDouble) -> None:
    client = ModelClient(
        Rung(name="m", model="primary", base_url=double.base_url, api_key=SecretStr("sk-a\nb: c"))
    )
    error, _ = await meet(client)
    verdict = judge_model_error(error, NOW)
    await client.aclose()
    assert (verdict.kind, verdict.then, verdict.alert) == ("misconfigured", "next", True)
    assert "sk-a" not in verdict.why


async def test_nobody_there_costs_nothing(double: ChatDouble) -> None:
    door = double.door("primary")
    door.close()
    client = ModelClient(Rung(name="m", model="primary", base_url=door.base_url))
    error, exchange = await meet(client)
    await client.aclose()
    assert judge_model_error(error, NOW).kind == "unavailable"
    assert usage_of(exchange) == NOTHING
