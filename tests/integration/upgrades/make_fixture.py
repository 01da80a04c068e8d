"""Make the fixture of a released version: its database with open cases, as SQL, and what is to become of each case.

    python -m tests.integration.upgrades.make_fixture COMMIT NAME

from the root of the repository, once for each release and at the time of it, as a version runs with its own libraries.
It unpacks COMMIT (`git archive`) into a temporary folder, runs produce.py there on an empty database of a server of its
own, and writes NAME.sql.gz and NAME.json beside this file. Never make a fixture of a released version anew: what is in
it is what that version really wrote.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import socket
import subprocess
import sys
import tarfile
from pathlib import Path

from checkpoints.binaries import find_binaries
from tests.support.postgres import empty_database, reachable_folder, shared_server

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
# What a fixture says instead of this machine's folders and name.
SOMEWHERE, SOMEBODY = "/srv/orderdesk", "orderdesk-1"
# Nothing of these may be in it.
FORBIDDEN = re.compile(r"/(?:tmp|root|work|home)\b|\bsk-[A-Za-z0-9]|password|BEGIN [A-Z ]*KEY", re.IGNORECASE)


def make(commit: str, name: str) -> None:
    """Write the two files of a version. Raises SystemExit where the text would tell something of this machine."""
    with reachable_folder() as folder:
        copy, home, notes = folder / "copy", folder / "home", folder / "notes.json"
        for made in (copy, home):
            made.mkdir()
        archive = subprocess.run(["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE, check=True)
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as packed:
            packed.extractall(copy, filter="data")
        with shared_server(folder) as server, empty_database(server) as url:
            environment = {**os.environ, "PYTHONPATH": str(copy)}
            subprocess.run(
                [sys.executable, str(HERE / "produce.py"), url, str(home), str(notes)],
                cwd=copy, env=environment, check=True,
            )  # fmt: skip
            text = _dumped(url).replace(str(home), SOMEWHERE).replace(socket.gethostname(), SOMEBODY)
        if found := FORBIDDEN.search(text):
            raise SystemExit(
                f"The dump holds {text[max(0, found.start() - 80) : found.end() + 80]!r}: see to that."
            )
        (HERE / f"{name}.sql.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
        (HERE / f"{name}.json").write_bytes(notes.read_bytes())


def _dumped(url: str) -> str:
    """The whole database as statements that any client can send."""
    dump = subprocess.run(
        [
            str(find_binaries(None) / "pg_dump"), "--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges",
            "--no-comments", url,
        ],
        stdout=subprocess.PIPE, check=True, text=True,
    ).stdout  # fmt: skip
    # Lines for psql alone, and a setting that servers before 17 do not know.
    lines = (line for line in dump.splitlines() if not line.startswith(("\\", "SET transaction_timeout")))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    make(*sys.argv[1:3])
