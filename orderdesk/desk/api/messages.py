"""POST messages: a message in, stored once; worked on in the background where somebody can be woken."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from orderdesk.cases.service import CaseService
from orderdesk.desk.api.exchange import answer, parsed, writing_caller
from orderdesk.desk.api.inputs import MessageIn
from orderdesk.desk.api.outputs import Accepted
from orderdesk.desk.api.report import CaseReport
from orderdesk.desk.auth import must_not_only_look
from orderdesk.desk.context import desk_of
from orderdesk.desk.errors import InvalidRequest
from orderdesk.desk.security import limited_body
from orderdesk.domain.errors import CaseBusy
from orderdesk.intake.messages import Stored

JSON, MAIL = "application/json", "message/rfc822"
MAX_KEY = 200  # characters of an Idempotency-Key


async def post_message(request: Request) -> Response:
    """Store a message and answer 202 with its cases; sent again with the same key or content, the same cases."""
    desk = desk_of(request)
    caller, kind = writing_caller(request, (JSON, MAIL))
    must_not_only_look(caller.actor)
    key = _idempotency_key(request)
    body = await limited_body(request, desk.max_message_bytes)
    service = desk.service()
    if kind == MAIL:
        if not body.strip():
            raise InvalidRequest("The body is empty: send the whole mail, headers first.")
        stored = await service.submit(
            body, "message.eml", channel="api", idempotency_key=key, queue=desk.queued
        )
    else:
        stored = await _from_parts(service, parsed(MessageIn, body), key, queue=desk.queued)
    if not desk.queued:
        for case_id in stored.case_ids:
            await _drive(service, case_id)
    reports = [CaseReport.model_validate(await service.report(case_id)) for case_id in stored.case_ids]
    accepted = Accepted.model_validate(stored.model_dump() | {"cases": reports})
    return answer(accepted, 202)


async def _from_parts(service: CaseService, message: MessageIn, key: str | None, *, queue: bool) -> Stored:
    if not message.text.strip() and not message.attachments:
        raise InvalidRequest("The message is empty: send a text or an attachment.")
    return await service.submit_parts(
        message.text,
        sender=message.sender,
        subject=message.subject,
        attachments=[(a.name, a.content()) for a in message.attachments],
        channel="api",
        idempotency_key=key,
        queue=queue,
    )


async def _drive(service: CaseService, case_id: str) -> None:
    try:
        await service.drive(case_id)
    except CaseBusy:
        return  # whoever holds the case brings it to its stop; its report says where it stands


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key", "").strip()
    if len(key) > MAX_KEY:
        raise InvalidRequest(f"The Idempotency-Key is too long: use at most {MAX_KEY} characters.")
    return key or None
