"""Menus of the sound lanes: what can be done with the chosen clip, and with a lane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from studio_assist.desk.animatic.clip_edits import gain_text
from studio_assist.desk.animatic.clip_hand import ClipHand
from studio_assist.desk.theme import Theme
from studio_assist.domain.animatic import Sound, Track, TrackId, TrackKind
from studio_assist.domain.timebase import sample_of

_FADES: Final = (0, 6, 12, 24, 48)
#: Lanes by what they are for, as the menu names them.
KINDS: Final[tuple[tuple[TrackKind, str, str], ...]] = (
    ("dialogue", "Dialogue", "mic"),
    ("music", "Music", "music"),
    ("effects", "Effects", "effects"),
    ("tone", "Room tone", "tone"),
)


class SoundMenus:
    """Makes a menu when it is wanted, so that it says what can be done now.

    Args:
        mark: (sound, temp) a person wants to say what a sound is.
        bring_in: (lane) a person wants to choose a file.
        rename: (lane) a person wants to type another name.
    """

    def __init__(
        self,
        theme: Theme,
        hand: ClipHand,
        parent: QWidget,
        mark: Callable[[Sound, bool], None],
        bring_in: Callable[[TrackId], None],
        rename: Callable[[TrackId], None],
    ) -> None:
        self._theme: Final = theme
        self._hand: Final = hand
        self._parent: Final = parent
        self._mark: Final = mark
        self._bring_in: Final = bring_in
        self._rename: Final = rename

    # methods

    def of_clip(self, at: QPoint, playhead: int) -> QMenu | None:
        """For the chosen clip."""
        hand, one = self._hand, self._hand.choice.placed
        if one is None:
            return None
        menu, clip = self._menu("Clip"), one.clip
        can = not hand.book.read_only
        self._add(
            menu, "Split at the playhead\tS", lambda: hand.split(playhead), can and hand.may_split(playhead)
        )
        self._add(menu, "Delete\tDel", hand.delete, can, icon="cross")
        menu.addSeparator()
        gain = menu.addMenu(f"Gain, now {gain_text(clip.gain_db)}")
        gain.setEnabled(can)
        self._add(gain, "Louder by 1 dB\tCtrl+Up", lambda: hand.gain(1))
        self._add(gain, "Softer by 1 dB\tCtrl+Down", lambda: hand.gain(-1))
        self._add(gain, "Softer by 6 dB", lambda: hand.gain(-6))
        self._add(gain, "As it is, 0 dB", lambda: hand.gain(None))
        self._fades(menu, "Fade in", clip.fade_in, coming=True)
        self._fades(menu, "Fade out", clip.fade_out, coming=False)
        menu.addSeparator()
        cut = hand.cut_of()
        if clip.shot is None and cut is not None:
            self._add(menu, f"Hang on {cut.shot.number}", lambda: hand.hang(cut.shot.id), can, icon="link")
        elif clip.shot is not None:
            self._add(menu, "Let it stand at its time", hand.let_stand, can, icon="link-broken")
        lanes = menu.addMenu("To the lane")
        for track in hand.book.animatic.tracks:
            other = track.id != clip.track
            self._add(lanes, track.name, lambda track=track: hand.to_track(track.id), can and other)
        sound = hand.sound
        if sound is not None:
            menu.addSeparator()
            if sound.temp:
                words = "This sound is cleared for delivery…"
                self._add(menu, words, lambda: self._mark(sound, False), can, icon="shield-check")
            else:
                self._add(menu, "Mark as temp…", lambda: self._mark(sound, True), can, icon="warning")
        menu.popup(at)
        return menu

    def of_track(self, track: Track, at: QPoint) -> QMenu:
        """For a lane."""
        hand, menu = self._hand, self._menu(track.name)
        can = not hand.book.read_only
        self._add(menu, "Bring in a sound…", lambda: self._bring_in(track.id), can, icon="download")
        menu.addSeparator()
        self._add(menu, "Unmute" if track.muted else "Mute", lambda: hand.mute(track.id), can)
        self._add(menu, "End solo" if track.solo else "Solo", lambda: hand.solo(track.id), can)
        gain = menu.addMenu(f"Gain, now {gain_text(track.gain_db)}")
        gain.setEnabled(can)
        for by, words in ((1, "Louder by 1 dB"), (-1, "Softer by 1 dB"), (-6, "Softer by 6 dB")):
            self._add(gain, words, lambda by=by: hand.track_gain(track.id, by))
        self._add(gain, "As it is, 0 dB", lambda: hand.track_gain(track.id, None))
        menu.addSeparator()
        self._add(menu, "Rename…", lambda: self._rename(track.id), can, icon="pencil")
        self._kinds(menu.addMenu("Add a lane"), can)
        count = len(hand.book.animatic.on(track.id))
        clips = f" and its {count:,} {'clip' if count == 1 else 'clips'}" if count else ""
        self._add(menu, f"Remove this lane{clips}", lambda: hand.remove_track(track.id), can, icon="cross")
        menu.popup(at)
        return menu

    def of_lanes(self, at: QPoint) -> QMenu:
        """Which kind of lane is to be added."""
        menu = self._menu("Add a lane")
        self._kinds(menu, not self._hand.book.read_only)
        menu.popup(at)
        return menu

    # internals

    def _fades(self, menu: QMenu, words: str, now: int, *, coming: bool) -> None:
        hand = self._hand
        fades = menu.addMenu(words)
        fades.setEnabled(not hand.book.read_only)
        for frames in _FADES:
            name = f"{frames} frames" if frames else "None"
            action = self._add(fades, name, lambda frames=frames: hand.fade(frames, coming=coming), icon="")
            action.setCheckable(True)
            action.setChecked(now == sample_of(frames, hand.book.rate))

    def _kinds(self, menu: QMenu, can: bool) -> None:
        for kind, words, icon in KINDS:
            self._add(menu, words, lambda kind=kind: self._hand.add_track(kind), can, icon=icon)

    def _menu(self, name: str) -> QMenu:
        menu = QMenu(self._parent)
        menu.setAccessibleName(name)
        menu.setObjectName("animatic_popup")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _add(
        self, menu: QMenu, words: str, do: Callable[[], object], enabled: bool = True, *, icon: str = ""
    ) -> QAction:
        # A single ampersand in a name would be taken for a mnemonic.
        action = menu.addAction(words.replace("&", "&&"))
        if icon:
            action.setIcon(self._theme.icon(icon, "text2", 14))
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked=False: do())
        return action
