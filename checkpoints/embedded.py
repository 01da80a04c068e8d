"""A Postgres that comes with the product: started on demand, shared by all processes, safe to kill.

Several processes may start it at once: one does, the others find it running. It keeps running when the
process that started it ends. A server or a starter that was killed leaves nothing that stops the next start.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from checkpoints import postmaster
from checkpoints.binaries import find_binaries, reachable_binaries
from checkpoints.cluster import OWNER, create_cluster, launch
from checkpoints.place import Place, find_place, locked, write_durably
from checkpoints.postmaster import POLL_S, Postmaster
from orderdesk.domain.errors import DatabaseUnavailable

# Where root keeps a database whose service user cannot enter ORDERDESK_HOME.
SHELTER = Path("/var/lib/orderdesk")


class EmbeddedPostgres:
    """One embedded database under `home`, in its folder `postgres`; nothing happens until `start`.

    `pg_bin` is the bin folder of a Postgres to use instead of the one that comes with the product. `settings`
    are further server settings; they count for the process that starts the server, not for one that finds
    it running. `shelter` is used only by root, and only for a home that a service user cannot enter.
    """

    def __init__(
        self,
        home: Path,
        *,
        database: str = "orderdesk",
        pg_bin: Path | None = None,
        settings: Mapping[str, str] | None = None,
        shelter: Path = SHELTER,
    ) -> None:
        self.home = home.absolute()
        self.database = database
        self._pg_bin = pg_bin
        self._settings = dict(settings or {})
        self._shelter = shelter
        self._own = self.home / "postgres"

    def start(self, timeout_s: float = 120.0) -> str:
        """Start the server unless it runs, and return the database's URL (over a unix socket).

        The URL holds the password: never print it. Raises DatabaseUnavailable, in one sentence that says
        what to do. `timeout_s` covers everything, recovery after a crash included.
        """
        deadline = time.monotonic() + timeout_s
        try:
            self._own.mkdir(parents=True, exist_ok=True)
            with locked(self._own / "lock", deadline):
                place = find_place(self._own, self._shelter)
                server = self._ensure_running(place, deadline)
                self._ensure_database(self._url(server, "postgres"), deadline)
                return self._url(server, self.database)
        except TimeoutError as error:
            raise DatabaseUnavailable(
                f"The database in {self._own} was not ready within {timeout_s:g} s (waiting for {error}): "
                "try again, or look for a process that hangs there."
            ) from error
        except OSError as error:
            raise self._unusable(error) from error

    def stop(self, timeout_s: float = 60.0) -> None:
        """Stop the server, for every process that uses it; does nothing when none runs."""
        if not (self._own / "lock").exists():
            return
        deadline = time.monotonic() + timeout_s
        try:
            with locked(self._own / "lock", deadline):
                postmaster.stop(self.data_folder(), timeout_s)
        except TimeoutError as error:
            raise DatabaseUnavailable(
                f"The database in {self._own} did not stop within {timeout_s:g} s (waiting for {error}): "
                "look for a process that holds it."
            ) from error
        except OSError as error:
            raise self._unusable(error) from error

    def server_pid(self) -> int | None:
        """The process id of the server if it runs."""
        server = postmaster.running(self.data_folder())
        return server.pid if server else None

    def data_folder(self) -> Path:
        """Postgres' own data folder, which may not exist yet."""
        location = self._own / "location"
        return (Path(location.read_text().strip()) if location.exists() else self._own) / "data"

    def _ensure_running(self, place: Place, deadline: float) -> Postmaster:
        if (place.data / "PG_VERSION").exists():
            server = postmaster.running(place.data) or postmaster.clear_leftovers(place.data, deadline)
            if server and (ready := _wait_until_ready(place.data, deadline)):
                return ready
            if server:  # it died while it started: what it left is cleared once more
                postmaster.clear_leftovers(place.data, deadline)
        binaries = reachable_binaries(find_binaries(self._pg_bin), place.account, place.folder)
        if not (place.data / "PG_VERSION").exists():
            password = secrets.token_urlsafe(24)
            write_durably(self._own / "password", password, mode=0o600)
            create_cluster(place, binaries, password, deadline)
        socket_folder = place.socket_folder()
        postmaster.clear_sockets(socket_folder)
        launch(place, binaries, socket_folder, self._settings, deadline)
        if server := _wait_until_ready(place.data, deadline):
            return server
        raise DatabaseUnavailable(
            f"Postgres started and ended at once: see {place.folder / 'start.log'} and {place.logs}, "
            "or set DATABASE_URL to a running Postgres."
        )

    def _ensure_database(self, url: str, deadline: float) -> None:
        try:
            wait_s = max(2, int(deadline - time.monotonic()))
            with psycopg.connect(url, autocommit=True, connect_timeout=wait_s) as connection:
                known = connection.execute(
                    "select 1 from pg_database where datname = %s", (self.database,)
                ).fetchone()
                if known is None:
                    name = sql.Identifier(self.database)
                    connection.execute(sql.SQL("create database {}").format(name))
        except psycopg.Error as error:
            raise DatabaseUnavailable(
                f"The database in {self._own} runs but refuses us ({str(error).strip()[:200]}): "
                "restore its folder from a backup, or set ORDERDESK_HOME to a new one."
            ) from error

    def _url(self, server: Postmaster, database: str) -> str:
        try:
            password = (self._own / "password").read_text()
        except FileNotFoundError:
            password = ""
        if not password:
            raise DatabaseUnavailable(
                f"The file {self._own / 'password'} is missing or empty, so nobody can log in to the "
                "database beside it: restore that file, or set ORDERDESK_HOME to a new folder."
            )
        # The port is spelled out, as a PGPORT in somebody's shell would count otherwise.
        where = f"host={quote(server.socket_folder or '', safe='')}&port={server.port}"
        return f"postgresql://{OWNER}:{quote(password, safe='')}@/{quote(database, safe='')}?{where}"

    def _unusable(self, error: OSError) -> DatabaseUnavailable:
        return DatabaseUnavailable(
            f"The folder {error.filename or self._own} for the database cannot be used ({error.strerror}): "
            f"make {self.home} writable, set ORDERDESK_HOME to a folder that is, "
            "or set DATABASE_URL to a running Postgres."
        )


def _wait_until_ready(data: Path, deadline: float) -> Postmaster | None:
    """The server once it accepts connections, or None if it died meanwhile."""
    while server := postmaster.running(data):
        if server.ready and server.socket_folder and server.port:
            return server
        if time.monotonic() > deadline:
            raise TimeoutError(f"process {server.pid}")
        time.sleep(POLL_S)
    return None
