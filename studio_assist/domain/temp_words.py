"""Shots whose own words are temp: what a model wrote for the script, standing in what a shot says of itself.

Such words are burned into frames and printed under panels. Where they are, the marks of temp material are
too, also where the picture is a person's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from .storyboard import Shot, ShotId
from .temp import TempSpan

#: Shorter words ("Yes.") stand everywhere and say nothing of where they are from; where the shot is tied to
#: their very place in the script they count all the same.
_LEAST: Final = 8
#: A sentence of a shot that stands in the middle of temp text: shorter ones are anybody's.
_LEAST_SENTENCE: Final = 16
_ENDS: Final = re.compile(r"(?<=[.!?…:])\s+|\n+")


def temp_worded(
    shots: Iterable[Shot], spans: Iterable[TempSpan], script: str, lost: Iterable[str] = ()
) -> frozenset[ShotId]:
    """The shots that say temp text, or are tied to a place that holds some.

    Args:
        spans: as they stand in `script`; of lost ones the script has no words left.
        lost: the words of those, as far as they are known.
    """
    passages = [_Passage(span, script) for span in spans if span.state == "anchored"]
    passages += [_Passage(None, text) for text in lost]
    if not passages:
        return frozenset()
    words = [_Words(shot) for shot in shots]
    return frozenset(said.shot.id for said in words if any(one.is_said(said) for one in passages))


def spans_said(shots: Iterable[Shot], spans: Sequence[TempSpan], script: str) -> Sequence[TempSpan]:
    """The temp spans whose text one of the shots says."""
    passages = {span.id: _Passage(span, script) for span in spans if span.state == "anchored"}
    if not passages:
        return ()
    words = [_Words(shot) for shot in shots]
    said = {id for id, one in passages.items() if any(one.is_said(shot) for shot in words)}
    return [span for span in spans if span.id in said]


class _Words:
    """All that a shot says of itself."""

    def __init__(self, shot: Shot) -> None:
        self.shot: Final = shot
        fields = (shot.dialogue, shot.action, shot.notes, shot.title)
        self.plain: Final = _plain("\n".join(fields))
        pieces = (_plain(piece) for field in fields for piece in _ENDS.split(field))
        self.sentences: Final = [piece for piece in pieces if len(piece) >= _LEAST_SENTENCE]


class _Passage:
    """Temp text. `span`: where it stands; None for text that does so no more, of which `script` is all."""

    def __init__(self, span: TempSpan | None, script: str) -> None:
        self._span: Final = span
        text = script[span.start : span.end] if span is not None else script
        self._plain: Final = _plain(text)
        self._lines: Final = [words for line in text.splitlines() if len(words := _plain(line)) >= _LEAST]

    def is_said(self, words: _Words) -> bool:
        if not words.plain:
            return False
        return (
            any(line in words.plain for line in self._lines)
            or any(sentence in self._plain for sentence in words.sentences)
            or self._is_tied_to(words.shot)
        )

    def _is_tied_to(self, shot: Shot) -> bool:
        tie, span = shot.tie, self._span
        if span is None or tie is None or tie.state != "tied":
            return False
        return span.start < tie.end and tie.start < span.end


def _plain(text: str) -> str:
    return " ".join(text.replace("*", "").replace("_", "").casefold().split())
