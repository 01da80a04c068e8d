"""One rung of the ladder as it runs: a model, where it is served, its key, its limits and its own prices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

# Where OpenAI itself serves; always named, so that no variable of another program sends requests elsewhere.
OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True)
class Rung:
    """A model that can be asked."""

    # As it is called in trails, logs and the table of calls; unique within a ladder.
    name: str
    model: str
    base_url: str = OPENAI_URL
    # None where the server asks for none (Ollama, vLLM).
    api_key: SecretStr | None = None
    # The deadline of one question with all its tries, in seconds.
    timeout_s: float = 30.0
    max_output_tokens: int = 4000
    # US dollars for a million tokens; None = as in the bundled price table.
    input_usd_per_mtok: Decimal | None = None
    output_usd_per_mtok: Decimal | None = None

    @property
    def provider(self) -> str:
        """Who serves it, as host and port: the name of the lane that its calls share with others."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2].lower()

    @property
    def breaker(self) -> str:
        """The name of its breaker: one a model and server, as either can fail alone."""
        return f"model:{self.name}@{self.provider}"

    @property
    def where(self) -> str:
        """Its address, for people: without user, password or query, any of which may be a secret."""
        return without_secrets(self.base_url)


def without_secrets(url: str) -> str:
    """An address without the parts that may be a secret."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
