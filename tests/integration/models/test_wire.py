"""The HTTP client below: what is read is capped, addresses keep their secrets, and no redirect is followed."""

from __future__ import annotations

import base64
import gzip
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from tests.integration.models.bare_server import BareServer, bare_server
from tests.integration.models.conftest import KEY, NOW, question
from tools.models.asked import asked
from tools.models.client import ModelClient
from tools.models.errors import InvalidAnswer
from tools.models.exchange import Exchange
from tools.models.rung import Rung
from tools.models.usage import Usage, usage_of
from tools.models.verdicts import judge_model_error
from tools.models.wire import MAX_BODY

pytestmark = pytest.mark.usefixtures("models_allowed")
GOOD = (
    b'{"choices": [{"index": 0, "message": {"role": "assistant", "content": "{}"}, "finish_reason": "stop"}]}'
)


@asynccontextmanager
async def client_of(base_url: str) -> AsyncGenerator[ModelClient]:
    """A client of a server."""
    client = ModelClient(Rung(name="m", model="m", base_url=base_url, api_key=SecretStr(KEY)))
    yield client
    await client.aclose()


async def send(client: ModelClient, exchange: Exchange | None = None) -> object:
    """One request."""
    ask = asked(question())
    return await client.send(ask.system, ask.user, ask.response_format, exchange or Exchange())


async def test_a_plain_answer_and_what_is_sent() -> None:
    async with bare_server(200, GOOD) as server, client_of(server.base_url) as client:
        assert await send(client) == "{}"
    head = server.requests[0].lower()
    assert f"authorization: bearer {KEY}" in head
    assert "accept-encoding: identity" in head
    assert head.startswith("post /v1/chat/completions http")


@pytest.mark.parametrize("packed", [False, True])
async def test_a_body_is_read_up_to_the_cap(packed: bool) -> None:
    body = b" " * 60_000_000 if packed else b" " * (MAX_BODY + 1)
    headers = ["content-encoding: gzip"] if packed else []
    async with (
        bare_server(200, gzip.compress(body, 1) if packed else body, *headers) as server,
        client_of(server.base_url) as client,
    ):
        exchange = Exchange()
        with pytest.raises(InvalidAnswer, match="too long"):
            await send(client, exchange)
    assert usage_of(exchange) == Usage()


async def test_a_packed_answer_that_fits_is_read() -> None:
    async with (
        bare_server(200, gzip.compress(GOOD), "content-encoding: gzip") as server,
        client_of(server.base_url) as client,
    ):
        assert await send(client) == "{}"


async def test_user_and_query_of_an_address_are_sent_and_never_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with bare_server(200, GOOD) as server:
        address = server.base_url.replace("http://", f"http://me:{KEY}%20x@") + f"?api-version=2&key={KEY}"
        with caplog.at_level(logging.INFO):
            async with client_of(address) as client:
                assert await send(client) == "{}"
                assert (await client.probe()).reachable
    asked_for, looked = server.requests
    signed = base64.b64encode(f"me:{KEY} x".encode()).decode()
    for head in (asked_for, looked):
        assert f"api-version=2&key={KEY}" in head
        assert f"authorization: basic {signed.lower()}" in head.lower()
    assert KEY not in caplog.text


async def test_a_date_to_come_back_at_is_meant_by_the_servers_clock() -> None:
    headers = ("date: Mon, 01 Jan 2001 10:00:00 GMT", "retry-after: Mon, 01 Jan 2001 10:00:07 GMT")
    async with bare_server(503, b"", *headers) as server, client_of(server.base_url) as client:
        with pytest.raises(Exception) as raised:
            await send(client)
    assert judge_model_error(raised.value, NOW).retry_after_s == 7


async def test_no_redirect_is_followed() -> None:
    async with (
        bare_server(200, GOOD) as elsewhere,
        bare_server(308, b"", f"location: {elsewhere.base_url}/chat/completions") as server,
        client_of(server.base_url) as client,
    ):
        with pytest.raises(Exception) as raised:
            await send(client)
    assert judge_model_error(raised.value, NOW).kind == "misconfigured"
    assert elsewhere.requests == []


@pytest.mark.parametrize(
    ("status", "body", "reachable", "how"),
    [
        (200, b'{"data": [{"id": "m"}]}', True, "reachable"), (200, b'{"data": []}', True, "reachable"), (200, b'{"data": [{"id": "m:latest"}]}', True, "reachable"),
        (200, b'{"data": [{"id": "x"}]}', True, "reachable, but does not list this model"),
        (200, b'{"data": 3}', True, "answers, but /models is no list of models"), (200, b"<html>", True, "answers, but /models is no list of models"), (200, b"[" * 9999, True, "answers, but /models is no list of models"),
        (404, b"", True, "answers, but not to /models (404)"), (405, b"", True, "answers, but not to /models (405)"),
        (401, b"", False, "refuses the key (401)"), (403, b"", False, "refuses the key (403)"),
        (429, b"", False, "answers with an error (429)"), (502, b"", False, "answers with an error (502)"),
        (200, b" " * (MAX_BODY + 1), False, "cannot be reached (InvalidAnswer)"),
    ],
)  # fmt: skip
async def test_a_look_at_a_server(status: int, body: bytes, reachable: bool, how: str) -> None:
    async with bare_server(status, body) as server, client_of(server.base_url) as client:
        probe = await client.probe()
    assert (probe.reachable, probe.how) == (reachable, how)
    assert server.requests[0].startswith("GET /v1/models HTTP")


async def test_no_key_is_still_a_header(models_allowed: None) -> None:
    server: BareServer
    async with bare_server(200, GOOD) as server:
        client = ModelClient(Rung(name="m", model="m", base_url=server.base_url))
        assert await send(client) == "{}"
        await client.aclose()
    assert "authorization: bearer none" in server.requests[0].lower()
