"""The script as lines that can be edited: `Script.edit` reads again only what an edit touches.

The text between two empty lines is a world of its own: nothing in it depends on what stands before or
behind, but for boneyards (which may run over empty lines) and the pairing of dual dialogue. So an edit
classifies the lines from the empty line before it to the next one behind.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate, chain
from operator import add
from typing import Final, TypeVar

from studio_assist.domain.screenplay import (
    Change,
    Element,
    ElementType,
    Line,
    Range,
    Scene,
    Screenplay,
    Style,
)
from studio_assist.interchange.fountain import content
from studio_assist.interchange.fountain.classify import classify
from studio_assist.interchange.fountain.dual import columns_of, reach
from studio_assist.interchange.fountain.elements import build_elements, build_scenes, names, places
from studio_assist.interchange.fountain.hidden import (
    PLAIN,
    HiddenScanner,
    has_marks,
    stand_in,
    visible,
)
from studio_assist.interchange.fountain.lines import part_endings, replace_endings, split_lines
from studio_assist.interchange.fountain.rules import cue_of, heading_of, is_empty
from studio_assist.interchange.fountain.title import title_kinds, title_values

_BONEYARD_MARK: Final = re.compile(r"/\*|\*/")
_BOM: Final = "\ufeff"
_NONE: Final[tuple[Range, ...]] = ()
#: In a longer paragraph an edit reads only about so many lines before and behind it.
_FAR: Final = 40
#: Marks of notes and boneyards, which reach over lines.
_REACHES_FAR: Final = re.compile(r"\[\[|\]\]|/\*|\*/")
#: A line behind which the classifier knows what it knows behind a steady line of this kind.
_LEAD: Final = {ElementType.ACTION: "!", ElementType.DIALOGUE: "@A"}


def parse(text: str) -> Script:
    """Read a script. Every text is one; nothing of it is lost, and `parse(text).text == text`."""
    return Script(text)


class Script:
    """A script's lines with what each of them is.

    `texts`, `kinds` and `columns` are live lists for reading, one entry a line. Line numbers count from 0;
    a script has one line more than line endings.
    """

    def __init__(self, text: str) -> None:
        self.texts: list[str]
        self.kinds: list[ElementType] = []
        self.columns: list[int] = []
        self._endings: list[str]
        self._states: list[int] = []
        self._hidden: list[tuple[Range, ...]] = []
        self._markup: list[tuple[Range, ...] | None] = []
        self.texts, self._endings = split_lines(text)
        self._text: str | None = text
        self._starts: list[int] | None = None
        self._elements: list[Element] | None = None
        self._scenes: list[Scene] | None = None
        self._screenplay: Screenplay | None = None
        self._has_dual = "^" in text
        self._read_all("[[" in text or "/*" in text)

    # properties

    @property
    def text(self) -> str:
        """The whole text, byte for byte what was read but for what was edited."""
        if self._text is None:
            self._text = "".join(chain.from_iterable(zip(self.texts, self._endings, strict=True)))
        return self._text

    @property
    def line_count(self) -> int:
        return len(self.texts)

    @property
    def lines(self) -> list[Line]:
        """All lines with their offsets; for one of them `line` is cheaper."""
        return [self.line(index) for index in range(len(self.texts))]

    @property
    def elements(self) -> list[Element]:
        """The elements in order; their slices put together are the whole text."""
        if self._elements is None:
            self._elements = build_elements(self)
        return self._elements

    @property
    def scenes(self) -> list[Scene]:
        """The scenes in order. Cheap enough to ask for after every keystroke."""
        if self._scenes is None:
            self._scenes = build_scenes(self)
        return self._scenes

    @property
    def characters(self) -> list[str]:
        """Names that speak, in order of first appearance."""
        return names(self)

    @property
    def locations(self) -> list[str]:
        """Scene headings without the time of day, in order of first appearance."""
        return places(self)[0]

    @property
    def times(self) -> list[str]:
        """Times of day in scene headings, in order of first appearance."""
        return places(self)[1]

    @property
    def transitions(self) -> list[str]:
        """Transitions of the script, in order of first appearance."""
        found = (self.printed(line).strip() for line in self.lines_of(ElementType.TRANSITION))
        return list(dict.fromkeys(filter(None, found)))

    @property
    def title_page(self) -> dict[str, str]:
        """Lower-case keys to values; empty without a title page."""
        return title_values([self.visible(line) for line in self.lines_of(ElementType.TITLE_PAGE)])

    @property
    def screenplay(self) -> Screenplay:
        """The whole script as one value; kept until the next edit."""
        if self._screenplay is None:
            self._screenplay = Screenplay(
                self.text, self.title_page, self.elements, self.scenes, self.characters
            )
        return self._screenplay

    # methods

    def kind(self, line: int) -> ElementType:
        return self.kinds[line]

    def line_text(self, line: int) -> str:
        """A line without its ending."""
        return self.texts[line]

    def ending(self, line: int) -> str:
        return self._endings[line]

    def column(self, line: int) -> int:
        """0 for a line of its own, 1 and 2 for the left and right speech of a dual dialogue."""
        return self.columns[line]

    def state(self, line: int) -> int:
        """Where a line begins: `hidden.PLAIN`, `IN_BONEYARD` or `IN_NOTE`."""
        return self._states[line]

    def markup(self, line: int) -> tuple[Range, ...]:
        """Ranges within a line that are not printed, in order, disjoint."""
        ranges = self._markup[line]
        if ranges is None:
            ranges = content.markup(self.kinds[line], self.texts[line], self._hidden[line])
            if line == 0 and self.texts[0].startswith(_BOM):
                ranges = _with_bom(ranges)
            self._markup[line] = ranges
        return ranges

    def styles(self, line: int) -> tuple[Style, ...]:
        """Emphasised ranges within a line."""
        return content.styles(self.kinds[line], self.texts[line], self._hidden[line])

    def visible(self, line: int) -> str:
        """A line without notes, boneyards and byte-order mark; its own markup kept."""
        hidden = self._hidden[line]
        text = visible(self.texts[line], hidden) if hidden else self.texts[line]
        return text.removeprefix(_BOM) if line == 0 else text

    def printed(self, line: int) -> str:
        """What is printed of a line: its text without markup."""
        ranges = self.markup(line)
        return visible(self.texts[line], ranges) if ranges else self.texts[line]

    def number(self, line: int) -> str:
        """The number written in a scene heading; empty without one."""
        return heading_of(self.visible(line))[1] or ""

    def is_dual(self, line: int) -> bool:
        """Whether a line is a cue with the mark of dual dialogue."""
        return self.kinds[line] is ElementType.CHARACTER and cue_of(self.visible(line)).dual

    def hidden_ranges(self, line: int) -> tuple[Range, ...]:
        """Notes and boneyards within a line."""
        return self._hidden[line]

    def lines_with_hidden(self) -> set[int]:
        """The lines that hold notes or boneyards."""
        return {line for line, ranges in enumerate(self._hidden) if ranges}

    def offsets(self) -> list[int]:
        """Where every line begins, and the length of the text."""
        if self._starts is None:
            lengths = map(add, map(len, self.texts), map(len, self._endings))
            self._starts = list(accumulate(lengths, initial=0))
        return self._starts

    def start(self, line: int) -> int:
        """Code points before a line."""
        return self.offsets()[line]

    def line_at(self, offset: int) -> int:
        """The line that holds a code point; an offset behind the end belongs to the last line."""
        return bisect_right(self.offsets(), offset, 0, len(self.texts)) - 1

    def line(self, line: int) -> Line:
        starts = self.offsets()
        return Line(self.kinds[line], starts[line], starts[line + 1], self.markup(line), self.columns[line])

    def lines_of(self, kind: ElementType) -> list[int]:
        """The lines of a kind, in order."""
        return [line for line, other in enumerate(self.kinds) if other is kind]

    def scene_at(self, line: int) -> Scene | None:
        """The scene that a line is in, None before the first heading."""
        scenes = self.scenes
        index = bisect_right(scenes, line, key=_first_line) - 1
        return scenes[index] if index >= 0 else None

    def edit(self, first: int, removed: int, new_lines: Sequence[str]) -> Change:
        """Replace `removed` lines from `first` on by new ones, and read again what that touches.

        Untouched lines keep their endings; a new line takes the ending of the line whose place it has, or
        the one used around it.

        Args:
            new_lines: lines without endings; one with an ending inside counts as several.

        Returns:
            the lines whose text, kind, markup or column may differ from before.
        """
        new = list(new_lines)
        if any("\r" in line or "\n" in line for line in new):
            new = [part for line in new for part in split_lines(line)[0]]
        removed = min(removed, len(self.texts) - first)
        if removed == len(self.texts) and not new:
            new = [""]
        old = self.texts[first : first + removed]
        replace_endings(self._endings, first, removed, len(new))
        self.texts[first : first + removed] = new
        part_endings(self._endings, self.texts, first, len(new))
        self._forget()
        self._has_dual = self._has_dual or any("^" in line for line in new)
        if self._moves_boneyards(old, new):
            return self._read_again(first, removed, len(new))
        return self._read_block(first, removed, len(new), old)

    # internals

    def _forget(self) -> None:
        self._text = self._starts = self._elements = self._scenes = self._screenplay = None

    def _read_all(self, has_marks_anywhere: bool) -> None:
        size = len(self.texts)
        self._markup = [None] * size
        self.columns = [0] * size
        lines = self.texts
        if has_marks_anywhere:
            lines, self._states, self._hidden = self._hide(0, _never)
        else:
            self._states = [PLAIN] * size
            self._hidden = [_NONE] * size
        self.kinds = _kinds_of(lines, at_start=True)
        if self._has_dual:
            self._pair(0, size)

    def _hide(self, first: int, done: Callable[[int], bool]) -> _Window:
        """Find notes and boneyards from a plain line on, up to the first plain line that is `done`."""
        scanner = HiddenScanner(self.texts)
        window: _Window = ([], [], [])
        lines, states, hidden = window
        state = PLAIN
        for index in range(first, len(self.texts)):
            line = self.texts[index]
            if state == PLAIN and done(index):
                break
            ranges = _NONE
            states.append(state)
            if state != PLAIN or has_marks(line):
                before = state
                ranges, state = scanner.scan(index, before)
                if ranges:
                    line = stand_in(line, ranges, before)
            lines.append(line)
            hidden.append(ranges)
        return window

    def _moves_boneyards(self, old: list[str], new: list[str]) -> bool:
        """Whether an edit can open or close a boneyard, whose reach has no bound."""
        before, after = _boneyard_marks(old), _boneyard_marks(new)
        return before != after or bool(before and len(old) != len(new))

    def _read_again(self, first: int, removed: int, added: int) -> Change:
        """Read the whole script again and say what became different."""
        before = list(zip(self.kinds, self._states, self._hidden, self.columns, strict=True))
        self._read_all(any(map(has_marks, self.texts)))
        after = list(zip(self.kinds, self._states, self._hidden, self.columns, strict=True))
        return _difference(before, after, 0, Change(first, removed, added))

    def _read_block(self, first: int, removed: int, added: int, old: Sequence[str]) -> Change:
        """Read again the paragraphs that an edit touches; of a very long one only what is near the edit."""
        behind = first + added
        touched = (*old, *self.texts[first:behind])
        far = (
            _FAR
            if not any(is_empty(line) or _REACHES_FAR.search(line) for line in touched)
            else len(self.texts)
        )
        start = first
        while start > 0 and not self._is_gap(start - 1):
            start -= 1
            if first - start > far and self._is_steady(start - 1) and self._is_steady(start):
                break
        lead = _LEAD[self.kinds[start - 1]] if start > 0 and not self._is_gap(start - 1) else None
        old_kinds = _splice(self.kinds, first, removed, [ElementType.BLANK] * added)
        old_states = _splice(self._states, first, removed, [PLAIN] * added)
        old_hidden = _splice(self._hidden, first, removed, [_NONE] * added)
        _splice(self._markup, first, removed, [None] * added)
        _splice(self.columns, first, removed, [0] * added)

        def at_gap(line: int) -> bool:
            return line >= behind and self._is_gap(line)

        def far_enough(line: int) -> bool:
            return at_gap(line) or (
                line > behind + far and all(self._is_steady(near) for near in range(line - 2, line + 1))
            )

        lines, states, hidden, kinds = self._read_window(start, lead, far_enough)
        stop = start + len(lines)
        if stop < len(self.texts) and not at_gap(stop) and kinds[-2:] != self.kinds[stop - 2 : stop]:
            # The edit changed what goes on behind it: to the paragraph's end, then.
            lines, states, hidden, kinds = self._read_window(start, lead, at_gap)
            stop = start + len(lines)
        before = list(
            zip(
                self.kinds[start:first] + old_kinds + self.kinds[behind:stop],
                self._states[start:first] + old_states + self._states[behind:stop],
                self._hidden[start:first] + old_hidden + self._hidden[behind:stop],
                strict=True,
            )
        )
        after = list(zip(kinds, states, hidden, strict=True))
        self.kinds[start:stop] = kinds
        self._states[start:stop] = states
        self._hidden[start:stop] = hidden
        change = _difference(before, after, start, Change(first, removed, added))
        end = change.first + change.new_count
        self._markup[change.first : end] = [None] * change.new_count
        if self._has_dual:
            touched = self._pair(change.first, end)
            low, high = min(change.first, touched[0]), max(end, touched[1])
            grown = (high - low) - change.new_count
            change = Change(low, change.old_count + grown, change.new_count + grown)
        return change

    def _read_window(
        self, start: int, lead: str | None, done: Callable[[int], bool]
    ) -> tuple[list[str], list[int], list[tuple[Range, ...]], list[ElementType]]:
        """Read lines from one on; `lead` stands for what goes before, where that is not a gap."""
        lines, states, hidden = self._hide(start, done)
        if lead is None:
            return lines, states, hidden, _kinds_of(lines, at_start=start == 0)
        return lines, states, hidden, _kinds_of([lead, *lines], at_start=False)[1:]

    def _is_gap(self, line: int) -> bool:
        """Whether a line stands between two paragraphs."""
        return self._states[line] == PLAIN and is_empty(self.texts[line])

    def _is_steady(self, line: int) -> bool:
        """Whether what the classifier knows behind a line follows from the line's kind."""
        return self.kinds[line] in _LEAD and self._states[line] == PLAIN and not self._hidden[line]

    def _pair(self, low: int, high: int) -> Range:
        """Give speeches around these lines their column; returns the range in which columns changed."""
        low, high = reach(self.kinds, self.is_dual, low, high)
        columns = columns_of(self.kinds, self.is_dual, low, high)
        differ = [line for line in range(low, high) if columns[line - low] != self.columns[line]]
        self.columns[low:high] = columns
        return (differ[0], differ[-1] + 1) if differ else (high, low)


