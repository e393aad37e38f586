"""What stands for nothing: calls without parameters, and results that say no more than that it was done."""

from __future__ import annotations

from studio_assist.domain.values import Value


class Nothing(Value):
    """No parameters, or no result but that it was done."""
