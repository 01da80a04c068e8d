"""The folders of an embedded database: where its data, its socket, its log and its password are."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import stat
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from checkpoints.account import Account, account_for
from orderdesk.domain.errors import DatabaseUnavailable

# A socket's path may have 103 bytes (macOS; 107 on Linux), of which its own name takes 14.
LONGEST_SOCKET_FOLDER = 88
# Commas and quotes mean something in Postgres' list of socket folders, in a connection URL and to a shell.
PLAIN_PATH = re.compile(r"[\w./+ -]+", re.ASCII)
LOCK_POLL_S = 0.02


@dataclass(frozen=True)
class Place:
    """The paths of one embedded database and the user they belong to."""

    account: Account
    folder: Path

    @property
    def data(self) -> Path:
        """Postgres' own data folder."""
        return self.folder / "data"

    @property
    def logs(self) -> Path:
        """One file a day of the week, plus what a start printed."""
        return self.folder / "log"

    def socket_folder(self) -> Path:
        """The folder for the socket, made if need be: beside the data, or a short one if that is too long.

        Raises DatabaseUnavailable when somebody else made the short one before us.
        """
        beside = self.folder / "run"
        path = beside
        if len(os.fsencode(beside)) > LONGEST_SOCKET_FOLDER or not PLAIN_PATH.fullmatch(str(beside)):
            digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
            path = Path(tempfile.gettempdir()) / f"orderdesk-{self.account.uid}-{digest}"
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), self.account.uid):
            raise DatabaseUnavailable(
                f"{path} was made by somebody else, so the database will not put its socket there: "
                "remove it, or set ORDERDESK_HOME to a shorter path."
            )
        path.chmod(0o700)
        self.account.own(path)
        return path


def find_place(own: Path, shelter: Path) -> Place:
    """The place for the database whose own folder is `own`; call it with the lock held.

    Root hands the data to a service user, which cannot enter a closed folder such as root's home: a new
    database is then put under `shelter`, and a file `location` in `own` says where.
    """
    location = own / "location"
    folder = Path(location.read_text().strip()) if location.exists() else own
    account = account_for(folder / "data")
    if account.other and not location.exists() and not (own / "data").exists():
        own.chmod(0o711)
        if not account.can("x", own):
            folder = shelter / secrets.token_hex(8)
            write_durably(location, f"{folder}\n", mode=0o644)
    place = Place(account, folder)
    folder.mkdir(parents=True, exist_ok=True)
    if folder != own:
        folder.chmod(0o711)
        if not account.can("x", folder):
            raise DatabaseUnavailable(
                f"Postgres has to run as the user {account.name}, who can enter neither {own} nor {folder}: "
                "set ORDERDESK_HOME to a folder that user can reach."
            )
    place.logs.mkdir(mode=0o700, exist_ok=True)
    account.own(place.logs)
    return place


@contextmanager
def locked(path: Path, deadline: float) -> Generator[None]:
    """Hold a file's lock against other processes; the kernel lets go of it when we die.

    `deadline` is on the clock of `time.monotonic`. Raises TimeoutError.
    """
    with path.open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError(str(path)) from None
                time.sleep(LOCK_POLL_S)
        yield


def write_durably(path: Path, text: str, *, mode: int) -> None:
    """Write a small file so that a crash leaves the old one or the new one, never half of it."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
