"""The parts of the Clear desk as they stand side by side, in a wide window and in a small one."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from studio_assist.desk.clear.book import ClearBook
from studio_assist.desk.clear.consents import ConsentsPage
from studio_assist.desk.clear.contact_bar import ContactBar
from studio_assist.desk.clear.intake import Intake
from studio_assist.desk.clear.requests_panel import RequestsPanel
from studio_assist.desk.clear.uses_panel import UsesPanel
from studio_assist.desk.kit import Panel
from studio_assist.desk.theme import Theme

#: Below this width the sides give way, px.
_NARROW_PX: Final = 1300
_LEFT_PX: Final = (252, 208)
_RIGHT_PX: Final = (424, 344)


class ClearFrame(QWidget):
    """Holds the uses, the page in the middle, and the requests."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.book: Final = ClearBook(self)
        self.bar: Final = ContactBar(theme)
        self.uses: Final = UsesPanel(theme, self.book)
        self.intake: Final = Intake(theme, self.book)
        self.consents: Final = ConsentsPage(theme, self.book)
        self.requests: Final = RequestsPanel(theme, self.book)
        self._pages: Final = QStackedWidget()
        self._page: Final = QWidget()
        page = QVBoxLayout(self._page)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.intake, 1)
        page.addWidget(self.intake.foot.bar)
        page.addWidget(self.intake.reading.bar)
        self._pages.addWidget(self._page)
        self._pages.addWidget(self.consents)
        middle = Panel(theme, "surface0")
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.uses)
        row.addWidget(middle, 1)
        row.addWidget(self.requests)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.bar)
        whole.addLayout(row, 1)

    # properties

    @property
    def regions(self) -> tuple[QWidget, ...]:
        """Left, centre, right for F6."""
        return (self.uses, self._pages, self.requests)

    @property
    def shows_intake(self) -> bool:
        return self._pages.currentWidget() is self._page

    # methods

    def show_intake(self) -> None:
        """The request is in the middle."""
        self._pages.setCurrentWidget(self._page)

    def show_consents(self) -> None:
        """The consents are in the middle."""
        self._pages.setCurrentWidget(self.consents)

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW_PX
        self.uses.setFixedWidth(_LEFT_PX[narrow])
        self.requests.setFixedWidth(_RIGHT_PX[narrow])
        self.intake.narrow(narrow=narrow)
