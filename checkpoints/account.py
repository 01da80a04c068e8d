"""The operating-system user that Postgres runs as: ourselves, or another one when we are root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from orderdesk.domain.errors import DatabaseUnavailable

# Postgres refuses to run as root. The first of these that exists takes its place.
SERVICE_USERS = ("orderdesk", "postgres", "nobody")


class Identity(TypedDict, total=False):
    """Arguments for `subprocess` that make a child run as another user; empty for ourselves."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """A user and group; `other` is true when it is not the user this process runs as."""

    name: str
    uid: int
    gid: int
    other: bool

    def identity(self) -> Identity:
        """The `subprocess` arguments that start a program as this user."""
        return Identity(user=self.uid, group=self.gid, extra_groups=[]) if self.other else Identity()

    def own(self, *paths: Path) -> None:
        """Give paths to this user; nothing to do when they are ours already."""
        if self.other:
            for path in paths:
                os.chown(path, self.uid, self.gid)

    def can(self, test: str, path: Path) -> bool:
        """Whether this user passes `test -x|-w|-r path`, asked as that user."""
        probe = ["/bin/sh", "-c", f'test -{test} "$1"', "sh", str(path)]
        return subprocess.run(probe, cwd="/", check=False, **self.identity()).returncode == 0


def account_for(data: Path) -> Account:
    """The user for a data folder: its owner if it exists, a service user for root, else ourselves.

    Raises DatabaseUnavailable when the folder belongs to somebody we cannot act for.
    """
    owner = data.stat().st_uid if data.exists() else None
    me = os.geteuid()
    if me != 0:
        if owner not in (None, me):
            raise DatabaseUnavailable(
                f"The database in {data} belongs to the user {_name(owner)}: "
                f"start as that user, or set ORDERDESK_HOME to another folder."
            )
        return Account(_name(me), me, os.getegid(), other=False)
    if owner:
        return Account(_name(owner), owner, data.stat().st_gid, other=True)
    for name in SERVICE_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid, other=True)
    raise DatabaseUnavailable(
        f"Postgres does not run as root, and none of the users {', '.join(SERVICE_USERS)} exists: "
        "create one of them, start as another user, or set DATABASE_URL to a running Postgres."
    )


def _name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return str(uid)
