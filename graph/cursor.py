"""Keyset cursors: where a page ended, bound to the question that it belongs to."""

import base64
import binascii
import hashlib
from typing import Final

from graph.errors import BadCursor, CursorMismatch

_DIGEST: Final = 9  # bytes: 12 characters of base64, so that the two parts of a cursor are told apart by place


def binding(*parts: object) -> bytes:
    """What a cursor is bound to: field, owner, filter, reading, order and release, digested."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=_DIGEST).digest()


def encode(bound: bytes, key: str) -> str:
    """An opaque, URL-safe cursor for the row with this order key."""
    return base64.urlsafe_b64encode(bound + key.encode("ascii")).decode("ascii")


def decode(cursor: str, bound: bytes) -> str:
    """The order key of a cursor. Raises BadCursor for what is none, CursorMismatch for one of another question or
    release."""
    try:
        raw = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True)
        key = raw[_DIGEST:].decode("ascii")
    except (ValueError, binascii.Error):
        raise BadCursor("this is not a cursor; pass an endCursor or a startCursor as it was given") from None
    if not key or len(raw) <= _DIGEST:
        raise BadCursor("this cursor is cut short; pass it whole, as it was given")
    if raw[:_DIGEST] != bound:
        raise CursorMismatch(
            "this cursor belongs to another question: give it with the field, parent, filter, reading, order and "
            "release that it came from"
        )
    return key
