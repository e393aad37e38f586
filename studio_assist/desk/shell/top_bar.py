"""The top bar: menu, project, desk tabs, command box, provider, person."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from studio_assist.desk.kit import Button, IconButton, IconLabel, Label, Panel, Pressable, Segmented, paint
from studio_assist.desk.shell.model import ShellModel
from studio_assist.desk.shell.provider_list import ProviderList
from studio_assist.desk.theme import Theme

TOP_BAR_PX: Final = 48
#: A project's title is cut where it would push the tabs from the middle.
TITLE_MAX_PX: Final = 260


class CommandButton(Pressable):
    """The box that opens "Find or do". It looks like a field and is a button: the list has the field."""

    def __init__(self, theme: Theme, keys: str, parent: QWidget) -> None:
        super().__init__(theme, "Find or do…", f"Find or do, {keys}", parent)
        self._keys = keys
        self.setFixedSize(150, 28)

    # events

    def sizeHint(self) -> QSize:
        return QSize(150, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        box = QRectF(self.rect())
        edge = "lineStrong" if self._hot() else "line"
        paint.draw_box(painter, box, 5, colour("input"), colour(edge))
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 5)
        painter.drawPixmap(11, 7, self._theme.pixmap("search", "text3", 14, self.devicePixelRatioF()))
        inner = box.adjusted(31, 0, 0, 0)
        paint.draw_text(painter, inner, self._theme.font("caption"), colour("text3"), self.text())
        key = paint.key_width(self._theme, self._keys)
        paint.draw_key(painter, self._theme, box.right() - key - 5, box.center().y(), self._keys)


class PersonButton(Pressable):
    """The initials of who is at the keyboard."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, "", "Person", parent)
        self.setFixedSize(26, 26)

    # methods

    def show_person(self, initials: str, name: str) -> None:
        """Show somebody's initials; the whole name is the tool tip."""
        self.setText(initials)
        self.setToolTip(name)
        self.setAccessibleName(f"Person: {name}")

    # events

    def sizeHint(self) -> QSize:
        return QSize(26, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        box = QRectF(self.rect())
        ground = colour("lineStrong" if self._hot() else "surface3")
        paint.draw_box(painter, box, 13, ground, colour("lineStrong"))
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 13)
        font = self._theme.font("tag")
        font.setLetterSpacing(font.letterSpacingType(), 100)
        width = paint.text_width(font, self.text())
        inner = box.adjusted((box.width() - width) / 2, 0, 0, 0)
        paint.draw_text(painter, inner, font, colour("text"), self.text())


