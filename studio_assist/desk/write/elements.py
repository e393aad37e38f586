"""What Enter and Tab do, as in Final Draft and Beat, written as Fountain.

Pure: each function looks at the line the caret is in and says what to write. A blank line has no type in the
file, so what a person is about to write there is *meant*: it is shown in that element's column, capitals
included, until the text itself says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from studio_assist.domain.screenplay import SPEECH, ElementType
from studio_assist.interchange.fountain import as_element, blank_lines_needed

E = ElementType

#: The elements that the combo offers, with their names in the field.
NAMES: Final[dict[ElementType, str]] = {
    E.SCENE_HEADING: "Scene heading",
    E.ACTION: "Action",
    E.CHARACTER: "Character",
    E.PARENTHETICAL: "Parenthetical",
    E.DIALOGUE: "Dialogue",
    E.TRANSITION: "Transition",
    E.CENTERED: "Centred",
    E.LYRICS: "Lyrics",
    E.SECTION: "Section",
    E.SYNOPSIS: "Synopsis",
    E.NOTE: "Note",
}
#: Names of what the combo only shows.
SHOWN_NAMES: Final[dict[ElementType, str]] = {
    E.TITLE_PAGE: "Title page",
    E.PAGE_BREAK: "Page break",
    E.BONEYARD: "Boneyard",
    E.BLANK: "Action",
}

_CYCLE: Final = (E.ACTION, E.CHARACTER, E.TRANSITION, E.SCENE_HEADING)
#: Elements whose lines simply follow each other: Enter there is a new line and no more.
_PLAIN: Final = frozenset({E.TITLE_PAGE, E.BONEYARD, E.NOTE, E.SECTION, E.SYNOPSIS, E.PAGE_BREAK})


#: Elements that are nothing without their marks.
_MARKED: Final = frozenset({E.PARENTHETICAL, E.NOTE, E.SECTION, E.SYNOPSIS, E.LYRICS, E.CENTERED})
#: Where the caret goes in an element that was made empty, for those with a closing mark.
_INSIDE: Final = {E.PARENTHETICAL: 1, E.NOTE: 2, E.CENTERED: 2}


@dataclass(frozen=True)
class Here:
    """The line that the caret is in.

    Attributes:
        text: the line, without its ending.
        column: where the caret stands in it, in code points.
        kind: the element that the line is shown as.
        above, below: the neighbouring lines, empty at the script's ends.
        above_kind, below_kind: what those are; BLANK at the ends.
    """

    text: str
    column: int
    kind: ElementType
    above: str = ""
    below: str = ""
    above_kind: ElementType = E.BLANK
    below_kind: ElementType = E.BLANK

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()

    @property
    def at_end(self) -> bool:
        return self.column >= len(self.text.rstrip())


@dataclass(frozen=True)
class Plan:
    """What to write: `text` in place of columns `start` to `end` of the line, then the caret.

    Attributes:
        caret: code points from `start`.
        meant: what lines are about to be; by line, counted from the caret's line before the edit.
    """

    start: int
    end: int
    text: str
    caret: int
    meant: dict[int, ElementType] = field(default_factory=dict[int, ElementType])


def enter(here: Here) -> Plan:
    """Enter: on to the element that naturally follows."""
    column = here.column
    if here.is_empty:
        return _enter_on_empty(here)
    kind = here.kind
    if kind in _PLAIN or column == 0:
        return _break(column, "\n")
    if kind is E.PARENTHETICAL:
        close = len(here.text.rstrip())
        if here.text.rstrip().endswith(")") and column == close - 1:
            column = close
        return _break(column, "\n", {1: E.DIALOGUE})
    if kind is E.CHARACTER:
        return _break(column, "\n", {0: E.CHARACTER, 1: E.DIALOGUE})
    if kind is E.LYRICS and here.at_end:
        return _break(column, "\n~")
    if kind in (E.DIALOGUE, E.LYRICS):
        if not here.at_end or here.below_kind in SPEECH:
            return _break(column, "\n", {1: E.DIALOGUE} if here.at_end else {})
        return _break(column, "\n\n", {2: E.ACTION})
    if kind is E.SCENE_HEADING:
        return _break(column, "\n\n", {2: E.ACTION})
    if kind is E.TRANSITION:
        return _break(column, "\n\n", {2: E.SCENE_HEADING} if here.at_end else {})
    paragraph = not here.at_end or not here.below.strip()
    return _break(column, "\n\n" if paragraph else "\n")


def tab(here: Here) -> Plan:
    """Tab: the next element for this line, or the part of a speech that goes on from here."""
    if here.kind is E.PARENTHETICAL:
        return _out_of_parenthetical(here)
    if here.kind is E.DIALOGUE:
        return _parenthetical(here)
    if here.kind is E.CHARACTER and not here.is_empty and here.at_end:
        return _parenthetical(here)
    return _cycled(here, 1)


def back_tab(here: Here) -> Plan:
    """Shift Tab: the cycle the other way round."""
    return _cycled(here, -1)


def convert(here: Here, kind: ElementType, *, lightly: bool = False) -> Plan | None:
    """Turn the line into an element; None where it cannot stand (a dialogue without a cue above).

    Args:
        lightly: leave a cue unforced although no speech follows yet, because the person goes on to write it.
    """
    if kind in (E.DIALOGUE, E.PARENTHETICAL) and here.above_kind not in SPEECH:
        return None
    needs_above, needs_below = blank_lines_needed(kind)
    leaves_speech = kind not in SPEECH and here.above_kind in SPEECH
    above = "\n" if here.above.strip() and (needs_above or leaves_speech) else ""
    below = "\n" if here.below.strip() and needs_below else ""
    if here.is_empty and kind not in _MARKED:
        if kind is E.CHARACTER and here.below.strip() and here.below_kind not in SPEECH:
            # What stands below is not to become this character's words.
            below = "\n"
        return Plan(here.column, here.column, above + below, len(above), {len(above): kind})
    line = as_element(here.text, kind, "" if above else here.above, "" if below else here.below)
    if kind is E.CHARACTER and not lightly and not here.below.strip() and not line.startswith("@"):
        # Nothing is spoken below, so only the mark makes it a cue.
        line = "@" + line
    caret = len(above) + (_INSIDE.get(kind, len(line)) if here.is_empty else _kept_column(here, line))
    return Plan(0, len(here.text), above + line + below, caret, {len(above): kind} if lightly else {})


# internals


def _break(column: int, text: str, meant: dict[int, ElementType] | None = None) -> Plan:
    return Plan(column, column, text, len(text), meant or {})


def _enter_on_empty(here: Here) -> Plan:
    if here.kind in (E.ACTION, E.BLANK) or here.kind in _PLAIN:
        return _break(here.column, "\n")
    if here.above.strip():
        # Away from the speech above: a blank line has to stand between.
        return _break(here.column, "\n", {1: E.ACTION})
    return Plan(here.column, here.column, "", 0, {0: E.ACTION})


def _parenthetical(here: Here) -> Plan:
    if here.is_empty:
        return Plan(0, len(here.text), "()", 1, {0: E.PARENTHETICAL, -1: E.CHARACTER})
    if here.at_end:
        return Plan(here.column, len(here.text), "\n()", 2, {1: E.PARENTHETICAL})
    rest = len(here.text) - len(here.text[here.column :].lstrip())
    return Plan(len(here.text[: here.column].rstrip()), rest, "\n()\n", 2, {})


def _out_of_parenthetical(here: Here) -> Plan:
    bare = here.text.strip()
    if bare in ("()", "(", ""):
        return Plan(0, len(here.text), "", 0, {0: E.DIALOGUE})
    end = len(here.text.rstrip())
    close = "" if bare.endswith(")") else ")"
    if here.below_kind is E.DIALOGUE:
        # On to the speech that stands there already: one past the line break.
        return Plan(end, len(here.text), close, len(close) + 1, {})
    return Plan(end, len(here.text), close + "\n", len(close) + 1, {1: E.DIALOGUE})


def _cycled(here: Here, step: int) -> Plan:
    kind = here.kind if here.kind in _CYCLE else E.ACTION
    wanted = _CYCLE[(_CYCLE.index(kind) + step) % len(_CYCLE)]
    plan = convert(here, wanted, lightly=True)
    return plan if plan is not None else Plan(here.column, here.column, "", 0, {})


def _kept_column(here: Here, line: str) -> int:
    """Where the caret is in the rewritten line: as far from its end as it was."""
    behind = len(here.text.rstrip()) - here.column
    return min(len(line), max(0, len(line) - max(0, behind)))
