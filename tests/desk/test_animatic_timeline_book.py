"""The window's copy of the animatic: one undo for cuts and sounds, and what the broker refuses comes back."""

from __future__ import annotations

import pytest

from studio_assist import protocol
from studio_assist.desk.animatic.book import AnimaticBook
from studio_assist.desk.board.book import BoardBook
from studio_assist.domain.animatic import ClipId, PutTracks, TakeClips, TrackId
from studio_assist.domain.errors import Refusal
from studio_assist.domain.storyboard import RemoveShots
from studio_assist.domain.timebase import sample_of
from studio_assist.domain.timeline import ripple, roll
from tests.desk.board_fakes import LINDQVIST, painted, project, shot_id, store, temp, variant
from tests.desk.timeline_fakes import FakeAnimatic, with_sounds, write_wav


class Books:
    def __init__(self, qtbot, tmp_path, **state: object) -> None:
        self.media = tmp_path / "media"
        self.client = FakeAnimatic(media=self.media)
        self.voice, self.tone = with_sounds(self.client, self.media, tmp_path)
        self.board, self.book = BoardBook(self.client), AnimaticBook(self.client)
        self.errors: list[Refusal] = []
        self.board.failed.connect(self.errors.append)
        self.book.failed.connect(self.errors.append)
        self.client.told.connect(self.board.take)
        self.client.told.connect(self.book.take)
        with qtbot.waitSignal(self.board.loaded):
            self.board.load(project(tmp_path, **state), LINDQVIST)
        with qtbot.waitSignal(self.book.opened):
            self.book.open(self.board, project(tmp_path, **state), LINDQVIST)

    def state(self) -> object:
        """Clips have no order among themselves."""
        animatic = self.book.animatic
        clips = sorted(animatic.clips, key=lambda one: one.id)
        return self.board.shots, animatic.model_copy(update={"clips": tuple(clips)})

    def settled(self) -> bool:
        return self.client.board.shots == self.board.shots and self.client.animatic == self.book.animatic

    def trim(self, place: int, frames: int) -> None:
        self.book.edit_shots(ripple(self.book.timeline, place, frames), f"Trim {place}")

    def take(self, clip: str) -> None:
        self.book.edit_sounds(TakeClips(ids=(ClipId(clip),)), f"Delete {clip}")


@pytest.fixture
def books(qtbot, tmp_path) -> Books:
    return Books(qtbot, tmp_path)


def test_cuts_and_sounds_are_undone_and_done_again_in_the_order_they_were_made(books, qtbot):
    states = [books.state()]
    for act in (
        lambda: books.trim(0, 100),
        lambda: books.take("voice"),
        lambda: books.book.edit_shots(roll(books.book.timeline, 1, 5), "Roll"),
        lambda: books.take("tone"),
        lambda: books.book.edit_sounds(PutTracks(tracks=books.book.animatic.tracks[1:]), "Remove the lane"),
    ):
        act()
        states.append(books.state())
    words = []
    for state in reversed(states[:-1]):
        words.append(books.book.undo_words)
        books.book.undo()
        assert books.state() == state
    assert words == ["Remove the lane", "Delete tone", "Roll", "Delete voice", "Trim 0"]
    assert books.book.undo_words == ""
    for state in states[1:]:
        books.book.redo()
        assert books.state() == state
    qtbot.waitUntil(books.settled)
    assert not books.errors


def test_what_the_board_desk_undoes_does_not_upset_the_order(books):
    first = books.state()
    books.trim(0, 100)
    books.take("voice")
    books.board.undo()
    assert (books.book.undo_words, books.book.redo_words) == ("Delete voice", "Trim 0")
    books.board.redo()
    assert books.book.undo_words == "Trim 0"
    books.book.undo()
    books.book.undo()
    assert books.state() == first
    books.trim(1, 50)
    assert books.book.redo_words == ""


def test_a_refused_edit_brings_the_brokers_sounds_back_and_is_told_once(books, qtbot):
    was = books.book.animatic
    books.trim(0, 100)
    books.client.refuse["edit_animatic"] = Refusal("It is checked out.", remedy="Ask for it.")
    books.take("voice")
    assert len(books.book.animatic.clips) == 1
    qtbot.waitUntil(lambda: books.book.animatic == was)
    assert [error.message for error in books.errors] == ["It is checked out."]
    # The cut was not refused and can still be undone.
    assert books.book.undo_words == "Trim 0"


def test_an_edit_made_while_the_sounds_are_read_again_is_not_lost(books, qtbot):
    books.client.refuse["edit_animatic"] = Refusal("It is checked out.", remedy="Ask for it.")
    books.take("voice")
    qtbot.waitUntil(lambda: bool(books.errors))
    # The question is on its way; its answer will not know of this.
    books.take("tone")
    qtbot.waitUntil(lambda: [clip.id for clip in books.book.animatic.clips] == ["voice"])
    qtbot.waitUntil(books.settled)


