"""A policy to read: what it is, and every sentence with its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.kit import Badge, Divider, Label, paint
from studio_assist.desk.theme import Theme
from studio_assist.protocol import PolicySeen

#: How far a policy lets a model be, in a sentence.
REACH: Final = {
    "here": "Nothing leaves this machine.",
    "studio": "Models inside the studio's own network may be asked, through the gate.",
    "outside": "Providers that keep nothing may be asked, through the gate.",
}


class PolicyReading(QScrollArea):
    """Shows policies one under the other. Arrow keys and Page keys scroll it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme: Final = theme
        self._heads: dict[str, QWidget] = {}
        self.setObjectName("policy_reading")
        self.setAccessibleName("What the policy says")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)

    # properties

    @property
    def words(self) -> str:
        """All that it says, one label a line."""
        inner = self.widget()
        return "\n".join(label.plain for label in inner.findChildren(Label)) if inner else ""

    # methods

    def show_policies(self, policies: Sequence[tuple[PolicySeen, str]]) -> None:
        """Show these policies, each with a note on what it is here ("Not chosen")."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 14, 18, 16)
        column.setSpacing(8)
        self._heads = {}
        for place, (policy, note) in enumerate(policies):
            if place:
                column.addSpacing(10)
                column.addWidget(Divider(self._theme))
                column.addSpacing(6)
            column.addWidget(self._head(policy, note))
            for sentence, source, verified in policy.sentences:
                column.addWidget(self._sentence(sentence, source, verified))
        column.addStretch(1)
        # The scroll area deletes what it held before.
        self.setWidget(inner)
        # Given to a scroll area, a widget gets a ground of its own.
        inner.setAutoFillBackground(False)
        said = ", ".join(policy.title for policy, _note in policies)
        self.setAccessibleDescription(said)

    def go_to(self, policy: str) -> None:
        """Scroll to a policy's title, once it has its place."""
        head = self._heads.get(policy)
        if head is not None:
            QTimer.singleShot(0, head, lambda: self._scroll_to(head))

    # events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = self._theme.colour
        edge = colour("blue" if self.hasFocus() else "line")
        painter = QPainter(self.viewport())
        paint.draw_box(painter, QRectF(self.viewport().rect()), 6, colour("surface0"), edge)
        painter.end()
        super().paintEvent(event)

    # internals

    def _scroll_to(self, head: QWidget) -> None:
        inner = self.widget()
        if inner is not None:
            self.verticalScrollBar().setValue(max(0, head.mapTo(inner, QPoint(0, 0)).y() - 10))

    def _head(self, policy: PolicySeen, note: str) -> QWidget:
        theme = self._theme
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(5)
        column.addWidget(Label(theme, policy.title, "rowTitle", "text", wrap=True))
        parts = [f"Version {policy.version}", "overlay" if policy.overlay else "", note]
        column.addWidget(
            Label(theme, " · ".join(part for part in parts if part), "caption", "text3", wrap=True)
        )
        column.addWidget(Label(theme, policy.about, "body", "text2", wrap=True))
        if not policy.overlay:
            column.addWidget(Label(theme, REACH[policy.allows], "strong", "text", wrap=True))
        column.addWidget(Label(theme, policy.disclaimer, "caption", "text3", wrap=True))
        self._heads[policy.id] = head
        return head

    def _sentence(self, sentence: str, source: str, verified: bool) -> QWidget:
        theme = self._theme
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 3, 0, 3)
        column.setSpacing(2)
        column.addWidget(Label(theme, sentence, "body", "text", wrap=True))
        under = QHBoxLayout()
        under.setSpacing(8)
        if not verified:
            badge = Badge(theme, "Unverified", "warning")
            badge.setToolTip("Not checked at the source itself")
            under.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
        words = f"Source: {source}" if verified else f"Source, not checked at the source itself: {source}"
        where = Label(theme, words, "caption", "text3", wrap=True)
        where.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        under.addWidget(where, 1)
        column.addLayout(under)
        return row
