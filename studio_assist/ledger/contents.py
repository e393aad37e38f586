"""Commitments: how the record speaks of a text without holding it.

HMAC-SHA256 under a random salt of 32 bytes hides even a one-word text; salt and text together open it.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final

from studio_assist.domain.record import Commitment

SALT_BYTES: Final = 32


def as_bytes(text: str | bytes) -> bytes:
    """The bytes a commitment is made over. A lone surrogate, which a script may hold, keeps its own form."""
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


def as_text(content: bytes) -> str:
    """The text that `as_bytes` was given."""
    return content.decode("utf-8", "surrogatepass")


def opens(commitment: Commitment, salt: bytes, content: bytes) -> bool:
    """Whether this salt and content are what the commitment was made over."""
    return len(salt) == SALT_BYTES and hmac.digest(salt, content, "sha256").hex() == commitment


def commit(text: str | bytes) -> tuple[Commitment, bytes]:
    """A commitment to a text, and the fresh salt that opens it."""
    salt = secrets.token_bytes(SALT_BYTES)
    return hmac.digest(salt, as_bytes(text), "sha256").hex(), salt


class Contents(dict[Commitment, tuple[bytes, bytes]]):
    """The salts and texts that go with one append: commitment → (salt, content)."""

    def add(self, text: str | bytes) -> Commitment:
        """Commit to a text and keep it for the append."""
        commitment, salt = commit(text)
        self[commitment] = (salt, as_bytes(text))
        return commitment
