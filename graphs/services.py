"""What the nodes work with, built once by the composition root and handed in; nothing here is global."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from checkpoints.pools import LazyPool
from graphs.facts_memo import FactsMemo
from orderdesk.domain.clock import Clock
from orderdesk.policy.model import Policy
from tools.documents.pool import ReaderPool
from tools.master.repository import MasterData
from tools.master.search import ArticleIndexes
from tools.models.contract import Models, NoModels
from tools.outbox import MailFrom


@dataclass(frozen=True)
class Services:
    """The parts of the house a case touches on its way."""

    pool: LazyPool
    master: MasterData
    articles: ArticleIndexes
    facts: FactsMemo
    readers: ReaderPool
    policy: Policy
    # Hash of every number of the policy, logged with each decision of the gate.
    policy_fingerprint: str
    clock: Clock
    mail_from: MailFrom
    # Supervisor steps, and seconds of work, that a case may take before a person gets it.
    max_hops: int
    budget_seconds: float
    # Amounts up to which a role may decide; a role that is not named has no limit.
    role_limits: dict[str, Decimal]
    # The ladder's model rungs; without any, every ladder starts at its rules.
    models: Models = field(default_factory=NoModels)
    # The only place where a decision may come without our own sign-in: Studio on a developer's machine.
    allow_studio_developer: bool = False
