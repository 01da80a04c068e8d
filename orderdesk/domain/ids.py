"""Deterministic identifiers: the same message gives the same case, replay after replay."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID, uuid5

# Fixed once and for all; another namespace would give every known message a new case.
NAMESPACE = UUID("5b0c1f4e-7a52-5d0c-9c63-0f6a3a1c7d21")


def content_hash(data: bytes) -> str:
    """SHA-256 of raw bytes, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def payload_hash(payload: Any) -> str:
    """SHA-256 over canonical JSON: what a person approved, bound to the last character."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def message_id_for(key: str) -> str:
    """The id of a stored message, from its Message-ID or content hash."""
    return str(uuid5(NAMESPACE, "message:" + key))


def case_id_for(message_id: str, position: int) -> str:
    """The id of the case (and its thread) for the order at a 0-based position in a message."""
    return str(uuid5(NAMESPACE, f"case:{message_id}:{position}"))


def derived_id(kind: str, *parts: object) -> str:
    """A deterministic id for a review, an effect or a log row, from what it belongs to."""
    return str(uuid5(NAMESPACE, ":".join([kind, *map(str, parts)])))
