"""Who is using the embedded server: the last process to leave stops it, and nobody stops it under another.

Every process holds a shared kernel lock on one file while it uses the server. Whoever leaves tries to make its
lock exclusive: that works only for the last one. The kernel drops the lock of a process that is killed.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Self

from orderdesk.domain.errors import DatabaseUnavailable


class ServerLease:
    """One process's claim on the embedded server under a home folder."""

    def __init__(self, home: Path) -> None:
        self._path = home / ".in-use"
        self._file: int | None = None

    def take(self) -> Self:
        """Claim the server before starting it; waits while the last user before us is stopping it."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except (FileExistsError, NotADirectoryError) as error:
            raise DatabaseUnavailable(
                f"{self._path.parent} cannot be a folder, as a file stands there: set ORDERDESK_HOME to a folder."
            ) from error
        except OSError as error:
            raise DatabaseUnavailable(
                f"Cannot write to {self._path.parent} ({error.strerror}): make it writable, or set ORDERDESK_HOME."
            ) from error
        fcntl.flock(self._file, fcntl.LOCK_SH)
        return self

    def leave(self, stop: Callable[[], None]) -> bool:
        """Give the claim back; calls `stop` and returns True when nobody else holds one."""
        if self._file is None:
            return False
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            stop()
            return True
        finally:
            os.close(self._file)
            self._file = None
