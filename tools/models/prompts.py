"""Prompts are files: a head that declares what they are and take, then the system part and the user part.

name = "read_order"
version = 1
description = "Reads one message into an order."
parameters = ["today", "documents"]
---system---
fixed text, never filled in
---user---
text with {{today}} and {{documents}}
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import Field

from orderdesk.domain.base import Value
from orderdesk.domain.errors import ConfigurationError

_PLACE = re.compile(r"\{\{(\w+)\}\}")


class Prompt(Value):
    """A prompt file, checked: its user part uses exactly the parameters it declares."""

    name: str
    version: int
    description: str
    parameters: tuple[str, ...]
    system: str = Field(description="fixed; nothing of a case ever stands in it")
    user: str
    fingerprint: str = Field(description="of the whole file: a changed word is another version on record")

    @property
    def stamp(self) -> str:
        """Name and version, as kept beside answers and calls."""
        return f"{self.name}@{self.version}-{self.fingerprint}"

    def fill(self, values: Mapping[str, str]) -> str:
        """The user part. Values are put in once and not looked at again, whatever they hold.

        Raises ConfigurationError when the values are not exactly the declared parameters.
        """
        if set(values) != set(self.parameters):
            raise ConfigurationError(
                f"Prompt {self.name} takes {', '.join(self.parameters)}; it was given {', '.join(values)}."
            )
        return _PLACE.sub(lambda place: values[place.group(1)], self.user)


@cache
def load_prompt(package: str, file: str) -> Prompt:
    """The prompt in a file of a package. Raises ConfigurationError naming what is wrong with it."""
    text = files(package).joinpath(file).read_text(encoding="utf-8")
    head, found, rest = text.partition("---system---\n")
    system, both, user = rest.partition("---user---\n")
    if not found or not both:
        raise ConfigurationError(f"Prompt {file} needs a ---system--- and a ---user--- part.")
    about = tomllib.loads(head)
    prompt = Prompt(
        **about,
        system=system.strip(),
        user=user.strip(),
        fingerprint=hashlib.sha256(text.encode()).hexdigest()[:8],
    )
    used, declared = set(_PLACE.findall(prompt.user)), set(prompt.parameters)
    if used != declared or _PLACE.search(prompt.system):
        raise ConfigurationError(
            f"Prompt {file} declares {sorted(declared)}, but its user part uses {sorted(used)}; "
            "its system part takes nothing."
        )
    return prompt
