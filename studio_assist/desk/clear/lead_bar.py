"""The quiet line under an ask box: what was noticed in the words, and the way to the Clear desk."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio_assist.desk.kit import Button, IconLabel, Label
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import Noticed
from studio_assist.domain.people import Person
from studio_assist.protocol import NoticeParams, Noticing, SaveClearanceParams

_NAMES: Final = {
    "work": "names a work",
    "artist": "names an artist",
    "performer": "names a performer",
    "person": "names a real person",
    "style": "copies a manner",
}
#: The longest piece of the words that is repeated, in characters.
_LONGEST: Final = 60


class LeadBar(QWidget):
    """Hidden while nothing was noticed, or everything that was is cleared already and says so.

    Signals:
        lead_wanted: the `Noticing`; a request for clearance is to be begun from it, see `prefill_of`.
        show_wanted: id of a request that waits for an answer already.
    """

    lead_wanted = Signal(object)
    show_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._noticing = Noticing()
        self._covered = False
        self.setObjectName("lead_bar")
        self._icon: Final = IconLabel(theme, "shield", "text2", 14)
        self._words: Final = Label(theme, "", "caption", "text", wrap=True)
        self._words.setObjectName("lead_words")
        self.button: Final = Button(theme, "Ask for clearance", height_px=26, role="captionMedium")
        self.button.setObjectName("lead_button")
        self.button.clicked.connect(self._lead)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)
        row.addWidget(self.button)
        self.hide()

    # properties

    @property
    def words(self) -> str:
        """What it says; "" while it is hidden."""
        return "" if self.isHidden() else self._words.plain

    @property
    def noticing(self) -> Noticing:
        """What it was shown last."""
        return self._noticing

    # methods

    def show_noticing(self, noticing: Noticing) -> None:
        """Say what was noticed, or nothing."""
        self._noticing = noticing
        closed = noticing.closed
        said = lead_words(noticing)
        self._words.set_text(said)
        self._icon.set_icon("shield" if closed else "shield-check", "text2")
        self.button.setVisible(closed is not None)
        if closed is not None:
            self.button.set_text("Show the request" if closed.request else "Ask for clearance")
        self.setVisible(bool(said) and not self._covered)

    def set_covered(self, covered: bool) -> None:
        """Something else says it just now, with the same way on."""
        self._covered = covered
        self.show_noticing(self._noticing)

    # slots

    def _lead(self) -> None:
        closed = self._noticing.closed
        if closed is None:
            return
        if closed.request:
            self.show_wanted.emit(closed.request)
        else:
            self.lead_wanted.emit(self._noticing)


def lead_words(noticing: Noticing) -> str:
    """What was noticed and what follows, in a line or two."""
    closed = noticing.closed
    if closed is None:
        if not noticing.found or not noticing.cleared:
            return ""
        return f"{_found_words(noticing.found)} Cleared by {'; '.join(noticing.cleared)}."
    if closed.request:
        said = _found_words(noticing.found) or closed.why
        return f"{said} A request for it is begun, and not answered yet.".strip()
    return (_found_words(noticing.found) or f"{closed.why} {closed.remedy}").strip()


def prefill_of(noticing: Noticing, params: NoticeParams, person: Person) -> SaveClearanceParams:
    """A draft that begins from what was noticed in these words."""
    closed = noticing.closed
    found = noticing.found
    names = closed.names if closed and closed.names else tuple(dict.fromkeys(one.name for one in found))
    use = closed.use if closed else next((one.use for one in found), "")
    return SaveClearanceParams(
        use=use,
        names=tuple(name[:200] for name in names),
        rule=closed.rule if closed else "",
        why=closed.why if closed else "",
        scene=params.scene,
        task=params.task,
        backend=params.backend,
        person=person,
    )


def _found_words(found: tuple[Noticed, ...]) -> str:
    """“in the style of Hopper” names an artist."""
    if not found:
        return ""
    first = found[0]
    text = " ".join(first.text.split())
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
    more = len(found) - 1
    rest = f" {more} more like it." if more == 1 else f" {more} more like these." if more else ""
    return f"“{text}” {_NAMES[first.kind]}.{rest}"
