"""The animatic as a film: MP4, GIF, or pictures, one for each shot or one for every frame.

Slate and band are on every frame that shows temp material, whatever was chosen. The file is signed last, and
when it has been written frames of it are decoded and looked at once more. Blocking; called in threads.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from studio_assist.broker import export_files
from studio_assist.broker.export_files import Progress, Writing
from studio_assist.broker.export_film_check import SUFFIXES, wrong_frames, wrong_gif, wrong_mp4
from studio_assist.broker.export_film_plan import FilmSource, facts_of, film_of, shown_of
from studio_assist.broker.export_film_sequence import make_sequence
from studio_assist.broker.export_source import Source
from studio_assist.broker.vouching import SIGNS, needs_c2pa
from studio_assist.domain.values import Sha256
from studio_assist.interchange.film.gif import HIGHEST, write_gif
from studio_assist.interchange.film.stills import pictures
from studio_assist.interchange.film.video import Mix, write_mp4
from studio_assist.marks.band import AMBER, ON_AMBER
from studio_assist.marks.containers import FilmKind, xmp_block, xmp_box
from studio_assist.marks.metadata import packet

#: The share of the work that is drawing and encoding; the rest is signing.
_DRAWN: Final = 0.95


def make_mp4(source: Source, progress: Progress) -> Writing:
    """The animatic as a film with its sound."""
    progress(0.0)
    film = film_of(source, source.options.height)

    def write(path: Path, told: Progress) -> None:
        tags = {
            "title": source.title,
            "comment": film.comment,
            "creation_time": film.vouching.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        write_mp4(film.plan, path, tags, _mix(source), told)
        with path.open("ab") as file:
            file.write(xmp_box(packet(film.vouching.facts)))

    return Writing(_signed(film, "mp4", write), lambda path: wrong_mp4(path, film), warnings=film.warnings)


def make_gif(source: Source, progress: Progress) -> Writing:
    """The animatic as a GIF, for a mail."""
    progress(0.0)
    film = film_of(source, min(HIGHEST, source.options.height))

    def write(path: Path, told: Progress) -> None:
        block = xmp_block(packet(film.vouching.facts))
        write_gif(film.plan, path, (AMBER, ON_AMBER), film.comment, told, block)

    return Writing(_signed(film, "gif", write), lambda path: wrong_gif(path, film), warnings=film.warnings)


def make_frames(source: Source, progress: Progress) -> Writing:
    """A folder of pictures, PNG or JPEG by the source's format: for each shot one, or for every frame."""
    progress(0.0)
    needs_c2pa(SIGNS)
    film = film_of(source, source.options.height)
    format: Literal["png", "jpeg"] = "jpeg" if source.format == "frames-jpeg" else "png"
    if source.options.every_frame:
        return make_sequence(film, format, progress)
    return Writing(
        lambda path, told: _write_frames(film, format, path, told),
        lambda path: wrong_frames(path, film, format),
        is_folder=True,
        warnings=film.warnings,
    )


def _signed(
    film: FilmSource, kind: FilmKind, write: Callable[[Path, Progress], None]
) -> Callable[[Path, Progress], None]:
    """What writes a film beside its name and signs it there; nothing but the signed one is left."""
    needs_c2pa(SIGNS)
    from studio_assist.marks.manifest import EDITED, sign_file

    done = ((EDITED, "TEMP band and slate burned into the frames"),) if film.temp_count else ()

    def both(path: Path, progress: Progress) -> None:
        unsigned = export_files.partial_name(path)
        try:
            write(unsigned, lambda share: progress(_DRAWN * share))
            vouching = film.vouching
            sign_file(
                unsigned,
                path,
                kind,
                vouching.facts,
                vouching.identity,
                vouching.at,
                done=done,
                temp_times=film.temp_times,
                watch=lambda: progress(_DRAWN),
            )
        finally:
            unsigned.unlink(missing_ok=True)
        progress(1.0)

    return both


def _mix(source: Source) -> Mix | None:
    """What is heard; None where there is nothing, for a film without sound needs no sound track."""
    from studio_assist.interchange.mixdown import Mixer
    from studio_assist.interchange.sound_wav import open_pcm

    def opened(sha256: Sha256) -> NDArray[np.int16] | None:
        path = source.folder.media(sha256, ".wav")
        return open_pcm(path) if path is not None else None

    return Mixer(source.clips, source.animatic, opened).block if source.clips else None


def _write_frames(film: FilmSource, format: Literal["png", "jpeg"], folder: Path, progress: Progress) -> None:
    from studio_assist.marks.stills import mark_still

    folder.mkdir()
    source, vouching = film.source, film.vouching
    count = len(film.plan.stills)
    for place, picture in enumerate(pictures(film.plan)):
        progress(place / count)
        data = mark_still(
            picture.pixels,
            facts_of(source, picture.still),
            vouching.identity,
            vouching.at,
            format,
            parent=shown_of(source, picture.still),
            roots=vouching.roots,
        )
        (folder / f"{picture.name}{SUFFIXES[format]}").write_bytes(data)
    progress(1.0)
