"""Where every row of a script stands on paper: one answer for the screen, the PDF and the page count."""

from __future__ import annotations

from studio_assist.domain.pagination.geometry import (
    CONTD,
    MORE,
    NUMBER_LEFT,
    NUMBER_RIGHT,
    ROWS,
    PageRow,
    Run,
    left_of,
    width_of,
    wrap,
)
from studio_assist.domain.pagination.pages import PageChange, Pagination, ScriptLines

__all__ = [
    "CONTD",
    "MORE",
    "NUMBER_LEFT",
    "NUMBER_RIGHT",
    "ROWS",
    "PageChange",
    "PageRow",
    "Pagination",
    "Run",
    "ScriptLines",
    "left_of",
    "width_of",
    "wrap",
]
