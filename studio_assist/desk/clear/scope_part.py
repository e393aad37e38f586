"""What a request is to hold for: scenes, tasks, models and days. Nothing chosen covers all of its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.board.form_parts import Flow
from studio_assist.desk.clear.parts import DayField, WordChips, under
from studio_assist.desk.kit import Chip, Label
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import Scope

_ORDER: Final = "The last day is before the first."


class ChoiceChips(QWidget):
    """Some of a few; none stands for all.

    Signals:
        changed: by the person.
    """

    changed = Signal()

    def __init__(self, theme: Theme, name: str, none: str) -> None:
        super().__init__()
        self._theme: Final = theme
        self._choices: dict[str, str] = {}
        self._chips: dict[str, Chip] = {}
        self._none: Final = Label(theme, none, "caption", "text3")
        self._flow: Final = Flow()
        self.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._flow)
        column.addWidget(self._none)

    # properties

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids of those that are on."""
        return tuple(one for one, chip in self._chips.items() if chip.isChecked())

    # methods

    def show_choices(self, choices: Mapping[str, str], chosen: Sequence[str]) -> None:
        """Offer these, with those on; what is on and not offered any more is offered all the same."""
        wanted = dict(choices) | {one: one for one in chosen if one not in choices}
        if wanted != self._choices:
            self._choices = wanted
            self._chips = {}
            for one, words in wanted.items():
                chip = Chip(self._theme, words)
                chip.clicked.connect(self._clicked)
                self._chips[one] = chip
            self._flow.show_widgets(list(self._chips.values()))
        for one, chip in self._chips.items():
            chip.setChecked(one in chosen)
        self._none.setVisible(not self.chosen)

    # slots

    def _clicked(self) -> None:
        self._none.setVisible(not self.chosen)
        self.changed.emit()


class ScopeFields(QWidget):
    """The fields of a scope.

    Signals:
        changed: by the person.
    """

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._tasks: Mapping[str, str] = {}
        self._backends: Mapping[str, str] = {}
        self.scenes: Final = WordChips(theme, "Scenes", "Scene number", width_px=150)
        self.scenes.setObjectName("scope_scenes")
        self.tasks: Final = ChoiceChips(theme, "Tasks", "None chosen: every task of this use.")
        self.backends: Final = ChoiceChips(
            theme, "Models", "None chosen: any model that the policy lets through."
        )
        self.since: Final = DayField(theme, "First day", placeholder="From")
        self.since.setObjectName("scope_since")
        self.until: Final = DayField(theme, "Last day", placeholder="Until")
        self.until.setObjectName("scope_until")
        self._wrong: Final = Label(theme, "", "caption", "text", wrap=True)
        days = QHBoxLayout()
        days.setSpacing(8)
        for field in (self.since, self.until):
            field.setFixedWidth(150)
            days.addWidget(field)
        days.addStretch(1)
        dates = QWidget()
        column = QVBoxLayout(dates)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(days)
        column.addWidget(self._wrong)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        rows.addLayout(under(theme, "Scenes (none: all of them)", self.scenes))
        rows.addLayout(under(theme, "Tasks", self.tasks))
        rows.addLayout(under(theme, "Models", self.backends))
        rows.addLayout(under(theme, "First and last day", dates))
        for part in (self.scenes, self.tasks, self.backends):
            part.changed.connect(self.changed)
        for field in (self.since, self.until):
            field.chosen.connect(self._day_chosen)
        self._check()

    # properties

    @property
    def scope(self) -> Scope:
        """The scope, without days that are in no order."""
        since, until = self.since.day, self.until.day
        if since and until and until < since:
            until = None
        return Scope(
            scenes=self.scenes.words,
            tasks=self.tasks.chosen,
            backends=self.backends.chosen,
            since=since,
            until=until,
        )

    @property
    def wrong(self) -> str:
        """What is wrong with what stands in it."""
        since, until = self.since.day, self.until.day
        if since and until and until < since:
            return _ORDER
        return self.since.wrong or self.until.wrong

    # methods

    def set_choices(
        self, scenes: Sequence[str], tasks: Mapping[str, str], backends: Mapping[str, str]
    ) -> None:
        """What can be chosen."""
        self.scenes.offer(scenes)
        self._tasks, self._backends = tasks, backends
        self.tasks.show_choices(tasks, self.tasks.chosen)
        self.backends.show_choices(backends, self.backends.chosen)

    def show_scope(self, scope: Scope) -> None:
        """Show a scope without telling anybody."""
        self.scenes.show_words(scope.scenes)
        self.tasks.show_choices(self._tasks, scope.tasks)
        self.backends.show_choices(self._backends, scope.backends)
        self.since.show_day(scope.since)
        self.until.show_day(scope.until)
        self._check()

    # slots

    def _day_chosen(self) -> None:
        self._check()
        self.changed.emit()

    # internals

    def _check(self) -> None:
        self._wrong.set_text(self.wrong)
        self._wrong.setVisible(bool(self.wrong))
