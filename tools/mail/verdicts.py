"""What an error of sending a mail means; whether it may have been sent all the same is the attempt's to say.

| error                                           | kind          | then             | breaker |
|-------------------------------------------------|---------------|------------------|---------|
| 4xx for this mail or its recipient              | unavailable   | again later      | no      |
| 5xx for this mail or its recipient              | refused       | person           | no      |
| login, certificate, STARTTLS not there, 5xx greeting | misconfigured | again later | counts  | alert
| 421, 4xx greeting, no connection, connection lost | unavailable | again later      | counts  |
| our deadline                                    | timeout       | again later      | counts  |
| an answer that is not SMTP                      | garbage       | again later      | counts  |
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import aiosmtplib

from orderdesk.resilience.failures import Verdict
from tools.sending import common_verdict, shown, verdict

# Codes that say our login is missing or wrong, whatever they answer.
LOGIN = frozenset({454, 530, 534, 535, 538})
ABOUT_THE_MAIL = (
    aiosmtplib.SMTPSenderRefused,
    aiosmtplib.SMTPRecipientRefused,
    aiosmtplib.SMTPDataError,
)


def judge_smtp(error: BaseException) -> Verdict:
    """The verdict on what handing a mail over raised."""
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
        return _settings("Its certificate is not trusted, or it speaks no TLS on this port.")
    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return _settings(f"It refuses our login ({error.code}).")
        case aiosmtplib.SMTPNotSupported():
            return _settings("It does not offer the STARTTLS or the login that we are set to use.")
        case aiosmtplib.SMTPResponseException():
            return _of_code(error)
        case aiosmtplib.SMTPTimeoutError() | TimeoutError():
            return verdict("timeout", "retry", "It did not answer in time.", counts=True)
        case aiosmtplib.SMTPServerDisconnected():
            return verdict("unavailable", "retry", "The connection was lost.", counts=True)
        case aiosmtplib.SMTPConnectError() | OSError():
            why = f"It cannot be reached ({shown(error, 120)})."
            return verdict("unavailable", "retry", why, counts=True)
        case aiosmtplib.SMTPException() if type(error) is aiosmtplib.SMTPException:
            # The library's bare error: what we are set to use is not among what the server offers.
            return _settings("It does not offer the STARTTLS or the login that we are set to use.")
        case aiosmtplib.SMTPException():
            return verdict(
                "garbage", "retry", f"What it said is not SMTP ({type(error).__name__}).", counts=True
            )
        case ValueError():
            return verdict("our_request", "person", "The mail cannot be sent as it is.", alert=True)
        case _:
            return common_verdict(error)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _of_code(error: aiosmtplib.SMTPResponseException) -> Verdict:
    code = error.code
    if code in LOGIN:
        return _settings(f"It wants another login ({code}).")
    said = f"It answered {code} ({shown(error.message)})."
    about_the_mail = isinstance(error, ABOUT_THE_MAIL)
    if 400 <= code < 500:
        return verdict("unavailable", "retry", said, counts=code == 421 or not about_the_mail)
    if 500 <= code < 600:
        return verdict("refused", "person", said) if about_the_mail else _settings(said)
    return verdict("garbage", "retry", f"What it said is not SMTP ({code}).", counts=True)


def _settings(why: str) -> Verdict:
    return verdict(
        "misconfigured",
        "retry",
        f"{why} Look at ORDERDESK_SMTP_URL and the mail server.",
        counts=True,
        alert=True,
    )
