"""What a film is made of: the pictures of its shots, read when they are due, and what it says of itself.

Blocking; called in threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from studio_assist.broker.export_source import Source
from studio_assist.broker.vouching import Vouching
from studio_assist.domain.captions import captions_of
from studio_assist.domain.errors import BadInput, Damaged, StudioError
from studio_assist.domain.marking import MarkFacts, SourceType
from studio_assist.domain.storyboard import Media, Panel, Shot
from studio_assist.domain.timeline import Cut, is_temp
from studio_assist.domain.values import EntryNumber
from studio_assist.interchange.film.lettering import Lettering
from studio_assist.interchange.film.plan import FilmPlan, Pixels, Still, frame_size
from studio_assist.marks.band import band_rows, burn
from studio_assist.marks.band_reading import has_band
from studio_assist.marks.decoding import decode
from studio_assist.paths import resource
from studio_assist.storage.atomic import read_bytes

#: Names that a warning lists before it says how many more there are.
_LISTED: Final = 12


@dataclass(frozen=True)
class FilmSource:
    """A film to be made, and what stands behind it.

    Attributes:
        vouching: as the source's, but for what the frames really show.
        warnings: what is missing in it, in sentences.
    """

    source: Source
    plan: FilmPlan
    vouching: Vouching
    warnings: tuple[str, ...]

    @property
    def temp_count(self) -> int:
        """How many of its shots show temp material."""
        return sum(wears_band(still) for still in self.plan.stills)

    @property
    def temp_times(self) -> tuple[tuple[int, int], ...]:
        """When frames wear a band, in hundredths of a second; stretches that touch are one."""
        found: list[tuple[int, int]] = []
        for first, last in self._banded():
            start, end = (round(frame * 100 / self.plan.rate.fps) for frame in (first, last))
            if found and found[-1][1] == start:
                start = found.pop()[0]
            found.append((start, end))
        return tuple(found)

    @property
    def comment(self) -> str:
        """What the file says of itself to any player."""
        source, count, shots = self.source, self.temp_count, len(self.plan.stills)
        where = f"Record {source.tag}, ledger entry {source.entry:,}."
        sounds = len({one.clip.sound for one in source.clips if _is_temp_sound(source, one.clip.sound)})
        if not count and not sounds:
            return f"No temp material. {where}"
        also = f" {sounds} temp {'sound is' if sounds == 1 else 'sounds are'} heard." if sounds else ""
        return f"TEMP. Not for delivery. {count} of {shots} shots are temp material.{also} {where}"

    def _banded(self) -> Iterator[tuple[int, int]]:
        for still in self.plan.stills:
            if is_temp(still.shows):
                yield still.cut.start, still.cut.end
            elif still.draw_band is not None:
                yield from ((one.start, one.end) for one in still.captions)


def wears_band(still: Still) -> bool:
    """Whether frames of a shot wear a band: all of them, or those with a caption."""
    return is_temp(still.shows) or (still.draw_band is not None and bool(still.captions))


def film_of(source: Source, height: int) -> FilmSource:
    """The film of what goes out.

    Args:
        height: of a frame in pixels.

    Raises:
        BadInput: there are no panels in this range.
    """
    assert source.vouching is not None, "a film is signed"
    if not source.timeline.cuts:
        raise BadInput("There are no panels in this range.", remedy="Choose other scenes, or add shots.")
    width, height = frame_size(source.aspect, height)
    stills = tuple(_still(source, cut) for cut in source.timeline.cuts)
    plan = FilmPlan(source.title, width, height, source.timeline.rate, stills, resource("fonts"))
    vouching = source.vouching
    if not any(map(wears_band, stills)):
        # Temp words that no caption shows are not in the film.
        plain = {"is_temp": False, "source": SourceType.HUMAN_EDITS, "backend": None}
        vouching = replace(vouching, facts=vouching.facts.model_copy(update=plain))
    return FilmSource(source, plan, vouching, (*_warnings(source, stills), *_boxes(plan)))


def facts_of(source: Source, still: Still, *, banded: bool | None = None) -> MarkFacts:
    """What is said of one shot's frame as a picture.

    Args:
        banded: whether that frame wears a band; None: the one that stands for the shot.
    """
    shot, panel = still.cut.shot, still.cut.shot.panel
    temp, words = is_temp(still.shows), wears_band(still) if banded is None else banded
    kind = SourceType.COMPOSITE if words else SourceType.HUMAN_EDITS
    return MarkFacts(
        project=source.title,
        tag=source.tag,
        entry=(_named_in(source, panel) or source.entry) if temp else source.entry,
        label=shot.number,
        source=panel.source or SourceType.GENERATED if temp else kind,
        is_temp=words,
        backend=panel.made_by or None if temp else None,
    )


def shown_of(source: Source, still: Still) -> bytes | None:
    """The file of a temp panel's marked picture, whose manifest goes along."""
    media = still.cut.shot.panel.shown
    if media is None or not is_temp(still.shows):
        return None
    path = source.folder.media(media.sha256, media.suffix)
    return read_bytes(path) if path is not None else None


