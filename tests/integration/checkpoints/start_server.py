"""Run as a program: starts an embedded server and prints its URL.

Arguments: the home, the shelter, a folder of Postgres programs or nothing, a user id to become or nothing.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psycopg

from checkpoints.embedded import EmbeddedPostgres
from orderdesk.domain.errors import DatabaseUnavailable

# As in tests.support.postgres, which this small program does not import: it would take LangGraph with it.
FAST = {"fsync": "off", "full_page_writes": "off"}


def start(home: str, shelter: str, pg_bin: str, user: str) -> None:
    """Start the server; a refusal is printed instead of the URL, with the exit code 2."""
    if user:
        # Everything is imported by now, so it does not matter that this user may not read our environment.
        os.setgroups([])
        os.setgid(int(user))
        os.setuid(int(user))
    server = EmbeddedPostgres(
        Path(home), pg_bin=Path(pg_bin) if pg_bin else None, settings=FAST, shelter=Path(shelter)
    )
    try:
        url = server.start(timeout_s=60)
    except DatabaseUnavailable as refusal:
        sys.stdout.write(str(refusal))
        raise SystemExit(2) from None
    with psycopg.connect(url) as connection:
        connection.execute("select 1")
    sys.stdout.write(url)


if __name__ == "__main__":
    start(*sys.argv[1:5])
