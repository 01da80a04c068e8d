"""aimock, the chat server double by others (npm), as a process of its own, and our faults in its words."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests.faults.get_aimock import COMMAND
from tests.support.chat_double import FAULTS
from tests.support.chat_double.envelope import answer_of

LISTENING = "listening on "
LONGEST_LATENCY_MS = 30_000


class Aimock:
    """A running aimock; all is set and read over its own control routes."""

    def __init__(self, root: str) -> None:
        self.base_url = f"{root}/v1"
        self._control = f"{root}/__aimock"

    def play(self, answer: str, afflicted: dict[str, dict[str, Any]]) -> None:
        """Forget all; then every model answers well but those with a fixture of their own."""
        well = {"match": {"endpoint": "chat"}, "response": {"content": answer}}
        self._post("reset", {})
        self._post("fixtures", {"fixtures": [*afflicted.values(), well]})

    def counts(self) -> dict[str, int]:
        """Requests per model, as its journal has them."""
        journal = httpx2.get(f"{self._control}/journal").raise_for_status().json()
        models = [entry["body"]["model"] for entry in journal if entry["path"].endswith("/chat/completions")]
        return {model: models.count(model) for model in dict.fromkeys(models)}

    def _post(self, route: str, body: dict[str, Any]) -> None:
        answer = httpx2.post(f"{self._control}/{route}", json=body)
        assert answer.status_code == 200, answer.text


@contextmanager
def aimock(folder: Path) -> Generator[Aimock]:
    """A server on a free port for the length of a block; it says itself when it listens, and where."""
    (folder / "fixtures.json").write_text('{"fixtures": []}')
    command = ["node", str(COMMAND), "--port", "0", "--fixtures", str(folder / "fixtures.json")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder
    ) as process:
        assert process.stdout
        try:
            said: list[str] = []
            for line in process.stdout:
                said.append(line)
                if LISTENING in line:
                    break
            else:
                raise AssertionError(f"aimock did not start: {''.join(said)}")
            yield Aimock(said[-1].partition(LISTENING)[2].strip())
        finally:
            process.terminate()


def fixture(model: str, fault: str, answer: str, *, once: bool) -> dict[str, Any] | None:
    """A fault of ours in aimock's words; None where it cannot do that."""
    match: dict[str, Any] = {"model": model, "endpoint": "chat", **({"sequenceIndex": 0} if once else {})}
    behaviour = FAULTS.get(fault)
    if behaviour is None:
        return None
    match behaviour.kind:
        case "http_error":
            error = {
                "message": behaviour.message,
                "code": behaviour.code or "error",
                "type": behaviour.code or "error",
            }
            response: dict[str, Any] = {"status": behaviour.status, "error": error}
            if wish := behaviour.headers.get("retry-after"):
                response["retryAfter"] = int(wish)
            return {"match": match, "response": response}
        case "reset":
            return {"match": match, "response": {"content": answer}, "chaos": {"disconnectRate": 1}}
        case "stall_first":
            chaos = {"latencyMs": LONGEST_LATENCY_MS}
            return {"match": match, "response": {"content": answer}, "chaos": chaos}
        case "truncated_envelope":
            return {"match": match, "response": {"content": answer}, "chaos": {"malformedRate": 1}}
        case "truncated_content" | "wrong_schema" | "huge" | "length" | "content_filter":
            said = answer_of(behaviour, answer, {})
            return {"match": match, "response": {"content": said.text, "finishReason": said.finish}}
        case _:
            return None


def same_text(answer: Any) -> str:
    """An answer as the double sends it."""
    return json.dumps(answer, ensure_ascii=False)
