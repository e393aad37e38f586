"""The animatic on its way to editorial: what goes out is gathered here, and written by each format's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from studio_assist.broker.editorial_child import written, wrong_in
from studio_assist.broker.export_files import Made, Progress
from studio_assist.broker.export_source import Source
from studio_assist.domain.animatic import Sound
from studio_assist.domain.storyboard import Shot
from studio_assist.domain.timeline import Cut, Placed, playing
from studio_assist.interchange.editorial.cutting_list import (
    CuttingList,
    OutClip,
    OutFile,
    OutScene,
    OutSound,
    OutTrack,
)
from studio_assist.interchange.editorial.edl_out import MOST_EVENTS


def make_otio(source: Source, progress: Progress) -> Made:
    """OpenTimelineIO."""
    return _made(source, progress, "otio")


def make_edl(source: Source, progress: Progress) -> Made:
    """A CMX 3600 edit list of the pictures."""
    warnings: list[str] = []
    if source.clips:
        warnings.append("An edit list holds no sound here; OTIO and both XMLs do.")
    count = len(source.timeline.cuts)
    if count > MOST_EVENTS:
        warnings.append(
            f"The list has {count:,} events; some systems count to {MOST_EVENTS}. OTIO has no such end."
        )
    return _made(source, progress, "edl", warnings)


def make_fcp7xml(source: Source, progress: Progress) -> Made:
    """Final Cut Pro 7 XML, which names its files by where they are on this machine."""
    return _made(source, progress, "fcp7xml")


def make_fcpxml(source: Source, progress: Progress) -> Made:
    """FCPXML, which names its files by where they are on this machine."""
    return _made(source, progress, "fcpxml")


def cutting_list(source: Source, progress: Progress) -> CuttingList:
    """What goes out, as every format's writer takes it."""
    clips: list[OutClip] = []
    count = len(source.timeline.cuts)
    for place, cut in enumerate(source.timeline.cuts):
        clips.append(_clip(source, cut))
        if place % 50 == 0:
            progress(0.5 * place / count)
    width, height = _size(source)
    return CuttingList(
        title=source.title,
        rate=source.timeline.rate,
        width=width,
        height=height,
        clips=tuple(clips),
        tracks=tuple(_tracks(source)),
        scenes=tuple(_scenes(source)),
        tag=source.tag,
        entry=source.entry,
        absolute=source.options.absolute_paths,
    )


def _made(source: Source, progress: Progress, format: str, warnings: Iterable[str] = ()) -> Made:
    progress(0.0)
    cut = cutting_list(source, progress)
    progress(0.5)
    data = written(format, cut, lambda: progress(0.5))
    progress(1.0)
    missing = sum(clip.shows == "missing" for clip in cut.clips)
    gone = sum(sound.file is None for sound in cut.sounds)
    said = list(warnings)
    if missing or gone:
        said.append(
            f"Files are missing: {missing} pictures and {gone} sounds; the edit names them as missing."
        )
    return Made(data, lambda back: wrong_in(format, back, cut), tuple(said))


# Pictures -----------------------------------------------------------------------------------------------


def _clip(source: Source, cut: Cut) -> OutClip:
    shot = cut.shot
    shows = source.playing(shot)
    media = shot.panel.shown if shows in ("temp", "previs", "drawn") else None
    path = source.folder.media(media.sha256, media.suffix) if media is not None else None
    file = None
    if media is not None and path is not None:
        file = OutFile(media.sha256, _relative(source, path), path.resolve())
    return OutClip(
        shot=shot,
        start=cut.start,
        frames=cut.frames,
        shows=shows,
        picture=media if file is not None else None,
        file=file,
        temp=tuple(_temp(source, shot)),
    )


def _temp(source: Source, shot: Shot) -> Iterator[str]:
    """What the marks of a clip say. Its words go out with it, so temp words are marked as well."""
    if source.shows_temp(shot, words=False):
        kind = "PREVIS" if playing(shot.panel, has_open=False) == "previs" else "AI"
        yield f"TEMP {kind}, not for delivery, entry {shot.panel.entry or source.entry}"
    if shot.id in source.temp_words:
        yield f"TEMP AI text, not for delivery, entry {source.entry}"


def _scenes(source: Source) -> Iterator[OutScene]:
    """A marker wherever another scene begins."""
    before: str | None = None
    for cut in source.timeline.cuts:
        if cut.shot.scene != before:
            yield OutScene(cut.shot.scene, cut.start)
        before = cut.shot.scene


def _size(source: Source) -> tuple[int, int]:
    """The sequence's frame: as high as a film of it would be, and even."""
    across, _colon, down = source.aspect.partition(":")
    height = source.options.height
    ratio = float(across) / float(down or 1)
    return 2 * round(height * ratio / 2), height


def _relative(source: Source, path: Path) -> str:
    return path.relative_to(source.folder.path).as_posix()


# Sounds -------------------------------------------------------------------------------------------------


def _tracks(source: Source) -> Iterator[OutTrack]:
    """The tracks with their sounds; where two sound at once, a track of the same name holds the second."""
    solo = any(track.solo for track in source.animatic.tracks)
    for track in source.animatic.tracks:
        rows: list[list[OutSound]] = []
        for one in source.clips:
            if one.clip.track == track.id:
                sound = _sound(source, one)
                if sound is not None:
                    _lay(rows, sound)
        heard = not track.muted and (track.solo or not solo)
        for count, row in enumerate(rows, 1):
            name = track.name if count == 1 else f"{track.name} {count}"
            yield OutTrack(name, track.kind, track.gain_db, heard, tuple(row))


def _lay(rows: list[list[OutSound]], sound: OutSound) -> None:
    for row in rows:
        if row[-1].at + row[-1].length <= sound.at:
            row.append(sound)
            return
    rows.append([sound])


def _sound(source: Source, one: Placed) -> OutSound | None:
    """A clip as far as it is heard in the scenes that go out."""
    clip, sound = one.clip, source.animatic.sound(one.clip.sound)
    if sound is None:
        return None
    early = max(0, -one.at)
    late = max(0, one.end - source.timeline.samples)
    if clip.length - early - late <= 0:
        return None
    path = source.folder.media(sound.sha256, ".wav")
    file = OutFile(sound.sha256, _relative(source, path), path.resolve()) if path is not None else None
    return OutSound(
        name=sound.name,
        at=one.at + early,
        start=clip.start + early,
        length=clip.length - early - late,
        whole=sound.samples,
        channels=sound.channels,
        gain_db=clip.gain_db,
        file=file,
        temp=_temp_sound(source, sound),
        entry=sound.entry,
        lost=one.lost,
    )


def _temp_sound(source: Source, sound: Sound) -> str:
    if not sound.temp:
        return ""
    return f"TEMP SOUND, not for delivery, entry {sound.entry or source.entry}"
