"""The sample project: made on this machine, by the model on this machine, through the paths a writer takes.

What is asked and decided stands in `resources/sample/sample.toml`. The decisions are recorded as automated,
because no person took them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, Protocol, TypeVar

from pydantic import ValidationError

from studio_assist import protocol
from studio_assist.backends.registry import Backends
from studio_assist.broker.making import made_whole
from studio_assist.broker.sample_sound import room_tone
from studio_assist.domain.aiming import aim
from studio_assist.domain.animatic import Clip, ClipId, PutClips
from studio_assist.domain.breakdown import breakdown
from studio_assist.domain.candidate import OPEN, Candidate, Outcome, State
from studio_assist.domain.errors import Damaged, StudioError, Unavailable
from studio_assist.domain.people import AUTOMATED, Person
from studio_assist.domain.placing import Place, place_for
from studio_assist.domain.storyboard import InsertShots, ShotId, Variant
from studio_assist.domain.tasks import Task
from studio_assist.domain.temp import TempSpan
from studio_assist.domain.timebase import SAMPLE_RATE
from studio_assist.domain.timeline import Timeline
from studio_assist.domain.values import RequestId, Value
from studio_assist.interchange.fountain import parse
from studio_assist.paths import resource
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.imports import keep_import
from studio_assist.storage.project import ProjectFolder

R = TypeVar("R", bound=Value)

#: The job that the progress of making the sample is told under.
JOB: Final = "sample"
#: The room tone comes in within half a second.
_FADE: Final = SAMPLE_RATE // 2

#: What sample.toml has done with a candidate.
Planned = Literal["accept", "edit", "reject", "leave"]


class SampleAsk(Value):
    """One ask of sample.toml; resources/sample/README.md says what the fields mean."""

    task: str
    scene: str
    line: int
    note: str
    count: int
    seed: int
    decisions: tuple[Planned, ...]
    edit: str = "{offer}"


class SampleFrames(Value):
    """The pictures of one shot: how many are drawn, and what is done with each."""

    shot: str
    seed: int
    decisions: tuple[Planned, ...]


class SampleBoard(Value):
    """One scene's board: its shots are those that the rules propose."""

    scene: str
    frames: tuple[SampleFrames, ...]


class SampleSound(Value):
    """A temp sound under all that is boarded. `seconds`: how long it is before it follows on itself."""

    name: str
    seconds: float


class SamplePlan(Value):
    """What sample.toml holds."""

    title: str
    policy: str
    script: str
    ask: tuple[SampleAsk, ...]
    board: tuple[SampleBoard, ...] = ()
    sound: SampleSound | None = None


class Host(Protocol):
    """What the maker needs of a broker: a project of its own to work in, and the calls that a window has."""

    def create(
        self, path: Path, title: str, policy: str, script: bytes, person: Person, *, sample: bool
    ) -> None: ...

    async def handle(self, method: protocol.Method[Any, R], params: Value) -> R: ...

    async def finished(self, request: RequestId) -> tuple[Candidate, ...]: ...

    async def drawn(self, requests: Sequence[RequestId]) -> tuple[Variant, ...]: ...

    def tasks(self) -> dict[str, Task]: ...

    def backends(self) -> Backends: ...


