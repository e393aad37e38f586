"""A shot in the making: what is in it, how long it lasts, and the rules that look at one sentence alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from studio_assist.domain import shot_words as say
from studio_assist.domain.beats import Beat
from studio_assist.domain.sentences import Span
from studio_assist.domain.storyboard import Angle, Movement, ShotSize, Side

#: Conversational English is about 150 to 160 words a minute.
WORDS_A_SECOND: Final = 2.6
#: A page of action has about 200 words, and a page is a minute.
ACTION_WORDS_A_SECOND: Final = 3.3
#: A part of a speech that is cut.
PART_S: Final = 6.0

#: Focal lengths that go with a size, before a gate of 36 mm.
LENSES: Final = {
    ShotSize.EWS: 21, ShotSize.WS: 24, ShotSize.LS: 28, ShotSize.FS: 35, ShotSize.MLS: 35, ShotSize.MS: 40,
    ShotSize.MCU: 50, ShotSize.CU: 75, ShotSize.ECU: 100, ShotSize.INSERT: 100, ShotSize.TWO: 40,
    ShotSize.OTS: 50, ShotSize.POV: 28,
}  # fmt: skip


@dataclass(slots=True)
class Draft:
    """A shot before it has a number.

    Attributes:
        who: in frame, the one it is about first.
        lines: what is said, (speaker, words).
        guessed: nobody is named; `who` is whoever the scene is with.
    """

    size: ShotSize
    spans: list[Span]
    title: str
    who: tuple[str, ...] = ()
    angle: Angle = Angle.EYE
    movement: Movement = Movement.STATIC
    lens: int = 0
    action: list[str] = field(default_factory=list[str])
    lines: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    pieces: tuple[str, ...] = ()
    seconds: float = 0.0
    paragraph: int = -1
    opening: bool = False
    guessed: bool = False

    @property
    def words(self) -> int:
        return sum(len(text.split()) for text in self.action)


def sides_of(names: Sequence[str]) -> dict[str, Side]:
    """Left, right, then the middle: who came first keeps the left of the line through the scene."""
    order: tuple[Side, ...] = ("left", "right", "centre")
    return {name: order[place] if place < 3 else order[place % 2] for place, name in enumerate(names)}


def turned(draft: Draft, beat: Beat) -> None:
    """The angle that the words ask for; explicit words of camera language win."""
    words, text = beat.words, beat.text.casefold()
    if words & say.UNEASE and beat.who and draft.size is not ShotSize.INSERT:
        draft.angle = Angle.DUTCH
    elif words & say.ABOVE or "from above" in text or "bird's eye" in text:
        draft.angle = Angle.OVERHEAD
    elif draft.angle is Angle.EYE and draft.size not in (ShotSize.POV, ShotSize.ECU, ShotSize.OTS):
        if words & say.LOOMING and not words & say.HIGH:
            draft.angle = Angle.LOW
        elif words & say.VULNERABLE and beat.who:
            draft.angle = Angle.HIGH
    if "close on" in text or "closeup" in text or "close up" in text:
        draft.size = ShotSize.CU
    elif "push in" in text:
        draft.movement = Movement.PUSH
    elif "pull back" in text or "pull out" in text:
        draft.movement = Movement.PULL


def lens_for(draft: Draft) -> int:
    lens = LENSES[draft.size]
    wider = draft.angle in (Angle.LOW, Angle.GROUND) and draft.size not in (ShotSize.INSERT, ShotSize.ECU)
    return max(18, lens * 3 // 4) if wider else lens


def action_seconds(beat: Beat) -> float:
    words = len(beat.text.split())
    seconds = 0.5 + words / ACTION_WORDS_A_SECOND
    verbs = set(beat.verbs)
    if verbs & (say.WALKING | say.CLIMBING | say.DRIVING):
        seconds += 0.8
    elif verbs & (say.RUNNING | say.FIGHTING):
        seconds -= 0.3
    return max(1.0, seconds)


def speech_seconds(said: Sequence[str]) -> float:
    words = sum(len(sentence.split()) for sentence in said)
    return 0.4 + words / WORDS_A_SECOND + 0.25 * max(0, len(said) - 1)


def speech_parts(beat: Beat) -> list[tuple[tuple[str, ...], tuple[Span, ...]]]:
    """A long speech in parts, cut between sentences."""
    parts: list[tuple[list[str], list[Span]]] = [([], [])]
    for sentence, span in zip(beat.said, beat.spans, strict=True):
        said, spans = parts[-1]
        if said and speech_seconds([*said, sentence]) > PART_S and speech_seconds(said) > 2.5:
            parts.append(([sentence], [span]))
        else:
            said.append(sentence)
            spans.append(span)
    if len(parts) > 1 and speech_seconds(parts[-1][0]) < 1.5:
        said, spans = parts.pop()
        parts[-1][0].extend(said)
        parts[-1][1].extend(spans)
    return [(tuple(said), tuple(spans)) for said, spans in parts]


def quoted(name: str, said: str) -> str:
    words = said.split()
    shown = " ".join(words[:4]).rstrip(",;:-—")
    more = "…" if len(words) > 4 and shown[-1:] not in ".!?…" else ""
    return f"{name[:1].upper()}{name[1:]}: “{shown.rstrip('.')}{more}”"[:60]
