"""Jobs of the picture queue, and the file that brings them over a restart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from studio_assist.domain.people import Person
from studio_assist.domain.pictures import new_job
from studio_assist.domain.storyboard import ShotId
from studio_assist.domain.values import RequestId, Value
from studio_assist.storage.atomic import read_bytes, set_aside, write_atomic
from studio_assist.storage.project import ProjectFolder, utc_now


class PictureJob(Value):
    """Pictures for one shot, complete: nothing downstream reads a setting.

    Attributes:
        request: its id in the record; the entry is written when its turn comes.
        drawer: a backend's id, or the built-in drawer's.
        job: our own id of the call, for hosts that keep results.
        state: `sent`: the host may have it, whatever happens here from then on.
    """

    request: RequestId
    shot: ShotId
    drawer: str
    count: Annotated[int, Field(ge=1, le=8)]
    seed: Annotated[int, Field(ge=0, lt=2**31)]
    note: str = ""
    control: Literal["none", "line", "depth"] = "none"
    references: tuple[str, ...] = ()
    edit: bool = False
    strength: Annotated[float, Field(ge=0, le=1)] = 0.6
    person: Person
    job: str = Field(default_factory=new_job)
    state: Literal["waiting", "sent"] = "waiting"


class QueueFile(Value):
    """What recovery/queue.json holds: the jobs that have not ended, in order."""

    version: Literal[1] = 1
    paused: bool = False
    jobs: tuple[PictureJob, ...] = ()


class QueueStore:
    """Reads and writes a project's queue."""

    def __init__(self, folder: ProjectFolder) -> None:
        self._path: Final[Path] = folder.recovery_path / "queue.json"
        self._lines: dict[RequestId, tuple[PictureJob, bytes]] = {}

    def read(self) -> QueueFile:
        """The queue as it was left; an empty one where the file cannot be read, which is set aside then."""
        if not self._path.exists():
            return QueueFile()
        try:
            return QueueFile.model_validate_json(read_bytes(self._path))
        except ValidationError:
            # What it would have drawn can be asked again; a board that does not open cannot.
            set_aside(self._path, at=utc_now())
            return QueueFile()

    def write(self, queue: QueueFile) -> None:
        """Bring it to the disk; a job that is as it was is not made into JSON anew.

        Raises `Unavailable` where the disk does not take it.
        """
        lines: dict[RequestId, tuple[PictureJob, bytes]] = {}
        for job in queue.jobs:
            known = self._lines.get(job.request)
            line = known[1] if known and known[0] is job else job.model_dump_json().encode()
            lines[job.request] = (job, line)
        self._lines = lines
        head = b'{"version":%d,"paused":%s,"jobs":[\n' % (
            queue.version,
            b"true" if queue.paused else b"false",
        )
        write_atomic(self._path, head + b",\n".join(line for _job, line in lines.values()) + b"\n]}\n")
