"""Forget a text: which, why, what goes and what stays; and once more, before it is gone for good."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, Field, Label, Sheet
from studio_assist.desk.record.parts import Outcome, facts, titled
from studio_assist.desk.theme import Theme
from studio_assist.protocol import Forgot, Holding

#: A look follows the last keystroke in the number's field after this long, ms.
_REST_MS: Final = 250
_MOST_NAMED: Final = 6


class ForgetSheet(Sheet):
    """Asks which entry's texts, and why. Nothing is forgotten here: the next sheet asks once more.

    Signals:
        look_wanted: (entry) say what forgetting it would do.
        chosen: (entry, why) go on to the last question.
    """

    look_wanted = Signal(int)
    chosen = Signal(int, str)

    def __init__(self, theme: Theme, window: QWidget, person: str, entry: int | None) -> None:
        super().__init__(
            theme,
            window,
            "Forget a text",
            subtitle="The words go for good. That they stood here, when and by whom, stays.",
            icon="minus",
            width_px=560,
        )
        self.setObjectName("forget_sheet")
        self._theme_used: Final = theme
        self._look: Forgot | None = None
        self.entry: Final = Field(theme, "Number of the ledger entry", placeholder="1271")
        self.entry.setObjectName("forget_entry")
        self.entry.setFixedWidth(120)
        self.why: Final = Field(theme, "Reason", placeholder="Asked for by the writer")
        self.why.setObjectName("forget_why")
        self.body.addLayout(titled(theme, "Ledger entry", self.entry))
        hint = Label(
            theme,
            "The reason stays in the record for good, so it must not repeat the words.",
            "caption",
            "text3",
            wrap=True,
        )
        self.body.addLayout(titled(theme, "Reason", self.why, hint))
        self._told: Final = QVBoxLayout()
        self.body.addLayout(self._told)
        self.outcome: Final = Outcome(theme, "forget_outcome")
        self.body.addWidget(self.outcome)
        self.footer.addWidget(Label(theme, f"Decided by {person}.", "caption", "text3"), 1)
        self.cancel: Final = Button(theme, "Keep the text", key="Esc")
        self.cancel.clicked.connect(self.dismiss)
        self.go: Final = Button(theme, "Forget…")
        self.go.setObjectName("forget_go")
        self.go.setEnabled(False)
        self.go.clicked.connect(self._go)
        self.footer.addWidget(self.cancel)
        self.footer.addWidget(self.go)
        self._rest: Final = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._ask)
        self.entry.textChanged.connect(self._typed)
        self.why.textChanged.connect(self._check)
        self.closed.connect(self.deleteLater)
        if entry is not None:
            self.entry.setText(str(entry))

    # properties

    @property
    def number(self) -> int | None:
        """The entry that is asked for, where one is."""
        text = self.entry.text().replace(",", "").strip()
        return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 2**53 else None

    @property
    def looked(self) -> Forgot | None:
        """What forgetting would do, as it was told of the entry that stands in the field."""
        return self._look

    # methods

    def open(self) -> None:
        super().open()
        (self.why if self.number is not None else self.entry).setFocus()

    def show_look(self, entry: int, look: Forgot) -> None:
        """Say what forgetting that entry's texts would do."""
        if entry != self.number:
            return
        self._look = look
        self.outcome.clear()
        self._show_told(consequences(look))
        self._check()

    def show_refused(self, entry: int, message: str, remedy: str) -> None:
        """Say why that entry's texts cannot be forgotten."""
        if entry == self.number:
            self._look = None
            for one in (self.entry, self.why):
                one.setEnabled(True)
            self._show_told(())
            self.outcome.error(message, remedy)
            self._check()

    def show_busy(self) -> None:
        """It is being done."""
        for one in (self.go, self.entry, self.why):
            one.setEnabled(False)
        self.outcome.say("Taking the text out of the record.", "clock")

    def show_done(self, entry: int, done: Forgot) -> None:
        """It is done; what holds the words still is named once more."""
        count = "1 text" if done.texts == 1 else f"{done.texts} texts"
        said = f"{count} of entry {entry:,} forgotten."
        if done.entry is not None:
            said += f" Ledger entry {done.entry:,} says so."
        rest = tuple(row for row in consequences(done) if row[0] in ("Cleaned too", "Stands still in"))
        self._show_told(rest)
        self.outcome.say(said, "check", "green")
        self.go.hide()
        self.cancel.set_text("Close")
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    # slots

    def _typed(self) -> None:
        self._look = None
        self._show_told(())
        self.outcome.clear()
        self._check()
        self._rest.start()

    def _ask(self) -> None:
        number = self.number
        if number is not None:
            self.look_wanted.emit(number)

    def _check(self) -> None:
        self.go.setEnabled(self._look is not None and bool(self.why.text().strip()))

    def _go(self) -> None:
        number, why = self.number, " ".join(self.why.text().split())
        if number is not None and why:
            self.chosen.emit(number, why)

    # internals

    def _show_told(self, rows: tuple[tuple[str, str], ...]) -> None:
        while (item := self._told.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        if rows:
            told = QWidget()
            told.setLayout(facts(self._theme_used, rows, 96))
            told.setObjectName("forget_told")
            self._told.addWidget(told)


class ConfirmForget(Sheet):
    """The last question. No button of it is the default, and Esc keeps the text.

    Signals:
        confirmed: forget it.
    """

    confirmed = Signal()

    def __init__(
        self, theme: Theme, window: QWidget, person: str, entry: int, why: str, look: Forgot
    ) -> None:
        count = "1 text" if look.texts == 1 else f"{look.texts} texts"
        super().__init__(
            theme,
            window,
            f"Forget {count} of entry {entry:,}?",
            subtitle="This cannot be undone.",
            icon="warning",
            width_px=520,
        )
        self.setObjectName("forget_confirm")
        self.body.addLayout(facts(theme, (("Reason", why), *consequences(look)), 96))
        self.footer.addWidget(Label(theme, f"Signed by {person}.", "caption", "text3"), 1)
        self.keep: Final = Button(theme, "Keep the text", key="Esc")
        self.keep.setObjectName("forget_keep")
        self.keep.clicked.connect(self.dismiss)
        self.forget: Final = Button(theme, "Forget for good")
        self.forget.setObjectName("forget_confirm_go")
        self.forget.clicked.connect(self._confirm)
        self.footer.addWidget(self.keep)
        self.footer.addWidget(self.forget)
        self.closed.connect(self.deleteLater)

    # methods

    def open(self) -> None:
        super().open()
        # Nothing is pressed by Enter until the person has gone to a button.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # slots

    def _confirm(self) -> None:
        self.dismiss()
        self.confirmed.emit()


def consequences(look: Forgot) -> tuple[tuple[str, str], ...]:
    """What goes, what stays, and where else the words stand."""
    goes = (
        "1 text leaves the record. It cannot be read from here again."
        if look.texts == 1
        else f"{look.texts} texts leave the record. They cannot be read from here again."
    )
    others = [f"{number:,}" for number in look.named_by]
    named = _some(others)
    rows = [
        ("Goes", goes),
        (
            "Stays",
            "That it was asked, offered and decided, by whom and when. The record still verifies."
            + (f" It is named by entr{'y' if len(others) == 1 else 'ies'} {named}." if others else ""),
        ),
    ]
    if look.cleaned:
        rows.append(("Cleaned too", f"Recovery copies: {_some(look.cleaned)}."))
    if look.still_in:
        rows.append(("Stands still in", "; ".join(_place(one) for one in look.still_in[:_MOST_NAMED]) + "."))
    return tuple(rows)


def _place(holding: Holding) -> str:
    where = f", {holding.where}" if holding.where else ""
    return f"{holding.file}{where}" + ("" if holding.sure else " (may hold it)")


def _some(names: tuple[str, ...] | list[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    return shown if len(names) <= _MOST_NAMED else f"{shown} and {len(names) - _MOST_NAMED:,} more"
