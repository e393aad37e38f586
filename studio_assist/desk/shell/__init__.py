"""The window's frame: bars, menus, command box, notices, sheets. It knows no desk and no project."""

from __future__ import annotations

from studio_assist.desk.shell.commands import Command, Commands
from studio_assist.desk.shell.frame import Shell
from studio_assist.desk.shell.menus import Recent
from studio_assist.desk.shell.model import BadgeText, PersonRow, ProviderRow, QueueItem, SceneRow, ShellModel
from studio_assist.desk.shell.notices import Action, Notice
from studio_assist.desk.shell.splitter import DeskSplitter

__all__ = [
    "Action",
    "BadgeText",
    "Command",
    "Commands",
    "DeskSplitter",
    "Notice",
    "PersonRow",
    "ProviderRow",
    "QueueItem",
    "Recent",
    "SceneRow",
    "Shell",
    "ShellModel",
]
