"""A double of an OpenAI-compatible chat server that speaks the protocol over real connections, faults included.

with chat_double() as double:
    double.default("primary", ok({"answer": 1}))
    double.script("primary", http_error(503), ok())
    ... a client of `double.base_url` ...
    assert [call.behaviour for call in double.calls] == ["http_503", "ok"]
"""

from tests.support.chat_double.behaviours import (
    Behaviour,
    context_overflow,
    http_error,
    ok,
    quota,
    rate_limit,
    refusal,
)
from tests.support.chat_double.double import Call, ChatDouble
from tests.support.chat_double.faults import FAULTS, REFUSED
from tests.support.chat_double.serving import chat_double
from tests.support.chat_double.strict_schema import breach_of_strict, sample_from_schema

__all__ = [
    "FAULTS",
    "REFUSED",
    "Behaviour",
    "Call",
    "ChatDouble",
    "breach_of_strict",
    "chat_double",
    "context_overflow",
    "http_error",
    "ok",
    "quota",
    "rate_limit",
    "refusal",
    "sample_from_schema",
]
