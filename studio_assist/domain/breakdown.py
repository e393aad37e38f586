"""A script as shots, by rules: no model, the same shots for the same words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from studio_assist.domain.beats import beats_of
from studio_assist.domain.boards import Board, new_shot_id
from studio_assist.domain.cast import Cast
from studio_assist.domain.coverage import Coverage
from studio_assist.domain.drafts import Draft
from studio_assist.domain.errors import BadInput
from studio_assist.domain.screenplay import Element, Scene, Screenplay
from studio_assist.domain.shot_numbers import number_of, numbers_for, sort_key
from studio_assist.domain.storyboard import InFrame, InsertShots, Shot, ShotId, Side, Tie

_HEADING: Final = re.compile(r"^\s*\.?\s*(?:INT|EXT|EST|I/E)(?:\.?\s*/\s*(?:INT|EXT))?[.\s]+", re.IGNORECASE)
_TIME: Final = re.compile(
    r"\s*[-–—,.(]+\s*(?:LATE |EARLY )?(?:DAY|NIGHT|MORNING|EVENING|AFTERNOON|DUSK|DAWN|NOON|MIDNIGHT|SUNSET"
    r"|SUNRISE"
    r"|LATER|CONTINUOUS|MOMENTS LATER|SAME(?: TIME)?)\b.*$",
    re.IGNORECASE,
)
#: A beat counts as boarded from this share of its characters on.
_COVERED: Final = 0.5
#: Lengths as boards write them: half seconds.
_GRAIN_MS: Final = 500


def place_of(heading: str) -> str:
    """A slug line's place: "INT. RADIO ROOM - NIGHT" is RADIO ROOM."""
    return _TIME.sub("", _HEADING.sub("", heading)).strip(" .-–—")


def breakdown(script: Screenplay, scene: int | None = None) -> tuple[Shot, ...]:
    """Shots for a scene, or for all: sizes, angles, lenses, moves, who is where, how long; numbered A, B, C.

    A script without scene headings is one scene, "1".

    Raises:
        BadInput: there is no such scene.
    """
    cast = Cast(script)
    if not script.scenes:
        if scene:
            raise _no_scene(scene)
        whole = Scene(
            index=0, number="1", heading="", start=0, end=len(script.text), first_line=0, last_line=0
        )
        return _shots(script, whole, cast)
    if scene is None:
        return tuple(shot for one in script.scenes for shot in _shots(script, one, cast))
    if not 0 <= scene < len(script.scenes):
        raise _no_scene(scene)
    return _shots(script, script.scenes[scene], cast)


def proposal_for(script: Screenplay, scene: int | None, board: Board) -> tuple[Shot, ...]:
    """The shots of a breakdown that the board does not have yet, with numbers that are free on it.

    A beat is boarded where a shot's tie covers most of it. What an artist takes goes in by `insertion`.
    """
    held = sorted((shot.tie.start, shot.tie.end) for shot in board if shot.tie and shot.tie.state == "tied")
    wanted = breakdown(script, scene)
    numbers = {shot.number for shot in board}
    boarded = {shot.scene for shot in board}
    found: list[Shot] = []
    for shot in wanted:
        if shot.id in board or (shot.tie and _covered(shot.tie, held)):
            continue
        if shot.scene in boarded or shot.number in numbers:
            insert = insertion(shot.model_copy(update={"number": ""}), board, script)
            board = _with(board, insert)
            shot = insert.shots[0]
        found.append(shot)
    return tuple(found)


def insertion(shot: Shot, board: Board, script: Screenplay) -> InsertShots:
    """A proposed shot as an edit: where the script has it among the board's shots, under a free number.

    It keeps the number it was proposed with where that is free and in order.
    """
    order = {one.number: one.index for one in script.scenes}
    own = (order.get(shot.scene, len(order)), shot.tie.start if shot.tie else 0)
    after: ShotId | None = None
    for one in board:
        held = (order.get(one.scene, -1), one.tie.start if one.tie else -1)
        same = one.scene == shot.scene
        # Behind all scenes before it; within its own scene behind what the script has before it.
        if held[0] < own[0] or (same and held <= own):
            after = one.id
    if not shot.number or not _fits(shot.number, board, shot.scene, after):
        shot = shot.model_copy(update={"number": numbers_for(board, shot.scene, after, 1)[0]})
    return InsertShots(shots=(shot,), after=after)


