"""The look of the desk: colours, type and icons from one table, in dark and in light."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from studio_assist.desk.theme import icons
from studio_assist.desk.theme.palette import palette_of
from studio_assist.desk.theme.sheet import sheet_of
from studio_assist.desk.theme.table import Mode, Role, Tokens, shipped_tokens
from studio_assist.domain.errors import Unavailable
from studio_assist.paths import resource

__all__ = ["Choice", "Mode", "Theme"]

#: What a person can choose; "system" follows the desktop.
Choice = Literal["dark", "light", "system"]

INTERFACE_FAMILY: Final = "Inter"
SCRIPT_FAMILY: Final = "Courier Prime"


class Theme(QObject):
    """Colours, fonts and icons of the mode that is on.

    `app.py` makes one and hands it down; a widget that paints keeps it and repaints on `changed`. Needs a
    QApplication. Until `apply` is called it changes nothing about the application.
    """

    changed = Signal()

    def __init__(
        self, choice: Choice = "system", *, tokens: Tokens | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tokens: Final = tokens or shipped_tokens()
        self._choice: Choice = choice
        self._app: QApplication | None = None
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[str, QFont] = {}
        self._icons: dict[tuple[str, str, int], QIcon] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        load_fonts()
        self._mode: Mode = self._resolve()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    # properties

    @property
    def mode(self) -> Mode:
        """The mode that is on, "dark" or "light"."""
        return self._mode

    @property
    def choice(self) -> Choice:
        """What was chosen: a mode, or "system"."""
        return self._choice

    # methods

    def apply(self, app: QApplication) -> None:
        """Dress the application (Fusion, palette, font, style sheet), and again when the mode turns."""
        self._app = app
        app.setStyle("Fusion")
        app.setFont(self.font("body"))
        self._dress()

    def set_mode(self, choice: Choice) -> None:
        """Choose dark, light, or what the system says."""
        self._choice = choice
        hints = QGuiApplication.styleHints()
        # The window manager's own title bar follows this hint.
        if choice == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if choice == "dark" else Qt.ColorScheme.Light)
        self._turn(self._resolve())

    def colour(self, token: str) -> QColor:
        """The colour of a token.

        Raises:
            KeyError: no such token.
        """
        known = self._colours.get(token)
        if known is None:
            known = self._colours[token] = QColor(self._tokens.colour(token, self._mode))
        return QColor(known)

    def role(self, role: str) -> Role:
        """The measures of a type role: size, line height, weight.

        Raises:
            KeyError: no such role.
        """
        return self._tokens.roles[role]

    def font(self, role: str) -> QFont:
        """The interface font of a type role, with tabular figures.

        Raises:
            KeyError: no such role.
        """
        known = self._fonts.get(role)
        if known is None:
            measures = self.role(role)
            known = QFont(INTERFACE_FAMILY)
            known.setPixelSize(measures.px)
            known.setWeight(QFont.Weight(measures.weight))
            known.setFeature(QFont.Tag("tnum"), 1)
            known.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            if measures.tracking:
                known.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 100 + measures.tracking)
            self._fonts[role] = known
        return QFont(known)

    def script_font(self, px: float, bold: bool = False, italic: bool = False) -> QFont:
        """The screenplay's font. Ten characters are 6 px wide for each px of size.

        Args:
            px: size in px; QFont keeps a fraction only as points, so a fraction goes in that way.
        """
        font = QFont(SCRIPT_FAMILY)
        if px == int(px):
            font.setPixelSize(int(px))
        else:
            screen = QGuiApplication.primaryScreen()
            font.setPointSizeF(px * 72 / (screen.logicalDotsPerInchY() if screen else 96))
        font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        font.setItalic(italic)
        font.setStyleHint(QFont.StyleHint.TypeWriter)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        font.setKerning(False)
        return font

    def icon(self, name: str, token: str = "text2", size: int = 16) -> QIcon:
        """An icon in a token's colour, with its disabled form. Ask again on `changed`.

        Raises:
            KeyError: no such icon or token.
        """
        key = (name, token, size)
        known = self._icons.get(key)
        if known is None:
            known = icons.make_icon(name, self.colour(token), self.colour("disabled"), size)
            self._icons[key] = known
        return known

    def pixmap(self, name: str, token: str = "text2", size: int = 16, ratio: float | None = None) -> QPixmap:
        """An icon as a picture for a painter, at `ratio` device pixels to a px (default: the screen's).

        Raises:
            KeyError: no such icon or token.
        """
        scale = ratio or icons.screen_ratio()
        key = (name, token, size, scale)
        known = self._pixmaps.get(key)
        if known is None:
            known = self._pixmaps[key] = icons.render(name, self.colour(token), size, scale)
        return known

    # slots

    def _system_changed(self) -> None:
        if self._choice == "system":
            self._turn(self._resolve())

    # internals

    def _resolve(self) -> Mode:
        if self._choice != "system":
            return self._choice
        # A system that does not say gets dark, the mode that the desk was drawn in.
        scheme = QGuiApplication.styleHints().colorScheme()
        return "light" if scheme == Qt.ColorScheme.Light else "dark"

    def _turn(self, mode: Mode) -> None:
        if mode == self._mode:
            return
        self._mode = mode
        self._colours.clear()
        self._icons.clear()
        self._pixmaps.clear()
        if self._app is not None:
            self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        if self._app is None:
            return
        self._app.setPalette(palette_of(self._tokens, self._mode))
        self._app.setStyleSheet(sheet_of(self._tokens, self._mode))


def load_fonts() -> None:
    """Load the fonts that ship with the program, by file, once an application.

    Raises:
        Unavailable: a font file is missing or cannot be read.
    """
    app = QGuiApplication.instance()
    if app is None or app.property("studio_fonts"):
        return
    for path in sorted(resource("fonts").glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise Unavailable(
                "A font that ships with the program cannot be read.",
                remedy="Install Studio Assist again.",
                place=str(path),
            )
    app.setProperty("studio_fonts", True)
