"""Attest a provider: a named person puts their name to it that an account keeps nothing, on evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.kit import Button, Card, Chip, Combo, Field, Label, Sheet
from studio_assist.desk.kit.files import files_in
from studio_assist.desk.providers.parts import Named, SignButton, day_of, day_words, sentence
from studio_assist.desk.providers.terms_card import TermsCard
from studio_assist.desk.record.parts import Outcome
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError

_KINDS: Final = "Documents (*.pdf *.txt *.eml *.png *.jpg *.docx *.html *.md);;All files (*)"
#: Days that are offered: words, and how many days from today; None for the last that may be chosen.
_DAYS: Final = (("3 months", 91), ("6 months", 182), ("Longest", None))


@dataclass(frozen=True, slots=True)
class Attestable:
    """A host that can be attested."""

    id: str
    name: str
    host: str
    model: str


@dataclass(frozen=True, slots=True)
class AttestWanted:
    """What somebody signs."""

    backend: str
    evidence: str
    until: date
    plan: str
    region: str
    models: tuple[str, ...]


class AttestSheet(Sheet):
    """Shows what is signed in full and asks for what it rests on. Enter signs nothing, in no place.

    Args:
        signer: who signs, and where their key is, as a sentence or two.
        today: the local day.

    Signals:
        described: the id of the host whose card and statement are to be shown.
        wanted: an `AttestWanted`.
        list_wanted: show the project's attestations.
    """

    described = Signal(str)
    wanted = Signal(object)
    list_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        hosts: Sequence[Attestable],
        backend: str,
        signer: str,
        today: date,
    ) -> None:
        super().__init__(
            theme,
            window,
            "Attest a provider",
            subtitle="A named person answers for it. It is kept in the project and signed into its record.",
            icon="shield-check",
            width_px=900,
        )
        self.setObjectName("attest_sheet")
        self._theme_used: Final = theme
        self._hosts: Final = tuple(hosts)
        self._today: Final = today
        self._longest: date | None = None
        self._can = False
        self._signed = False
        self._own_plan = False
        self._parts: Final[dict[str, Named]] = {}
        self.setAcceptDrops(True)
        self._make_fields(backend)
        self.statement: Final = Label(theme, "", "body", "text", wrap=True)
        self.statement.setObjectName("attest_statement")
        self.terms: Final = TermsCard(theme, most_px=250)
        self.outcome: Final = Outcome(theme, "attest_outcome")
        self.body.addLayout(self._columns(signer))
        self.body.addWidget(self.outcome)
        self._why: Final = Label(theme, "", "caption", "text3")
        self._why.setObjectName("attest_why")
        self._cancel: Final = Button(theme, "Cancel", key="Esc")
        self._cancel.clicked.connect(self.dismiss)
        self._listed: Final = Button(theme, "Attestations…")
        self._listed.setObjectName("attest_list")
        self._listed.clicked.connect(self._go_list)
        self._go: Final = SignButton(theme, "Sign attestation", icon="pencil")
        self._go.setObjectName("attest_sign")
        self._go.clicked.connect(self._sign)
        self.footer.addWidget(self._why, 1)
        for button in (self._listed, self._cancel, self._go):
            self.footer.addWidget(button)
        self.closed.connect(self.deleteLater)
        self._check()

    # properties

    @property
    def backend(self) -> Attestable:
        """The host that is chosen."""
        return self._hosts[max(0, self.host.currentIndex())]

    # methods

    def open(self) -> None:
        super().open()
        self.evidence.setFocus(Qt.FocusReason.PopupFocusReason)
        self.described.emit(self.backend.id)

    def show_host(self, backend: str, seen: protocol.HostSeen) -> None:
        """Show what is signed for a host, and its card."""
        if backend != self.backend.id or self._signed:
            return
        self.statement.set_text(seen.statement)
        self.terms.show_card(seen.card)
        self._longest = seen.longest
        self._parts["until"].set_error("")
        self._can = any(terms.can_be_attested for terms in seen.card.terms)
        plans = dict.fromkeys(terms.plan for terms in seen.card.terms if terms.can_be_attested)
        if not self._own_plan and len(plans) == 1:
            self.plan.setText(next(iter(plans)))
            self.plan.setCursorPosition(0)
        self._check()

    def show_unknown(self, backend: str, error: StudioError) -> None:
        """Nothing is known of this host, so there is nothing to sign."""
        if backend != self.backend.id:
            return
        self._can, self._longest = False, None
        self.statement.set_text("")
        self.terms.show_words("What is known of it", f"{error.message} {error.remedy}")
        self._check()

    def show_signed(self, signed: protocol.Attested) -> None:
        """Say that it is in the record."""
        self._signed = True
        until = day_words(signed.until)
        words = [f"Signed. Ledger entry {signed.entry:,}. It holds to {until}."]
        words += [sentence(warning) for warning in signed.warnings]
        self.outcome.say(" ".join(words), "check", "green")
        for part in self._parts.values():
            part.setEnabled(False)
        self._go.hide()
        self._why.set_text("")
        self._cancel.set_text("Close")
        self._cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: StudioError) -> None:
        """Say what went wrong, at its field where it has one."""
        self._check()
        part = self._parts.get(error.place or "")
        if part is not None:
            self.outcome.clear()
            part.set_error(f"{error.message} {error.remedy}".strip())
        else:
            self.outcome.error(error.message, error.remedy)

    # slots

    def _host_changed(self) -> None:
        self._can, self._longest, self._own_plan = False, None, False
        self.plan.setText("")
        self.models.setPlaceholderText(self._own_model())
        self.outcome.clear()
        self._check()
        self.described.emit(self.backend.id)

    def _plan_typed(self) -> None:
        self._own_plan = True

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Evidence", self.evidence.text() or str(Path.home()), _KINDS
        )
        if chosen:
            self.evidence.setText(chosen)

    def _choose_day(self, days: int | None) -> None:
        longest = self._longest
        if longest is None:
            return
        day = longest if days is None else min(longest, self._today + timedelta(days=days))
        self.until.setText(day_words(day))

    def _check(self) -> None:
        """Say what is missing; the button waits for it."""
        day, wrong_day = self._day()
        self._parts["until"].set_error(wrong_day)
        for chip, days in zip(self._chips, (days for _, days in _DAYS), strict=True):
            longest = self._longest
            wanted = (
                longest if days is None or longest is None else min(longest, self._today + timedelta(days))
            )
            chip.setChecked(day is not None and day == wanted)
        file = self.evidence.text().strip()
        missing = bool(file) and not Path(file).expanduser().is_file()
        self._parts["evidence"].set_error("There is no such file." if missing else "")
        if self._signed:
            return
        if not self._can:
            why = (
                ""
                if self._longest is None
                else "Nothing can be signed: there is no way to have nothing kept."
            )
        elif not file or missing:
            why = "Choose the evidence."
        elif day is None:
            why = "Choose the last day on which it holds."
        else:
            why = ""
        self._why.set_text(why)
        self._go.setEnabled(self._can and not why)

    def _sign(self) -> None:
        day, _ = self._day()
        if day is None or not self._go.isEnabled():
            return
        self._go.setEnabled(False)
        self.outcome.say("Copying the evidence into the project, and signing.", "clock")
        models = tuple(part.strip() for part in self.models.text().split(",") if part.strip())
        self.wanted.emit(
            AttestWanted(
                self.backend.id,
                str(Path(self.evidence.text().strip()).expanduser()),
                day,
                " ".join(self.plan.text().split()),
                " ".join(self.region.text().split()),
                models,
            )
        )

    def _go_list(self) -> None:
        self.dismiss()
        self.list_wanted.emit()

    # events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if len(files_in(event.mimeData())) == 1 and not self._signed:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        files = files_in(event.mimeData())
        if len(files) == 1 and not self._signed:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.evidence.setText(str(files[0]))

    # internals

    def _day(self) -> tuple[date | None, str]:
        """The day that is typed, or what is wrong with it."""
        text = self.until.text().strip()
        if not text:
            return None, ""
        day = day_of(text)
        if day is None:
            return None, "Type a day as 3 Feb 2027, or as 2027-02-03."
        if day <= self._today:
            return None, "Choose a day after today."
        if self._longest is not None and day > self._longest:
            return None, f"The longest is {day_words(self._longest)}: terms change."
        return day, ""

    def _own_model(self) -> str:
        model = self.backend.model
        return f"{model}, and nothing else" if model else "Names, with a comma between them; * for any ending"

    def _make_fields(self, backend: str) -> None:
        theme = self._theme_used
        self.host: Combo = Combo(theme, "Provider", height_px=30, width_px=417)
        for one in self._hosts:
            self.host.addItem(f"{one.name} · {one.host}")
        at = next((at for at, one in enumerate(self._hosts) if one.id == backend), 0)
        self.host.setCurrentIndex(at)
        self.evidence: Field = Field(
            theme, "Evidence", placeholder="The contract, or the provider's own word"
        )
        self.plan: Field = Field(theme, "Plan", placeholder="What this account has")
        self.region: Field = Field(theme, "Region", placeholder="Where it promises to work")
        self.until: Field = Field(theme, "Until", placeholder="3 Feb 2027")
        self.models: Field = Field(theme, "Models", placeholder=self._own_model())
        for name, field in (
            ("backend", self.host),
            ("evidence", self.evidence),
            ("plan", self.plan),
            ("region", self.region),
            ("until", self.until),
            ("models", self.models),
        ):
            field.setObjectName(f"attest_{name}")
        browse = Button(theme, "Choose…", icon="folder", name="Choose the evidence")
        browse.setObjectName("attest_browse")
        browse.clicked.connect(self._browse)
        files = QHBoxLayout()
        files.setSpacing(8)
        files.addWidget(self.evidence, 1)
        files.addWidget(browse)
        days = QHBoxLayout()
        days.setSpacing(6)
        days.addWidget(self.until, 1)
        self._chips: list[Chip] = []
        for words, count in _DAYS:
            chip = Chip(theme, words, name=f"Until: {words}")
            chip.setObjectName(f"attest_day_{words.split()[0].lower()}")
            chip.clicked.connect(lambda _checked=False, count=count: self._choose_day(count))
            self._chips.append(chip)
            days.addWidget(chip)
        kept = "Choose a file, or drop one here. A copy of it is kept in the project."
        fields: tuple[tuple[str, str, QWidget | QLayout, str], ...] = (
            ("backend", "Provider", self.host, ""),
            ("evidence", "Evidence", files, kept),
            ("plan", "Plan", self.plan, ""),
            ("region", "Region", self.region, ""),
            ("until", "Until", days, ""),
            ("models", "Models", self.models, ""),
        )
        for name, title, field, note in fields:
            self._parts[name] = Named(theme, title, field, note=note)
        self.host.currentIndexChanged.connect(self._host_changed)
        self.evidence.textChanged.connect(self._check)
        self.until.textChanged.connect(self._check)
        self.plan.textEdited.connect(self._plan_typed)

    def _columns(self, signer: str) -> QHBoxLayout:
        theme = self._theme_used
        left = QVBoxLayout()
        left.setSpacing(12)
        for part in self._parts.values():
            left.addWidget(part)
        left.addStretch(1)
        said = Card(theme, "surface2", 8, None)
        words = QVBoxLayout(said)
        words.setContentsMargins(15, 12, 15, 12)
        words.setSpacing(7)
        words.addWidget(Label(theme, "You put your name to this", "strong"))
        words.addWidget(self.statement)
        words.addWidget(Label(theme, signer, "caption", "text2", wrap=True))
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(said)
        right.addWidget(self.terms, 1)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        return columns
