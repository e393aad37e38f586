"""The style sheet, made from the table of tokens.

It dresses stock widgets only: fields, menus, lists, scroll bars, tool tips. Our own widgets (`desk.kit`)
paint themselves from the same table. It sets no font and no colour on QWidget, because a rule that wide would
override what each label says about itself, and costs a match for every widget.
"""

from __future__ import annotations

import re
from typing import Final

from studio_assist.desk.theme.table import Mode, Tokens

#: `@token` stands for that token's colour.
TEMPLATE: Final = """
QToolTip { background: @surface2; color: @text; border: 1px solid @lineStrong; padding: 5px 8px; }
QMenu { background: @surface2; color: @text; border: 1px solid @lineStrong; padding: 5px; }
QMenu::item { padding: 5px 20px 5px 10px; border-radius: 4px; background: transparent; min-width: 120px; }
QMenu::item:selected { background: @selection; }
QMenu::item:disabled { color: @disabled; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: @line; margin: 5px 6px; }
QLineEdit, QTextEdit[field="true"], QPlainTextEdit[field="true"], QSpinBox {
  background: @input; color: @text; border: 1px solid @lineStrong; border-radius: 5px; padding: 0 9px;
  selection-background-color: @selection; selection-color: @text; }
QLineEdit, QSpinBox { min-height: 28px; }
QTextEdit[field="true"], QPlainTextEdit[field="true"] { padding: 5px 7px; }
QLineEdit:hover, QTextEdit[field="true"]:hover, QPlainTextEdit[field="true"]:hover { border-color: @text3; }
QLineEdit:focus, QTextEdit[field="true"]:focus, QPlainTextEdit[field="true"]:focus, QSpinBox:focus {
  border: 2px solid @blue; padding: 0 8px; }
QTextEdit[field="true"]:focus, QPlainTextEdit[field="true"]:focus { padding: 4px 6px; }
QLineEdit:disabled, QSpinBox:disabled { background: @surface0; color: @disabled; border-color: @line; }
QLineEdit[bare="true"] { background: transparent; border: none; padding: 0; }
QAbstractScrollArea { border: none; }
QListView, QTreeView, QTableView {
  background: transparent; border: none; outline: none;
  selection-background-color: @selection; selection-color: @text; }
QTableView { gridline-color: @line; background: @surface0; }
QHeaderView::section {
  background: @surface1; color: @text3; border: none; border-bottom: 1px solid @line; padding: 0 10px; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @lineStrong; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @text3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: @line; }
QSplitter::handle:hover, QSplitter::handle:pressed { background: @blue; }
QCheckBox, QRadioButton { color: @text; spacing: 8px; }
QCheckBox:disabled, QRadioButton:disabled { color: @disabled; }
"""

_TOKEN: Final = re.compile(r"@([A-Za-z][A-Za-z0-9]*)")


def tokens_in(template: str) -> set[str]:
    """The tokens that a template names."""
    return set(_TOKEN.findall(template))


def sheet_of(tokens: Tokens, mode: Mode, template: str = TEMPLATE) -> str:
    """The style sheet of a mode.

    Raises:
        KeyError: the template names a token that the table does not have.
    """
    return _TOKEN.sub(lambda found: tokens.colour(found.group(1), mode), template)
