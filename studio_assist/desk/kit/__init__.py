"""The small widgets that every desk is made of. Each takes the theme first and paints itself from it."""

from __future__ import annotations

from studio_assist.desk.kit.buttons import Button, Chip, IconButton, LinkButton, Pressable, PrimaryButton
from studio_assist.desk.kit.fields import CheckBox, ChoiceCard, Combo, Field, ProgressBar, TextField
from studio_assist.desk.kit.labels import (
    Badge,
    Divider,
    ElidedLabel,
    IconLabel,
    KeyHint,
    Label,
    Swatch,
    TempTag,
)
from studio_assist.desk.kit.surfaces import Card, Dropdown, Panel, Popover, Sheet
from studio_assist.desk.kit.tabs import Segmented

__all__ = [
    "Badge",
    "Button",
    "Card",
    "CheckBox",
    "Chip",
    "ChoiceCard",
    "Combo",
    "Divider",
    "Dropdown",
    "ElidedLabel",
    "Field",
    "IconButton",
    "IconLabel",
    "KeyHint",
    "Label",
    "LinkButton",
    "Panel",
    "Popover",
    "Pressable",
    "PrimaryButton",
    "ProgressBar",
    "Segmented",
    "Sheet",
    "Swatch",
    "TempTag",
    "TextField",
]
