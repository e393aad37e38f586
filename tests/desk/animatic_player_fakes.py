"""A broker that knows the animatic too, and boards to play."""

from __future__ import annotations

from pathlib import Path

from studio_assist import protocol
from studio_assist.domain.animatic import Animatic, edited
from studio_assist.domain.boards import Board
from studio_assist.domain.storyboard import ShotSize
from studio_assist.domain.timebase import FrameRate, rate_named
from tests.desk.board_fakes import FakeBoards, drawn, painted, shot, shot_id, store, temp, variant

#: As on screen 09: number, seconds, and what stands in the panel.
_SHOTS = (
    ("14A", 3.0, "drawn"),
    ("14B", 4.5, "temp"),
    ("14C", 2.5, "undecided"),
    ("14D", 1.5, "empty"),
    ("14E", 3.0, "temp"),
    ("14F", 4.0, "temp"),
    ("15A", 2.0, "temp"),
    ("15B", 2.5, "empty"),
    ("15C", 2.0, "missing"),
    ("16A", 3.5, "drawn"),
    ("16B", 1.0, "drawn"),
    ("16C", 2.0, "temp"),
    ("17B", 3.0, "temp"),
)
DIALOGUE = "MAYA: And what do they do when they get to ten?"


class FakeAnimatics(FakeBoards):
    """`FakeBoards` with an animatic."""

    def __init__(self, board: Board, media: Path, rate: FrameRate | None = None) -> None:
        super().__init__(board, media)
        self.animatic = Animatic()
        self.rate = rate or FrameRate(num=24)

    def _open_animatic(self, _params: protocol.Nothing) -> protocol.AnimaticState:
        return protocol.AnimaticState(animatic=self.animatic, version=1, rate=self.rate)

    def _edit_animatic(self, params: protocol.EditAnimaticParams) -> protocol.AnimaticEdited:
        self.animatic, _back = edited(self.animatic, params.edit)
        self.version += 1
        return protocol.AnimaticEdited(version=self.version)

    def _set_frame_rate(self, params: protocol.SetFrameRateParams) -> protocol.FrameRateSet:
        self.rate = rate_named(params.rate)
        return protocol.FrameRateSet(rate=self.rate)


def larkspur(media: Path, size: tuple[int, int] = (320, 180)) -> FakeAnimatics:
    """The thirteen shots of screen 09 with flat pictures, one of which is not on the disk."""
    shots = []
    client = FakeAnimatics(Board(), media)
    for place, (number, seconds, what) in enumerate(_SHOTS):
        picture = painted(60 + 12 * place, size, band=what == "temp")
        of = shot_id(place + 1)
        fields: dict[str, object] = {"duration_ms": round(seconds * 1000)}
        if what == "temp":
            fields["panel"] = temp(store(media, picture))
        elif what == "drawn":
            fields["panel"] = drawn(store(media, picture))
        elif what == "undecided":
            client.variants[of] = (variant(of, store(media, picture)),)
        elif what == "missing":
            gone = store(media, picture)
            (media / gone.sha256[:2] / f"{gone.sha256}.png").unlink()
            fields["panel"] = drawn(gone)
        if number == "14E":
            fields |= {"dialogue": DIALOGUE, "size": ShotSize.OTS, "lens_mm": 50}
        shots.append(shot(place + 1, number, number[:2], **fields))
    client.board = Board(tuple(shots))
    return client