class TopBar(Panel):
    """Shows the model's project, provider and person; says what was pressed.

    Signals:
        provider_wanted: (action, provider's id or ""), of the list behind the chip: "key", "attest",
            "remove", "add", "attestations".
    """

    desk_chosen = Signal(str)
    find_asked = Signal()
    provider_chosen = Signal(str)
    provider_menu = Signal()
    provider_wanted = Signal(str, str)
    person_menu = Signal()

    def __init__(
        self, theme: Theme, model: ShellModel, menu: QMenu, project_menu: QMenu, parent: QWidget
    ) -> None:
        super().__init__(theme, "surface1", "b", parent)
        self._model: Final = model
        self.setObjectName("top_bar")
        self.setAccessibleName("Top bar")
        self.setFixedHeight(TOP_BAR_PX)

        self._mark: Final = IconLabel(theme, "app-mark", "text", 24)
        self.menu_button: Final = IconButton(theme, "menu", "Menu", size_px=28)
        self.menu_button.setObjectName("menu_button")
        self.project_button: Final = Button(
            theme, "", kind="ghost", chevron=True, role="strong", height_px=28
        )
        self.project_button.setObjectName("project_button")
        self._draft: Final = Label(theme, "", "caption", "text3")
        self.tabs: Final = Segmented(theme, "Desks", self)
        self.tabs.setObjectName("desk_tabs")
        self.tabs.chosen.connect(self.desk_chosen)
        self.find_button: Final = CommandButton(theme, "Ctrl K", self)
        self.find_button.setObjectName("command_box_button")
        self.provider_button: Final = Button(
            theme, "", icon="shield-check", chevron=True, height_px=28, role="captionMedium"
        )
        self.provider_button.setObjectName("provider_chip")
        self.person_button: Final = PersonButton(theme, self)
        self.person_button.setObjectName("person_button")
        self._providers: ProviderList | None = None

        row = QHBoxLayout(self)
        row.setContentsMargins(11, 1, 12, 0)
        row.setSpacing(0)
        row.addWidget(self._mark)
        row.addSpacing(7)
        row.addWidget(self.menu_button)
        row.addSpacing(-4)
        row.addWidget(self.project_button)
        row.addSpacing(3)
        row.addWidget(self._draft)
        row.addStretch(1)
        row.addWidget(self.find_button)
        row.addSpacing(8)
        row.addWidget(self.provider_button)
        row.addSpacing(8)
        row.addWidget(self.person_button)

        self.menu_button.clicked.connect(lambda: _drop(menu, self.menu_button))
        self.project_button.clicked.connect(lambda: _drop(project_menu, self.project_button))
        self.find_button.clicked.connect(self.find_asked)
        self.provider_button.clicked.connect(self._show_providers)
        self.person_button.clicked.connect(self.person_menu)
        model.changed.connect(self.refresh)
        self.refresh()

    # methods

    def open_menu(self) -> None:
        """Open the menu, for the keyboard."""
        self.menu_button.click()

    # slots

    def refresh(self) -> None:
        """Show the model as it is now."""
        model = self._model
        title = model.project or "No project"
        font = self._theme.font("strong")
        shown = title
        while len(shown) > 8 and paint.text_width(font, shown) > TITLE_MAX_PX:
            shown = shown[:-2].rstrip() + "…"
        self.project_button.set_text(shown, f"Project: {title}")
        self.project_button.setToolTip(title if shown != title else "")
        self._draft.set_text(model.draft)
        self.provider_button.set_text(model.provider, f"Model: {model.provider}")
        self.provider_button.set_icon("shield-check" if model.provider_here else "plane")
        person = model.person
        self.person_button.setVisible(person is not None)
        if person is not None:
            self.person_button.show_person(person.initials, f"{person.name}, {person.role}".rstrip(", "))
        self._centre()

    def _show_providers(self) -> None:
        listed = self._providers
        if listed is None:
            listed = self._providers = ProviderList(self._theme, self.window())
            listed.chosen.connect(self.provider_chosen)
            listed.wanted.connect(self._want)
        elif listed.isVisible():
            listed.dismiss()
            return
        listed.show_rows(self._model.providers)
        chip = self.provider_button
        listed.open_at(QRect(chip.mapTo(self.window(), QPoint(0, 0)), chip.size()))

    def _want(self, action: str, provider: str) -> None:
        if action == "models":
            self.provider_menu.emit()
        else:
            self.provider_wanted.emit(action, provider)

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._centre()

    # internals

    def _centre(self) -> None:
        """Keep the tabs in the middle of the window, or right of the project where the window is narrow."""
        size = self.tabs.sizeHint()
        left_end = self._draft.geometry().right() + 16 if self._draft.isVisible() else 0
        right_start = self.find_button.geometry().left() - 12
        at = (self.width() - size.width()) // 2
        at = min(max(at, left_end), max(left_end, right_start - size.width()))
        self.tabs.setGeometry(at, (TOP_BAR_PX - size.height()) // 2, size.width(), size.height())


def _drop(menu: QMenu, button: QWidget) -> None:
    """Open a menu under its button."""
    at = button.mapToGlobal(QPoint(0, button.height() + 3))
    menu.setFocus(Qt.FocusReason.PopupFocusReason)
    menu.popup(at)
