"""LangSmith traces beside our own log: only when asked for, never in the way when the service is down."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from orderdesk.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig


def tracing_wanted(environment: Mapping[str, str]) -> bool:
    """Whether LANGSMITH_TRACING asks for traces. Any other value than true or false is refused.

    LangSmith itself takes only exactly "true"; "1" or "TRUE" would silently mean off.
    """
    value = environment.get("LANGSMITH_TRACING", "")
    if value not in ("", "true", "false"):
        raise ConfigurationError(
            f"LANGSMITH_TRACING is {value!r}: set it to true or false, in small letters."
        )
    return value == "true"


def prepare_tracing(environment: MutableMapping[str, str]) -> None:
    """Make the client fail fast and keep content back, before anything else builds one; nothing when tracing is off.

    Without the first an outage of the service holds the process at exit for minutes (measured). Without the second
    every mail and every prompt would leave the house with the trace of its steps. A value that is set already
    stays: LANGSMITH_HIDE_INPUTS=false and LANGSMITH_HIDE_OUTPUTS=false send them.
    """
    if not tracing_wanted(environment):
        return
    environment.setdefault("LANGSMITH_USE_DAEMON", "true")
    environment.setdefault("LANGSMITH_HIDE_INPUTS", "true")
    environment.setdefault("LANGSMITH_HIDE_OUTPUTS", "true")
    environment.setdefault("LANGSMITH_DISABLE_RUN_COMPRESSION", "true")
    run_trees = importlib.import_module("langsmith.run_trees")
    retry = importlib.import_module("urllib3.util.retry")
    run_trees.get_cached_client(
        retry_config=retry.Retry(total=0, raise_on_status=False),
        timeout_ms=(2000, 5000),
        anonymizer=_kind_of_error if environment["LANGSMITH_HIDE_OUTPUTS"] == "true" else None,
    )


def _kind_of_error(part: dict[str, Any]) -> dict[str, Any]:
    """The kind of an error without its text: LangGraph's interrupts carry the whole review in theirs.

    The client hands it errors in this form; inputs and outputs are hidden before it sees them.
    """
    if set(part) != {"error"}:
        return part
    return {"error": re.split(r"[^\w.]", str(part["error"]), maxsplit=1)[0]}


def finish_tracing(environment: Mapping[str, str]) -> None:
    """Send what is left, for at most five seconds."""
    if tracing_wanted(environment):
        importlib.import_module("langsmith.run_trees").get_cached_client().flush(timeout=5)


def run_config(case_id: str, thread_id: str, *, recursion_limit: int) -> RunnableConfig:
    """The configuration of a run; its trace carries the case, and nothing of what the customer wrote."""
    return {
        "configurable": {"thread_id": thread_id},
        "recursion_limit": recursion_limit,
        "run_name": "order_desk",
        "metadata": {"case_id": case_id, "thread_id": thread_id},
    }
