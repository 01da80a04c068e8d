"""Zipped office files, checked before anything is unpacked: sizes, ratios, macros, encryption."""

from __future__ import annotations

import io
import zipfile

from orderdesk.domain.errors import ReaderLimitExceeded, ReadError
from tools.documents.limits import ReaderLimits

# Sheets of zeros pack well, but no honest file packs like a bomb (42.zip and its kind: > 1000).
_MAX_RATIO = 400
_MAX_MEMBERS = 5000


def open_checked(raw: bytes, limits: ReaderLimits) -> zipfile.ZipFile:
    """The container, once its declared sizes are believable.

    Raises ReaderLimitExceeded for a bomb and ReadError for a damaged or encrypted container.
    """
    try:
        box = zipfile.ZipFile(io.BytesIO(raw))
        members = box.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ReadError("its container is damaged or cut off") from error
    unpacked = sum(m.file_size for m in members)
    packed = sum(m.compress_size for m in members)
    if len(members) > _MAX_MEMBERS or unpacked > limits.max_unpacked_bytes:
        raise ReaderLimitExceeded("it unpacks to more than a document may hold")
    if unpacked > 20_000_000 and unpacked > packed * _MAX_RATIO:
        raise ReaderLimitExceeded("it is packed so tightly that it looks like an attack")
    if any(m.flag_bits & 1 for m in members):
        raise ReadError("it is protected by a password", code="document_encrypted")
    return box


def member(box: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """One member, unpacked to at most `limit` bytes whatever its header declares."""
    try:
        with box.open(name) as stream:
            content = stream.read(limit + 1)
    except KeyError as error:
        raise ReadError("a part of it is missing") from error
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as error:
        raise ReadError("its container is damaged or cut off") from error
    except Exception as error:
        if type(error).__module__ == "zlib":  # zlib.error derives from Exception only
            raise ReadError("its container is damaged or cut off") from error
        raise
    if len(content) > limit:
        raise ReaderLimitExceeded("it unpacks to more than a document may hold")
    return content
