"""Writing files so that a reader never sees half of one, and writing it twice gives the same file."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from orderdesk.domain.errors import ConfigurationError


async def write_whole(path: Path, data: bytes) -> None:
    """Write a file under a temporary name, then rename it. Raises ConfigurationError when it cannot."""
    await asyncio.to_thread(_write, path, data)


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        raise ConfigurationError(
            f"Cannot write {path} ({error.strerror}): make the folder writable, or set ORDERDESK_HOME."
        ) from error
