"""Every fault by its name in the failure table, as the double plays it."""

from __future__ import annotations

from tests.support.chat_double.behaviours import (
    Behaviour,
    context_overflow,
    http_error,
    quota,
    rate_limit,
    refusal,
)

# Not a behaviour of a request: nobody listens (`ChatDouble.door(model).close()`).
REFUSED = "connection refused"

FAULTS: dict[str, Behaviour] = {
    "429": rate_limit(),
    "429, Retry-After that fits": rate_limit("1"),
    "429, Retry-After too long": rate_limit("120"),
    "429 insufficient_quota": quota(),
    "500": http_error(500, "server_error", "The server had an error while processing your request"),
    "502": http_error(502, message="Bad gateway"),
    "503": http_error(503, "overloaded", "The engine is currently overloaded"),
    "504": http_error(504, message="Gateway timeout"),
    "400": http_error(400, "invalid_value", "Invalid value: 'x'."),
    "401": http_error(401, "invalid_api_key", "Incorrect API key provided"),
    "403": http_error(403, "unsupported_country_region_territory", "Not supported"),
    "404": http_error(404, "model_not_found", "The model does not exist or you do not have access to it"),
    "408": http_error(408, message="Request timeout"),
    "409": http_error(409, message="Conflict"),
    "413": http_error(413, message="Request entity too large"),
    "422": http_error(422, message="Unprocessable entity"),
    "context overflow": context_overflow(),
    "context overflow, other words": http_error(400, "context_length_exceeded", "The input does not fit."),
    "reset before the body": Behaviour("reset"),
    "reset in the body": Behaviour("reset_mid"),
    "closed in the body": Behaviour("close_mid"),
    "slow first byte": Behaviour("stall_first"),
    "stall in the body": Behaviour("stall_mid"),
    "endless drip": Behaviour("drip"),
    "HTML with 200": Behaviour("html_200"),
    "error object with 200": Behaviour("error_200", code="server_error", message="upstream failed"),
    "truncated envelope": Behaviour("truncated_envelope"),
    "truncated JSON": Behaviour("truncated_content"),
    "wrong schema": Behaviour("wrong_schema"),
    "empty content": Behaviour("empty_content"),
    "null content": Behaviour("null_content"),
    "empty choices": Behaviour("empty_choices"),
    "null choices": Behaviour("null_choices"),
    "refusal": refusal(),
    "content filter, 400": http_error(
        400, "content_filter", "The response was filtered due to the prompt triggering a content policy"
    ),
    "content filter, finish reason": Behaviour("content_filter"),
    "length stop": Behaviour("length"),
    "5 MB of output": Behaviour("huge"),
    "garbage bytes": Behaviour("garbage_200"),
    "empty body": Behaviour("empty_body"),
}
