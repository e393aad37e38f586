"""The filter bar: which rows of the ledger are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from studio_assist.desk.kit import Chip, IconButton, Label, Panel
from studio_assist.desk.record.words import entries_text
from studio_assist.desk.review.cells import LOOKS, NOBODY
from studio_assist.desk.review.choice_menu import ChoiceList, DaysCard, FilterButton, anchor_of
from studio_assist.desk.review.period import OFFERED, Kind, Period, days_words
from studio_assist.desk.review.search import SearchField
from studio_assist.desk.theme import Theme
from studio_assist.domain.review import Choices, Filter

BAR_PX: Final = 44
_SEARCH_PX: Final = (172, 112)
#: Filters by name: the field of `Filter`, the title.
_NAMES: Final = (("people", "Person"), ("desks", "Desk"), ("tools", "Tool"), ("outcomes", "Decision"))


class FilterBar(Panel):
    """Says which rows are wanted.

    Signals:
        changed: the filter is another one.
        left: the keyboard is to go back to the table.
        csv_wanted: the rows that are shown, as a file.
        slate_wanted: several projects together, or this one again.
    """

    changed = Signal()
    left = Signal()
    csv_wanted = Signal()
    slate_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "surface0", "b", parent)
        self._wanted = Filter()
        self._choices = Choices()
        self._day: date | None = None
        self._count: int | None = None
        self._slate = False
        self._list: ChoiceList | None = None
        self._days: DaysCard | None = None
        self.period = Period()
        self.setObjectName("review_filters")
        self.setAccessibleName("Filters")
        self.setFixedHeight(BAR_PX)
        # What there is no room for goes into the menu, so the bar has no least width of its own.
        self.setMinimumWidth(300)
        self.search: Final = SearchField(theme)
        # As high as the buttons beside it; the sheet's own fields are a little higher.
        self.search.setStyleSheet("min-height: 26px;")
        self.days: Final = FilterButton(theme, "Days", "filter_days")
        self.names: Final = {key: FilterButton(theme, title, f"filter_{key}") for key, title in _NAMES}
        self.gone_out: Final = Chip(theme, "Left this machine")
        self.blocked: Final = Chip(theme, "Blocked")
        self.unverified: Final = Chip(theme, "Unverified")
        self.every: Final = Chip(theme, "Every entry")
        for chip, name in (
            (self.gone_out, "filter_left"),
            (self.blocked, "filter_blocked"),
            (self.unverified, "filter_unverified"),
            (self.every, "filter_every"),
        ):
            chip.setObjectName(name)
        self.every.setToolTip("Show every entry, not only what AI touched, who decided, and what left")
        self.counted: Final = Label(theme, "", "caption", "text3")
        self.counted.setObjectName("entries_counted")
        self.clear_button: Final = IconButton(theme, "cross", "Clear filters", size_px=24, icon_px=12)
        self.clear_button.setObjectName("clear_filters")
        self.more: Final = IconButton(theme, "dots", "More filters and tools", size_px=26)
        self.more.setObjectName("review_more")
        self._lay_out()
        self._connect()
        self._show()

    # properties

    @property
    def wanted(self) -> Filter:
        """Which rows are wanted."""
        return self._wanted

    @property
    def chart(self) -> Filter:
        """Which days the chart shows: those of the period, also where one of them was pressed."""
        since, until = self.period.moments(date.today())
        return replace(self._wanted, since=since, until=until)

    @property
    def day(self) -> date | None:
        """The day that was pressed in the chart."""
        return self._day

    @property
    def is_on(self) -> bool:
        """Whether anything is held back."""
        return self._wanted != Filter(everything=self._wanted.everything)

    # methods

    def show_choices(self, choices: Choices, blocked: int) -> None:
        """What there is to choose from, and how many asks were stopped."""
        self._choices = choices
        self.blocked.setText(f"Blocked {blocked:,}" if blocked else "Blocked")
        self.blocked.setAccessibleName(self.blocked.text())
        self.blocked.updateGeometry()
        self._show()

    def show_count(self, count: int | None) -> None:
        """How many rows there are; None while that is not known."""
        self._count = count
        self.counted.set_text(entries_text(count) if count is not None else "")
        self.counted.setMinimumWidth(self.counted.sizeHint().width())
        self._fit()

    def show_unverified(self, first_bad: int | None, size: int) -> None:
        """Offer what cannot be relied on as a filter of its own; None where there is nothing."""
        # A broken record has one question before all others, so this takes the place of the blocked ones.
        self.unverified.setText(f"Unverified {max(0, size - first_bad + 1):,}" if first_bad else "Unverified")
        self.unverified.setAccessibleName(self.unverified.text())
        self.unverified.setProperty("first_bad", first_bad)
        if self._wanted.from_number is not None and self._wanted.from_number != first_bad:
            self._want(replace(self._wanted, from_number=first_bad))
        self._show()

    def show_slate(self, slate: bool) -> None:
        """Whether several projects are looked at together."""
        self._slate = slate

    def clear(self) -> None:
        """Hold nothing back."""
        self.period, self._day = Period(), None
        self._want(Filter(everything=self._wanted.everything))

    def reset(self) -> None:
        """As for a project that was just opened, without telling."""
        self.period, self._day, self._wanted = Period(), None, Filter()
        self.show_choices(Choices(), 0)

    def choose_day(self, day: date | None) -> None:
        """Show one day, or the whole period again."""
        self._day = day
        period = Period("days", day, day) if day is not None else self.period
        since, until = period.moments(date.today())
        self._want(replace(self._wanted, since=since, until=until))

    def choose_period(self, period: Period) -> None:
        """Show these days."""
        self.period = period
        self.choose_day(None)

    def show_everything(self) -> None:
        """Hold nothing back at all: every entry."""
        self.period, self._day = Period(), None
        self._want(Filter(everything=True))

    def open_menu(self) -> QMenu:
        """The menu of what has no room in the bar, and of what is done with the rows."""
        menu = QMenu(self)
        menu.setAccessibleName("More filters and tools")
        if self.every.isHidden():
            every = self._add(menu, "Every entry", self.every.click)
            every.setCheckable(True)
            every.setChecked(self.every.isChecked())
        for key, button in self.names.items():
            if button.isHidden():
                self._add(menu, f"{button.title}…", lambda key=key: self._open_list(key, self.more))
        if not menu.isEmpty():
            menu.addSeparator()
        self._add(menu, "Clear filters", self.clear).setEnabled(self.is_on)
        self._add(menu, "Export these rows as CSV…", self.csv_wanted.emit).setEnabled(bool(self._count))
        menu.addSeparator()
        slate = "This project alone" if self._slate else "Several projects together"
        self._add(menu, slate, self.slate_wanted.emit)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 4)))
        return menu

    # slots

    def _searched(self, words: str) -> None:
        self._want(replace(self._wanted, words=words))

    def _chipped(self) -> None:
        bad = self.unverified.property("first_bad") if self.unverified.isChecked() else None
        self._want(
            replace(
                self._wanted,
                left=self.gone_out.isChecked(),
                blocked=self.blocked.isChecked(),
                everything=self.every.isChecked(),
                from_number=bad if isinstance(bad, int) else None,
            )
        )

    def _ticked(self, key: str, ticked: frozenset[str]) -> None:
        match key:
            case "people":
                self._want(replace(self._wanted, people=ticked))
            case "desks":
                self._want(replace(self._wanted, desks=ticked))
            case "tools":
                self._want(replace(self._wanted, tools=ticked))
            case _:
                self._want(replace(self._wanted, outcomes=ticked))

    def _open_list(self, key: str, button: QWidget) -> None:
        if self._list is not None:
            old, self._list = self._list, None
            shown = old.isVisible() and old.property("key") == key
            old.dismiss()
            old.deleteLater()
            if shown:
                return
        self._list = opened = ChoiceList(self._theme, self.window(), self.names[key].title)
        opened.setProperty("key", key)
        opened.chosen.connect(lambda ticked: self._ticked(key, ticked))
        opened.open_at(anchor_of(button), self._offered(key), self._chosen(key))

    def _open_days(self) -> None:
        menu = QMenu(self)
        menu.setAccessibleName("Days to show")
        for kind, words in OFFERED:
            one = self._add(menu, words, partial(self._choose_kind, kind))
            one.setCheckable(True)
            one.setChecked(self.period.kind == kind and self._day is None)
        menu.addSeparator()
        self._add(menu, "From one day to another…", self._open_days_card)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.days.mapToGlobal(QPoint(0, self.days.height() + 4)))

    def _choose_kind(self, kind: Kind) -> None:
        self.choose_period(Period(kind))

    def _open_days_card(self) -> None:
        if self._days is None:
            self._days = DaysCard(self._theme, self.window())
            self._days.chosen.connect(self.choose_period)
        first, last = self.period.days(date.today())
        self._days.open_at(anchor_of(self.days), self._day or first, self._day or last)

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(1032, BAR_PX)

    # internals

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 10, 1)
        row.setSpacing(8)
        self.search.setMinimumWidth(_SEARCH_PX[1])
        self.search.setMaximumWidth(_SEARCH_PX[0])
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row.addWidget(self.search, 1000)
        row.addWidget(self.days)
        for button in self.names.values():
            row.addWidget(button)
        for chip in (self.gone_out, self.blocked, self.unverified, self.every):
            row.addWidget(chip)
        row.addStretch(1)
        row.addWidget(self.counted)
        row.addWidget(self.clear_button)
        row.addWidget(self.more)

    def _connect(self) -> None:
        self.search.searched.connect(self._searched)
        self.search.left.connect(self.left)
        self.days.clicked.connect(self._open_days)
        for key, button in self.names.items():
            button.clicked.connect(lambda _checked=False, key=key: self._open_list(key, self.names[key]))
        for chip in (self.gone_out, self.blocked, self.unverified, self.every):
            chip.clicked.connect(self._chipped)
        self.clear_button.clicked.connect(self.clear)
        self.more.clicked.connect(self.open_menu)

    def _want(self, wanted: Filter) -> None:
        same = wanted == self._wanted
        self._wanted = wanted
        self._show()
        if not same:
            self.changed.emit()

    def _show(self) -> None:
        wanted, today = self._wanted, date.today()
        self.search.show_words(wanted.words)
        if self._day is not None:
            self.days.show_chosen(days_words(self._day, self._day, today), on=True)
        else:
            said = self.period.words(today, self._choices.first, self._choices.last)
            self.days.show_chosen(said, on=self.period.kind != "all")
        for key, button in self.names.items():
            chosen = self._chosen(key)
            one = next(iter(chosen), "")
            words = self._word(key, one) if len(chosen) == 1 else f"{button.title} {len(chosen)}"
            button.show_chosen(words if chosen else button.title, on=bool(chosen))
        self.gone_out.setChecked(wanted.left)
        self.blocked.setChecked(wanted.blocked)
        self.every.setChecked(wanted.everything)
        self.unverified.setChecked(wanted.from_number is not None)
        self.clear_button.setVisible(self.is_on)
        self._fit()

    def _fit(self) -> None:
        """Leave away what there is no room for; the menu at the end has it."""
        broken = self.unverified.property("first_bad") is not None
        self.unverified.setVisible(broken)
        self.blocked.setVisible(not broken or self._wanted.blocked)
        spared: list[QWidget] = [self.every, *reversed(self.names.values()), self.counted]
        # What holds rows back stays in sight as long as anything does.
        spared.sort(key=lambda one: 2 if self._is_used(one) else 1 if one is self.counted else 0)
        for one in spared:
            one.setVisible(True)
        layout = self.layout()
        assert layout is not None
        for one in spared:
            if self._needed() <= self.width():
                break
            one.setVisible(False)

    def _needed(self) -> int:
        shown: list[QWidget] = [
            self.days,
            *self.names.values(),
            *(self.gone_out, self.blocked, self.unverified, self.every),
            *(self.counted, self.clear_button, self.more),
        ]
        widths = [min(one.sizeHint().width(), one.maximumWidth()) for one in shown if not one.isHidden()]
        return 22 + _SEARCH_PX[1] + sum(widths) + 8 * (len(widths) + 1)

    def _is_used(self, one: QWidget) -> bool:
        if one is self.every:
            return self._wanted.everything
        return any(button is one and bool(self._chosen(key)) for key, button in self.names.items())

    def _chosen(self, key: str) -> frozenset[str]:
        wanted = self._wanted
        there = {"people": wanted.people, "desks": wanted.desks, "tools": wanted.tools}
        return there.get(key, wanted.outcomes)

    def _offered(self, key: str) -> Sequence[tuple[str, str, int]]:
        choices = self._choices
        there = {"people": choices.people, "desks": choices.desks, "tools": choices.tools}
        return [(name, self._word(key, name), count) for name, count in there.get(key, choices.outcomes)]

    def _word(self, key: str, name: str) -> str:
        if key == "outcomes":
            return next((look.words for outcome, look in LOOKS.items() if outcome == name), name)
        return name or NOBODY

    def _add(self, menu: QMenu, words: str, does: object) -> QAction:
        action = menu.addAction(words)
        assert callable(does)
        action.triggered.connect(lambda _checked=False: does())
        return action
