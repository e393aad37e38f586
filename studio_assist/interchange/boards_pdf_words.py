"""Words under a panel: broken into lines, and cut with "…" where there is no room, never over anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.lib.colors import Color

from studio_assist.interchange.pdf_type import PLAIN, STRONG
from studio_assist.interchange.report_pdf_parts import INK, TEXT2, Measure

CUT: Final = "…"
#: Characters of each kind of words that are looked at: more than any page holds.
_MOST: Final = 8000

#: Words in one face.
Run = tuple[str, str]
Line = tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """Words of one kind, in lines."""

    lines: tuple[Line, ...]
    colour: Color


def blocks_of(
    measure: Measure, size: float, width: float, *, action: str, dialogue: str, notes: str
) -> list[Block]:
    """What a panel says, broken into lines; what is empty is left away."""
    action, dialogue, notes = (
        text if len(text) <= _MOST else f"{text[:_MOST]} {CUT}" for text in (action, dialogue, notes)
    )
    paragraphs = (
        ([[(word, PLAIN) for word in line.split()] for line in action.splitlines()], INK),
        ([_speech(line) for line in dialogue.splitlines()], INK),
        ([_noted(notes)] if notes.strip() else [], TEXT2),
    )
    blocks: list[Block] = []
    for words, colour in paragraphs:
        lines = [line for one in words for line in _lines(measure, one, size, width)]
        if lines:
            blocks.append(Block(tuple(lines), colour))
    return blocks


def fitted(measure: Measure, blocks: Sequence[Block], size: float, width: float, room: int) -> list[Block]:
    """The blocks in no more than `room` lines together; each gets its share, and says where it was cut."""
    shares = [0] * len(blocks)
    left = room
    while left > 0:
        wanting = [place for place, one in enumerate(blocks) if shares[place] < len(one.lines)]
        if not wanting:
            break
        for place in wanting[:left]:
            shares[place] += 1
        left -= len(wanting)
    shown: list[Block] = []
    for place, (block, share) in enumerate(zip(blocks, shares, strict=True)):
        if not share:
            continue
        lines = block.lines[:share]
        # What comes after it has no line of its own.
        gone = place + 1 < len(blocks) and not any(shares[place + 1 :])
        if share < len(block.lines) or gone:
            lines = (*lines[:-1], _cut(measure, lines[-1], size, width))
        shown.append(Block(lines, block.colour))
    return shown


def shortened(measure: Measure, text: str, face: str, size: float, width: float) -> str:
    """One line, cut with "…" where it is wider than `width`; "" where not even that fits."""
    if measure.width(text, face, size) <= width:
        return text
    words = text.split(" ")
    while words and measure.width(" ".join(words) + f" {CUT}", face, size) > width:
        words.pop()
    if words:
        return " ".join(words) + f" {CUT}"
    kept = text
    while kept and measure.width(kept + CUT, face, size) > width:
        kept = kept[:-1]
    return kept + CUT if kept else ""


def _speech(line: str) -> list[Run]:
    name, colon, words = line.partition(":")
    if not colon or not words.strip() or not name.strip():
        return [(word, PLAIN) for word in line.split()]
    return [
        *((word, STRONG) for word in f"{name.strip()}:".split()),
        *((one, PLAIN) for one in words.split()),
    ]


def _noted(notes: str) -> list[Run]:
    return [("Notes:", STRONG), *((word, PLAIN) for word in notes.split())]


def _lines(measure: Measure, words: Sequence[Run], size: float, width: float) -> list[Line]:
    lines: list[Line] = []
    line: list[Run] = []
    long = 0.0
    for word, face in words:
        for part in measure.lines(word, face, size, width):
            wide = measure.width(part, face, size)
            space = measure.width(" ", PLAIN, size) if line else 0.0
            if line and long + space + wide > width:
                lines.append(tuple(line))
                line, long, space = [], 0.0, 0.0
            line.append((part, face))
            long += space + wide
    return [*lines, tuple(line)] if line else lines


def _cut(measure: Measure, line: Line, size: float, width: float) -> Line:
    runs = list(line)
    space = measure.width(" ", PLAIN, size)
    cut = measure.width(CUT, PLAIN, size)
    while runs and sum(measure.width(*run, size) + space for run in runs) + cut > width:
        runs.pop()
    return (*runs, (CUT, PLAIN))
