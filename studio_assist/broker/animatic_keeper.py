"""The sound of an open project's animatic: the one copy that counts, its file, and what the record says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from studio_assist import protocol
from studio_assist.domain import record
from studio_assist.domain.animatic import FIRST_TRACKS, Animatic, Clip, Sound
from studio_assist.domain.errors import Damaged, StudioError
from studio_assist.domain.record_cutting import SoundAdded, SoundMarked
from studio_assist.domain.values import Sha256
from studio_assist.storage.animatic_file import AnimaticWriter
from studio_assist.storage.project import ProjectFolder

if TYPE_CHECKING:
    from studio_assist.broker.session import Session

#: Edits that come in a row are written together, seconds after the first; what came in is in the record.
_PAUSE_S: Final = 0.4
#: After a disk that did not take it, it is tried again.
_AGAIN_S: Final = 5.0


class AnimaticKeeper:
    """Holds a project's animatic and writes it.

    It belongs to one event loop; the file is written in threads, one write at a time.

    Attributes:
        version: changes with every change.
    """

    def __init__(
        self, folder: ProjectFolder, *, read_only: bool, tell: Callable[[protocol.Event], None]
    ) -> None:
        self._folder: Final = folder
        self._writer: Final = AnimaticWriter(folder)
        self._read_only: Final = read_only
        self._tell: Final = tell
        self._writing: asyncio.Task[None] | None = None
        self._hurry: Final = asyncio.Event()
        self._asked = False
        self._failing = False
        self._tries = 0
        self.animatic = Animatic(tracks=FIRST_TRACKS)
        self.version = 1

    def load(self) -> str | None:
        """Read the file; a sentence for a person where it could not be read. The work goes on then.

        Raises `BadInput` where a newer Studio Assist wrote it.
        """
        try:
            found = self._writer.read()
        except Damaged as damage:
            return f"{damage.message} {damage.remedy} The sounds are still among the project's media."
        if found is not None:
            self.animatic = found
        return None

    def put(self, animatic: Animatic) -> None:
        """Another animatic stands from now on."""
        self.animatic = animatic
        self.version += 1
        if self._read_only:
            return
        self._asked = True
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write_on())

    def put_sound(self, sound: Sound) -> None:
        """A sound that is new, or stands in place of the one with the same content."""
        kept = tuple(one for one in self.animatic.sounds if one.sha256 != sound.sha256)
        self.put(self.animatic.model_copy(update={"sounds": (*kept, sound)}))

    async def flush(self) -> bool:
        """Bring it to the disk now. False where the disk does not take it: it is tried again later."""
        tries = self._tries
        while self._writing is not None:
            self._hurry.set()
            await asyncio.wait({self._writing}, timeout=0.05)
            if self._failing and self._tries > tries:
                return False
        return True

    async def close(self) -> None:
        """Bring it to the disk and stop."""
        await self.flush()
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    # internals

    async def _write_on(self) -> None:
        try:
            while self._asked:
                self._hurry.clear()
                try:
                    async with asyncio.timeout(_AGAIN_S if self._failing else _PAUSE_S):
                        await self._hurry.wait()
                except TimeoutError:
                    pass
                self._asked = False
                await self._write()
                self._tries += 1
        finally:
            self._writing = None

    async def _write(self) -> None:
        try:
            kept = await asyncio.to_thread(self._writer.write, self.animatic)
        except StudioError as error:
            if not self._failing:
                self._trouble(
                    f"The animatic could not be saved: {error.message}",
                    f"{error.remedy} It is tried again every few seconds.",
                )
            self._failing = self._asked = True
            return
        self._failing = False
        if kept is not None:
            self._trouble(
                "Another program had changed animatic.json.",
                f"Its version is kept as {kept.name}; the animatic here was saved.",
            )

    def _trouble(self, message: str, remedy: str) -> None:
        self._tell(protocol.Trouble(kind="animatic", message=message, remedy=remedy))


# What the record says -----------------------------------------------------------------------------------


def settle_sounds(session: Session, keeper: AnimaticKeeper) -> str | None:
    """Bring the sounds up to what the record says of them: it counts, not the file.

    A crash comes between the two, and a file can be changed by hand. A sound that the record does not know
    counts as temp. Gives a sentence where the file said other things than the record.
    """
    before = keeper.animatic
    known = known_sounds(session, {sound.sha256: sound for sound in before.sounds})
    sounds: dict[Sha256, Sound] = {}
    for sound in before.sounds:
        sounds[sound.sha256] = known.get(sound.sha256) or sound.model_copy(
            update={"temp": True, "entry": None}
        )
    # What a crash kept out of the file; its recording is among the media.
    sounds.update((sha256, sound) for sha256, sound in known.items() if sha256 not in sounds)
    for clip in before.clips:
        if clip.sound not in sounds:
            sounds[clip.sound] = _unknown(before.clips, clip)
    after = before.model_copy(update={"sounds": tuple(sounds.values())})
    if after == before:
        return None
    keeper.put(after)
    wrong = sum(
        1
        for sound in before.sounds
        if (now := sounds[sound.sha256]).temp != sound.temp and now.entry == sound.entry
    )
    unknown = sum(1 for sound in sounds.values() if sound.entry is None)
    told: list[str] = []
    if wrong:
        told.append(f"animatic.json said other things of {wrong} sounds than the record does.")
    if unknown:
        told.append(f"The record does not know {unknown} sounds of animatic.json: they count as temp.")
    if told and session.read_only is None:
        what = f"{wrong + unknown} sounds put right: animatic.json said other things than the record."
        session.append(record.Recovered(what=what), durable=False)
    return " ".join(told) or None


def known_sounds(session: Session, listed: dict[Sha256, Sound]) -> dict[Sha256, Sound]:
    """Every sound that the record names, as it says last. `listed` helps where its words are forgotten."""
    found: dict[Sha256, Sound] = {}
    after = 0
    while page := session.ledger.entries(after, 1000, type=("sound_added", "sound_marked")):
        after = page[-1].number
        for entry in page:
            body = entry.body
            if isinstance(body, SoundAdded):
                sound = _read(session.story.text_of(body.content)) or listed.get(body.sha256)
                if sound is not None:
                    update = {"sha256": body.sha256, "temp": body.temp, "how": body.how}
                    found[body.sha256] = sound.model_copy(update={**update, "entry": entry.number})
            elif isinstance(body, SoundMarked) and body.sha256 in found:
                update = {"temp": body.temp, "entry": entry.number}
                found[body.sha256] = found[body.sha256].model_copy(update=update)
    return found


def _read(text: str | None) -> Sound | None:
    try:
        return Sound.model_validate_json(text) if text else None
    except ValidationError:
        return None


def _unknown(clips: tuple[Clip, ...], clip: Clip) -> Sound:
    """A sound that a clip plays, of which nothing else is known."""
    longest = max(one.start + one.length for one in clips if one.sound == clip.sound)
    return Sound(
        sha256=clip.sound, name=f"Unknown sound {clip.sound[:6]}", samples=longest, how="imported", temp=True
    )
