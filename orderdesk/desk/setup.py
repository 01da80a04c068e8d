"""How people are known at this installation's desk, from its settings."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from orderdesk.desk.auth import DeskAuth
from orderdesk.domain.errors import ConfigurationError
from orderdesk.settings import Settings


def desk_auth(settings: Settings) -> DeskAuth:
    """A reverse proxy where its secret is set, else the development picker, which production refuses.

    Raises ConfigurationError saying which secret is missing.
    """
    secret = settings.desk_secret.get_secret_value() if settings.desk_secret else None
    if secret is None and settings.environment == "production":
        raise ConfigurationError(
            "ORDERDESK_DESK_SECRET is not set: in production set it to 32 or more random characters, "
            "the same on every machine that serves the desk."
        )
    return DeskAuth(
        mode="proxy" if settings.proxy_secret else "development",
        session_secret=secret or _kept_secret(settings.home / "desk.secret"),
        environment=settings.environment,
        proxy_secret=settings.proxy_secret.get_secret_value() if settings.proxy_secret else None,
    )


def _kept_secret(path: Path) -> str:
    """A random secret made at first use and kept, so that a restart signs nobody out."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32))
        return path.read_text().strip()
    except OSError as error:
        raise ConfigurationError(
            f"Cannot keep the desk's secret in {path} ({error.strerror}): set ORDERDESK_HOME or ORDERDESK_DESK_SECRET."
        ) from error
