"""The rules that were checked, and what each of them found."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from studio_assist.desk.gate.parts import Box, head_row, mark, padded
from studio_assist.desk.kit import Divider, Label
from studio_assist.desk.theme import Theme
from studio_assist.protocol import GateSheet


def checks_card(theme: Theme, sheet: GateSheet) -> Box:
    """The rules of a sheet. Those that do not hold say why below their sentence."""
    card = Box(theme, "input", "line")
    card.setObjectName("gate_rules")
    column: QVBoxLayout = padded(card, 14, 7, 14, 2)
    head = head_row(theme, "Rules checked", f"policy {sheet.policy}")
    head.setContentsMargins(0, 0, 0, 7)
    column.addLayout(head)
    for check in sheet.rules:
        column.addWidget(Divider(theme))
        row = QHBoxLayout()
        row.setContentsMargins(0, 6, 0, 5)
        row.setSpacing(8)
        row.addWidget(mark(theme, holds=check.holds, asks=check.asks), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(theme, check.sentence, "caption", "text2", wrap=True), 1)
        bad = not check.holds and not check.asks
        found = Label(
            theme, check.found, "captionStrong" if bad else "caption", "redText" if bad else "text", wrap=True
        )
        found.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        said = "holds" if check.holds else "is open" if check.asks else "does not hold"
        found.setAccessibleName(f"{check.sentence}: {said}. {check.found}. {check.why}".strip())
        found.setToolTip(f"{check.why} {check.remedy}".strip())
        row.addWidget(found, 1)
        column.addLayout(row)
    return card
