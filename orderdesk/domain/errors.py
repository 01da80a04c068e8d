"""The one tree of errors; each message tells a person what to do next.

OrderDeskError
├── ConfigurationError          a setting, a path or a file a person has to mend (exit code 2)
│   ├── DatabaseUnavailable     the database cannot be reached or started
│   │   └── FenceLost           a worker's locks are gone with their connection
│   └── MasterDataError         a row of a master-data file (file, line, column, what was expected)
├── ReadError                   a document cannot be read (becomes a finding, never a crash)
│   └── ReaderLimitExceeded     a parser ran out of its time or memory
├── MoneyError                  amounts that must not be mixed (currencies)
├── UnitError                   a quantity that cannot be converted by the item's own factor
├── IdempotencyConflict         one idempotency key, two different messages
├── StaleDecision               a decision about something that is no longer what was shown
├── NotAllowed                  this person or caller may not do this
├── EffectRefused               an effect without a valid approval, or of a class the gate forbids
├── CaseBusy                    another worker holds the case
├── CasePutBack                 a worker that is told to stop has left a case at a step's end
└── CaseIncident                a case that ended without an outcome, or in an impossible state
"""

from __future__ import annotations


class OrderDeskError(Exception):
    """Base of every error this product raises on purpose."""

    exit_code = 1


class ConfigurationError(OrderDeskError):
    """A setting, a path or a file that a person has to mend before anything can run."""

    exit_code = 2


class DatabaseUnavailable(ConfigurationError):
    """The database cannot be reached or started."""


class FenceLost(DatabaseUnavailable):
    """The connection that holds a worker's locks broke: its cases were let go at once, as others may take them."""


class MasterDataError(ConfigurationError):
    """A row of a master-data file is wrong; nothing of the import was kept."""


class ReadError(OrderDeskError):
    """A document cannot be read; carries the finding code that explains it to a clerk."""

    def __init__(self, message: str, *, code: str = "unreadable_document") -> None:
        super().__init__(message)
        self.code = code


class ReaderLimitExceeded(ReadError):
    """A parser was stopped because it used more time or memory than a document may cost."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="reader_limit_exceeded")


class MoneyError(OrderDeskError):
    """Amounts of different currencies met in one sum."""


class UnitError(OrderDeskError):
    """A quantity cannot be converted by the item's own factor."""


class IdempotencyConflict(OrderDeskError):
    """An idempotency key was used before with another message; nothing was stored."""


class StaleDecision(OrderDeskError):
    """The thing a person decided on is no longer what was shown to them."""


class NotAllowed(OrderDeskError):
    """This person or caller may not do this."""


class EffectRefused(OrderDeskError):
    """An effect was asked for without a valid approval, or its class is not allowed here."""


class CaseBusy(OrderDeskError):
    """Another worker is on this case."""


class CasePutBack(OrderDeskError):
    """A worker was told to stop and left the case behind a finished step; the next worker goes on from there."""


class CaseIncident(OrderDeskError):
    """A case is in a state that must not exist; a person has to look at it."""
