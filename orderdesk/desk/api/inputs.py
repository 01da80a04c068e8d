"""What the JSON API takes; the OpenAPI description is made from these."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Input(BaseModel):
    """Something a client sends: unknown names are an error, so that a typing mistake is never ignored."""

    model_config = ConfigDict(extra="forbid")


class AttachmentIn(Input):
    """A file that comes with a message."""

    name: str = Field(min_length=1, max_length=255)
    content_base64: str = Field(description="the file's bytes, in standard base64")

    @field_validator("content_base64")
    @classmethod
    def _is_base64(cls, value: str) -> str:
        try:
            base64.b64decode(value, validate=True)
        except binascii.Error:
            raise ValueError("this is not standard base64") from None
        return value

    def content(self) -> bytes:
        """The file's bytes."""
        return base64.b64decode(self.content_base64)


class MessageIn(Input):
    """A message handed in as its parts."""

    sender: str = Field(default="", max_length=320, description="the sender's mail address")
    subject: str = Field(default="", max_length=1000)
    text: str = ""
    attachments: list[AttachmentIn] = Field(default_factory=list[AttachmentIn], max_length=50)

    @field_validator("sender", "subject")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if any(ord(character) < 32 for character in value):
            raise ValueError("this must be one line of plain characters")
        return value


class DecisionIn(Input):
    """A decision on exactly what was shown."""

    payload_hash: str = Field(min_length=1, description="payload_hash of the review as it was shown")
    decisions: list[dict[str, Any]] = Field(
        min_length=1,
        max_length=1,
        description=(
            'One decision: {"type": "approve"}, {"type": "edit", "edited_action": {"name", "args"}}, '
            '{"type": "reject", "message"}, {"type": "respond", "message"}; or in Agent Inbox\'s words: accept, '
            "edit, response."
        ),
    )
