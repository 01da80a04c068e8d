"""Fetches axe-core, the accessibility checker, for the browser tests; they skip that check without it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PACKAGE = "axe-core@4.11.4"


def main() -> int:
    """0 when axe-core is there or was fetched, 0 with a printed reason when npm or the network is not."""
    if AXE.exists():
        return 0
    npm = shutil.which("npm")
    if npm is None:
        print("axe-core not fetched: npm is not installed; the accessibility check will be skipped")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        packed = next(Path(folder).glob("axe-core-*.tgz"), None)
        if done.returncode or packed is None:
            print(f"axe-core not fetched: {done.stderr.strip()[-300:] or 'npm pack gave nothing'}")
            return 0
        with tarfile.open(packed) as archive:
            source = archive.extractfile("package/axe.min.js")
            assert source is not None
            AXE.parent.mkdir(parents=True, exist_ok=True)
            AXE.write_bytes(source.read())
    return 0


if __name__ == "__main__":
    sys.exit(main())
