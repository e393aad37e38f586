"""What an export is made of: read once in the loop, unchanging, and handed to a thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from studio_assist import protocol
from studio_assist.broker.export_files import Made, Progress, Writing
from studio_assist.broker.vouching import Vouching
from studio_assist.domain.animatic import Animatic
from studio_assist.domain.storyboard import Shot, ShotId
from studio_assist.domain.temp import TempSpan
from studio_assist.domain.timeline import Placed, Playing, Timeline, is_temp, placed, playing
from studio_assist.domain.values import EntryNumber
from studio_assist.storage.project import ProjectFolder


@dataclass(frozen=True)
class Source:
    """A project, or some of its scenes, as it goes out.

    Attributes:
        folder: for its media alone; what else there is, is in the other fields.
        script: the whole text, and `spans` in it, anchored: those of the scenes that go out.
        timeline: the shots that go out, in order, at the project's rate.
        shots: ids of every shot of the board.
        undecided: shots of an empty panel for which variants wait.
        temp_words: shots whose action or dialogue holds temp text. Whatever shows those words is marked as
            temp material is, also where the panel is a person's own.
        animatic: tracks and clips, as they stand.
        vouching: who signs a manifest; None for formats that carry none.
        secret: what places the project's invisible marks.
        entry: the last entry of the record when the export began; `tag` names the record. Both go into the
            file's metadata, so that it leads back to the record.
        on: today.
    """

    folder: ProjectFolder
    title: str
    aspect: str
    format: protocol.ExportFormat
    options: protocol.ExportOptions
    script: str
    spans: tuple[TempSpan, ...]
    timeline: Timeline
    shots: frozenset[ShotId]
    undecided: frozenset[ShotId]
    temp_words: frozenset[ShotId]
    animatic: Animatic
    final: bool
    vouching: Vouching | None
    secret: str
    entry: EntryNumber
    tag: str
    on: date

    def playing(self, shot: Shot) -> Playing:
        """What goes out for a shot; a picture whose file is gone is `missing`."""
        shows = playing(shot.panel, has_open=shot.id in self.undecided)
        media = shot.panel.shown
        if media is not None and self.folder.media(media.sha256, media.suffix) is None:
            return "missing"
        return shows

    def shows_temp(self, shot: Shot, *, words: bool) -> bool:
        """Whether what shows a shot carries marks. `words`: its action or dialogue is shown with it."""
        return is_temp(playing(shot.panel, has_open=False)) or (words and shot.id in self.temp_words)

    @property
    def holds_temp(self) -> bool:
        """Whether anything that goes out is temp, or shows temp words."""
        return bool(self.temp_shots or self.temp_words)

    @property
    def temp_shots(self) -> tuple[Shot, ...]:
        """The shots that go out with temp material in their panels."""
        return tuple(
            cut.shot for cut in self.timeline.cuts if is_temp(playing(cut.shot.panel, has_open=False))
        )

    @property
    def clips(self) -> tuple[Placed, ...]:
        """The clips that are heard in the scenes that go out; lost ones among them."""
        length = self.timeline.samples
        return tuple(
            one for one in placed(self.animatic, self.timeline, self.shots) if one.end > 0 and one.at < length
        )


#: Makes a file of one format. Blocking; it calls `progress` often, which raises where the export was stopped.
Maker = Callable[[Source, Progress], Made | Writing]
