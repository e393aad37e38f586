"""Everything that the broker does for the Animatic desk's sound, one method for each of its calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from studio_assist import protocol
from studio_assist.broker.session import Session
from studio_assist.broker.sounds import (
    WAV,
    StoppedSound,
    Stored,
    Taking,
    left_recordings,
    let_go,
    recording,
    store,
    store_recording,
)
from studio_assist.domain.animatic import Sound, edited
from studio_assist.domain.errors import BadInput, StudioError
from studio_assist.domain.people import Person
from studio_assist.domain.record_cutting import SoundAdded, SoundMarked
from studio_assist.domain.timebase import FrameRate, rate_named
from studio_assist.domain.values import Sha256
from studio_assist.ledger import Contents
from studio_assist.storage.project import ProjectFolder


class Animatics:
    """Tracks, clips and sounds of the open project.

    Args:
        ready: the open project, once the key of a person is there.

    Attributes:
        parts: what is looked through for a call's method.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        ready: Callable[[Person], Awaitable[Session]],
        tell: Callable[[protocol.Event], None],
    ) -> None:
        self._session: Final = session
        self._ready: Final = ready
        self._tell: Final = tell
        self._taking: Final = Taking(tell)
        self._mending: asyncio.Task[None] | None = None
        self._opened: Session | None = None
        self.parts: Final = (self,)

    def open(self, session: Session) -> None:
        """Another project is open."""
        self._opened = session
        if not session.read_only and not session.is_altered:
            self._mending = asyncio.get_running_loop().create_task(self.take_in_left(session))

    async def close(self) -> None:
        """Stop what runs, and let go of the project. A recording that is not taken in yet stays as it is."""
        self._opened = None
        if self._mending is not None:
            self._mending.cancel()
            await asyncio.gather(self._mending, return_exceptions=True)
            self._mending = None
        await self._taking.close()

    # calls

    async def open_animatic(self, _params: protocol.Nothing) -> protocol.AnimaticState:
        """The animatic as it stands."""
        return await self._state(self._session())

    async def edit_animatic(self, params: protocol.EditAnimaticParams) -> protocol.AnimaticEdited:
        """Change tracks and clips.

        Raises:
            BadInput: the edit names a clip, track or sound that is not there.
            Refusal: the project is read-only here.
        """
        session = self._session()
        session.may_write()
        after, _back = edited(session.animatic.animatic, params.edit)
        session.animatic.put(after)
        return protocol.AnimaticEdited(version=session.animatic.version)

    async def add_sound(self, params: protocol.AddSoundParams) -> protocol.SoundTakenIn:
        """Take a file or a recording in. The same sound twice is one sound.

        Raises:
            BadInput: no sound in it that can be read, too long, or no recording of this project.
            Unavailable: it was stopped, or the disk does not take it.
            Refusal: nothing can be recorded here.
        """
        session = await self._ready(params.person)
        session.may_write()
        session.meet(params.person)
        folder, file = session.folder, Path(params.file)
        if params.how == "recorded":
            file = recording(folder, file)
            stored = await self._taking.run(
                "Keeping the recording", lambda told: store_recording(folder, file, told)
            )
        else:
            stored = await self._taking.run(f"Taking in {file.name}", lambda told: store(folder, file, told))
        if self._opened is not session:
            raise StoppedSound
        sound = self._added(session, stored, params.how, params.name or file.stem, params.temp, params.person)
        if stored.too_large:
            self._trouble(f"{file.name} itself is too large to be kept.", "Its sound is in the project.")
        version = session.animatic.version
        if params.how == "recorded" and await session.animatic.flush():
            let_go(file)
        return protocol.SoundTakenIn(sound=sound, version=version)

    async def stop_sound(self, params: protocol.Nothing) -> protocol.Nothing:
        """Stop what is being taken in."""
        self._taking.stop()
        return params

    async def mark_sound(self, params: protocol.MarkSoundParams) -> protocol.SoundNowMarked:
        """A person says that a sound is temp, or is so no more.

        Raises:
            BadInput: there is no such sound.
            Refusal: nothing can be recorded here.
        """
        session = await self._ready(params.person)
        session.may_write()
        session.meet(params.person)
        sound = session.animatic.animatic.sound(params.sound)
        if sound is None:
            raise BadInput("The animatic has no such sound.", remedy="Read the animatic again.")
        if sound.entry is None:
            # The record gets to know it before anybody says anything of it.
            sound = self._recorded(session, sound.model_copy(update={"temp": True}), params.person)
        body = SoundMarked(automated=params.person.automated, sha256=sound.sha256, temp=params.temp)
        entry = session.append(body, person=params.person, durable=True)
        sound = sound.model_copy(update={"temp": params.temp, "entry": entry.number})
        session.animatic.put_sound(sound)
        return protocol.SoundNowMarked(sound=sound, entry=entry.number, version=session.animatic.version)

    async def set_frame_rate(self, params: protocol.SetFrameRateParams) -> protocol.FrameRateSet:
        """Another frame rate for the whole project; it stands in project.toml as people write it.

        Raises:
            BadInput: there is no such rate.
            Refusal: the project is read-only here.
        """
        session = self._session()
        session.may_write()
        rate = rate_named(params.rate)
        info = session.folder.info.model_copy(update={"frame_rate": _written(rate), "drop_frame": rate.drop})
        session.folder.save_info(info)
        self._tell(protocol.AnimaticChanged(state=await self._state(session)))
        return protocol.FrameRateSet(rate=session.folder.info.rate)

    # after a crash

    async def take_in_left(self, session: Session) -> None:
        """Take recordings in that a crash left before anybody could say whether to keep them.

        No clip plays them; a person listens and places them, or leaves them.
        """
        try:
            files = await asyncio.to_thread(left_recordings, session.folder)
        except StudioError as error:
            self._trouble(error.message, error.remedy)
            return
        for file in files:
            try:
                await self._take_in(session, file)
            except StudioError as error:
                self._trouble(
                    f"A recording that the program's end had left could not be taken in: {error.message}",
                    f"It is kept as {file.name} in the folder recovery.",
                )

    async def _take_in(self, session: Session, file: Path) -> None:
        stored = await self._taking.run(
            "Taking in a recording", lambda told: store_recording(session.folder, file, told)
        )
        await session.ready(session.person)
        if self._opened is not session:
            return
        session.meet(session.person)
        moment = datetime.fromtimestamp(file.stat().st_mtime, UTC).astimezone()
        name = f"Recording of {moment.strftime('%Y-%m-%d %H.%M')}"
        known = session.animatic.animatic.sound(stored.sha256)
        sound = self._added(session, stored, "recorded", name, False, session.person)
        if await session.animatic.flush():
            let_go(file)
        if known is None:
            self._tell(protocol.AnimaticChanged(state=await self._state(session)))
            self._trouble(
                "A recording had not been kept yet when the program ended.",
                f"It is among the sounds as {sound.name}: listen to it, and place it if you want it.",
            )

    # internals

    def _added(
        self,
        session: Session,
        stored: Stored,
        how: Literal["recorded", "imported"],
        name: str,
        temp: bool,
        person: Person,
    ) -> Sound:
        """The sound among those of the animatic, and in the record."""
        known = session.animatic.animatic.sound(stored.sha256)
        if known is not None and known.entry is not None:
            if temp and not known.temp:
                # To say that something is temp is never lost; that it is not, is a decision of its own.
                body = SoundMarked(automated=person.automated, sha256=known.sha256, temp=True)
                entry = session.append(body, person=person, durable=True)
                known = known.model_copy(update={"temp": True, "entry": entry.number})
                session.animatic.put_sound(known)
            return known
        made = Sound(
            sha256=stored.sha256,
            name=name,
            samples=stored.samples,
            channels=stored.channels,
            how=how,
            temp=temp,
            original=stored.original,
            original_suffix=stored.original_suffix,
            by=person.name,
            at=session.now(),
        )
        made = self._recorded(session, made, person)
        session.animatic.put_sound(made)
        return made

    def _recorded(self, session: Session, sound: Sound, person: Person) -> Sound:
        texts = Contents()
        body = SoundAdded(
            automated=person.automated,
            content=texts.add(sound.model_dump_json(exclude={"entry"})),
            how=sound.how,
            sha256=sound.sha256,
            temp=sound.temp,
        )
        entry = session.append(body, contents=texts, person=person, durable=True)
        return sound.model_copy(update={"entry": entry.number})

    async def _state(self, session: Session) -> protocol.AnimaticState:
        animatic, version = session.animatic.animatic, session.animatic.version
        missing = await asyncio.to_thread(_missing, session.folder, animatic.sounds)
        return protocol.AnimaticState(
            animatic=animatic, version=version, rate=session.folder.info.rate, missing=missing
        )

    def _trouble(self, message: str, remedy: str) -> None:
        self._tell(protocol.Trouble(kind="sound", message=message, remedy=remedy))


def _missing(folder: ProjectFolder, sounds: tuple[Sound, ...]) -> tuple[Sha256, ...]:
    return tuple(sound.sha256 for sound in sounds if folder.media(sound.sha256, WAV) is None)


def _written(rate: FrameRate) -> float:
    """As people write it: 23.976, 29.97, 24."""
    return float(rate.name.removesuffix(" DF"))
