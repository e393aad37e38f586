"""QPalette from the table of tokens: what Fusion and every stock widget paint with."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QColor, QPalette

from studio_assist.desk.theme.table import Mode, Tokens

_ROLE = QPalette.ColorRole

#: Palette role to token, for active and inactive windows.
ROLES: Final[dict[QPalette.ColorRole, str]] = {
    _ROLE.Window: "surface1",
    _ROLE.WindowText: "text",
    _ROLE.Base: "input",
    _ROLE.AlternateBase: "surface1",
    _ROLE.Text: "text",
    _ROLE.PlaceholderText: "text3",
    _ROLE.Button: "surface2",
    _ROLE.ButtonText: "text",
    _ROLE.BrightText: "onBlue",
    _ROLE.Highlight: "selection",
    _ROLE.HighlightedText: "text",
    _ROLE.Accent: "blueFill",
    _ROLE.Link: "blueText",
    _ROLE.LinkVisited: "blueText",
    _ROLE.ToolTipBase: "surface2",
    _ROLE.ToolTipText: "text",
    _ROLE.Light: "surface3",
    _ROLE.Midlight: "surface3",
    _ROLE.Mid: "lineStrong",
    _ROLE.Dark: "line",
    _ROLE.Shadow: "win",
}

#: What differs where a widget is disabled.
DISABLED: Final[dict[QPalette.ColorRole, str]] = {
    _ROLE.WindowText: "disabled",
    _ROLE.Text: "disabled",
    _ROLE.ButtonText: "disabled",
    _ROLE.PlaceholderText: "disabled",
    _ROLE.Base: "surface0",
    _ROLE.Button: "surface1",
    _ROLE.Highlight: "surface3",
    _ROLE.HighlightedText: "disabled",
}


def palette_of(tokens: Tokens, mode: Mode) -> QPalette:
    """The palette of a mode."""
    palette = QPalette()
    for role, token in ROLES.items():
        palette.setColor(role, QColor(tokens.colour(token, mode)))
    for role, token in DISABLED.items():
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.colour(token, mode)))
    return palette
