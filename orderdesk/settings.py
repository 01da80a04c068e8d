"""Every setting, in one documented class; the only module that reads the environment."""

from __future__ import annotations

import json
import os
from collections.abc import MutableMapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from orderdesk.domain.errors import ConfigurationError


class ModelRung(BaseModel):
    """One rung of the model ladder: any OpenAI-compatible endpoint."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(min_length=1)
    base_url: str | None = Field(
        default=None, pattern="^https?://.", description="an OpenAI-compatible address; none: OpenAI itself"
    )
    api_key_env: str = Field(
        default="OPENAI_API_KEY", description="name of the variable that holds the key; empty: no key is sent"
    )
    timeout_s: float = Field(default=30, gt=0, description="for one question with all its tries, in seconds")
    max_output_tokens: int = Field(default=4000, gt=0)
    input_usd_per_mtok: Decimal | None = Field(default=None, ge=0, description="none: the bundled price list")
    output_usd_per_mtok: Decimal | None = Field(default=None, ge=0)
    concurrency: int | None = Field(
        default=None, ge=1, description="requests at once to its server, of all processes; none: 8"
    )
    requests_per_minute: int | None = Field(default=None, ge=1, description="to its server; none: no limit")

    @field_validator("base_url")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        """Refuse what has no host or no possible port; the text is not repeated, as it may hold a password."""
        try:
            fine = value is None or (urlsplit(value).hostname and urlsplit(value).port != 0)
        except ValueError:
            fine = False
        if not fine:
            raise ValueError("expected an address such as http://localhost:8000/v1")
        return value


# The rung in use where ORDERDESK_MODELS is not set but a key is.
DEFAULT_MODEL = "gpt-4.1-mini"
_MODELS_EXPECTED = 'expected a JSON list such as [{"model": "gpt-4.1-mini"}]'


class Settings(BaseSettings):
    """Settings from the environment, `.env` and `orderdesk.toml`, in that order of precedence."""

    model_config = SettingsConfigDict(
        env_file=".env",
        toml_file="orderdesk.toml",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,  # NAME= in an environment file means: not set
    )

    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    """Postgres to use; unset: an embedded one under ORDERDESK_HOME."""
    pg_bin: Path | None = Field(default=None, validation_alias="PG_BIN")
    """Folder with Postgres programs for the embedded server; unset: the installed package's own."""
    home: Path = Field(default=Path(".orderdesk"), validation_alias="ORDERDESK_HOME")
    """Where the embedded database, the outbox, the exports and the drop folder stand."""
    policy: Path | None = Field(default=None, validation_alias="ORDERDESK_POLICY")
    """The company's own policy file; unset: the defaults alone."""
    environment: Literal["development", "production"] = Field(
        default="development", validation_alias="ORDERDESK_ENV"
    )
    """In production signing in needs a real identity, and Studio cannot decide reviews."""
    models: Annotated[tuple[ModelRung, ...], NoDecode] = Field(
        default=(), validation_alias="ORDERDESK_MODELS"
    )
    """JSON list of the ladder's model rungs, in order. Unset: one OpenAI rung where OPENAI_API_KEY is set, else rules
    and then a person; `[]` asks no model even then."""
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")
    """Key of the rungs that name no other variable; it alone is enough to have one rung."""
    mail_address: str = Field(default="orders@localhost", validation_alias="ORDERDESK_MAIL_ADDRESS")
    """The address the desk writes from."""
    company_name: str = Field(default="Order desk", validation_alias="ORDERDESK_COMPANY_NAME")
    """The name the desk signs with."""
    smtp_url: SecretStr | None = Field(default=None, validation_alias="ORDERDESK_SMTP_URL")
    """The mail server: `smtp://user:password@host:587` (STARTTLS), `smtps://...` (TLS from the start), `?starttls=no`.
    Unset: mails are written to the outbox folder."""
    webhook_url: SecretStr | None = Field(default=None, validation_alias="ORDERDESK_WEBHOOK_URL")
    """Where booked orders are posted, beside their export to the folder; unset: nowhere."""
    webhook_secret: SecretStr | None = Field(default=None, validation_alias="ORDERDESK_WEBHOOK_SECRET")
    """Signs what is posted; needed where ORDERDESK_WEBHOOK_URL is set."""
    send_timeout_s: float = Field(default=60, gt=0, le=3600, validation_alias="ORDERDESK_SEND_TIMEOUT_S")
    """How long one mail or one post may take, in seconds."""
    desk_secret: SecretStr | None = Field(default=None, validation_alias="ORDERDESK_DESK_SECRET")
    """Signs the desk's session cookies; unset in development: made once and kept under ORDERDESK_HOME."""
    proxy_secret: SecretStr | None = Field(default=None, validation_alias="ORDERDESK_PROXY_SECRET")
    """Shared with the reverse proxy that signs people in and names them in X-Orderdesk-User and -Role."""
    reader_processes: int = Field(default=1, ge=1, le=32, validation_alias="ORDERDESK_READER_PROCESSES")
    """Child processes that parse documents."""
    worker_cases: int = Field(default=4, ge=1, le=64, validation_alias="ORDERDESK_WORKER_CASES")
    """Cases one worker process has under way at once; while one waits for a model the others go on."""
    worker_lease_s: float = Field(default=8, ge=2, le=600, validation_alias="ORDERDESK_WORKER_LEASE_S")
    """How long a worker may show no life before its cases are given to others, in seconds."""
    pool_size: int = Field(default=8, ge=2, le=200, validation_alias="ORDERDESK_POOL_SIZE")
    """Database connections of one process."""
    max_hops: int = Field(default=24, ge=8, validation_alias="ORDERDESK_MAX_HOPS")
    """Supervisor steps a case may take before a person gets it. A clean order takes 4; a case that asks twice and is
    edited twice about 14. Set above 40, LangGraph's own limit (graphs.order_desk.RECURSION_LIMIT) would come first."""
    budget_calls: int = Field(default=8, ge=0, validation_alias="ORDERDESK_BUDGET_CALLS")
    """Model calls a case may cost."""
    budget_tokens: int = Field(default=60_000, ge=0, validation_alias="ORDERDESK_BUDGET_TOKENS")
    """Tokens, in and out, that a case may use."""
    budget_usd: Decimal = Field(default=Decimal("0.50"), ge=0, validation_alias="ORDERDESK_BUDGET_USD")
    """Money a case may cost in model calls, in US dollars."""
    budget_seconds: int = Field(default=120, gt=0, validation_alias="ORDERDESK_BUDGET_SECONDS")
    """Working time of a case, in seconds, without waiting for people."""

    @property
    def rungs(self) -> tuple[ModelRung, ...]:
        """The ladder's model rungs in force: those set, else OpenAI's small model where there is a key for it."""
        if "models" in self.model_fields_set or self.openai_api_key is None:
            return self.models
        return (ModelRung(model=DEFAULT_MODEL),)

    def key_of(self, rung: ModelRung) -> SecretStr | None:
        """The key in the variable that a rung names, from the environment or `.env`; None where there is none."""
        if not rung.api_key_env:
            return None
        if rung.api_key_env == "OPENAI_API_KEY":
            return self.openai_api_key
        key = (os.environ.get(rung.api_key_env) or dotenv_values(".env").get(rung.api_key_env) or "").strip()
        return SecretStr(key) if key else None

    @field_validator("openai_api_key", mode="before")
    @classmethod
    def _stripped(cls, value: Any) -> Any:
        return (value.strip() or None) if isinstance(value, str) else value

    @field_validator("models", mode="before")
    @classmethod
    def _models_from_json(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value or ()
        try:
            rungs = json.loads(value) if value.strip() else ()
        except json.JSONDecodeError as error:
            raise ValueError(f"{_MODELS_EXPECTED}, found what is not JSON ({error})") from None
        if not isinstance(rungs, list | tuple):
            raise ValueError(f"{_MODELS_EXPECTED}, found no list")
        return rungs

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then .env, then orderdesk.toml."""
        return init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def outbox(self) -> Path:
        """Where outgoing mails are written."""
        return self.home / "outbox"

    @property
    def exports(self) -> Path:
        """Where booked orders are written for the company's own system."""
        return self.home / "export"

    @property
    def inbox(self) -> Path:
        """The drop folder that `orderdesk up` watches."""
        return self.home / "inbox"


def process_environment() -> MutableMapping[str, str]:
    """The environment itself, for the one library that is steered by it (LangSmith)."""
    return os.environ


def load_settings(**overrides: Any) -> Settings:
    """The settings in force. Raises ConfigurationError naming each wrong setting and what was expected."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        )
        raise ConfigurationError(
            f"A setting is wrong: {wrong}. Correct it in the environment, .env or orderdesk.toml."
        ) from None
    except ValueError as error:
        raise ConfigurationError(
            f"A setting cannot be read: {error}. Correct it in .env or orderdesk.toml."
        ) from None
