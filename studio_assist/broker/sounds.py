"""Sound files among the project's media: copied or converted in a thread, which tells how far it is."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeVar

from studio_assist import protocol
from studio_assist.broker.safe_sound import convert_safely
from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.domain.values import Sha256
from studio_assist.storage.atomic import process_lives
from studio_assist.storage.faults import disk
from studio_assist.storage.media_files import staged_name
from studio_assist.storage.project import ProjectFolder

T = TypeVar("T")
Told = Callable[[float], None]

#: How a sound is kept among the media.
WAV: Final = ".wav"
#: What the window calls a recording until somebody keeps it: `recording-<process>-<time>.wav`.
RECORDING: Final = "recording-"
#: A WAV file that is kept as it is: four hours in stereo, and notes of other programs.
LARGEST_READY: Final = 3_000_000_000
#: Originals over this are not kept: a film that somebody wants the sound of.
_LARGEST_ORIGINAL: Final = 2_000_000_000
#: A recording that nobody touched for so long is taken in, though a process of that number lives.
_OLD_S: Final = 12 * 3600
_TELL_EVERY_S: Final = 0.1
#: Bytes of a recording that never began: its header.
EMPTY: Final = 44


class StoppedSound(Unavailable):
    """A person stopped it, or the project was closed."""

    def __init__(self) -> None:
        super().__init__("The sound was not taken in: it was stopped.", remedy="Bring it in again.")


@dataclass(frozen=True, slots=True)
class Stored:
    """A sound among the media, as `domain.animatic.Sound` has it.

    Attributes:
        too_large: the original is not kept, for its size.
    """

    sha256: Sha256
    samples: int
    channels: Literal[1, 2]
    original: Sha256 | None = None
    original_suffix: str = ""
    too_large: bool = False


def store(folder: ProjectFolder, file: Path, told: Told) -> Stored:
    """Put a sound file among the media. Blocking.

    What is no WAV file as they are kept is converted first, in a process of its own.

    Raises:
        BadInput: no sound, damaged, locked or too long.
        Unavailable: the disk does not give or take it.
    """
    from studio_assist.interchange import sound

    if "\0" in str(file) or not file.is_file():
        # A pipe would be waited for without end.
        raise BadInput(f"{file.name!a} is not a file.", remedy="Choose a sound file.", place=str(file))
    if sound.is_ready(file) and file.stat().st_size <= LARGEST_READY:
        return _kept(folder, folder.put_media_file(file, WAV, told=told), None, "")
    staged = staged_name(folder.recovery_path, "sound.wav")
    try:
        convert_safely(file, staged, lambda share: told(share * 0.7))
        digest = folder.put_media_file(staged, WAV, move=True, told=lambda share: told(0.7 + share * 0.1))
    finally:
        staged.unlink(missing_ok=True)
    with disk(file, "read"):
        too_large = file.stat().st_size > _LARGEST_ORIGINAL
    if too_large:
        return _kept(folder, digest, None, "", too_large=True)
    suffix = file.suffix.casefold()
    suffix = suffix if suffix in sound.SUFFIXES else ".bin"
    original = folder.put_media_file(file, suffix, told=lambda share: told(0.8 + share * 0.2))
    return _kept(folder, digest, original, suffix)


def store_recording(folder: ProjectFolder, file: Path, told: Told) -> Stored:
    """Put a recording among the media. Its own file stays until the record knows it: see `let_go`. Blocking.

    Raises as `store`.
    """
    from studio_assist.interchange import sound

    if not sound.is_ready(file):
        # A crash left it with a header of the second before.
        sound.mend(file)
    return _kept(folder, folder.put_media_file(file, WAV, told=told), None, "")


def recording(folder: ProjectFolder, file: Path) -> Path:
    """A recording's file, where it is one: in the project's `recovery` folder, by its name.

    Raises `BadInput` where it is none: nothing else is taken away after it was taken in.
    """
    is_one = (
        file.name.startswith(RECORDING)
        and file.suffix == WAV
        and file.parent.resolve() == folder.recovery_path.resolve()
        and file.is_file()
        and not file.is_symlink()
    )
    if not is_one:
        raise BadInput(
            f"{file.name} is no recording of this project.",
            remedy="Record it here, or bring the file in.",
            place=str(file),
        )
    return folder.recovery_path / file.name


def left_recordings(folder: ProjectFolder) -> tuple[Path, ...]:
    """Recordings that nobody decided on, whose window is gone; empty ones are removed. Blocking."""
    found: list[Path] = []
    with disk(folder.recovery_path, "read"):
        for file in sorted(folder.recovery_path.glob(f"{RECORDING}*{WAV}")):
            if file.is_symlink():
                continue
            process = file.stem.removeprefix(RECORDING).partition("-")[0]
            lives = process.isdigit() and process_lives(int(process))
            if not lives and file.stat().st_size <= EMPTY:
                file.unlink()
            elif not lives or time.time() - file.stat().st_mtime > _OLD_S:
                found.append(file)
    return tuple(found)


def let_go(file: Path) -> None:
    """Take a recording's own file away: its sound is among the media, and the record knows it."""
    with disk(file, "moved"):
        file.unlink(missing_ok=True)


class Taking:
    """What is being taken in: in threads, each of which can be stopped.

    Args:
        tell: hears of progress, in the loop.
    """

    def __init__(self, tell: Callable[[protocol.Event], None]) -> None:
        self._tell: Final = tell
        self._running: Final[dict[asyncio.Task[Stored], threading.Event]] = {}

    async def run(self, label: str, work: Callable[[Told], Stored]) -> Stored:
        """Do it in a thread, and tell how far it is.

        Raises `StoppedSound` where it was stopped, and what the work raises.
        """
        stopped, loop, told_at = threading.Event(), asyncio.get_running_loop(), 0.0

        def told(share: float) -> None:
            nonlocal told_at
            if stopped.is_set():
                raise StoppedSound
            now = time.monotonic()
            if now - told_at >= _TELL_EVERY_S or share >= 1:
                told_at = now
                event = protocol.Progress(job="sound", label=label, share=share)
                loop.call_soon_threadsafe(self._tell, event)

        task = loop.create_task(asyncio.to_thread(work, told))
        self._running[task] = stopped
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            stopped.set()
            await asyncio.gather(task, return_exceptions=True)
            raise
        finally:
            del self._running[task]
            # However it ended, nobody waits for it any more.
            self._tell(protocol.Progress(job="sound", label=label, share=1.0))

    def stop(self) -> None:
        """Stop all of it; nothing half stays."""
        for stopped in self._running.values():
            stopped.set()

    async def close(self) -> None:
        """Stop all of it and wait for the end."""
        self.stop()
        await asyncio.gather(*self._running, return_exceptions=True)


def _kept(
    folder: ProjectFolder, digest: Sha256, original: Sha256 | None, suffix: str, *, too_large: bool = False
) -> Stored:
    """What stands among the media by now: what was copied may have changed since it was looked at."""
    from studio_assist.interchange import sound

    path = folder.media(digest, WAV)
    assert path is not None
    pcm = sound.open_pcm(path)
    return Stored(
        sha256=digest,
        samples=len(pcm),
        channels=2 if pcm.shape[1] == 2 else 1,
        original=original,
        original_suffix=suffix,
        too_large=too_large,
    )
