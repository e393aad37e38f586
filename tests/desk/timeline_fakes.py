"""A broker with a board and its animatic, that lives in memory, and sounds to show."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from studio_assist import protocol
from studio_assist.desk.animatic.book import AnimaticBook
from studio_assist.desk.animatic.timeline_view import TimelineView
from studio_assist.desk.board.book import BoardBook
from studio_assist.desk.theme import Theme
from studio_assist.domain.animatic import FIRST_TRACKS, Animatic, Clip, ClipId, Sound, TrackId, edited
from studio_assist.domain.boards import Board
from studio_assist.domain.errors import BadInput
from studio_assist.domain.storyboard import ShotId
from studio_assist.domain.timebase import FrameRate, rate_named
from studio_assist.domain.values import EntryNumber, Sha256, sha256_of
from tests.desk.board_fakes import LINDQVIST, FakeBoards, project, shot, shot_id

#: Lengths in seconds at which cuts fall on whole frames.
SIX = Board(
    tuple(
        shot(at + 1, f"14{'ABCDEF'[at]}", duration_ms=ms)
        for at, ms in enumerate((3000, 4500, 2500, 1500, 3000, 4000))
    )
)


class FakeAnimatic(FakeBoards):
    """As strict as the broker: it makes every edit itself, and refuses what names nothing."""

    def __init__(self, board: Board = SIX, media: Path | None = None) -> None:
        super().__init__(board, media)
        self.animatic = Animatic(tracks=FIRST_TRACKS)
        self.rate = FrameRate(num=24)
        self.sound_version = 1

    # what a test does

    def state(self) -> protocol.AnimaticState:
        return protocol.AnimaticState(animatic=self.animatic, version=self.sound_version, rate=self.rate)

    def tell_animatic(self) -> None:
        """Say that the animatic is another one."""
        self.sound_version += 1
        event = protocol.AnimaticChanged(state=self.state())
        self.told.emit(protocol.AnimaticChanged.model_validate_json(event.model_dump_json()))

    # the calls

    def _open_animatic(self, _params: protocol.Nothing) -> protocol.AnimaticState:
        return self.state()

    def _edit_animatic(self, params: protocol.EditAnimaticParams) -> protocol.AnimaticEdited:
        self.animatic, _back = edited(self.animatic, params.edit)
        self.sound_version += 1
        return protocol.AnimaticEdited(version=self.sound_version)

    def _add_sound(self, params: protocol.AddSoundParams) -> protocol.SoundTakenIn:
        file = Path(params.file)
        if self.media is None or not file.is_file():
            raise BadInput("There is no such file.", remedy="Choose another.", place=params.file)
        sound = keep_sound(self.media, file, temp=params.temp, how=params.how, name=params.name)
        self.put(sound)
        return protocol.SoundTakenIn(sound=sound, version=self.sound_version)

    def _mark_sound(self, params: protocol.MarkSoundParams) -> protocol.SoundNowMarked:
        sound = self.animatic.sound(params.sound)
        if sound is None:
            raise BadInput("There is no such sound.", remedy="Look again.")
        marked = sound.model_copy(update={"temp": params.temp})
        self.put(marked)
        return protocol.SoundNowMarked(sound=marked, entry=EntryNumber(9), version=self.sound_version)

    def _set_frame_rate(self, params: protocol.SetFrameRateParams) -> protocol.FrameRateSet:
        self.rate = rate_named(params.rate)
        return protocol.FrameRateSet(rate=self.rate)

    def put(self, sound: Sound) -> None:
        kept = tuple(one for one in self.animatic.sounds if one.sha256 != sound.sha256)
        self.animatic = self.animatic.model_copy(update={"sounds": (*kept, sound)})
        self.sound_version += 1


def write_wav(path: Path, seconds: float, *, loud: float = 0.6, seed: int = 1) -> Path:
    """Noise that comes and goes as speech does."""
    count = round(seconds * 48_000)
    chance = np.random.default_rng(seed)
    slow = np.abs(np.sin(np.arange(count) / 48_000 * 3.1)) * np.linspace(0.3, 1, count)
    pcm = (chance.uniform(-1, 1, count) * slow * loud * 32_000).astype("<i2")
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(pcm.tobytes())
    return path


def keep_sound(media: Path, file: Path, *, temp: bool, how: str = "imported", name: str = "") -> Sound:
    """Put a WAV file among the media."""
    data = file.read_bytes()
    sha = Sha256(sha256_of(data))
    target = media / sha[:2] / f"{sha}.wav"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    samples = (len(data) - 44) // 2
    return Sound.model_validate(
        {
            "sha256": sha,
            "name": name or file.stem,
            "samples": samples,
            "how": how,
            "temp": temp,
            "by": LINDQVIST.name,
        }
    )


def clip(
    name: str,
    sound: Sound,
    at: int,
    *,
    shot: ShotId | None = None,
    track: str = "dialogue",
    start: int = 0,
    length: int = 0,
) -> Clip:
    return Clip(
        id=ClipId(name),
        track=TrackId(track),
        sound=sound.sha256,
        shot=shot,
        at=at,
        start=start,
        length=length or sound.samples - start,
    )


def with_sounds(client: FakeAnimatic, media: Path, folder: Path) -> tuple[Sound, Sound]:
    """A recorded line of two seconds on the second shot, and temp tone of sixteen under it all."""
    voice = keep_sound(media, write_wav(folder / "voice.wav", 2), temp=False, how="recorded")
    tone = keep_sound(media, write_wav(folder / "tone.wav", 16, loud=0.3, seed=2), temp=True)
    clips = (
        clip("voice", voice, 24_000, shot=shot_id(2)),
        clip("tone", tone, 0, track="tone"),
    )
    client.animatic = client.animatic.model_copy(update={"clips": clips, "sounds": (voice, tone)})
    return voice, tone


class Stage:
    """A window with a timeline over a strict broker."""

    def __init__(self, qtbot, theme: Theme, folder: Path, client: FakeAnimatic, **state: object) -> None:
        self.client = client
        self.qtbot = qtbot
        self.board = BoardBook(client)
        self.book = AnimaticBook(client)
        self.errors: list[object] = []
        self.board.failed.connect(self.errors.append)
        self.book.failed.connect(self.errors.append)
        client.told.connect(self.board.take)
        client.told.connect(self.book.take)
        with qtbot.waitSignal(self.board.loaded):
            self.board.load(project(folder, **state), LINDQVIST)
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.view = TimelineView(theme, self.book, self.window)
        self.window.resize(1440, 400)
        self.view.setGeometry(0, 100, 1440, 210)
        self.view.frame_wanted.connect(self.view.set_playhead)
        with qtbot.waitSignal(self.book.opened):
            self.book.open(self.board, project(folder, **state), LINDQVIST)
        self.window.show()
        self.view.setFocus()

    # properties

    @property
    def numbers(self) -> list[tuple[str, int]]:
        return [(cut.shot.number, cut.frames) for cut in self.book.timeline.cuts]

    @property
    def canvas(self) -> QWidget:
        return self.view.canvas

    # methods

    def settled(self) -> bool:
        return self.client.board.shots == self.board.shots and self.client.animatic == self.book.animatic

    def x(self, frame: float) -> int:
        return round(self.view.scale.x(frame))

    def drag(
        self,
        points: Sequence[tuple[int, int]],
        keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        *,
        release: bool = True,
    ) -> None:
        """Press at the first point, go through the others, let go at the last."""
        kinds = QMouseEvent.Type
        self._mouse(kinds.MouseButtonPress, points[0], Qt.MouseButton.LeftButton, keys)
        for point in points[1:]:
            self._mouse(kinds.MouseMove, point, Qt.MouseButton.LeftButton, keys)
        if release:
            self._mouse(kinds.MouseButtonRelease, points[-1], Qt.MouseButton.NoButton, keys)

    def press(self, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.canvas, key, keys)

    def _mouse(
        self,
        kind: QMouseEvent.Type,
        point: tuple[int, int],
        held: Qt.MouseButton,
        keys: Qt.KeyboardModifier,
    ) -> None:
        spot = QPointF(*point)
        button = Qt.MouseButton.NoButton if kind == QMouseEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        on_screen = QPointF(self.canvas.mapToGlobal(QPoint(*point)))
        QApplication.sendEvent(self.canvas, QMouseEvent(kind, spot, on_screen, button, held, keys))