def _named_in(source: Source, panel: Panel) -> EntryNumber | None:
    """The entry that a temp picture names: its marked copy may have been made for its candidate.

    All marks of a file are to name one entry, and the invisible one is in the pixels already.
    """
    from studio_assist.marks import manifest

    media = panel.shown
    path = source.folder.media(media.sha256, media.suffix) if media is not None else None
    if path is None or source.vouching is None:
        return panel.entry
    found = manifest.read(read_bytes(path), "png", source.vouching.roots).found
    return found.entry if found.state == "trusted" and found.entry is not None else panel.entry


def _still(source: Source, cut: Cut) -> Still:
    shot = cut.shot
    shows, media = source.playing(shot), shot.panel.shown
    if is_temp(shows) and media is None:
        # Without its marked copy temp material does not leave.
        shows = "missing"
    captions = captions_of(cut, source.timeline.rate) if source.options.captions else ()
    temp = is_temp(shows)
    still = Still(cut, shows, None, slate=temp or source.options.slate, captions=captions)
    if media is not None and (temp or shows == "drawn"):
        band = band_rows(media.height, media.width) / media.height if temp else 0.0
        still = replace(still, load=partial(_picture, source, shot, media, temp), band=band)
    if captions and not temp and shot.id in source.temp_words:
        facts = facts_of(source, still).model_copy(
            update={"is_temp": True, "source": SourceType.COMPOSITE, "label": shot.number}
        )
        fonts = resource("fonts")
        still = replace(still, slate=True, draw_band=lambda pixels: burn(pixels, facts, fonts))
    return still


def _picture(source: Source, shot: Shot, media: Media, temp: bool) -> Pixels:
    """A panel's picture. Raises an error that names the panel."""
    path = source.folder.media_path / media.sha256[:2] / f"{media.sha256}{media.suffix}"
    try:
        pixels = decode(read_bytes(path), path.name).pixels
    except (StudioError, OSError) as error:
        why = error.message if isinstance(error, StudioError) else f"{error.strerror or error}."
        raise Damaged(
            f"The picture of panel {shot.number} cannot be read: {why}",
            remedy="Put its file back from a copy of the project, or give the panel another picture.",
            place=str(path),
        ) from error
    if temp and not has_band(pixels):
        raise Damaged(
            f"The picture of panel {shot.number} is temp, and the band on it is gone.",
            remedy="Put its file back from a copy of the project, or give the panel another picture.",
            place=str(path),
        )
    return pixels


def _warnings(source: Source, stills: tuple[Still, ...]) -> Iterator[str]:
    missing = [still.cut.shot.number for still in stills if still.shows == "missing"]
    if missing:
        one = len(missing) == 1
        what = (
            f"The picture of panel {missing[0]} is"
            if one
            else f"The pictures of panels {_listed(missing)} are"
        )
        yield f"{what} missing from the project's media; a labelled blank is shown."
    if source.format == "mp4":
        clips = {one.clip.sound for one in source.clips}
        lost = [sha256 for sha256 in clips if source.folder.media(sha256, ".wav") is None]
        names = sorted({sound.name for one in lost if (sound := source.animatic.sound(one)) is not None})
        if lost:
            yield f"Sounds are missing from the project's media, and are silent: {_listed(names)}."


def _boxes(plan: FilmPlan) -> Iterator[str]:
    said = [one.text for still in plan.stills for one in still.captions]
    words = "".join((plan.title.upper(), *(still.cut.shot.number for still in plan.stills), *said))
    lacking = Lettering(plan.fonts, "Inter-Regular.ttf", 12).lacks(words)
    if lacking:
        shown = _listed([f"{sign} (U+{ord(sign):04X})" for sign in lacking])
        yield f"No bundled typeface has these characters, so they show as boxes: {shown}."


def _is_temp_sound(source: Source, sha256: str) -> bool:
    sound = source.animatic.sound(sha256)
    return sound is not None and sound.temp and source.format == "mp4"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
