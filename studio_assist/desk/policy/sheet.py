"""The sheet of policies: read each of them, choose one, say what the material counts as, sign."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from studio_assist.desk.kit import Button, CheckBox, Combo, Label, LinkButton, PrimaryButton, Sheet, paint
from studio_assist.desk.policy.reading import PolicyReading
from studio_assist.desk.record.parts import Outcome, titled
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.protocol import Policies, PolicySeen

_WIDTH_PX: Final = 940
_LEFT_PX: Final = 300
#: What each class means, for whoever says what the material counts as.
_MATERIAL: Final = {
    Sensitivity.PUBLIC: "Anybody may know it already.",
    Sensitivity.INTERNAL: "For the company, and no secret of the production.",
    Sensitivity.CONFIDENTIAL: "What a production is until somebody says otherwise.",
    Sensitivity.PERSONAL: "Likenesses, voices or personal data. Two people have to say yes before it leaves.",
}


class _PolicyRow(QRadioButton):
    """A policy to choose; its title and version in two lines."""

    def __init__(self, theme: Theme, policy: PolicySeen) -> None:
        super().__init__(policy.title)
        self._theme: Final = theme
        self._under: Final = f"Version {policy.version}"
        self.setAccessibleName(f"{policy.title}, version {policy.version}")
        self.setToolTip(f"{policy.title}. {policy.about}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    # events

    def sizeHint(self) -> QSize:
        return QSize(_LEFT_PX, 44)

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = self._theme.colour
        box = QRectF(self.rect())
        on, able = self.isChecked(), self.isEnabled()
        if on or self.underMouse():
            paint.draw_box(painter, box, 5, colour("blueGround" if on else "surface2"))
        if self.hasFocus():
            paint.draw_focus(painter, self._theme, box, 5)
        ring = QRectF(8, 8, 14, 14)
        paint.draw_box(painter, ring, 7, colour("input"), colour("blue" if on and able else "lineStrong"))
        if on:
            paint.draw_box(painter, ring.adjusted(4, 4, -4, -4), 3, colour("blue" if able else "disabled"))
        font = self._theme.font("control")
        room = QRectF(31, 5, box.width() - 36, 18)
        title = QFontMetricsF(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        paint.draw_text(painter, room, font, colour("text"), title)
        small = self._theme.font("caption")
        paint.draw_text(painter, QRectF(31, 23, box.width() - 36, 16), small, colour("text3"), self._under)


class PolicySheet(Sheet):
    """Shows `Policies`. With `person` "" it is only for reading.

    Signals:
        chosen: (policy, overlays, `Sensitivity`) put the project under this, signed.
    """

    chosen = Signal(str, tuple, object)

    def __init__(self, theme: Theme, window: QWidget, *, person: str, project: str) -> None:
        self._reads_only = not person
        super().__init__(
            theme,
            window,
            "Policies" if self._reads_only else "Policy of this project",
            subtitle="What a production has agreed to, in sentences with their sources."
            if self._reads_only
            else f"{project}: what it has agreed to, and what may leave this machine.",
            icon="shield",
            width_px=min(_WIDTH_PX, max(640, window.width() - 48)),
        )
        self.setObjectName("policy_sheet")
        self._told: Policies | None = None
        self._read = ""
        self._rows: dict[str, _PolicyRow] = {}
        self._overlays: dict[str, CheckBox] = {}
        self._group = QButtonGroup(self)
        self.reading: Final = PolicyReading(theme)
        self.material: Final = Combo(
            theme, "What the project's material counts as", height_px=30, width_px=240
        )
        self.material.setObjectName("policy_material")
        for one in Sensitivity:
            self.material.addItem(one.label, one.value)
        self._means: Final = Label(theme, "", "caption", "text3", wrap=True)
        self.pinned: Final = Outcome(theme, "policy_pinned")
        self.confirm: Final = Button(theme, "Confirm these files")
        self.confirm.setObjectName("policy_confirm")
        self.confirm.clicked.connect(self._confirm)
        self.confirm.hide()
        self.problems: Final = Outcome(theme, "policy_problems")
        self.outcome: Final = Outcome(theme, "policy_outcome")
        self._left: Final = QVBoxLayout()
        self._fill(theme, person)
        self.closed.connect(self.deleteLater)

    # methods

    def open(self) -> None:
        super().open()
        self._to_choice()

    def show_policies(self, told: Policies, *, read: str = "") -> None:
        """Show them. `read`: the one to read at first, where it is not the chosen one."""
        first = self._told is None
        self._told = told
        if first:
            self._fill_left(told)
        self._rows[told.chosen if told.chosen in self._rows else next(iter(self._rows))].setChecked(True)
        for name, box in self._overlays.items():
            box.setChecked(name in told.overlays)
        self.material.setCurrentIndex(list(Sensitivity).index(told.material))
        self._show_pinned(told)
        if told.problems:
            self.problems.say(
                "Files that cannot be read count for nothing:\n" + "\n".join(told.problems), "warning"
            )
        else:
            self.problems.clear()
        self._read = read if read in self._overlays else ""
        if read in self._rows and self._reads_only:
            self._rows[read].setChecked(True)
        self._show()
        if first and self.isVisible():
            self._to_choice()

    def show_error(self, error: StudioError) -> None:
        """It could not be read, or not chosen."""
        self.outcome.error(error.message, error.remedy)
        self._check()

    def show_chosen(self, person: str) -> None:
        """The project is under it."""
        self.outcome.say(f"The project is under this policy. Signed by {person}.", "check", "green")
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    # slots

    def _picked(self) -> None:
        self._read = ""
        self._show()

    def _ticked(self, name: str, on: bool) -> None:
        self._picked()
        if on:
            self.reading.go_to(name)

    def _read_overlay(self, name: str) -> None:
        self._read = name
        self._show()
        self.reading.go_to(name)

    def _choose(self) -> None:
        if self._told is not None and not self._reads_only:
            self.choose_button.setEnabled(False)
            self.outcome.clear()
            self.chosen.emit(*self._choice())

    def _confirm(self) -> None:
        """The files as they are now, for what the project has already."""
        told = self._told
        if told is not None and not self._reads_only:
            self.confirm.setEnabled(False)
            self.outcome.clear()
            self.chosen.emit(told.chosen, told.overlays, told.material)

    # internals

    def _fit(self) -> None:
        # As high as the window lets it be, now and when its size changes: there is much to read.
        self.reading.setMinimumHeight(min(480, max(180, self._window.height() - 420)))
        super()._fit()

    def _fill(self, theme: Theme, person: str) -> None:
        left = QWidget()
        left.setFixedWidth(_LEFT_PX)
        left.setLayout(self._left)
        self._left.setContentsMargins(0, 0, 0, 0)
        self._left.setSpacing(4)
        right = QVBoxLayout()
        right.setSpacing(10)
        pinned = QHBoxLayout()
        pinned.setSpacing(10)
        pinned.addWidget(self.pinned, 1)
        pinned.addWidget(self.confirm, 0, Qt.AlignmentFlag.AlignTop)
        right.addLayout(pinned)
        right.addWidget(self.problems)
        right.addWidget(self.reading, 1)
        right.addWidget(self.outcome)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addWidget(left)
        row.addLayout(right, 1)
        self.body.addLayout(row, 1)
        self.reading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.choose_button = PrimaryButton(theme, "Put the project under this policy")
        self.choose_button.setObjectName("policy_choose")
        self.choose_button.clicked.connect(self._choose)
        self.close_button = Button(theme, "Close", key="Esc")
        self.close_button.clicked.connect(self.dismiss)
        said = "A reading in our own words. Not legal advice." if self._reads_only else f"Signed by {person}."
        self._signed = Label(theme, said, "caption", "text3")
        self.footer.addWidget(self._signed, 1)
        self.footer.addWidget(self.close_button)
        self.footer.addWidget(self.choose_button)
        # Only now: shown without a parent it would be a window of its own.
        self.choose_button.setVisible(not self._reads_only)
        self.choose_button.setEnabled(False)

    def _fill_left(self, told: Policies) -> None:
        theme = self._theme
        self._left.addWidget(Label(theme, "Policy", "captionMedium", "text2"))
        for policy in told.policies:
            if not policy.overlay:
                row = self._rows[policy.id] = _PolicyRow(theme, policy)
                row.setObjectName(f"policy_{policy.id}")
                row.clicked.connect(self._picked)
                self._group.addButton(row)
                self._left.addWidget(row)
        overlays = [policy for policy in told.policies if policy.overlay]
        if overlays:
            self._left.addSpacing(8)
            self._left.addWidget(Label(theme, "With it", "captionMedium", "text2"))
        for policy in overlays:
            box = self._overlays[policy.id] = CheckBox(theme, policy.title)
            box.setObjectName(f"overlay_{policy.id}")
            box.setToolTip(f"{policy.title}. {policy.about}")
            box.setMinimumWidth(60)
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            box.setEnabled(not self._reads_only)
            box.clicked.connect(lambda on=False, name=policy.id: self._ticked(name, on))
            read = LinkButton(theme, "Read", name=f"Read {policy.title}")
            read.setObjectName(f"read_{policy.id}")
            read.clicked.connect(lambda _on=False, name=policy.id: self._read_overlay(name))
            line = QHBoxLayout()
            line.setSpacing(6)
            line.addWidget(box, 1)
            line.addWidget(read)
            self._left.addLayout(line)
        if not self._reads_only:
            self._left.addSpacing(10)
            title = "The project's material counts as"
            self._left.addLayout(titled(theme, title, self.material, self._means))
            self.material.currentIndexChanged.connect(lambda _at: self._check())
        else:
            self.material.hide()
            self._means.hide()
        self._left.addStretch(1)

    def _choice(self) -> tuple[str, tuple[str, ...], Sensitivity]:
        policy = next((name for name, row in self._rows.items() if row.isChecked()), "")
        overlays = tuple(name for name, box in self._overlays.items() if box.isChecked())
        return policy, overlays, Sensitivity(self.material.currentData())

    def _show(self) -> None:
        told = self._told
        if told is None:
            return
        policy, overlays, _material = self._choice()
        by_id = {one.id: one for one in told.policies}
        shown = [(by_id[policy], "")] if policy in by_id else []
        shown += [(by_id[name], "goes with it") for name in overlays]
        if self._read and self._read not in overlays:
            shown.append((by_id[self._read], "" if self._reads_only else "not chosen"))
        self.reading.show_policies(shown)
        self._check()

    def _check(self) -> None:
        told = self._told
        if told is None:
            return
        policy, overlays, material = self._choice()
        self._means.set_text(_MATERIAL[material])
        same = (policy, frozenset(overlays), material) == (
            told.chosen,
            frozenset(told.overlays),
            told.material,
        )
        self.choose_button.setEnabled(not same and not self._reads_only)
        why = "The project is under this policy already." if same else ""
        self.choose_button.setToolTip(why)
        self.choose_button.setAccessibleDescription(why)
        self.confirm.setEnabled(True)

    def _show_pinned(self, told: Policies) -> None:
        asks = not told.pinned and not self._reads_only
        self.confirm.setVisible(asks)
        if not asks:
            self.pinned.clear()
            return
        self.pinned.say(
            "The files of this policy are not the ones that the record names: somebody changed them since. "
            "Nothing leaves until a named person has read and confirmed them.",
            "warning",
            "redText",
        )

    def _to_choice(self) -> None:
        """The keyboard begins where the policy is chosen; Enter there does nothing."""
        row = self._group.checkedButton()
        (row or self.reading).setFocus(Qt.FocusReason.PopupFocusReason)
