"""Note that the studio's contact was told of the intended uses; the app tells nobody itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final

from PySide6.QtCore import Qt, QTime, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.clear.parts import DayField, FollowFocus
from studio_assist.desk.clear.ticks import Tick
from studio_assist.desk.clear.words import folded
from studio_assist.desk.kit import Button, Chip, Field, Label, LinkButton, Sheet, TextField
from studio_assist.desk.record.parts import Outcome, scrolling, titled
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person
from studio_assist.domain.policy import Use

_WAYS: Final = (("mail", "Mail"), ("meeting", "Meeting"), ("call", "Call"), ("", "Other"))
#: What the sheet needs above and below its form, px.
_AROUND_PX: Final = 296


class ContactSheet(Sheet):
    """Which uses, who was told, how and when.

    Signals:
        wanted: a `TellContactParams`.
        letter_wanted: a mail about these uses is to be written, for copying.
    """

    wanted = Signal(object)
    letter_wanted = Signal(tuple)

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        uses: Sequence[Use],
        ticked: Sequence[str],
        person: Person,
        contact: str = "",
    ) -> None:
        super().__init__(
            theme,
            window,
            "Tell the studio contact",
            subtitle="Tell them yourself, then note it here. The app sends nothing.",
            icon="person",
            width_px=600,
        )
        self.setObjectName("contact_sheet")
        self._person: Final = person
        self._done = False
        self.ticks: Final[dict[str, Tick]] = {}
        for use in uses:
            tick = Tick(theme, f"contact_use_{use.id}", use.title, use.about)
            tick.box.setChecked(use.id in ticked)
            tick.toggled.connect(self._uses_changed)
            self.ticks[use.id] = tick
        self.contact: Final = Field(theme, "Contact", placeholder="Their name", text=contact)
        self.contact.setObjectName("contact_name")
        self.contact.setMaxLength(200)
        self.other: Final = Field(theme, "How else", placeholder="How else")
        self.other.setObjectName("contact_other")
        self.other.setMaxLength(100)
        self.other.hide()
        self._ways: Final[dict[str, Chip]] = {}
        now = datetime.now().astimezone()
        self.day: Final = DayField(theme, "Day on which they were told")
        self.day.setObjectName("contact_day")
        self.day.show_day(now.date())
        self.clock: Final = Field(theme, "Time, as 14:30", text=f"{now:%H:%M}")
        self.clock.setObjectName("contact_time")
        self.words: Final = TextField(theme, "What they were told")
        self.words.setObjectName("contact_words")
        self.words.setFixedHeight(64)
        self.letter: Final = TextField(theme, "Mail to copy")
        self.letter.setObjectName("contact_letter")
        self.letter.setReadOnly(True)
        self.letter.setFixedHeight(120)
        self.copy: Final = LinkButton(theme, "Copy mail text")
        self.copy.setObjectName("contact_copy")
        self.copy.clicked.connect(self._copy)
        self.outcome: Final = Outcome(theme, "contact_outcome")
        self._fill_body(theme, window)
        self.why: Final = Label(theme, "", "caption", "text2", wrap=True)
        cancel = Button(theme, "Cancel", key="Esc")
        cancel.clicked.connect(self.dismiss)
        self.go: Final = Button(theme, "They were told")
        self.go.setObjectName("contact_go")
        self.go.clicked.connect(self._go)
        self.footer.addWidget(self.why, 1)
        self.footer.addWidget(cancel)
        self.footer.addWidget(self.go)
        for field in (self.contact, self.other, self.clock):
            field.textChanged.connect(self._check)
        self.day.chosen.connect(self._check)
        self.closed.connect(self.deleteLater)
        self._check()

    # properties

    @property
    def uses(self) -> tuple[str, ...]:
        """Ids of the uses that they were told of."""
        return tuple(use for use, tick in self.ticks.items() if tick.box.isChecked())

    # methods

    def open(self) -> None:
        super().open()
        self.contact.setFocus(Qt.FocusReason.PopupFocusReason)
        self._uses_changed()

    def show_letter(self, letter: protocol.Letter) -> None:
        """The mail about the chosen uses."""
        self.letter.setPlainText(f"Subject: {letter.subject}\n\n{letter.text}")

    def show_no_letter(self, error: StudioError) -> None:
        """There is no mail to copy; what was told can be noted all the same."""
        self.letter.setPlainText(f"{error.message} {error.remedy}")

    def show_error(self, error: StudioError) -> None:
        """It was not noted; say why."""
        self._done = False
        self.outcome.error(error.message, error.remedy)
        self._check()

    # slots

    def _uses_changed(self) -> None:
        self._check()
        if self.uses:
            self.letter_wanted.emit(self.uses)
        else:
            self.letter.setPlainText("")

    def _way_chosen(self) -> None:
        self.other.setVisible(self._ways[""].isChecked())
        if self.other.isVisible():
            self.other.setFocus(Qt.FocusReason.OtherFocusReason)
        self._check()

    def _check(self) -> None:
        missing = self._missing()
        self.why.set_text(missing or f"Signed by {self._person.name}.")
        self.go.setEnabled(not missing and not self._done)
        self.copy.setEnabled(bool(self.uses))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.letter.toPlainText())
        self.outcome.say("The mail is copied. Paste it into your mail program.")

    def _go(self) -> None:
        moment = self._moment()
        if self._missing() or moment is None or self._done:
            return
        self._done = True
        self.go.setEnabled(False)
        self.wanted.emit(
            protocol.TellContactParams(
                contact=folded(self.contact.text()),
                how=self._how(),
                told=moment,
                uses=self.uses,
                words=self.words.toPlainText().strip(),
                person=self._person,
            )
        )

    # internals

    def _how(self) -> str:
        way = next((one for one, chip in self._ways.items() if chip.isChecked()), None)
        return folded(self.other.text()) if way == "" else way or ""

    def _moment(self) -> datetime | None:
        clock = QTime.fromString(self.clock.text().strip(), "H:m")
        if self.day.day is None or not clock.isValid():
            return None
        return datetime.combine(self.day.day, time(clock.hour(), clock.minute())).astimezone()

    def _missing(self) -> str:
        if not self.uses:
            return "Tick the uses that they were told of."
        if not folded(self.contact.text()):
            return "Say who was told."
        if not self._how():
            return "Say how they were told."
        moment = self._moment()
        if moment is None:
            return self.day.wrong or "Say when: a day, and a time as 14:30."
        return "That is still to come." if moment > datetime.now().astimezone() else ""

    def _fill_body(self, theme: Theme, window: QWidget) -> None:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        column.addLayout(titled(theme, "Intended uses", *self.ticks.values()))
        column.addLayout(titled(theme, "Who", self.contact))
        ways = QHBoxLayout()
        ways.setSpacing(6)
        group = QButtonGroup(self)
        group.setExclusive(True)
        for way, said in _WAYS:
            chip = Chip(theme, said, name=f"How: {said}")
            chip.setObjectName(f"contact_how_{way or 'other'}")
            chip.clicked.connect(self._way_chosen)
            group.addButton(chip)
            self._ways[way] = chip
            ways.addWidget(chip)
        ways.addWidget(self.other, 1)
        ways.addStretch(1)
        how = titled(theme, "How")
        how.addLayout(ways)
        column.addLayout(how)
        when = QHBoxLayout()
        when.setSpacing(8)
        self.day.setFixedWidth(160)
        self.clock.setFixedWidth(80)
        when.addWidget(self.day)
        when.addWidget(self.clock)
        when.addStretch(1)
        told = titled(theme, "When")
        told.addLayout(when)
        column.addLayout(told)
        column.addLayout(titled(theme, "What they were told (may stay empty)", self.words))
        mail = QHBoxLayout()
        mail.addWidget(Label(theme, "Mail to copy", "captionMedium", "text2"), 1)
        mail.addWidget(self.copy)
        column.addLayout(mail)
        column.addWidget(self.letter)
        area = scrolling(form, "What is noted", max(220, window.height() - _AROUND_PX))
        FollowFocus(area)
        self.body.addWidget(area)
        self.body.addWidget(self.outcome)
