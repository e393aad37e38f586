"""The look: one table, readable in both modes, fonts and icons that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QImage, QPalette
from PySide6.QtWidgets import QApplication

from studio_assist.desk.theme import Mode, Theme
from studio_assist.desk.theme.icons import icon_names
from studio_assist.desk.theme.palette import DISABLED, ROLES
from studio_assist.desk.theme.sheet import TEMPLATE, sheet_of, tokens_in
from studio_assist.desk.theme.table import contrast, read_tokens, shipped_tokens
from studio_assist.domain.errors import Damaged
from studio_assist.paths import resource

MODES: tuple[Mode, ...] = ("dark", "light")

#: What is read on what. 4.5 is WCAG's ratio for body text.
READ_ON = [
    *(
        (text, ground)
        for text in ("text", "text2", "text3")
        for ground in ("surface0", "surface1", "surface2")
    ),
    *((text, ground) for text in ("text", "text2", "text3") for ground in ("input", "page")),
    ("pageText", "page"),
    ("pageText", "amberGround"),
    ("text", "selection"),
    ("text2", "selection"),
    ("text", "blueGround"),
    ("text", "surface3"),
    ("amberText", "surface1"),
    ("amberText", "surface2"),
    ("amberText", "page"),
    ("onAmber", "amber"),
    ("greenText", "surface1"),
    ("greenText", "greenGround"),
    ("redText", "surface1"),
    ("redText", "redGround"),
    ("blueText", "surface1"),
    ("blueText", "surface2"),
    ("onBlue", "blueFill"),
    ("onBlue", "bluePressed"),
]


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme("dark")
    theme.apply(qapp)
    yield theme
    theme.set_mode("system")
    qapp.setStyleSheet("")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("text", "ground"), READ_ON)
def test_what_is_read_stands_out_from_its_ground(mode: Mode, text: str, ground: str) -> None:
    tokens = shipped_tokens()
    assert contrast(tokens.colour(text, mode), tokens.colour(ground, mode)) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_focus_stands_out_from_every_surface(mode: Mode) -> None:
    tokens = shipped_tokens()
    for ground in ("surface0", "surface1", "surface2", "input", "page"):
        assert contrast(tokens.colour("blue", mode), tokens.colour(ground, mode)) >= 3


def test_contrast_is_the_known_one() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_style_sheet_and_palette_name_only_tokens_that_exist() -> None:
    known = set(shipped_tokens().colours)
    assert tokens_in(TEMPLATE) <= known
    assert set(ROLES.values()) | set(DISABLED.values()) <= known
    for mode in MODES:
        sheet = sheet_of(shipped_tokens(), mode)
        assert "@" not in sheet
        # No colour may come from beside the table.
        assert set(re.findall(r"#[0-9A-Fa-f]{6,8}", sheet)) <= {
            shipped_tokens().colour(token, mode) for token in tokens_in(TEMPLATE)
        }


def test_every_colour_that_the_desk_asks_for_exists() -> None:
    desk = Path(resource()).parent / "studio_assist" / "desk"
    asked = set[str]()
    for path in desk.rglob("*.py"):
        asked |= set(re.findall(r"\.colour\(\"(\w+)\"\)", path.read_text("utf-8")))
    assert asked
    assert asked <= set(shipped_tokens().colours)


def test_a_table_with_a_wrong_colour_says_where(tmp_path: Path) -> None:
    table = tmp_path / "tokens.toml"
    table.write_text('[colour]\nwin = ["#101214", "grey"]\n')
    with pytest.raises(Damaged) as caught:
        read_tokens(table)
    assert "win" in (caught.value.place or "")


def test_turning_the_mode_turns_palette_and_colours_and_tells_once(theme: Theme, qapp: QApplication) -> None:
    told: list[str] = []
    theme.changed.connect(lambda: told.append(theme.mode))
    theme.set_mode("light")
    theme.set_mode("light")
    assert told == ["light"]
    assert theme.colour("surface1") == QColor("#F7F8F9")
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor("#F7F8F9")


def test_the_theme_follows_the_system_only_when_asked_to(
    theme: Theme, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints = qapp.styleHints()
    theme.set_mode("dark")
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.mode == "dark"
    theme.set_mode("system")
    monkeypatch.setattr(theme, "_resolve", lambda: "light")
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.mode == "light"


def test_fonts_are_the_bundled_ones_with_their_weights(theme: Theme) -> None:
    for role in shipped_tokens().roles:
        shown = QFontInfo(theme.font(role))
        assert shown.family() == "Inter"
        assert shown.weight() == theme.role(role).weight
        assert shown.pixelSize() == theme.role(role).px


def test_figures_are_tabular_and_the_hyphen_is_not_widened(theme: Theme) -> None:
    measures = QFontMetricsF(theme.font("body"))
    assert measures.horizontalAdvance("1111") == measures.horizontalAdvance("0000")
    assert measures.horizontalAdvance("-") < 0.9 * measures.horizontalAdvance("0")


@pytest.mark.parametrize(("bold", "italic"), [(False, False), (True, False), (False, True), (True, True)])
def test_all_four_script_faces_are_what_they_say(theme: Theme, bold: bool, italic: bool) -> None:
    font = theme.script_font(15, bold=bold, italic=italic)
    shown = QFontInfo(font)
    assert (shown.family(), shown.weight() >= 600, shown.italic()) == ("Courier Prime", bold, italic)
    assert QFontMetricsF(font).horizontalAdvance("M" * 60) == pytest.approx(540, abs=2)
    assert QFontMetricsF(font).horizontalAdvance("i" * 60) == QFontMetricsF(font).horizontalAdvance("M" * 60)


def test_fonts_lie_beside_their_licences() -> None:
    for family in ("Inter", "CourierPrime"):
        assert "SIL OPEN FONT LICENSE" in resource("fonts", f"{family}-OFL.txt").read_text("utf-8")
        assert list(resource("fonts").glob(f"{family}-*.ttf"))


@pytest.mark.parametrize("name", icon_names())
def test_every_icon_draws_strokes_in_the_colour_asked_for(theme: Theme, name: str) -> None:
    image = theme.pixmap(name, "red", 24, 2).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    drawn = [pixel for pixel in pixels if pixel.alpha() > 250]
    wanted = theme.colour("red")
    assert drawn
    # Blending rounds: a channel may be off by a few.
    for pixel in drawn:
        off = (pixel.red() - wanted.red(), pixel.green() - wanted.green(), pixel.blue() - wanted.blue())
        assert max(map(abs, off)) <= 4


def test_icons_are_strokes_without_fill() -> None:
    for name in icon_names():
        source = resource("icons", f"{name}.svg").read_text("utf-8")
        assert 'fill="none"' in source
        assert 'stroke="currentColor"' in source
        assert 'stroke-width="1.6"' in source
        assert 'viewBox="0 0 24 24"' in source


def test_an_unknown_name_is_an_error_where_it_is_asked(theme: Theme) -> None:
    for ask in (theme.colour, theme.font, theme.icon):
        with pytest.raises(KeyError):
            ask("nothing")