class SampleMaker:
    """Makes the sample in a folder beside its own, and moves it there when it is whole.

    Args:
        tell: takes the progress.
    """

    def __init__(self, tell: Callable[[protocol.Event], None]) -> None:
        self._tell: Final = tell
        self._ended: dict[RequestId, protocol.RequestChanged] = {}

    def hear(self, event: protocol.Event) -> None:
        """What the broker that works for the maker tells; nothing of it concerns the window."""
        if isinstance(event, protocol.RequestChanged) and event.state != "running":
            self._ended[event.request] = event

    async def make(self, path: Path, broker: Host) -> str | None:
        """Make the sample; says in a sentence why suggestions are missing from it, or None where none are.

        A fault, or being cancelled, leaves nothing behind.

        Args:
            broker: works on the folder in the making, and tells `hear`. Whoever made it closes it.

        Raises:
            BadInput: something stands there already.
            Damaged: the sample's own files are not what came with the program.
            Unavailable: the disk does not let it.
        """
        with made_whole(path) as making:
            try:
                missing = await self._fill(making, broker)
            finally:
                # A folder that is open somewhere cannot be moved or removed everywhere.
                await broker.handle(protocol.CLOSE_PROJECT, protocol.Nothing())
        self._progress("The sample is ready", 1.0)
        return missing

    # internals

    async def _fill(self, folder: Path, broker: Host) -> str | None:
        self._progress("Making the sample", 0.0)
        plan = read_plan()
        script = read_bytes(resource("sample", plan.script))
        broker.create(folder, plan.title, plan.policy, script, AUTOMATED, sample=True)
        opening = protocol.OpenProjectParams(path=str(folder), person=AUTOMATED)
        state = await broker.handle(protocol.OPEN_PROJECT, opening)
        # What a changed version of the script is merged with, as where a project begins with a file.
        keep_import(
            folder,
            name=plan.script,
            format="fountain",
            source=script,
            base=state.script,
            at=datetime.now(UTC),
        )
        artist = _Artist(broker, state.script)
        for place, board in enumerate(plan.board):
            self._progress(f"Boarding scene {board.scene}", place / max(1, len(plan.board)) / 3)
            await artist.work_on(board)
        if plan.sound is not None:
            await artist.lay(plan.sound, ProjectFolder.open(folder))
        models = [info for info in broker.backends().infos() if "text" in info.kinds]
        if not any(info.ready for info in models):
            why = f"{models[0].why} {models[0].remedy}".strip() if models else "There is no model to ask."
            return f"The sample has no suggestions yet. {why}"
        automat = _Automat(broker, state, self._ended)
        tasks = broker.tasks()
        for place, ask in enumerate(plan.ask):
            share = (1 + 2 * place / len(plan.ask)) / 3
            self._progress(f"Asking the model, {place + 1} of {len(plan.ask)}", share)
            try:
                await automat.work_on(ask, tasks)
            except StudioError as error:
                # A sample with fewer suggestions is still one to look at; what was made stays.
                return f"The sample has fewer suggestions than it should. {error.message} {error.remedy}"
        return None

    def _progress(self, label: str, share: float) -> None:
        self._tell(protocol.Progress(job=JOB, label=label, share=share))


class _Artist:
    """Boards scenes as an artist would: shots by rules, frames by the built-in drawer, decisions on each."""

    def __init__(self, broker: Host, script: str) -> None:
        self._broker: Final = broker
        self._script: Final = parse(script).screenplay
        self._last: ShotId | None = None

    async def work_on(self, board: SampleBoard) -> None:
        """One scene. Raises `StudioError` where a frame could not be drawn."""
        scene = next((one for one in self._script.scenes if one.number == board.scene), None)
        if scene is None:
            raise _not_ours(f"scene {board.scene}")
        shots = breakdown(self._script, scene.index)
        edit = InsertShots(shots=shots, after=self._last)
        await self._broker.handle(protocol.EDIT_BOARD, protocol.EditBoardParams(edit=edit, person=AUTOMATED))
        self._last = shots[-1].id
        for frames in board.frames:
            shot = next((one for one in shots if one.number == frames.shot), None)
            if shot is None:
                raise _not_ours(f"shot {frames.shot}")
            asking = protocol.BoardAskParams(
                shots=(shot.id,), count=len(frames.decisions), seed=frames.seed, person=AUTOMATED
            )
            asked = await self._broker.handle(protocol.ASK_BOARD, asking)
            variants = await self._broker.drawn(asked.requests)
            for variant, decision in zip(variants, frames.decisions, strict=False):
                if decision in ("accept", "reject"):
                    await self._decide(variant, State.ACCEPTED if decision == "accept" else State.REJECTED)

    async def lay(self, sound: SampleSound, folder: ProjectFolder) -> None:
        """A sound from the first shot to the last, brought in as a file is."""
        file = folder.recovery_path / f"{sound.name}.wav"
        write_atomic(file, room_tone(sound.seconds))
        adding = protocol.AddSoundParams(file=str(file), how="imported", temp=True, person=AUTOMATED)
        taken = await self._broker.handle(protocol.ADD_SOUND, adding)
        file.unlink()
        state = await self._broker.handle(protocol.OPEN_ANIMATIC, protocol.Nothing())
        page = await self._broker.handle(protocol.LIST_SHOTS, protocol.ListShotsParams())
        length = Timeline.of([seen.shot for seen in page.shots], state.rate).samples
        track = next(track.id for track in state.animatic.tracks if track.kind == "tone")
        clips = tuple(
            Clip(
                id=ClipId(f"tone-{number}"),
                track=track,
                sound=taken.sound.sha256,
                at=at,
                length=min(taken.sound.samples, length - at),
                fade_in=_FADE if at == 0 else 0,
            )
            for number, at in enumerate(range(0, length, taken.sound.samples))
        )
        laying = protocol.EditAnimaticParams(edit=PutClips(clips=clips), person=AUTOMATED)
        await self._broker.handle(protocol.EDIT_ANIMATIC, laying)

    async def _decide(self, variant: Variant, outcome: Outcome) -> None:
        shown = protocol.PresentedParams(
            candidate=variant.candidate, content=variant.content, person=AUTOMATED
        )
        await self._broker.handle(protocol.PRESENTED, shown)
        deciding = protocol.DecidePictureParams(
            candidate=variant.candidate, content=variant.content, outcome=outcome, person=AUTOMATED
        )
        await self._broker.handle(protocol.DECIDE_PICTURE, deciding)


