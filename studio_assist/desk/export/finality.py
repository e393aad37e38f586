"""The tick for a final export, with what keeps it shut beside it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.export.formats import debt_words
from studio_assist.desk.kit import CheckBox, Label, LinkButton, Swatch
from studio_assist.desk.theme import Theme
from studio_assist.domain.temp import Debt


class Finality(QWidget):
    """Draft or final. Shut while temp material is left, and says how much.

    Signals:
        where_wanted: list where it is left.
    """

    where_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._tick: Final = CheckBox(theme, "Final: for delivery, without temp marks")
        self._tick.setObjectName("export_final")
        self._swatch: Final = Swatch(theme, "amber", 10, 10)
        self._why: Final = Label(theme, "", "caption", "amberText", wrap=True)
        self._why.setObjectName("export_why")
        self._where: Final = LinkButton(theme, "Show where", name="Show where temp material is left")
        self._where.setObjectName("export_where")
        self._where.clicked.connect(self.where_wanted)
        self._row: Final = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(26, 0, 0, 0)
        row.setSpacing(7)
        row.addWidget(self._swatch)
        row.addWidget(self._why, 1)
        row.addWidget(self._where)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._tick)
        column.addWidget(self._row)

    # properties

    @property
    def is_final(self) -> bool:
        """Whether a final export is wanted, and open."""
        return self._tick.isEnabled() and self._tick.isChecked()

    # methods

    def show_debt(self, debt: Debt | None, *, is_altered: bool) -> None:
        """Open or shut it.

        Args:
            debt: of what would go out; None where only the broker knows.
            is_altered: the record does not hold, so nothing final leaves.
        """
        left = debt is not None and not debt.none_left
        is_shut = left and not is_altered
        self._tick.setEnabled(not left and not is_altered)
        if left or is_altered:
            self._tick.setChecked(False)
        self._swatch.setVisible(is_shut)
        self._where.setVisible(is_shut)
        self._why.set_token("amberText" if is_shut else "text2")
        words = ""
        if is_altered:
            words = "Closed until the ledger checks out again."
        elif debt is None:
            words = "It is written only where no temp material is left in these scenes."
        elif left:
            verb = "is" if debt.lines + debt.boards + debt.sounds == 1 else "are"
            words = f"Closed while {debt_words(debt)} {verb} left. This export marks them."
        self._why.set_text(words)
        self._row.setVisible(bool(words))
