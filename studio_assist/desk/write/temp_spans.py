"""The temp spans of the open script: what the editor's marks mean, and what is saved of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QObject

from studio_assist.desk.write.spans import SpanRange
from studio_assist.domain.temp import Debt, TempSpan, debt_by_scene, debt_of
from studio_assist.domain.values import EntryNumber, sha256_of
from studio_assist.domain.words import kept_share


class TempSpans(QObject):
    """Every span that the editor may show, by id, with the words that the model had offered.

    The editor's marks say where a span stands; this says whose it is. A span that was cut and may come
    back by an undo stays known.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: dict[str, TempSpan] = {}
        self._offered: dict[str, str] = {}
        self._lost: dict[str, TempSpan] = {}

    # methods

    def load(self, spans: Iterable[TempSpan]) -> None:
        """Take over a project's spans."""
        self._known.clear()
        self._offered.clear()
        self._lost.clear()
        for span in spans:
            (self._lost if span.state == "lost" else self._known)[span.id] = span

    def add(self, span: TempSpan, offered: str) -> None:
        """A decision made a new one."""
        self._known[span.id] = span
        self._offered[span.id] = offered

    def set_offered(self, span_id: str, offered: str | None) -> None:
        """What the model had offered, once the broker has told; None where it was forgotten."""
        if offered is not None:
            self._offered[span_id] = offered

    def replaced(self, span_id: str) -> None:
        """A person's words stand in its place. It stays known, because an undo may bring it back."""
        self._lost.pop(span_id, None)

    def redone(self, span_id: str, span: TempSpan) -> None:
        """A redo brought it back, under a decision of its own."""
        self._known[span_id] = span.model_copy(update={"id": span_id})

    def get(self, span_id: str) -> TempSpan | None:
        """A span by the editor's id; a copy of one (pasted twice) is its original's."""
        return (
            self._known.get(span_id) or self._known.get(span_id.split(".", 1)[0]) or self._lost.get(span_id)
        )

    def id_of(self, entry: EntryNumber) -> str:
        """The editor's id of what a decision made; a redo decides anew and keeps the id."""
        return next((span.id for span in self._known.values() if span.entry == entry), f"t{entry}")

    def lost(self) -> tuple[TempSpan, ...]:
        return tuple(self._lost.values())

    def without_words(self) -> list[TempSpan]:
        """Spans whose offered words are not known yet."""
        return [span for span in self._known.values() if span.id not in self._offered]

    def standing(self, ranges: Sequence[SpanRange]) -> tuple[TempSpan, ...]:
        """What temp.json is to hold: each marked range as a span, and the lost ones.

        Text that was pasted twice is temp twice: the second range gets an id of its own.
        """
        seen: Counter[str] = Counter()
        spans: list[TempSpan] = []
        for where in ranges:
            known = self.get(where.id)
            if known is None:
                continue
            seen[where.id] += 1
            name = where.id if seen[where.id] == 1 else f"{where.id.split('.', 1)[0]}.{seen[where.id]}"
            spans.append(self._at(known, where).model_copy(update={"id": name}))
        return (*spans, *self._lost.values())

    def debt(self, spans: Sequence[TempSpan], text: str) -> Debt:
        return debt_of(spans, text)

    def by_scene(self, spans: Sequence[TempSpan], text: str, scene_starts: Sequence[int]) -> list[int]:
        return debt_by_scene(spans, text, scene_starts)

    # internals

    def _at(self, span: TempSpan, where: SpanRange) -> TempSpan:
        if (span.start, span.quote) == (where.start, sha256_of(where.text)) and span.length == len(
            where.text
        ):
            return span
        offered: Final = self._offered.get(where.id)
        edited = 1 - kept_share(offered, where.text) if offered is not None else None
        return span.at_range(where.start, where.text, edited)