class _Automat:
    """Does what a window does: asks, shows, decides, places, saves."""

    def __init__(
        self, broker: Host, state: protocol.ProjectState, ended: Mapping[RequestId, protocol.RequestChanged]
    ) -> None:
        self._broker: Final = broker
        self._ended: Final = ended
        self._text = state.script
        self._stamp = state.stamp
        self._spans = state.spans

    async def work_on(self, ask: SampleAsk, tasks: dict[str, Task]) -> None:
        """One ask and its decisions. Raises `StudioError` where the model did not answer."""
        if ask.task not in tasks:
            raise _not_ours(f"task {ask.task}")
        task = tasks[ask.task]
        anchor = aim(parse(self._text).screenplay, task, ask.scene, ask.line or None)
        params = protocol.AskParams(
            task=ask.task,
            script=self._text,
            anchor=anchor,
            note=ask.note,
            count=ask.count,
            seed=ask.seed,
            person=AUTOMATED,
        )
        asked = await self._broker.handle(protocol.ASK, params)
        candidates = await self._broker.finished(asked.request)
        waiting = [candidate for candidate in candidates if candidate.state in OPEN]
        ended = self._ended.get(asked.request)
        if ended and ended.state == "failed" and not waiting:
            raise Unavailable(ended.note, remedy=ended.remedy)
        for candidate, decision in zip(waiting, decisions_for(ask.decisions, len(waiting)), strict=True):
            if decision != "leave":
                place = place_for(task.placement, parse(self._text).screenplay, anchor)
                await self._decide(candidate, decision, ask.edit, place)

    async def _decide(
        self, candidate: Candidate, decision: Literal["accept", "edit", "reject"], edit: str, place: Place
    ) -> None:
        assert candidate.content is not None
        shown = protocol.PresentedParams(candidate=candidate.id, content=candidate.content, person=AUTOMATED)
        await self._broker.handle(protocol.PRESENTED, shown)
        outcome: Outcome
        result: str | None
        match decision:
            case "accept":
                outcome, result = State.ACCEPTED, candidate.text
            case "edit":
                outcome, result = State.EDITED, edit.replace("{offer}", candidate.text)
            case "reject":
                outcome, result = State.REJECTED, None
        decided = await self._broker.handle(
            protocol.DECIDE,
            protocol.DecideParams(
                candidate=candidate.id,
                content=candidate.content,
                outcome=outcome,
                result=result,
                place=place if result is not None else None,
                person=AUTOMATED,
            ),
        )
        if result is not None and decided.span is not None:
            self._text, self._spans = placed(self._text, self._spans, place, result, decided.span)
            saving = protocol.SaveScriptParams(text=self._text, spans=self._spans, expected=self._stamp)
            self._stamp = (await self._broker.handle(protocol.SAVE_SCRIPT, saving)).stamp


def decisions_for(planned: Sequence[Planned], count: int) -> list[Planned]:
    """The decisions on the candidates that there are, in order.

    Another processor's model may offer fewer that are worth showing. Rejections fall away first then, and
    what is accepted or edited last, so that every sample has temp lines.
    """
    kept: list[Planned] = [*planned]
    while len(kept) < count:
        kept.append("leave")
    for word in ("reject", "leave", "accept", "edit"):
        while len(kept) > count and word in kept:
            kept.reverse()
            kept.remove(word)
            kept.reverse()
    return kept


def placed(
    text: str, spans: tuple[TempSpan, ...], place: Place, words: str, span: TempSpan
) -> tuple[str, tuple[TempSpan, ...]]:
    """A script with accepted words in it, and its temp spans where they stand then.

    A span that the words replace is gone with its text.
    """
    end = place.start + place.length
    put = place.before + place.placed(words) + place.after
    moved: list[TempSpan] = [span]
    for known in spans:
        if known.end <= place.start:
            moved.append(known)
        elif known.start >= end:
            moved.append(known.model_copy(update={"start": known.start + len(put) - place.length}))
    return text[: place.start] + put + text[end:], tuple(sorted(moved, key=lambda known: known.start))


def read_plan() -> SamplePlan:
    """What the program's own sample.toml holds. Raises `Damaged` where it is not what it should be."""
    file = resource("sample", "sample.toml")
    try:
        # Not strict, for TOML's arrays are to become tuples.
        return SamplePlan.model_validate(tomllib.loads(read_bytes(file).decode("utf-8")), strict=False)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise _not_ours(str(file)) from error


def _not_ours(place: str) -> Damaged:
    return Damaged(
        "The sample's files are not those that came with the program.",
        remedy="Install Studio Assist again.",
        place=place,
    )
