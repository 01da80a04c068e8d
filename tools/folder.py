"""Files as a way out: mails in the outbox folder, booked orders in the export folder; written twice is written once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from orderdesk.resilience.failures import Verdict
from tools.export import export_to_folder
from tools.outbox import send_to_outbox
from tools.sending import Attempt, common_verdict

DEADLINE_S = 30.0


class FolderSender:
    """Writes files whose names follow from the ledger row. `outbox` None: mails leave by another way."""

    receiver = ""
    through = "folder"
    repeatable = True
    batch = 100
    deadline_s = DEADLINE_S
    breaker = ""

    def __init__(self, outbox: Path | None, exports: Path) -> None:
        self._outbox = outbox
        self._exports = exports
        self.kinds = ["export_order"] if outbox is None else ["send_mail", "export_order"]

    async def send(self, key: str, kind: str, request: dict[str, Any], attempt: Attempt) -> dict[str, Any]:
        """Write the file or files. Raises ConfigurationError where the folder takes none."""
        if kind == "send_mail":
            assert self._outbox is not None
            return await send_to_outbox(self._outbox, request)
        return await export_to_folder(self._exports, request)

    def judge(self, error: BaseException) -> Verdict:
        """What an error means: a folder that cannot be written to is tried again."""
        return common_verdict(error)
