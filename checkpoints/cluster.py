"""Making a new Postgres data folder, and starting a server on it."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from checkpoints.binaries import major_version
from checkpoints.place import PLAIN_PATH, Place, sync_folder
from orderdesk.domain.errors import DatabaseUnavailable

OWNER = "orderdesk"
# The programs get nothing of our own environment: no PGDATA, no odd locale, no odd time zone.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
# fsync, full_page_writes and synchronous_commit stay at Postgres' own, crash-safe values.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # One file for each day of the week, so that the log of a desk that runs for years stays small.
    "logging_collector": "on",
    "log_filename": "postgres-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
}


def create_cluster(place: Place, binaries: Path, password: str, deadline: float) -> None:
    """Make the data folder: built aside and renamed, as `initdb` can be killed half-way.

    Raises DatabaseUnavailable with what `initdb` said.
    """
    for abandoned in place.folder.glob("init-*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix="init-", dir=place.folder))
    fresh, secret = work / "data", work / "password"
    fresh.mkdir(mode=0o700)
    secret.touch(mode=0o600)
    secret.write_text(password)
    place.account.own(work, fresh, secret)
    command = [str(binaries / "initdb"), "-D", str(fresh), "-U", OWNER, f"--pwfile={secret}"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums"]
    if major_version(binaries) >= 17:
        # Sorted by code point with Unicode upper and lower case, the same on every machine.
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    problem = _run(command, place, deadline)
    if problem is not None:
        raise DatabaseUnavailable(
            f"A new database could not be made in {place.folder} ({problem}): "
            "mend that, or set DATABASE_URL to a running Postgres."
        )
    fresh.rename(place.data)
    sync_folder(place.folder)
    shutil.rmtree(work, ignore_errors=True)


def launch(
    place: Place, binaries: Path, socket_folder: Path, settings: Mapping[str, str], deadline: float
) -> None:
    """Start the server and wait until it accepts connections.

    Raises DatabaseUnavailable with the last thing the server said, and where its log is.
    """
    made_by = (place.data / "PG_VERSION").read_text().strip()
    if made_by != str(version := major_version(binaries)):
        raise DatabaseUnavailable(
            f"The data in {place.data} was made by Postgres {made_by}, but the programs in {binaries} are "
            f"version {version}: set PG_BIN to a Postgres {made_by}, or move the data with pg_dump."
        )
    chosen = {
        **SETTINGS,
        "unix_socket_directories": str(socket_folder),
        "log_directory": str(place.logs),
        **settings,
    }
    options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in chosen.items())
    wait_s = max(1, int(deadline - time.monotonic()))
    # pg_ctl hands the path to a shell: one with quotes or a $ in it is given relative to the folder it runs in.
    data = str(place.data) if PLAIN_PATH.fullmatch(str(place.data)) else place.data.name
    command = [str(binaries / "pg_ctl"), "start", "-D", data, "-w", "-t", str(wait_s), "-o", options]
    problem = _run(command, place, deadline + 5)
    if problem is not None:
        raise DatabaseUnavailable(
            f"Postgres did not start ({problem}): see {place.folder / 'start.log'} and {place.logs}, "
            "or set DATABASE_URL to a running Postgres."
        )


def _run(command: list[str], place: Place, deadline: float) -> str | None:
    """Run a program as the service user; None if all went well, else the last line that says why."""
    # A file, not a pipe: the server inherits it, and would keep a pipe open for as long as it lives. It is
    # not among the logs: in that folder the service user could make us, who may be root, write elsewhere.
    log = place.folder / "start.log"
    with log.open("wb") as out:
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=ENVIRONMENT,
                cwd=place.folder,
                check=False,
                timeout=max(1.0, deadline - time.monotonic()),
                **place.account.identity(),
            )
        except subprocess.TimeoutExpired:
            return f"{Path(command[0]).name} took too long"
    return None if done.returncode == 0 else _reason(log, place.logs)


def _reason(start_log: Path, logs: Path) -> str:
    """The line that explains a failure best: the last FATAL or error, else the last line there is."""
    newest = sorted(logs.glob("postgres-*.log"), key=lambda p: p.stat().st_mtime)[-1:]
    said: list[str] = []
    for log in (start_log, *newest):
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
        for line in reversed(lines[-50:]):
            if any(word in line for word in ("FATAL", "PANIC", "error:")):
                return line[:300]
        said += lines
    return said[-1][:300] if said else "it said nothing"
