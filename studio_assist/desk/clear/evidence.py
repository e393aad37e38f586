"""The evidence of the request that is shown, below the list of requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio_assist.desk.clear.attaching import OnItsWay
from studio_assist.desk.clear.drop_here import DropHere
from studio_assist.desk.clear.words import size_words
from studio_assist.desk.kit import Divider, ElidedLabel, IconButton, IconLabel, Label, LinkButton, ProgressBar
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import ClearanceSeen, Evidence
from studio_assist.domain.values import EntryNumber, Sha256

_DROP: Final = "Drop a signed email or PDF here"
_PICTURES: Final = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif")
_MISSING: Final = "missing or changed"
_MISSING_LONG: Final = (
    "This file is not in the project any more, or is not what was hashed when it was attached."
)


class EvidencePart(QWidget):
    """The files of one request, those on their way to it, and the place to drop more.

    Signals:
        attach_wanted: choose files.
        dropped: the paths of files.
        detach_wanted: the hash of a file.
        put_away: the path of a file that could not be attached.
        review_wanted: the number of an entry of the record.
    """

    attach_wanted = Signal()
    dropped = Signal(tuple)
    detach_wanted = Signal(str)
    put_away = Signal(str)
    review_wanted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme: Final = theme
        self._held: tuple[object, ...] = ()
        self._bars: dict[str, ProgressBar] = {}
        self._title: Final = Label(theme, "", "strong")
        self.attach: Final = LinkButton(theme, "Attach", role="captionMedium")
        self.attach.setObjectName("attach_link")
        self.attach.setToolTip("Ctrl Shift A")
        self.attach.clicked.connect(self.attach_wanted)
        self._clip: Final = IconLabel(theme, "attach", "blueText", 14)
        self.drop: Final = DropHere(theme, _DROP)
        self.drop.setObjectName("drop_here")
        self.drop.clicked.connect(self.attach_wanted)
        self.drop.dropped.connect(self.dropped)
        self._rows: Final = QVBoxLayout()
        self._rows.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(0, 11, 0, 9)
        head.setSpacing(4)
        head.addWidget(self._title, 1)
        head.addWidget(self._clip)
        head.addWidget(self.attach)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 12, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(self._rows)
        column.addSpacing(9)
        column.addWidget(self.drop)
        column.addStretch(1)

    # methods

    def show_evidence(
        self,
        label: str,
        seen: ClearanceSeen | None,
        coming: Sequence[OnItsWay],
        *,
        change: bool,
        remove: bool,
    ) -> None:
        """Show the evidence of a request.

        Args:
            change: more may be attached; remove: what is there may be taken off.
        """
        self._title.set_text(f"{label} evidence" if label else "Evidence")
        for part in (self.attach, self._clip, self.drop):
            part.setVisible(change)
        shape = (
            seen.request.evidence if seen else (),
            seen.answer_evidence if seen else (),
            seen.missing if seen else (),
            seen.entries if seen else (),
            tuple((one.path, one.error, one.share is None) for one in coming),
            change,
            remove,
        )
        if shape != self._held:
            self._held = shape
            self._fill(seen, coming, change=change, remove=remove)
        for one in coming:
            if one.path in self._bars:
                self._bars[one.path].set_share(one.share)

    # internals

    def _fill(
        self, seen: ClearanceSeen | None, coming: Sequence[OnItsWay], *, change: bool, remove: bool
    ) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self._bars = {}
        files: list[tuple[Evidence, bool]] = []
        if seen is not None:
            files = [(one, remove) for one in seen.request.evidence]
            known = {one.sha256 for one in seen.request.evidence}
            files += [(one, False) for one in seen.answer_evidence if one.sha256 not in known]
        for one, may_go in files:
            self._rows.addWidget(Divider(self._theme))
            self._rows.addWidget(self._file(one, seen.missing if seen else (), may_go=may_go))
        if seen is not None and seen.entries:
            self._rows.addWidget(Divider(self._theme))
            self._rows.addWidget(self._entries(seen.entries))
        for one in coming:
            self._rows.addWidget(Divider(self._theme))
            self._rows.addWidget(self._coming(one))
        if not files and not coming and not change and not (seen and seen.entries):
            self._rows.addWidget(Divider(self._theme))
            self._rows.addWidget(Label(self._theme, "Nothing is attached.", "caption", "text3"))

    def _file(self, one: Evidence, missing: Sequence[Sha256], *, may_go: bool) -> QWidget:
        theme = self._theme
        lost = one.sha256 in missing
        row = QWidget()
        row.setFixedHeight(29)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        picture = one.name.lower().endswith(_PICTURES)
        icon = "warning" if lost else "picture" if picture else "document"
        line.addWidget(IconLabel(theme, icon, "redText" if lost else "text2", 14))
        line.addWidget(ElidedLabel(theme, one.name, "caption", "redText" if lost else "text"), 1)
        said = _MISSING if lost else size_words(one.size)
        line.addWidget(Label(theme, said, "caption", "redText" if lost else "text3"))
        row.setToolTip(_MISSING_LONG if lost else f"Attached by {one.by}. SHA-256 {one.sha256}")
        if may_go:
            away = IconButton(theme, "cross", f"Remove {one.name}", size_px=22, icon_px=12, token="text3")
            away.setObjectName("evidence_remove")
            away.clicked.connect(lambda: self.detach_wanted.emit(one.sha256))
            line.addWidget(away)
        return row

    def _entries(self, entries: Sequence[EntryNumber]) -> QWidget:
        theme = self._theme
        first, last = min(entries), max(entries)
        said = f"Ledger entry {first:,}" if first == last else f"Ledger entries {first:,} to {last:,}"
        row = QWidget()
        row.setFixedHeight(29)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(5)
        line.addWidget(IconLabel(theme, "link", "text2", 14))
        link = LinkButton(theme, said, token="text")
        link.setObjectName("evidence_entries")
        link.clicked.connect(lambda: self.review_wanted.emit(last))
        line.addWidget(link)
        line.addStretch(1)
        line.addWidget(Label(theme, "signed", "caption", "text3"))
        return row

    def _coming(self, one: OnItsWay) -> QWidget:
        theme = self._theme
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 5, 0, 5)
        column.setSpacing(3)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(IconLabel(theme, "warning" if one.error else "clock", "text2", 14))
        line.addWidget(ElidedLabel(theme, one.name, "caption", "text"), 1)
        if one.error is not None:
            away = IconButton(theme, "cross", f"Put {one.name} away", size_px=22, icon_px=12, token="text3")
            away.clicked.connect(lambda: self.put_away.emit(one.path))
            line.addWidget(away)
            column.addLayout(line)
            said = Label(theme, f"{one.error.message} {one.error.remedy}", "caption", "text", wrap=True)
            said.setObjectName("evidence_error")
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(said)
        else:
            if one.share is None:
                line.addWidget(Label(theme, "waits", "caption", "text3"))
            else:
                bar = ProgressBar(theme)
                bar.setAccessibleName(f"Hashing {one.name}")
                self._bars[one.path] = bar
                line.addWidget(Label(theme, "hashing", "caption", "text3"))
                line.addWidget(bar)
            column.addLayout(line)
        return row
