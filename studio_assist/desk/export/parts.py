"""Parts of the export sheet: what became of it, what stands in its way, and the page as it will be."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio_assist.desk.kit import Card, IconLabel, Label, LinkButton, paint
from studio_assist.desk.theme import Theme
from studio_assist.domain.canvas import PAPER
from studio_assist.interchange.boards_pdf_layout import layout_of
from studio_assist.protocol import BlockedBy, ExportOptions

#: The list of what stands in the way scrolls from here on, px.
_LIST_PX: Final = 150
#: Greys of printed boards, which no theme changes.
_INK: Final = 0x666C75
_GREY: Final = 0xBDC1C7
_PREVIEW_PX: Final = QSize(118, 118)


class PagePreview(QWidget):
    """A page of the book, drawn small from the layout that the book itself has."""

    def __init__(self, theme: Theme, aspect: float) -> None:
        super().__init__()
        self._theme: Final = theme
        self._aspect: Final = aspect
        self._options = ExportOptions()
        self.setFixedSize(_PREVIEW_PX)
        theme.changed.connect(self.update)

    # methods

    def show_options(self, options: ExportOptions) -> None:
        """Show the page of these options."""
        self._options = options
        way = "landscape" if options.landscape else "portrait"
        paper = "A4" if options.paper == "a4" else "Letter"
        count = f"{options.panels} {'panel' if options.panels == 1 else 'panels'} a page"
        self.setAccessibleName(f"{count}, {paper}, {way}")
        self.update()

    # events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        options, theme = self._options, self._theme
        fields = set(options.fields)
        has_words = bool(fields & {"action", "dialogue", "notes"})
        page = layout_of(
            options.panels, options.paper, self._aspect, landscape=options.landscape, words=has_words
        )
        scale = (min(self.width(), self.height()) - 2) / max(page.width, page.height)
        painter.translate((self.width() - page.width * scale) / 2, (self.height() - page.height * scale) / 2)
        paper = QRectF(0, 0, page.width * scale, page.height * scale)
        # Paper is white in the dark too.
        paint.draw_box(painter, paper, 2, QColor(*PAPER), theme.colour("lineStrong"))
        ink, quiet = QColor(_INK), QColor(_GREY)
        margin = 30 * scale
        painter.fillRect(QRectF(margin, margin, paper.width() * 0.3, 2), ink)
        for place in range(page.panels):
            left, top = page.cell(place)
            x, y = left * scale, (page.height - top) * scale
            wide, high = page.picture[0] * scale, page.picture[1] * scale
            head = 0.0 if page.beside else page.head * scale
            paint.draw_box(painter, QRectF(x, y + head, wide, high), 1, quiet, ink)
            if not has_words:
                continue
            across = page.words_width * scale
            at = QRectF(
                x + wide + 3 if page.beside else x, y if page.beside else y + head + high + 3, across, 1
            )
            foot = y + page.cell_height * scale
            for share in (0.95, 0.8, 0.9):
                if at.top() + 2 < foot:
                    line = QRectF(at)
                    line.setWidth(max(2.0, at.width() * share - (4 if page.beside else 0)))
                    painter.fillRect(line, quiet)
                    at.translate(0, 3.5)


class Altered(Card):
    """Says that what is written is a copy that tells of the broken record."""

    def __init__(self, theme: Theme, why: str) -> None:
        super().__init__(theme, "redGround", 6, None)
        self.setObjectName("export_altered")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 12, 9)
        row.setSpacing(9)
        row.addWidget(IconLabel(theme, "warning", "redText", 16), 0, Qt.AlignmentFlag.AlignTop)
        self._why: Final = why
        self._words: Final = Label(theme, "", "caption", "text", wrap=True)
        row.addWidget(self._words, 1)
        self.show_for(is_copy=True)

    # methods

    def show_for(self, *, is_copy: bool) -> None:
        """Say what becomes of a format: a copy that tells of it, or nothing at all."""
        copy = "The export is a copy that says so. Nothing is recorded."
        none = "Only the script can leave as PDF or Fountain, as a copy that says so."
        self._words.set_text(f"{self._why} {copy if is_copy else none}")


class Result(Card):
    """What became of the export."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface2", 6, None)
        self.setObjectName("export_result")
        self._icon: Final = IconLabel(theme, "check", "text2", 16)
        self._words: Final = Label(theme, "", "caption", "text", wrap=True)
        self.folder: Final = LinkButton(theme, "Show in folder")
        self.folder.setObjectName("export_folder")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 10, 9)
        row.setSpacing(9)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        row.addWidget(self.folder, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    # properties

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.plain

    # methods

    def show_words(self, words: str, icon: str, *, with_folder: bool = False) -> None:
        """Say something; with a link to the folder where a file was written."""
        self._icon.set_icon(icon, "text2")
        self._words.set_text(words)
        self.folder.setVisible(with_folder)
        self.show()


class Places(Card):
    """What stands in the way of a final export, as links.

    Signals:
        chosen: a `protocol.BlockedBy`.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "surface0", 6, None)
        self.setObjectName("export_places")
        self._theme_used: Final = theme
        self._area: Final = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 4, 8)
        column.setSpacing(6)
        words = "A final export opens when each of these is replaced by a person's own:"
        column.addWidget(Label(theme, words, "caption", "text2"))
        column.addWidget(self._area)
        self.hide()

    # methods

    def show_places(self, places: tuple[BlockedBy, ...]) -> None:
        """List them and go to the first."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(1)
        links: list[LinkButton] = []
        for place in places:
            where = place_words(place)
            link = LinkButton(self._theme_used, where, name=f"Go to {where}")
            link.clicked.connect(lambda _checked=False, at=place: self.chosen.emit(at))
            column.addWidget(link)
            links.append(link)
        column.addStretch(1)
        self._area.setWidget(inner)
        # Given to a scroll area, a widget gets a ground of its own.
        inner.setAutoFillBackground(False)
        self._area.setFixedHeight(min(_LIST_PX, inner.sizeHint().height() + 2))
        self.show()
        if links:
            links[0].setFocus(Qt.FocusReason.OtherFocusReason)


class Scrolled(QScrollArea):
    """The options, as high as they are; in a low window they scroll."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self._inner: Final = inner
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)

    # events

    def sizeHint(self) -> QSize:
        return self._inner.sizeHint() + QSize(0, 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(100, min(96, self.sizeHint().height()))


def place_words(place: BlockedBy) -> str:
    """A place as a line of the list."""
    match place.kind:
        case "line":
            return place.where[:1].upper() + place.where[1:]
        case "board":
            return f"Board {place.where}"
        case "sound":
            return f"Sound {place.where}"
