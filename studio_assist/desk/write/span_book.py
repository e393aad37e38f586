"""Which parts of which lines are temp, kept up line by line so that a keystroke reads only its own line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtGui import QTextBlock

from studio_assist.desk.write.lines import points
from studio_assist.desk.write.spans import Run, break_before, runs_of


class Marks(NamedTuple):
    """What of a line is temp: runs in code points, and the span that the line break before it is part of."""

    runs: tuple[Run, ...]
    joined: str | None


class SpanNews(NamedTuple):
    """Ids of spans that came, went, or changed with an edit."""

    added: list[str]
    removed: list[str]
    changed: list[str]


def marks_of(block: QTextBlock, text: str) -> Marks | None:
    """What of a line is temp; None if nothing is, which is so for nearly all of a script."""
    joined = break_before(block)
    runs = runs_of(block)
    if not runs and joined is None:
        return None
    if not text.isascii():
        runs = tuple(Run(run.id, points(text, run.start), points(text, run.end)) for run in runs)
    return Marks(runs, joined)


class SpanBook:
    """The marks of all lines, and in how many lines each span stands."""

    def __init__(self) -> None:
        self._marks: list[Marks | None] = [None]
        self._lines: Counter[str] = Counter()

    # properties

    @property
    def ids(self) -> list[str]:
        """The spans that stand in the script."""
        return sorted(self._lines)

    @property
    def is_empty(self) -> bool:
        return not self._lines

    # methods

    def marks(self, line: int) -> Marks | None:
        return self._marks[line]

    def reset(self, lines: int) -> None:
        """Begin anew with so many lines, none of them temp."""
        self._marks = [None] * lines
        self._lines.clear()

    def splice(
        self, first: int, old_count: int, new: Sequence[Marks | None], same_text: bool
    ) -> SpanNews | None:
        """Put the marks of new lines in place of old ones.

        Returns:
            what that means for the spans; None where nothing is new.
        """
        old = self._marks[first : first + old_count]
        self._marks[first : first + old_count] = new
        if not any(old) and not any(new):
            return None
        before, after = _counted(old), _counted(new)
        news = SpanNews([], [], [])
        same = same_text and old == list(new)
        for span_id in sorted(before.keys() | after.keys()):
            was = self._lines[span_id]
            now = was - before[span_id] + after[span_id]
            if now:
                self._lines[span_id] = now
            else:
                del self._lines[span_id]
            if now and not was:
                news.added.append(span_id)
            elif was and not now:
                news.removed.append(span_id)
            elif was and not same:
                news.changed.append(span_id)
        return news if any(news) else None

    def ranges(self, texts: Sequence[str], start_of: Callable[[int], int]) -> list[tuple[str, int, int]]:
        """Id, start and end of every stretch of temp text, in code points, in the order of the text.

        Args:
            texts: the lines without their endings.
            start_of: the code-point offset of a line.
        """
        if not self._lines:
            return []
        found: list[tuple[str, int, int]] = []
        open_id: str | None = None
        begin = end = 0
        # Whether all from the open stretch's end to the end of the line before is part of it.
        reaches = False
        for line, marks in enumerate(self._marks):
            if marks is None:
                reaches = False
                continue
            start = start_of(line)
            for run in marks.runs:
                if open_id == run.id == marks.joined and reaches and run.start == 0:
                    end = start + run.end
                else:
                    if open_id is not None:
                        found.append((open_id, begin, end))
                    open_id, begin, end = run.id, start + run.start, start + run.end
                reaches = run.end == len(texts[line])
            if not marks.runs:
                reaches = reaches and marks.joined == open_id and not texts[line]
        if open_id is not None:
            found.append((open_id, begin, end))
        return found


def _counted(marks: Sequence[Marks | None]) -> Counter[str]:
    """In how many of these lines each span stands."""
    return Counter(span_id for known in marks if known for span_id in {run.id for run in known.runs})
