"""Shots, and an edit of them on its way out, with everything that an edit can hold."""

from __future__ import annotations

from pathlib import Path

from studio_assist.domain.marking import SourceType
from studio_assist.domain.storyboard import Media, Panel, Shot, ShotId
from studio_assist.domain.timebase import FrameRate
from studio_assist.domain.timeline import Timeline
from studio_assist.domain.values import EntryNumber
from studio_assist.interchange.editorial.cutting_list import (
    CuttingList,
    OutClip,
    OutFile,
    OutScene,
    OutSound,
    OutTrack,
)

SCENE = tuple("ABCDEFGHJK")


def media(count: int) -> Media:
    return Media(sha256=f"{count:064x}", width=1280, height=536)


def shot(count: int, number: str = "", scene: str = "", ms: int = 2000, **more: object) -> Shot:
    """Every third panel is temp, every third empty, every third drawn."""
    kind = count % 3
    panel = Panel(
        state=("temp", "empty", "drawn")[kind],
        picture=None if kind == 1 else media(count),
        shown=None if kind == 1 else media(count),
        entry=EntryNumber(100 + count) if kind != 1 else None,
        source=SourceType.GENERATED if kind == 0 else None,
    )
    scene = scene or str(14 + count // 4)
    values = {
        "id": ShotId(f"{count:012x}"),
        "number": number or f"{scene}{SCENE[count % 4]}",
        "scene": scene,
        "duration_ms": ms,
        "panel": panel,
    }
    return Shot.model_validate({**values, **more})


def cut_of(
    shots: tuple[Shot, ...], rate: FrameRate, *, sounds: bool = True, title: str = "Ferry"
) -> CuttingList:
    """What the broker makes of them."""
    timeline = Timeline.of(shots, rate)
    clips = tuple(
        OutClip(
            shot=cut.shot,
            start=cut.start,
            frames=cut.frames,
            shows={"temp": "temp", "empty": "empty", "drawn": "drawn"}[cut.shot.panel.state],  # pyright: ignore[reportArgumentType]
            picture=cut.shot.panel.shown,
            file=file_of(cut.shot.panel.shown.sha256, ".png") if cut.shot.panel.shown else None,
            temp=(f"TEMP AI, not for delivery, entry {cut.shot.panel.entry}",)
            if cut.shot.panel.state == "temp"
            else (),
        )
        for cut in timeline.cuts
    )
    before: dict[str, int] = {}
    for cut in timeline.cuts:
        before.setdefault(cut.shot.scene, cut.start)
    return CuttingList(
        title=title,
        rate=rate,
        width=1920,
        height=1080,
        clips=clips,
        tracks=tracks_of(timeline) if sounds else (),
        scenes=tuple(OutScene(scene, frame) for scene, frame in before.items()),
        tag="a1b2c3d4e5f60718",
        entry=EntryNumber(1234),
    )


def file_of(sha256: str, suffix: str) -> OutFile:
    relative = f"media/{sha256[:2]}/{sha256}{suffix}"
    return OutFile(sha256, relative, Path("/films/Ferry é.studio") / relative)


def tracks_of(timeline: Timeline) -> tuple[OutTrack, ...]:
    """A voice that begins half a second in, and temp music under everything, with a gap."""
    end = timeline.samples
    voice = OutSound("Take 1", min(24_000, end - 2), 480, 2, 96_000, 1, 0.0, file_of("e" * 64, ".wav"))
    half = end // 2
    temp = "TEMP SOUND, not for delivery, entry 77"
    first = OutSound("Piano", 0, 0, half, end, 2, -6.0, file_of("f" * 64, ".wav"), temp, EntryNumber(77))
    second = OutSound("Gone", half + 1, 0, end - half - 1, end, 2, 0.0, None, temp, EntryNumber(77))
    return (
        OutTrack("Scratch dialogue", "dialogue", 0.0, True, (voice,)),
        OutTrack("Music", "music", -3.0, False, (first, second)),
    )