def test_what_is_told_while_edits_are_under_way_waits_for_them(books, qtbot):
    books.client.hold()
    books.take("voice")
    other = books.client.animatic.model_copy(update={"captions": False})
    books.client.animatic = other
    books.client.tell_animatic()
    assert books.book.animatic.captions
    books.client.release()
    qtbot.waitUntil(lambda: not books.book.animatic.captions and books.settled())
    assert [clip.id for clip in books.book.animatic.clips] == ["tone"]


def test_a_recorded_line_hangs_on_the_shot_under_the_playhead_and_goes_with_it(books, qtbot, tmp_path):
    file = write_wav(tmp_path / "new.wav", 0.5, seed=5)
    with qtbot.waitSignal(books.book.added) as added:
        books.book.add_sound(file, "recorded", False, "Line 4", 80, TrackId("dialogue"))
    clip = next(one for one in books.book.animatic.clips if one.id == added.args[0])
    starts = sample_of(72, books.book.rate)
    assert (clip.shot, clip.at) == (shot_id(2), sample_of(80, books.book.rate) - starts)
    books.trim(0, 96)
    moved = next(one for one in books.book.placed if one.clip.id == clip.id)
    assert moved.at == sample_of(104, books.book.rate)
    with qtbot.waitSignal(books.book.added):
        books.book.add_sound(write_wav(tmp_path / "m.wav", 0.2), "imported", True, "Song", 10, None)
    song = books.book.animatic.clips[-1]
    assert (song.shot, song.at, song.track) == (None, 20_000, "music")
    assert books.book.animatic.temp_sounds[-1].name == "Song"
    qtbot.waitUntil(books.settled)


def test_a_mark_is_a_statement_and_not_an_edit(books, qtbot):
    books.take("voice")
    books.book.mark_sound(books.tone.sha256, False)
    qtbot.waitUntil(lambda: not books.book.animatic.temp_sounds)
    assert books.book.undo_words == "Delete voice"
    books.book.undo()
    assert not books.book.animatic.temp_sounds
    (told,) = books.client.params_of(protocol.MARK_SOUND)
    assert (told.temp, told.person) == (False, LINDQVIST)


def test_another_frame_rate_keeps_the_lengths_to_the_nearest_frame(books, qtbot):
    assert books.book.timeline.total == 444
    with qtbot.waitSignal(books.book.rate_changed):
        books.book.set_rate("29.97 DF")
    assert books.book.timeline.cuts[0].frames == 90
    assert books.book.timeline.rate.name == "29.97 DF"


def test_each_panel_plays_as_it_stands(books, tmp_path):
    media = store(books.media, painted(90))
    gone = media.model_copy(update={"sha256": "f" * 64})
    shots = books.client.board.shots
    books.client.board = books.client.board.with_shots(
        [
            shots[0].model_copy(update={"panel": temp(media)}),
            shots[1].model_copy(update={"panel": temp(gone)}),
        ]
    )
    books.client.variants[shot_id(3)] = (variant(shot_id(3), media),)
    books.client.tell(shot_id(1), shot_id(2), shot_id(3))
    shots = books.board.shots
    shows = [books.book.playing(shot) for shot in shots[:4]]
    assert shows[1:] == ["missing", "undecided", "empty"]
    assert shows[0] in ("temp", "previs")
    assert books.book.picture(shots[0]) == books.board.media_file(media)
    assert books.book.picture(shots[1]) is None
    assert books.book.sound_file(books.voice.sha256) is not None


def test_a_clip_whose_shot_goes_stays_and_says_so_and_comes_back_with_it(books):
    books.board.edit(RemoveShots(ids=(shot_id(2),)), "Remove 1 shot")
    assert [one.lost for one in books.book.placed if one.clip.id == "voice"] == [True]
    books.book.undo()
    assert not any(one.lost for one in books.book.placed)
    books.book.set_scenes(["99"])
    assert [one.clip.id for one in books.book.placed] == ["tone"]


def test_a_project_that_is_read_only_takes_no_edit_and_says_why(qtbot, tmp_path):
    books = Books(qtbot, tmp_path, read_only="Somebody else has it open.")
    books.take("voice")
    books.book.add_sound(tmp_path / "voice.wav", "imported", True, "", 0, None)
    assert len(books.book.animatic.clips) == 2
    assert {error.message for error in books.errors} == {"Somebody else has it open."}
    assert not books.client.params_of(protocol.ADD_SOUND)
