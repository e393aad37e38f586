"""The sound of an imported board: taken in as temp sound, and put under its shot."""

from __future__ import annotations

import secrets
from pathlib import Path

from studio_assist import protocol
from studio_assist.broker.animatics import Animatics
from studio_assist.broker.session import Session
from studio_assist.domain.animatic import Clip, ClipId, PutClips
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import ShotId


async def put_sound(
    animatics: Animatics, session: Session, shot: ShotId, file: Path, person: Person
) -> StudioError | None:
    """Hang a sound on a shot. It is temp until a person says otherwise; the error where it cannot be."""
    try:
        params = protocol.AddSoundParams(file=str(file), how="imported", temp=True, person=person)
        sound = (await animatics.add_sound(params)).sound
        tracks = session.animatic.animatic.tracks
        track = next((one for one in tracks if one.kind == "dialogue"), tracks[0] if tracks else None)
        there = any(
            clip.shot == shot and clip.sound == sound.sha256 for clip in session.animatic.animatic.clips
        )
        if track is None or sound.samples < 1 or there:
            return None
        clip = Clip(
            id=ClipId(secrets.token_hex(6)),
            track=track.id,
            sound=sound.sha256,
            shot=shot,
            length=sound.samples,
        )
        edit = PutClips(clips=(clip,))
        await animatics.edit_animatic(protocol.EditAnimaticParams(edit=edit, person=person))
    except StudioError as error:
        return error
    return None
