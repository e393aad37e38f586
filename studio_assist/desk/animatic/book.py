"""The window's copy of the animatic: shots in frames, sounds, what changes them, and undo over both."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal

from studio_assist import protocol
from studio_assist.desk.animatic.animatic_copy import AnimaticCopy
from studio_assist.domain.animatic import (
    AnimaticEdit,
    Clip,
    ClipId,
    PutClips,
    PutTracks,
    SeveralSounds,
    Sound,
    Track,
    TrackId,
    edited,
)
from studio_assist.domain.errors import Refusal, StudioError, Unavailable
from studio_assist.domain.storyboard import BoardEdit, ShotId
from studio_assist.domain.timebase import rate_named, sample_of
from studio_assist.domain.values import Sha256


class AnimaticBook(AnimaticCopy):
    """What the Animatic desk shows. Every part reads it, and changes go through it alone.

    Its signals, and what can be read, are those of `AnimaticCopy`.
    """

    # methods

    def edit_shots(self, edit: BoardEdit, words: str) -> None:
        """Change the board's shots; `words` name it for undo ("Trim 14C")."""
        if self._board is not None:
            self._board.edit(edit, words)

    def edit_sounds(self, edit: AnimaticEdit, words: str) -> bool:
        """Make an edit here at once and in the broker; `words` name it for undo. False: it was not made."""
        back = self._make(edit)
        if back is None:
            return False
        self._pile.made(words, back)
        self.pile_changed.emit()
        return True

    def add_sound(
        self,
        file: Path,
        how: Literal["recorded", "imported"],
        temp: bool,
        name: str,
        at_frame: int,
        track: TrackId | None,
    ) -> None:
        """Take a file in and lay it at a frame. What was recorded hangs on the shot that is on there.

        Args:
            track: the lane; None: the first that suits it, or a new one.
        """
        if self._person is None or not self._may_edit():
            return
        timeline, shot = self.timeline, None
        at = sample_of(at_frame, timeline.rate)
        if how == "recorded" and timeline.cuts:
            cut = timeline.cuts[timeline.at(at_frame)]
            shot, at = cut.shot.id, at - sample_of(cut.start, timeline.rate)

        def lay(told: protocol.SoundTakenIn) -> None:
            self._version = max(self._version, told.version)
            self._put_sound(told.sound)
            self._lay(told.sound, track, shot, at)

        params = protocol.AddSoundParams(file=str(file), how=how, name=name, temp=temp, person=self._person)
        call = self._client.call(protocol.ADD_SOUND, params, owner=self)
        call.on_done(self._within_project(lay)).on_error(self.failed.emit)

    def mark_sound(self, sha256: Sha256, temp: bool) -> None:
        """A person's word that a sound is temp, or cleared. It is no edit: the other word takes it back."""
        if self._person is None or not self._may_edit():
            return

        def marked(told: protocol.SoundNowMarked) -> None:
            self._version = max(self._version, told.version)
            self._put_sound(told.sound)

        params = protocol.MarkSoundParams(sound=sha256, temp=temp, person=self._person)
        call = self._client.call(protocol.MARK_SOUND, params, owner=self)
        call.on_done(self._within_project(marked)).on_error(self.failed.emit)

    def set_rate(self, name: str) -> None:
        """Run the project at another frame rate.

        Raises:
            BadInput: there is no such rate.
        """
        rate = rate_named(name)
        if self._person is None or not self._may_edit() or rate == self._rate:
            return
        params = protocol.SetFrameRateParams(rate=rate.name, person=self._person)
        call = self._client.call(protocol.SET_FRAME_RATE, params, owner=self)
        call.on_done(self._within_project(lambda told: self._take_rate(told.rate)))
        call.on_error(self.failed.emit)

    def undo(self) -> None:
        """Take the last edit back, of the cuts or of the sounds."""
        done = self._pile.to_undo()
        if done is None or not self._may_edit():
            return
        if done.back is None:
            if self._board is not None:
                self._board.undo()
            return
        again = self._make(done.back)
        if again is not None:
            self._pile.undone(again)
            self.pile_changed.emit()

    def redo(self) -> None:
        """Make the edit again that was taken back last."""
        done = self._pile.to_redo()
        if done is None or not self._may_edit():
            return
        if done.back is None:
            if self._board is not None:
                self._redoing = True
                self._board.redo()
                self._redoing = False
            return
        back = self._make(done.back)
        if back is not None:
            self._pile.redone(back)
            self.pile_changed.emit()

    # internals

    def _may_edit(self) -> bool:
        if self.read_only:
            self.failed.emit(Refusal(self.read_only, remedy="Open the project again once it can be written."))
            return False
        if not self._is_open:
            self.failed.emit(
                Unavailable("The animatic is still being read.", remedy="Try again in a moment.")
            )
            return False
        return self._person is not None

    def _make(self, edit: AnimaticEdit) -> AnimaticEdit | None:
        """Make an edit here and send it; None where it cannot be made."""
        person = self._person
        if person is None or not self._may_edit():
            return None
        try:
            animatic, back = edited(self._animatic, edit)
        except StudioError as error:
            # The copy here no longer fits what somebody wanted to do with it.
            self._drop_sounds()
            self.failed.emit(error)
            self.reload()
            return None
        self._animatic, self._placed = animatic, None
        self._sent += 1
        params = protocol.EditAnimaticParams(edit=edit, person=person)
        call = self._client.call(protocol.EDIT_ANIMATIC, params, owner=self)
        call.on_done(self._within_project(self._edit_done))
        call.on_error(self._within_project(self._edit_refused))
        self.changed.emit()
        return back

    def _edit_done(self, told: protocol.AnimaticEdited) -> None:
        self._version = max(self._version, told.version)
        self._settle()

    def _edit_refused(self, error: StudioError) -> None:
        if not self._astray:
            # Edits that follow a refused one fail for its sake; it is told of once.
            self.failed.emit(error)
        self._astray = True
        self._settle()

    def _settle(self) -> None:
        self._sent = max(0, self._sent - 1)
        if self._sent:
            return
        if self._astray:
            self._drop_sounds()
        if self._astray or self._outdated:
            self.reload()

    def _drop_sounds(self) -> None:
        self._pile.drop_sounds()
        self.pile_changed.emit()

    def _lay(self, sound: Sound, track: TrackId | None, shot: ShotId | None, at: int) -> None:
        tracks, edits = self._animatic.tracks, list[AnimaticEdit]()
        kind = "dialogue" if sound.how == "recorded" else "music"
        lane = next((one for one in tracks if one.id == track), None)
        lane = lane or next((one for one in tracks if one.kind == kind), None)
        if lane is None:
            name = "Scratch dialogue" if kind == "dialogue" else "Music"
            lane = Track(id=TrackId(secrets.token_hex(6)), name=name, kind=kind)
            edits.append(PutTracks(tracks=(*tracks, lane)))
        clip = Clip(
            id=ClipId(secrets.token_hex(6)),
            track=lane.id,
            sound=sound.sha256,
            shot=shot,
            at=at,
            length=max(1, sound.samples),
        )
        edits.append(PutClips(clips=(clip,)))
        whole = edits[0] if len(edits) == 1 else SeveralSounds(edits=tuple(edits))
        if self.edit_sounds(whole, f"Add {sound.name}"):
            self.added.emit(clip.id)
