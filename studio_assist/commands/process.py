"""Whose process a command runs in: one of its own, or one that does other things too, such as a test."""

from __future__ import annotations

_own = False


def own() -> None:
    """Say that this process runs one command and then ends."""
    global _own
    _own = True


def is_own() -> bool:
    """Whether it does, so that what cannot be taken back may be done to it."""
    return _own
