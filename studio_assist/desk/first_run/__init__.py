"""The start page and the sheets of a first start."""

from __future__ import annotations

from studio_assist.desk.first_run.page import FirstRun
from studio_assist.desk.first_run.rows import BackendView
from studio_assist.desk.first_run.sheets import NewProjectSheet, PersonSheet
from studio_assist.desk.first_run.values import (
    BackendRow,
    BadgeText,
    NewProject,
    PolicyChoice,
    PolicyNote,
    Profile,
)

__all__ = [
    "BackendRow",
    "BackendView",
    "BadgeText",
    "FirstRun",
    "NewProject",
    "NewProjectSheet",
    "PersonSheet",
    "PolicyChoice",
    "PolicyNote",
    "Profile",
]
