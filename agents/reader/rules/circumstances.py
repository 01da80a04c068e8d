"""What a message is read against: the day it was written, its language, and which figure of 03/04 is the day."""

from __future__ import annotations

from datetime import date, datetime

from agents.reader.contract import ReaderContext
from agents.reader.rules.language import language_of
from orderdesk.domain.base import Value
from orderdesk.domain.documents import ReadMessage
from tools.documents.written_dates import settled_order

# Where the first number of 03/04 is the month. Everywhere else that we know the country, the day is first.
_MONTH_FIRST = frozenset(("US", "PH", "FM", "PW", "MH"))
_UNSETTLED = frozenset(("CA", "KE", "GH"))  # both orders are in use
_DAY_FIRST_LANGUAGES = frozenset(("de", "es", "fr", "it", "nl", "pt"))


class Circumstances(Value):
    """Rules and model are held to the same ones."""

    today: date
    language: str
    day_first: bool | None = None


def circumstances_of(message: ReadMessage, context: ReaderContext) -> Circumstances:
    """From the message itself, and from the customer where it settles nothing."""
    language = _language(message, context)
    return Circumstances(
        today=_written_on(message, context),
        language=language,
        day_first=_day_first(message, context, language),
    )


def _written_on(message: ReadMessage, context: ReaderContext) -> date:
    """The day the message was written: 'next Tuesday' counts from then, whenever we read it."""
    try:
        return datetime.fromisoformat(message.sent_at).date()
    except ValueError:
        return context.business_date


def _language(message: ReadMessage, context: ReaderContext) -> str:
    texts = [d.text for d in message.documents if d.role in ("body", "answer", "forwarded") and not d.drafts]
    texts = texts or [d.text for d in message.documents if not d.drafts]
    return language_of("\n".join([message.subject, *texts]), context.language) or context.language or "en"


def _day_first(message: ReadMessage, context: ReaderContext, language: str) -> bool | None:
    if context.country in _UNSETTLED:
        return None
    if context.country:
        return context.country not in _MONTH_FIRST
    own = {settled_order(d.text) for d in message.documents} - {None}
    if len(own) == 1:
        return own.pop()
    return True if language in _DAY_FIRST_LANGUAGES else None
