"""Fetches a mail server as Debian ships it (Exim) into a private folder; nothing is installed on the system.

The test that talks to it skips without it, with the reason.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# Beside the environment, so that it goes with it.
FOLDER = Path(sys.prefix) / "debian-mail-server"
PROGRAM = Path("usr") / "sbin" / "exim4"
# The server, and what gives it users of its own without touching those of the machine.
PACKAGES = ["exim4-daemon-light", "libnss-wrapper"]
# Libraries of libraries: so many rounds of packages are fetched at most until nothing is missing.
ROUNDS = 4


def main() -> int:
    """0 when it is there or was fetched, 0 with a printed reason when it could not be."""
    if reason := _fetch():
        print(f"Debian's mail server not fetched: {reason}; the test against it will be skipped")
    return 0


def missing() -> str:
    """Why it cannot be run here; '' when it can."""
    if not (FOLDER / PROGRAM).exists():
        return "it is not fetched (python tests/integration/effects/get_debian_mail_server.py)"
    return ", ".join(_lacking(FOLDER))


def libraries(folder: Path) -> list[Path]:
    """The folders of shared libraries below a folder of unpacked packages."""
    return sorted({path.parent for path in folder.glob("usr/lib/**/*.so*")})


def _fetch() -> str:
    """'' or why not."""
    if not missing():
        return ""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return "this is no Debian (apt-get and dpkg-deb are needed)"
    with tempfile.TemporaryDirectory() as temporary:
        unpacked, wanted, known = Path(temporary) / "root", list(PACKAGES), set[str]()
        for _ in range(ROUNDS):
            needed: list[str] = []
            for name in wanted:
                known.add(name)
                archive, why = _download(name, Path(temporary))
                if archive is None:
                    if name in PACKAGES:
                        return why
                    continue
                subprocess.run(["dpkg-deb", "-x", str(archive), str(unpacked)], check=True)
                needed += _libraries_needed(archive)
            if not _lacking(unpacked):
                break
            wanted = [name for name in dict.fromkeys(needed) if name not in known]
        if lacking := _lacking(unpacked):
            return ", ".join(lacking)
        (unpacked / PROGRAM).chmod(0o755)  # as it comes it runs as root, whoever starts it
        shutil.rmtree(FOLDER, ignore_errors=True)
        shutil.copytree(unpacked, FOLDER, symlinks=True)
    return ""


def _download(name: str, folder: Path) -> tuple[Path | None, str]:
    done = subprocess.run(
        ["apt-get", "download", name], cwd=folder, capture_output=True, text=True, check=False
    )
    archive = next(folder.glob(f"{name}_*.deb"), None)
    return archive, "" if archive else done.stderr.strip()[-200:] or "apt-get download gave nothing"


def _libraries_needed(archive: Path) -> list[str]:
    said = subprocess.run(
        ["dpkg-deb", "-f", str(archive), "Depends"], capture_output=True, text=True, check=True
    ).stdout
    return re.findall(r"(?:^|, )(lib[a-z0-9.+-]+)", said)


def _lacking(folder: Path) -> list[str]:
    """Shared libraries the server does not find, with its own ones beside those of the machine."""
    environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(map(str, libraries(folder)))}
    done = subprocess.run(
        ["ldd", str(folder / PROGRAM)], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return [done.stderr.strip()[-200:]]
    return [line.strip() for line in done.stdout.splitlines() if "not found" in line]


if __name__ == "__main__":
    sys.exit(main())
