"""Fetches aimock, a chat server double by others, to cross-check ours; those tests skip without it, with the reason."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "node_modules" / "@copilotkit" / "aimock"
COMMAND = FOLDER / "dist" / "cli.js"
VERSION = "1.43.0"
PACKAGE = f"@copilotkit/aimock@{VERSION}"
# Marks a folder that was unpacked whole, and of which version it is.
NOTE = FOLDER / f".unpacked-{VERSION}"


def main() -> int:
    """0 when aimock is there or was fetched, 0 with a printed reason when it could not be."""
    if reason := _fetch():
        print(f"aimock not fetched: {reason}; the cross-check of the faults will be skipped")
    return 0


def missing() -> str:
    """Why aimock cannot be run here; '' when it can."""
    if shutil.which("node") is None:
        return "node is not installed"
    return "" if NOTE.exists() else f"{PACKAGE} is not fetched (python tests/faults/get_aimock.py)"


def _fetch() -> str:
    """'' or why not. It has no dependencies, so its own package is all there is to unpack."""
    if NOTE.exists():
        return ""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "node or npm is not installed"
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        packed = next(Path(folder).glob("copilotkit-aimock-*.tgz"), None)
        if done.returncode or packed is None:
            return done.stderr.strip()[-300:] or "npm pack gave nothing"
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
        shutil.rmtree(FOLDER, ignore_errors=True)
        shutil.copytree(Path(folder) / "package", FOLDER, ignore=shutil.ignore_patterns("*.map", "*.cjs"))
    NOTE.touch()
    return ""


if __name__ == "__main__":
    sys.exit(main())
