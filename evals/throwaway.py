"""A house on a database that is made for one run and removed after it: never the company's own tables."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from orderdesk.bootstrap import House, open_house
from orderdesk.settings import Settings
from tools.master.importer import import_folder


@contextmanager
def throwaway_settings(settings: Settings, *, default_policy: bool) -> Generator[Settings]:
    """The settings with a home of their own, without DATABASE_URL; the home is removed at the end.

    With `default_policy` the company's own policy file is left aside.
    """
    folder = Path(tempfile.mkdtemp(prefix="orderdesk-eval-"))
    # Started by root, Postgres runs as another user, who has to get through to its own folder below.
    folder.chmod(0o711)
    try:
        change: dict[str, object] = {"home": folder / "home", "database_url": None}
        if default_policy:
            change["policy"] = None
        yield settings.model_copy(update=change)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def throwaway_house(
    settings: Settings, company: Path, *, default_policy: bool
) -> AsyncGenerator[House]:
    """A whole order desk for the company whose master data stands in `company`; its server stops at the end."""
    with throwaway_settings(settings, default_policy=default_policy) as throwaway:
        async with open_house(throwaway) as house:
            await import_folder(house.pool, company)
            yield house
