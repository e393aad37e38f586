"""The start page: reach a working sample in one keypress, and see what each model does with data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio_assist.desk.first_run.rows import BackendView, LaunchCard, RecentRow
from studio_assist.desk.first_run.values import BackendRow, PolicyNote
from studio_assist.desk.kit import (
    Button,
    Card,
    Divider,
    IconLabel,
    Label,
    LinkButton,
    Panel,
    ProgressBar,
    Swatch,
)
from studio_assist.desk.shell.menus import Recent
from studio_assist.desk.theme import Theme

#: Meaning of the three status colours, as the page's foot says it.
_COLOURS: Final = (
    ("amber", "Amber is temporary AI material, and never ships."),
    ("green", "Green is a person’s decision, or a record that checks out."),
    ("red", "Red is blocked, or a record that was changed."),
)


class FirstRun(QWidget):
    """The page that is shown while no project is open.

    Signals:
        sample_asked, new_asked, import_asked: the three cards.
        recent_chosen: a path.
        backend_action: a backend's id, its row's button was pressed.
        look_again: look for models again.
        add_host: add another host.
        policy_asked: show the policy's text.
        sample_cancelled: stop making the sample.
        shown: the page came up.
    """

    shown = Signal()
    sample_asked = Signal()
    new_asked = Signal()
    import_asked = Signal()
    recent_chosen = Signal(object)
    backend_action = Signal(str)
    look_again = Signal()
    add_host = Signal()
    policy_asked = Signal()
    sample_cancelled = Signal()

    def __init__(
        self,
        theme: Theme,
        *,
        formats: tuple[str, ...] = ("Fountain",),
        sample_detail: str = "A short script with temp lines, and a filled ledger. Works offline.",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme: Final = theme
        self.setObjectName("first_run")
        self.setAccessibleName("Start")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cards: Final = (
            LaunchCard(theme, "Open the sample", sample_detail, "film", "↵"),
            LaunchCard(theme, "New project", "Name it, choose a folder, pick a policy.", "plus", "Ctrl N"),
            LaunchCard(theme, "Import a script", "", "download", "Ctrl I", formats=formats),
        )
        for card, name in zip(self.cards, ("open_sample", "new_project", "import_script"), strict=True):
            card.setObjectName(name)
            card.step.connect(self._step)
        self.cards[0].clicked.connect(self.sample_asked)
        self.cards[1].clicked.connect(self.new_asked)
        self.cards[2].clicked.connect(self.import_asked)
        self._looking = False
        self._recents: list[RecentRow] = []
        self._backends: list[BackendView] = []
        self._recent_box: Final = QWidget()
        self._key: Final = QWidget()
        self._progress: Final = _Making(theme)
        self._progress.cancel.clicked.connect(self.sample_cancelled)
        self._backend_column: Final = QVBoxLayout()
        self._note_title: Final = Label(theme, "", "strong")
        self._note_text: Final = Label(theme, "", "caption", "text2", wrap=True)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._left(), 800)
        whole.addWidget(self._right(), 640)
        self._fit()
        self.set_recent(())
        self.set_policy(None)
        self.setFocusProxy(self.cards[0])

    # properties

    @property
    def backends(self) -> tuple[BackendView, ...]:
        """The rows of models, in order."""
        return tuple(self._backends)

    # methods

    def set_recent(self, recent: Sequence[Recent]) -> None:
        """Projects that were open lately, latest first; the section hides where there are none."""
        for row in self._recents:
            row.hide()
            row.deleteLater()
        self._recents = []
        column = self._recent_box.layout()
        assert column is not None
        for one in recent[:5]:
            row = RecentRow(self._theme, one)
            row.clicked.connect(lambda _checked=False, path=one.path: self.recent_chosen.emit(path))
            row.step.connect(self._step)
            column.addWidget(row)
            self._recents.append(row)
        self._recent_box.setVisible(bool(self._recents))

    def set_backends(self, rows: Sequence[BackendRow]) -> None:
        """The models that can be used, in the order given. A row's button keeps the focus that it has."""
        if [view.row for view in self._backends] == list(rows):
            return
        focus = QApplication.focusWidget()
        held = next((one.row.id for one in self._backends if focus is not None and one.button is focus), "")
        for view in self._backends:
            self._backend_column.removeWidget(view)
            view.hide()
            view.deleteLater()
        self._backends = []
        before: QWidget = self._again
        for at, row in enumerate(rows):
            view = BackendView(self._theme, row)
            view.acted.connect(self.backend_action)
            self._backend_column.insertWidget(at, view)
            self._backends.append(view)
            if view.button is not None:
                # What is made last would come last, behind the policy.
                QWidget.setTabOrder(before, view.button)
                before = view.button
            if held and row.id == held:
                (view.button or self._again).setFocus(Qt.FocusReason.OtherFocusReason)
        QWidget.setTabOrder(before, self._add)

    def set_looking(self, looking: bool) -> None:
        """Say that it is being looked for; the button keeps the focus and does nothing meanwhile."""
        self._looking = looking
        self._again.set_text("Looking" if looking else "Look again")

    def set_policy(self, note: PolicyNote | None) -> None:
        """The policy of new projects, at the foot; None hides it."""
        self._note.setVisible(note is not None)
        if note is not None:
            self._note_title.set_text(f"Policy for new projects: {note.id}")
            self._note_text.set_text(note.text)

    def show_progress(self, label: str, share: float | None) -> None:
        """Say that the sample is being made; the cards rest until `end_progress`."""
        self._progress.label.set_text(label)
        self._progress.bar.set_share(share)
        self._progress.show()
        for card in self.cards:
            card.setEnabled(False)
        if not self._progress.cancel.hasFocus():
            self._progress.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def end_progress(self) -> None:
        """Back to the cards."""
        self._progress.hide()
        for card in self.cards:
            card.setEnabled(True)
        self.cards[0].setFocus(Qt.FocusReason.OtherFocusReason)

    # slots

    def _look(self) -> None:
        if not self._looking:
            self.look_again.emit()

    def _step(self, step: int) -> None:
        """Go to the next card or recent project; the ends are ends."""
        stops = [*self.cards, *self._recents]
        at = next((n for n, one in enumerate(stops) if one.hasFocus()), 0)
        there = min(len(stops) - 1, max(0, at + step))
        stops[there].setFocus(Qt.FocusReason.TabFocusReason)

    # events

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.cards[0].setFocus(event.reason())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # internals

    def _fit(self) -> None:
        """Margins as drawn for 1440 x 900, and less air in a smaller window."""
        wide, high = self.width() >= 1280, self.height() >= 800
        top = 68 if high else 24
        foot = 40 if high else 20
        self._key.setFixedHeight(46 if wide else 62)
        self._left_column.setContentsMargins(88 if wide else 40, top, 72 if wide else 32, foot)
        self._right_column.setContentsMargins(49 if wide else 25, top + 7, 48 if wide else 24, foot)

    def _left(self) -> QWidget:
        theme = self._theme
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(IconLabel(theme, "app-mark", "text", 38))
        head.addWidget(Label(theme, "Studio Assist", "product"))
        head.addStretch(1)
        lead = Label(
            theme,
            "Temp words and temp boards for people who make the real ones. You decide on every suggestion, "
            "and the record shows it.",
            "lead",
            "text2",
            wrap=True,
        )
        lead.setMaximumWidth(520)
        recents = QVBoxLayout(self._recent_box)
        recents.setContentsMargins(0, 21, 0, 0)
        recents.setSpacing(0)
        recents.addWidget(Label(theme, "Recent", "strong"))
        recents.addSpacing(10)
        panel = Panel(theme, "surface0")
        column = QVBoxLayout(panel)
        self._left_column = column
        column.setSpacing(0)
        column.addLayout(head)
        column.addSpacing(12)
        column.addWidget(lead)
        column.addSpacing(29)
        for card in self.cards:
            column.addWidget(card)
            column.addSpacing(10)
        column.addWidget(self._progress)
        column.addWidget(self._recent_box)
        column.addStretch(1)
        column.addSpacing(16)
        column.addWidget(self._colour_key())
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(panel)
        return area

    def _colour_key(self) -> QWidget:
        """What the three colours mean. Its height is set by `_fit`: two lines of words, or three."""
        theme = self._theme
        row = QHBoxLayout(self._key)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(30)
        for token, words in _COLOURS:
            part = QWidget()
            part.setMaximumWidth(190)
            one = QVBoxLayout(part)
            one.setContentsMargins(0, 0, 0, 0)
            one.setSpacing(8)
            one.addWidget(Swatch(theme, token, 20, 6))
            label = Label(theme, words, "caption", "text2", wrap=True)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            one.addWidget(label, 1)
            row.addWidget(part, 1000)
        row.addStretch(1)
        return self._key

    def _right(self) -> QWidget:
        theme = self._theme
        head = QHBoxLayout()
        head.addWidget(Label(theme, "Models you can use", "heading"), 1)
        self._again: Button = Button(theme, "Look again", icon="refresh", kind="ghost")
        self._again.setObjectName("look_again")
        self._again.clicked.connect(self._look)
        head.addWidget(self._again)
        head.addSpacing(4)
        rows = QWidget()
        self._backend_column.setContentsMargins(0, 0, 0, 0)
        self._backend_column.setSpacing(0)
        self._backend_column.addWidget(Divider(theme))
        self._backend_column.addSpacing(16)
        self._add: Button = _Flush(theme, "Add another host", icon="plus")
        self._add.setObjectName("add_host")
        self._add.clicked.connect(self.add_host)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._add)
        line.addStretch(1)
        self._backend_column.addLayout(line)
        self._backend_column.addStretch(1)
        rows.setLayout(self._backend_column)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(rows)
        area.viewport().setAutoFillBackground(False)
        rows.setAutoFillBackground(False)
        panel = Panel(theme, "surface1", "l")
        column = QVBoxLayout(panel)
        self._right_column = column
        column.setSpacing(0)
        column.addLayout(head)
        column.addSpacing(6)
        column.addWidget(
            Label(theme, "Found by looking on this machine only. No network call was made.", "body", "text2")
        )
        column.addSpacing(18)
        column.addWidget(area, 1)
        column.addSpacing(16)
        column.addWidget(self._policy())
        return panel

    def _policy(self) -> QWidget:
        theme = self._theme
        self._note: QWidget = Card(theme, "surface0", 8, self)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(IconLabel(theme, "lock", "text2", 16))
        head.addWidget(self._note_title, 1)
        read = LinkButton(theme, "Read it", name="Read the policy")
        read.setObjectName("read_policy")
        read.clicked.connect(self.policy_asked)
        head.addWidget(read)
        column = QVBoxLayout(self._note)
        column.setContentsMargins(17, 13, 14, 15)
        column.setSpacing(5)
        column.addLayout(head)
        column.addWidget(self._note_text)
        return self._note


class _Flush(Button):
    """A ghost whose sign stands on the column's left edge, as the rows above it do."""

    def __init__(self, theme: Theme, text: str, *, icon: str) -> None:
        super().__init__(theme, text, icon=icon, kind="ghost")
        self._pad = 5


class _Making(Card):
    """The sample being made: what is under way, how far, and Cancel."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface1", 8, None)
        self.setObjectName("making")
        self.label: Final = Label(theme, "", "body", "text2")
        self.bar: Final = ProgressBar(theme, width_px=160)
        self.cancel: Final = Button(theme, "Cancel", icon="cross", height_px=26)
        self.cancel.setObjectName("making_cancel")
        row = QHBoxLayout(self)
        row.setContentsMargins(19, 9, 12, 9)
        row.setSpacing(12)
        row.addWidget(self.label, 1)
        row.addWidget(self.bar)
        row.addWidget(self.cancel)
        self.hide()
