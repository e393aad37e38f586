"""The left column: the verdict, who it would go to, what it is for, and which bytes exactly."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.gate import words
from studio_assist.desk.gate.parts import Box, emptied, mark, padded
from studio_assist.desk.kit import Divider, IconButton, IconLabel, Label
from studio_assist.desk.theme import Theme
from studio_assist.protocol import GateSheet

_FACTS_PX: Final = 96
#: So many letters of the script's font fit beside it.
_HOST_CHARS: Final = 21


class Side(QWidget):
    """What a person looks at before the text."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme: Final = theme
        self._sheet: GateSheet | None = None
        self._digest: Final = Label(theme, "", "caption", "text2")
        self._digest.setFont(theme.script_font(13))
        self._digest.setObjectName("gate_digest")
        self._copied: Final = Label(theme, "", "meta", "text3")
        self._copy: Final = IconButton(theme, "copy", "Copy the SHA-256", size_px=22, icon_px=14)
        self._copy.setObjectName("gate_digest_copy")
        self._copy.clicked.connect(self._copy_digest)
        self._rows: Final = QVBoxLayout()
        self._rows.setSpacing(0)
        column = padded(self, 18, 16, 18, 10)
        column.addLayout(self._rows)
        column.addStretch(1)
        column.addSpacing(12)
        column.addLayout(self._foot())

    # methods

    def show_sheet(self, sheet: GateSheet) -> None:
        """Show a sheet's left half."""
        self._sheet = sheet
        emptied(self._rows)
        self._rows.addWidget(self._verdict(sheet))
        self._rows.addSpacing(14)
        self._rows.addWidget(self._provider(sheet))
        self._rows.addSpacing(14)
        if sheet.purposes or sheet.purpose:
            self._rows.addWidget(
                Label(self._theme, f"Purpose: {sheet.purpose}", "captionStrong", "text", wrap=True)
            )
            self._rows.addSpacing(5)
        for purpose in sheet.purposes:
            self._rows.addWidget(Divider(self._theme))
            self._rows.addLayout(self._purpose(purpose.question, purpose.answer, good=purpose.good))
        self._digest.set_text(words.digest_short(sheet))
        self._digest.setAccessibleName(f"SHA-256 of exactly what is sent: {sheet.digest}")
        self._digest.setToolTip(f"SHA-256 of exactly what is sent:\n{sheet.digest}")
        self._copied.set_text(f"Ledger entry {sheet.entry:,}")

    # slots

    def _copy_digest(self) -> None:
        if self._sheet is not None:
            QGuiApplication.clipboard().setText(self._sheet.digest)
            self._copied.set_text("Copied")

    # internals

    def _verdict(self, sheet: GateSheet) -> QWidget:
        theme, blocked = self._theme, sheet.verdict == "blocked"
        card = Box(theme, "redGround" if blocked else "surface2", "red" if blocked else "lineStrong")
        card.setObjectName("gate_verdict")
        icon = {"ask": "shield-check", "hold": "help", "blocked": "shield-cross"}[sheet.verdict]
        head, why, more = words.verdict_head(sheet), words.verdict_why(sheet), words.verdict_more(sheet)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(IconLabel(theme, icon, "redText" if blocked else "text", 20))
        row.addWidget(Label(theme, head, "rowTitle", "redText" if blocked else "text"), 1)
        column = padded(card, 14, 12, 14, 12, 6)
        column.addLayout(row)
        column.addWidget(Label(theme, why, "body", "text" if blocked else "text2", wrap=True))
        if more:
            column.addWidget(Label(theme, more, "caption", "text2" if blocked else "text3", wrap=True))
        card.setAccessibleName(f"{head}. {why} {more}".strip())
        return card

    def _provider(self, sheet: GateSheet) -> QWidget:
        theme, blocked = self._theme, sheet.verdict == "blocked"
        card = Box(theme, "input", "red" if blocked else "line")
        card.setObjectName("gate_provider")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(IconLabel(theme, "cloud", "text", 18))
        row.addWidget(Label(theme, sheet.provider, "rowTitle", "text", wrap=True), 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, _FACTS_PX)
        grid.setColumnStretch(1, 1)
        for at, fact in enumerate(sheet.facts):
            role = "captionStrong" if fact.bad or fact.label == "Retention" else "caption"
            shown = broken(fact.value) if fact.mono else fact.value
            value = Label(theme, shown, role, "redText" if fact.bad else "text", wrap=True)
            if fact.mono:
                value.setFont(theme.script_font(13))
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            said = f"{fact.label}: {fact.value}" + (", which keeps it here" if fact.bad else "")
            value.setAccessibleName(said)
            name = Label(theme, fact.label, "caption", "text3")
            grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, at, 1)
        column = padded(card, 14, 12, 12, 12, 9)
        column.addLayout(row)
        column.addLayout(grid)
        return card

    def _purpose(self, question: str, answer: str, *, good: bool) -> QHBoxLayout:
        theme = self._theme
        row = QHBoxLayout()
        row.setContentsMargins(0, 7, 0, 7)
        row.setSpacing(9)
        row.addWidget(mark(theme, holds=good), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(theme, question, "caption", "text2", wrap=True), 1)
        said = Label(theme, answer, "captionStrong", "text" if good else "redText")
        said.setAccessibleName(f"{question} {answer}")
        row.addWidget(said, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _foot(self) -> QVBoxLayout:
        theme = self._theme
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(Label(theme, "SHA-256", "meta", "text3"))
        row.addWidget(self._digest)
        row.addWidget(self._copy)
        row.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._copied)
        column.addLayout(row)
        return column


def broken(value: str) -> str:
    """A long host in lines that fit, cut behind a dot or a hyphen where there is one."""
    lines: list[str] = []
    while len(value) > _HOST_CHARS:
        cut = max(value.rfind(one, 0, _HOST_CHARS) for one in ".-:")
        cut = cut + 1 if cut > 0 else _HOST_CHARS
        lines.append(value[:cut])
        value = value[cut:]
    return "\n".join((*lines, value))