#: Lines as the classifier reads them, with the state each begins in and its hidden ranges.
_Window = tuple[list[str], list[int], list[tuple[Range, ...]]]

_T = TypeVar("_T")


def _never(_line: int) -> bool:
    return False


def _splice(entries: list[_T], first: int, removed: int, new: Sequence[_T]) -> list[_T]:
    old = entries[first : first + removed]
    entries[first : first + removed] = new
    return old


def _kinds_of(lines: list[str], *, at_start: bool) -> list[ElementType]:
    if not at_start or not lines:
        return classify(lines)
    if lines[0].startswith(_BOM):
        lines = [lines[0].removeprefix(_BOM), *lines[1:]]
    title = title_kinds(lines)
    return title + classify(lines, len(title)) if title else classify(lines)


def _boneyard_marks(lines: list[str]) -> list[str]:
    return [mark for line in lines if "*" in line and "/" in line for mark in _BONEYARD_MARK.findall(line)]


def _difference(before: Sequence[object], after: Sequence[object], start: int, edit: Change) -> Change:
    """The lines that differ between two readings, and at least those that were edited."""
    low = edit.first - start
    head = next((i for i in range(low) if before[i] != after[i]), low)
    behind = len(after) - low - edit.new_count
    tail = 0
    while tail < behind and before[~tail] == after[~tail]:
        tail += 1
    return Change(start + head, len(before) - head - tail, len(after) - head - tail)


def _with_bom(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    if ranges and ranges[0][0] <= 1:
        return ((0, max(1, ranges[0][1])), *ranges[1:])
    return ((0, 1), *ranges)


def _first_line(scene: Scene) -> int:
    return scene.first_line
