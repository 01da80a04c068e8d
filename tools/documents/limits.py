"""What reading one message may cost: bytes, parts, pages, cells, characters, time and memory."""

from __future__ import annotations

from pydantic import Field

from orderdesk.domain.base import Value


class ReaderLimits(Value):
    """Bounds of one message's reading; each one that is met becomes a finding, never an error."""

    max_bytes: int = Field(default=25 * 1024 * 1024, description="of a whole message, attachments included")
    max_parts: int = Field(default=100, description="readable parts (bodies and attachments) of a message")
    max_depth: int = Field(default=12, description="mails inside mails and multiparts inside multiparts")
    max_pages: int = Field(default=60, description="pages of one PDF")
    max_cells: int = Field(default=200_000, description="cells of one spreadsheet, all sheets together")
    max_columns: int = Field(default=200, description="columns of one sheet that are read")
    max_chars: int = Field(default=1_000_000, description="characters of text kept of one document")
    max_unpacked_bytes: int = Field(
        default=120 * 1024 * 1024, description="what a zipped office file may unpack to"
    )
    head_bytes: int = Field(default=1024 * 1024, description="read of a message that is over max_bytes")
    timeout_s: float = Field(default=20.0, description="wall seconds of one attempt in a child process")
    memory_mb: int = Field(default=512, description="address space of a child process, in mebibytes")
    reads_per_child: int = Field(default=500, description="reads after which a child process is replaced")