def _with(board: Board, insert: InsertShots) -> Board:
    place = board.place(insert.after) + 1 if insert.after else 0
    return Board((*board.shots[:place], *insert.shots, *board.shots[place:]))


def _fits(number: str, board: Board, scene: str, after: ShotId | None) -> bool:
    if any(shot.number == number for shot in board):
        return False
    start = board.place(after) + 1 if after is not None else 0
    before = [shot.number for shot in board.shots[:start] if shot.scene == scene]
    behind = [shot.number for shot in board.shots[start:] if shot.scene == scene]
    key = sort_key(number)
    return all(sort_key(one) < key for one in before[-1:]) and all(key < sort_key(one) for one in behind[:1])


def _covered(tie: Tie, held: Sequence[tuple[int, int]]) -> bool:
    shared, reached = 0, tie.start
    for start, end in held:
        if start >= tie.end:
            break
        begun = max(start, reached)
        if end > begun:
            shared += min(end, tie.end) - begun
            reached = min(end, tie.end)
    return shared >= max(1, len(tie.words)) * _COVERED


def _shots(script: Screenplay, scene: Scene, cast: Cast) -> tuple[Shot, ...]:
    # What stands before the first heading belongs to the first scene.
    start = 0 if scene.index == 0 else scene.start
    first, last = (bisect_left(script.elements, place, key=_begin) for place in (start, scene.end))
    elements = script.elements[first:last]
    coverage = Coverage(scene.heading, place_of(scene.heading), beats_of(script, elements, cast))
    found: list[Shot] = []
    seen: dict[str, int] = {}
    for count, draft in enumerate(coverage.drafts(), start=1):
        tie = _tie(script, scene, draft)
        words = f"{scene.number}\n{tie.words}\n{draft.size}"
        seen[words] = seen.get(words, 0) + 1
        found.append(_shot(draft, scene, count, tie, coverage.sides, f"{words}\n{seen[words]}"))
    return tuple(found)


def _begin(element: Element) -> int:
    return element.start


def _tie(script: Screenplay, scene: Scene, draft: Draft) -> Tie:
    if not draft.spans:
        return Tie(start=scene.start, words=script.text[scene.start : scene.end].split("\n", 1)[0].rstrip())
    start = min(start for start, _end in draft.spans)
    end = max(end for _start, end in draft.spans)
    return Tie(start=start, words=script.text[start:end])


def _shot(draft: Draft, scene: Scene, count: int, tie: Tie, sides: dict[str, Side], seed: str) -> Shot:
    alone = len(draft.who) == 1
    return Shot(
        id=new_shot_id(seed),
        number=number_of(scene.number, count),
        scene=scene.number,
        title=draft.title,
        size=draft.size,
        angle=draft.angle,
        lens_mm=draft.lens,
        movement=draft.movement,
        characters=tuple(
            InFrame(name=name, side="centre" if alone and len(sides) == 1 else sides.get(name, "centre"))
            for name in draft.who
        ),
        set_pieces=draft.pieces,
        duration_ms=max(1000, round(draft.seconds * 1000 / _GRAIN_MS) * _GRAIN_MS),
        action=" ".join(draft.action),
        dialogue="\n".join(f"{speaker}: {words}" for speaker, words in draft.lines),
        tie=tie,
    )


def _no_scene(scene: int) -> BadInput:
    return BadInput(
        f"There is no scene at place {scene + 1}.", remedy="Choose one of the script's scenes.", place="scene"
    )


def label(shot: Shot) -> str:
    """How a board captions a shot: "14C MCU 50mm"."""
    return f"{shot.number} {shot.size} {shot.lens_mm}mm"
