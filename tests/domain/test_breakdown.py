"""A script becomes shots by rules."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.boards import Board, edited
from studio_assist.domain.breakdown import breakdown, insertion, label, place_of, proposal_for
from studio_assist.domain.cast import Cast
from studio_assist.domain.errors import BadInput
from studio_assist.domain.shot_words import pieces_in, verbs_of
from studio_assist.domain.staging import PIECES
from studio_assist.domain.storyboard import Angle, Movement, PutShot, Shot, ShotSize
from studio_assist.interchange.fountain import parse

_SCENE = """INT. RADIO ROOM - NIGHT #14#

Rain on the window. A desk, a radio, a lamp.

Maya, one earphone on, goes still. The counting has stopped.

MAYA
It's not static. Somebody out there is counting.

ILSE
Then count back.

MAYA
(whispering)
Listen.

Her eyes widen.

Ilse sees the torch on the table.

She runs to the door.

EXT. CAUSEWAY - NIGHT #15#

Waves over the stones. Ilse runs along the causeway.

The lighthouse looms over her.
"""


def _shots(text: str, scene: int | None = None) -> tuple[Shot, ...]:
    return breakdown(parse(text), scene)


def _with(text: str, words: str) -> Shot:
    return next(shot for shot in _shots(text) if words in f"{shot.action} {shot.dialogue}")


def test_a_scene_opens_wide_and_an_exterior_wider():
    inside, outside = _shots(_SCENE, 0)[0], _shots(_SCENE, 1)[0]
    assert (inside.size, outside.size) == (ShotSize.WS, ShotSize.EWS)
    assert inside.number == "14A"
    assert label(inside) == "14A WS 24mm"
    assert {"window", "radio"} <= set(inside.set_pieces)


def test_words_choose_size_angle_and_movement():
    still = _with(_SCENE, "goes still")
    assert (still.size, still.movement) == (ShotSize.CU, Movement.SLOW_PUSH)
    assert _with(_SCENE, "eyes widen").size is ShotSize.ECU
    assert _with(_SCENE, "Listen.").size is ShotSize.CU
    assert _with(_SCENE, "sees the torch").size is ShotSize.POV
    assert _with(_SCENE, "to the door").movement in (Movement.TRACK_LEFT, Movement.TRACK_RIGHT)
    assert _with(_SCENE, "looms").angle is Angle.LOW


def test_two_who_talk_are_seen_together_first_and_keep_their_sides():
    shots = [shot for shot in _shots(_SCENE, 0) if shot.dialogue]
    assert shots[0].size is ShotSize.TWO
    sides: dict[str, set[str]] = {}
    for shot in _shots(_SCENE, 0):
        for one in shot.characters:
            sides.setdefault(one.name, set()).add(one.side)
    assert sides == {"MAYA": {"left"}, "ILSE": {"right"}}


def test_a_shot_lasts_as_long_as_its_words_take():
    long = "I have counted every light on this coast since I was nine years old and one is missing. " * 3
    shots = [shot for shot in _shots(f"INT. ROOM - DAY\n\nA room.\n\nANNA\n{long}\n") if shot.dialogue]
    words, seconds = len(long.split()), sum(shot.duration_ms for shot in shots) / 1000
    assert 2.0 < words / seconds < 3.0
    assert len(shots) > 1
    assert all(1000 <= shot.duration_ms <= 12_000 for shot in _shots(_SCENE))


def test_titles_are_a_few_words_and_say_who():
    titles = [shot.title for shot in _shots(_SCENE)]
    assert "Ilse sees the torch" in " ".join(titles)
    assert all(1 <= len(title.split()) <= 8 and len(title) <= 60 for title in titles)


def test_every_shot_is_tied_to_its_own_words_in_the_scripts_order():
    script = parse(_SCENE)
    ties = [shot.tie for shot in breakdown(script) if shot.tie]
    assert all(script.text[tie.start : tie.end] == tie.words for tie in ties)
    assert [tie.start for tie in ties] == sorted(tie.start for tie in ties)


def test_a_voice_on_the_telephone_shows_who_listens():
    text = (
        "INT. HALL - DAY\n\nThe telephone rings. Jonas answers it.\n\nRUTA (V.O.)\nIs that a person?\n\n"
        "JONAS\nIt is.\n"
    )
    shot = _with(text, "Is that a person?")
    assert [one.name for one in shot.characters] == ["JONAS"]
    assert "telephone" in shot.action


def test_the_same_words_give_the_same_shots_and_other_scenes_stay():
    assert _shots(_SCENE) == _shots(_SCENE)
    edited_text = _SCENE.replace("Then count back.", "Then let us count it back, Maya.")
    assert _shots(edited_text)[0].id == _shots(_SCENE)[0].id
    shots = _shots("INT. A - DAY\n\nNothing.\n\nNothing at all.\n\nNothing.\n\nBOB\nNo.\n\nNo.\n" * 3)
    assert len({shot.id for shot in shots}) == len(shots)


def test_what_is_boarded_is_not_proposed_again_and_new_beats_fit_between():
    script = parse(_SCENE)
    whole = breakdown(script, 0)
    board = Board((*whole[:2], *whole[3:]))
    (missing,) = proposal_for(script, 0, board)
    assert missing.action == whole[2].action
    new, _undo = edited(board, insertion(missing, board, script))
    assert [shot.id for shot in new] == [shot.id for shot in whole]
    assert len({shot.number for shot in new}) == len(new)
    assert proposal_for(script, 0, new) == ()


def test_shots_taken_one_by_one_in_any_order_stand_in_the_scripts_order_under_their_numbers():
    script = parse(_SCENE)
    board = Board()
    wanted = breakdown(script)
    for shot in (*wanted[5:], *reversed(wanted[:5])):
        board, _undo = edited(board, insertion(shot, board, script))
    assert [shot.number for shot in board] == [shot.number for shot in wanted]


def test_a_changed_shot_still_covers_its_beat():
    script = parse(_SCENE)
    board = Board(breakdown(script, 0))
    board, _undo = edited(board, PutShot(shot=board.shots[1].model_copy(update={"size": ShotSize.FS})))
    assert proposal_for(script, 0, board) == ()


def test_set_pieces_are_things_and_not_what_they_are_likened_to():
    assert pieces_in("Two lanterns on the table, a couch, the log book.") == (
        "log-book", "lantern", "table", "sofa",
    )  # fmt: skip
    assert pieces_in("He waves and signs. It moves like a horse.") == ()
    assert all(piece in PIECES for piece in pieces_in("The doors, the oars, the knives and three gulls."))
    assert verbs_of("She stopped, running, and takes a look.") == ["stop", "run", "take"]


def test_names_have_short_forms_and_pronouns():
    cast = Cast(parse("INT. A - DAY\n\nIDA BREM (66) sits. She waits.\n\nIDA\nNo.\n\nWILL\nYes.\n"))
    assert cast.cue("Ida Brem") == "IDA"
    assert [name for _place, name in cast.named("Ida's hat. They will go.")] == ["IDA"]


def test_a_slug_line_is_a_place():
    assert place_of("INT. UPPER STATION - WINCH ROOM - NIGHT") == "UPPER STATION - WINCH ROOM"
    assert place_of("EXT. PARK--DAY") == "PARK"


def test_a_scene_that_is_not_there_is_named():
    with pytest.raises(BadInput):
        _shots(_SCENE, 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "INT. EMPTY - DAY\n",
        "No scene at all, only words.",
        "ANNA\nOnly speech.\n",
        "INT. КУХНЯ - НОЧЬ\n\nАнна входит. Она молчит.\n\nАННА\nНет.\n",
        "内景。厨房\n\n安娜走进来。她看着窗外。\n",
        "EXT. 🌊 - DAY\n\n🌊🌊🌊 👩‍🚀!\n\n@👩‍🚀\n…\n",
        "INT. X - DAY\n\n(((((\n\nA\n()\n",
        "INT. X - DAY\n\n" + "Maya runs and runs, " * 50_000,
    ],
    ids=[
        "nothing",
        "blanks",
        "heading",
        "prose",
        "speech",
        "cyrillic",
        "chinese",
        "emoji",
        "odd",
        "megabyte",
    ],
)
def test_odd_scripts_give_shots_or_none_and_never_fail(text: str):
    for shot in _shots(text):
        assert shot.number
        assert shot.duration_ms >= 1000


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from([*_SCENE.splitlines(), "", "~la la", "[[note]]", "> FADE OUT.", "BOB ^"]), max_size=30
    )
)
def test_any_order_of_lines_gives_shots(lines: list[str]):
    for shot in _shots("\n".join(lines)):
        assert shot.tie is not None


def test_a_feature_is_broken_down_in_seconds():
    scene = _SCENE.replace(" #14#", "").replace(" #15#", "")
    script = parse("\n".join(scene for _ in range(200)))
    begun = time.perf_counter()
    shots = breakdown(script)
    assert len(shots) >= 1800
    assert time.perf_counter() - begun < 2.0
