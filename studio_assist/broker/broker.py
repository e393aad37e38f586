"""The broker: every call of the protocol, and who does it.

The window reaches it through `server`, the command line holds one in its own process. It opens the only
sockets and keys there are, and the sockets all through one transport.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from studio_assist import protocol
from studio_assist.backends import local_files
from studio_assist.backends.hookspec import BackendConfig
from studio_assist.backends.registry import Backends, load_modules
from studio_assist.broker import deciding, forgetting, packing, witnessing
from studio_assist.broker.boards import Boards
from studio_assist.broker.clear_closing import Closing, Wanted
from studio_assist.broker.cutting import CuttingSide
from studio_assist.broker.export_book import settle_exports
from studio_assist.broker.first_script import bytes_of, note_first, read_first
from studio_assist.broker.garbage import seldom_collected
from studio_assist.broker.gatekeeper import Gatekeeper
from studio_assist.broker.generation import Generation
from studio_assist.broker.hosts import Hosts
from studio_assist.broker.house import House
from studio_assist.broker.keys import Keys
from studio_assist.broker.making import made_whole
from studio_assist.broker.mark_reading import MarkReader
from studio_assist.broker.models import PickedModels
from studio_assist.broker.policies import pin_of
from studio_assist.broker.producing import ProducerSide
from studio_assist.broker.prompts import load_tasks
from studio_assist.broker.rehearsal import Rehearsal, rehearse
from studio_assist.broker.runtime import ModelProcess
from studio_assist.broker.sample import SampleMaker
from studio_assist.broker.session import Clock, Session, no_project, utc_now
from studio_assist.domain import record
from studio_assist.domain.candidate import Candidate
from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.domain.found import FoundModels
from studio_assist.domain.generation import BackendInfo
from studio_assist.domain.people import Person
from studio_assist.domain.storyboard import Variant
from studio_assist.domain.tasks import Placement, Task, why_not
from studio_assist.domain.values import RequestId, Value
from studio_assist.gate.approvals import Approvals
from studio_assist.gate.transport import SealedTransport
from studio_assist.gate.wall import Wall
from studio_assist.ledger import Ledger
from studio_assist.storage.project import ProjectFolder
from studio_assist.storage.settings import settings_folder

R = TypeVar("R", bound=Value)

#: How long a project has been open when the model on this machine is loaded, unless somebody asks it sooner:
#: what opens with the project has the processor first, and whoever looks in for a moment loads no model.
WARM_AFTER_S: Final = 3.0


class Broker:
    """Does what the desk asks, one method for each `protocol.Method`.

    Args:
        tell: takes the events; called in the broker's own loop.
        what: who holds the project's lock, as a second opener is told.
        runtime: the model's process of another broker, which closes it; None makes one of its own.
        keys: where people's keys come from; None asks the system's keychain when one is wanted.
        wall: the second wall of this process, where one stands.
    """

    def __init__(
        self,
        tell: Callable[[protocol.Event], None],
        *,
        what: Literal["window", "command line"] = "window",
        home: Path | None = None,
        clock: Clock = utc_now,
        runtime: ModelProcess | None = None,
        keys: Keys | None = None,
        wall: Wall | None = None,
    ) -> None:
        self._tell: Final = tell
        self._what: Final = what
        self._home: Final = home or settings_folder()
        self._clock: Final = clock
        self._keys: Final = keys or Keys()
        self._session: Session | None = None
        self._runtime: Final = runtime or ModelProcess()
        self._owns_runtime: Final = runtime is None
        self._making: asyncio.Task[str | None] | None = None
        self._warming: asyncio.Task[None] | None = None
        self._picked: Final = PickedModels(self._home)
        self._backends: Backends | None = None
        self._marks: Final = MarkReader(self._home)
        self._packing: Final = packing.Packing(tell)
        self._found: tuple[FoundModels, ...] | None = None
        self._servers: tuple[protocol.FoundServer, ...] = ()
        self._house: Final = House(self._home, self._open_session)
        self._hosts: Final = Hosts(
            self._home,
            self._keys,
            self._house,
            lambda: self._session,
            self._forget_backends,
            lambda identifier: self.backends().get(identifier).info,
            self._look_here,
        )
        approvals = Approvals(time.monotonic)
        self._gatekeeper: Final = Gatekeeper(
            self._open_session,
            self._house,
            self._hosts,
            approvals,
            tell,
            watched=what == "window",
            local=self._local_model,
        )
        self._transport: Final = SealedTransport(self._gatekeeper, approvals, wall)
        self._closing: Final = Closing(self._house)
        self.generation: Final = Generation(
            self._open_session, self.backends, self._gatekeeper, self._closing, tell
        )
        self.boards: Final = Boards(
            self._open_session,
            self._ready,
            self.backends,
            self._gatekeeper,
            self._closing,
            self._home,
            tell,
            wall,
        )
        self.producing: Final = ProducerSide(
            self._open_session,
            self._ready,
            self._house,
            self._closing,
            self._hosts,
            self._home,
            tell,
            keys=self._keys,
            clock=self._clock,
        )
        self.cutting: Final = CuttingSide(self._open_session, self._ready, self.boards, self._home, tell)
        self._methods: Final[dict[str, Callable[[Any], Awaitable[Value]]]] = {
            name: self._doer(f"_{name}") for name in protocol.METHODS if name != protocol.SHUT_DOWN.name
        }

    async def handle(self, method: protocol.Method[Any, R], params: Value, *, again: bool = False) -> R:
        """Do one call. Raises `StudioError` for what the person can mend; anything else is a bug.

        `again`: a broker that ended may have done it already; what is in the record is not done twice.
        """
        if again and self._session is not None:
            recorded = deciding.recorded(self._session, params)
            if recorded is not None:
                return recorded  # pyright: ignore[reportReturnType]  # one table, many types
        # Rights by role, of every call, in one place.
        self.producing.people.hold(method.name, params)
        return await self._methods[method.name](params)  # pyright: ignore[reportReturnType]  # one table, many types

    async def close(self) -> None:
        """Stop what runs, write down that it was stopped, and let go of project and model."""
        for task in (self._making, self._warming):
            if task:
                task.cancel()
        self._packing.stop()
        if self._warming:
            await asyncio.gather(self._warming, return_exceptions=True)
        await self.generation.close()
        await self.cutting.close()
        await self.producing.close()
        await self.boards.close()
        self._gatekeeper.leave_project()
        await self._transport.close()
        if self._session:
            await self._session.close()
            self._session = None
        if self._owns_runtime:
            await self._runtime.close()

    async def finished(self, request: RequestId) -> tuple[Candidate, ...]:
        """Wait for a request to end; its candidates in the order of their cards."""
        return await self.generation.finished(request)

    async def drawn(self, requests: Sequence[RequestId]) -> tuple[Variant, ...]:
        """Wait for pictures to be drawn, marked and offered; all that came of these requests."""
        ended = await self.boards.queue.finished(requests)
        return tuple(variant for one in ended.values() for variant in one.made)

    @property
    def model_pid(self) -> int | None:
        """The process that the model runs in, while it runs."""
        return self._runtime.pid

    async def rehearse(
        self, backend: str, text: str, person: Person, pictures: tuple[Path, ...] = ()
    ) -> Rehearsal:
        """What would happen to a text at the gate; see `rehearsal.rehearse`."""
        session = self._open_session()
        found = await rehearse(session, self._gatekeeper, self.backends(), backend, text, person, pictures)
        return found.closed_by(await self._closing.refusal(session, Wanted(text, "", None, "", backend)))

    @property
    def session(self) -> Session:
        """The open project. Raises `Unavailable` when there is none."""
        return self._open_session()

    def backends(self) -> Backends:
        """Everything that can be asked, built once and again when a model file is picked."""
        if self._backends is None:
            settings = {"gguf": self._picked.paths(), "comfyui_folder": str(self._home / "comfyui")}
            hosts = self._hosts.settings()
            config = BackendConfig(
                transport=self._transport,
                runtime=self._runtime,
                settings=settings,
                hosts=hosts,
                key_of=self._hosts.keys_for(hosts),
            )
            self._backends = Backends(config)
        return self._backends

    def tasks(self) -> dict[str, Task]:
        """Every task: the user's own files win over the ones that came with the program."""
        return load_tasks(self._home / "prompts")

    # projects

    async def _hello(self, params: protocol.HelloParams) -> protocol.Hello:
        if params.version != protocol.VERSION:
            raise BadInput(
                f"The window speaks version {params.version}, this part version {protocol.VERSION}.",
                remedy="Install both from the same version of Studio Assist.",
            )
        return protocol.Hello(version=protocol.VERSION, pid=os.getpid())

    async def _open_project(self, params: protocol.OpenProjectParams) -> protocol.ProjectState:
        again = self._session is not None and self._session.folder.path == Path(params.path)
        if again:
            # Its lock would be in its own way.
            await self._leave()
        session = Session.open(
            Path(params.path),
            params.person,
            tell=self._tell,
            clock=self._clock,
            keys=self._keys,
            read_only=params.read_only,
            what=self._what,
            resumed=params.session,
        )
        try:
            state = session.state()
        except BaseException:
            await session.close()
            raise
        # Only now: what cannot be opened leaves the other project as it is.
        await self._leave()
        self._session = session
        self._backends = None
        await settle_exports(session)
        self.boards.open(session)
        self.producing.open(session)
        self.cutting.open(session)
        if not state.read_only:
            self.boards.follow(state.script)
        session.check_record()
        session.fetch_key()
        if self._what == "window" and not state.read_only and self._owns_runtime and self._warming is None:
            self._warming = asyncio.create_task(self._warm_soon())
        return state

    async def _create_project(self, params: protocol.CreateProjectParams) -> protocol.ProjectState:
        incoming, data = None, b""
        if params.script_file is not None:
            source = Path(params.script_file)
            incoming, data = await read_first(source)
        text = b"" if incoming is None else bytes_of(incoming, data)
        self.create(Path(params.path), params.title, params.policy, text, params.person, sample=False)
        opened = protocol.OpenProjectParams(path=params.path, person=params.person)
        state = await self._open_project(opened)
        if incoming is None or params.script_file is None:
            return state
        name = Path(params.script_file).name
        told = await note_first(self.session, incoming, name, data, params.person)
        spans = self.session.state().spans
        return state.model_copy(
            update={
                "ledger": self.session.ledger_state(),
                "spans": spans,
                "warnings": (*state.warnings, *told),
            }
        )

    async def _make_sample(self, params: protocol.MakeSampleParams) -> protocol.ProjectState:
        maker = SampleMaker(self._tell)
        # A broker of its own: what the window has open stays open until the sample is whole.
        worker = Broker(
            maker.hear,
            what=self._what,
            home=self._home,
            clock=self._clock,
            runtime=self._runtime,
            keys=self._keys,
        )
        self._making = asyncio.create_task(maker.make(Path(params.path), worker))
        try:
            missing = await self._making
        except asyncio.CancelledError as error:
            self._making.cancel()
            call = asyncio.current_task()
            if call and call.cancelling():
                raise
            raise Unavailable("Making the sample was stopped.", remedy="Make it again.") from error
        finally:
            await asyncio.gather(self._making, return_exceptions=True)
            self._making = None
            await worker.close()
        opening = protocol.OpenProjectParams(path=params.path, person=params.person)
        state = await self._open_project(opening)
        return state.model_copy(update={"warnings": (*state.warnings, *([missing] if missing else []))})

    async def _cancel_sample(self, params: protocol.Nothing) -> protocol.Nothing:
        if self._making:
            self._making.cancel()
        return params

    async def _close_project(self, params: protocol.Nothing) -> protocol.Nothing:
        await self._leave()
        return params

    async def _save_script(self, params: protocol.SaveScriptParams) -> protocol.Saved:
        session = self.session
        if session.would_delete(params.spans):
            session = await self._ready(session.person)
        saved = session.save(params.text, params.spans, params.expected)
        self.boards.follow(params.text)
        return saved

    async def _autosave(self, params: protocol.AutosaveParams) -> protocol.Autosaved:
        return self.session.autosave(params.text, params.spans, params.base)

    async def _recover(self, params: protocol.RecoverParams) -> protocol.Nothing:
        session = await self._ready(self.session.person)
        session.recover(params.offer, take=params.take)
        return protocol.Nothing()

    # models and tasks

    async def _list_backends(self, params: protocol.ListBackendsParams) -> protocol.Backends:
        if self._found is None or params.look_again:
            files, servers = await asyncio.gather(
                asyncio.to_thread(local_files.find, Path.home()), self._hosts.look_around()
            )
            self._found, self._servers = tuple(files), servers
            self._backends = None
        await self._hosts.look_for_keys()
        for problem in self._hosts.problems():
            self._tell(protocol.Trouble(kind="hosts", message=problem.message, remedy=problem.remedy))
        infos = tuple(self._hosts.described(info) for info in self.backends().infos())
        return protocol.Backends(
            backends=infos,
            found=self._found,
            standings=self._hosts.standings(infos),
            servers=self._servers,
        )

    async def _use_model_file(self, params: protocol.UseModelFileParams) -> BackendInfo:
        path = Path(params.path)
        before = {info.id for info in self.backends().infos()}
        self._picked.add(path)
        self._backends = None
        infos = self.backends().infos()
        added = [info for info in infos if info.id not in before]
        again = [info for info in infos if info.id in before and path.stem.casefold() in info.name.casefold()]
        if not added + again:
            raise BadInput(
                f"{path.name} could not be added as a model.",
                remedy="Choose a GGUF file of a text model.",
                place=str(path),
            )
        return (added + again)[0]

    async def _list_tasks(self, params: protocol.ListTasksParams) -> protocol.Tasks:
        infos = [info for info in self.backends().infos() if "text" in info.kinds]
        chosen = (
            [info for info in infos if info.id == params.backend]
            or [info for info in infos if info.ready]
            or infos
        )
        told: list[protocol.TaskInfo] = []
        for task in self.tasks().values():
            # Whether the selected element fits is looked at when it is asked; here only the model counts.
            closed = (
                why_not(task, chosen[0], task.needs[0] if task.needs else None)
                if chosen
                else "There is no model."
            )
            needs = "line" if task.needs else "script" if task.placement is Placement.LOGLINE else "scene"
            told.append(
                protocol.TaskInfo(
                    id=task.id,
                    title=task.title,
                    hint=task.ask_hint,
                    needs=needs,
                    placement=task.placement,
                    closed=closed or None,
                )
            )
        return protocol.Tasks(tasks=tuple(told))

    # asking and deciding

    async def _ask(self, params: protocol.AskParams) -> protocol.Asked:
        request = await self.generation.ask(params, self.tasks())
        return protocol.Asked(request=request, at=self._clock())

    async def _stop(self, params: protocol.RequestRef) -> protocol.Nothing:
        self.generation.stop(params.request)
        return protocol.Nothing()

    async def _presented(self, params: protocol.PresentedParams) -> protocol.Nothing:
        deciding.presented(self.session, params)
        return protocol.Nothing()

    async def _decide(self, params: protocol.DecideParams) -> protocol.Decided:
        return deciding.decide(await self._ready(params.person), params)

    async def _undo_decision(self, params: protocol.UndoDecisionParams) -> protocol.Recorded:
        return deciding.undo(await self._ready(params.person), params)

    async def _mark_stale(self, params: protocol.MarkStaleParams) -> protocol.Nothing:
        deciding.mark_stale(self.session, params)
        return protocol.Nothing()

    async def _replace_span(self, params: protocol.ReplaceSpanParams) -> protocol.Recorded:
        return deciding.replace(await self._ready(params.person), params)

    async def _provenance(self, params: protocol.ProvenanceParams) -> protocol.Provenance:
        return deciding.provenance(self.session, params.entry)

    # the record and the way out

    async def _verify_ledger(self, params: protocol.VerifyParams) -> protocol.LedgerState:
        session = self.session
        await session.check_record()
        return session.ledger_state()

    async def _witness_out(self, params: protocol.WitnessOutParams) -> protocol.WitnessOut:
        return await witnessing.hand_out(self.session, params)

    async def _cosign(self, params: protocol.CosignParams) -> protocol.Cosigned:
        return await witnessing.cosign(self.session, params)

    async def _witness_in(self, params: protocol.WitnessInParams) -> protocol.WitnessIn:
        return await witnessing.take_in(self.session, params)

    async def _forget(self, params: protocol.ForgetParams) -> protocol.Forgot:
        return await forgetting.forget(self.session, params)

    async def _compare_ledger(self, params: protocol.CompareParams) -> protocol.Compared:
        return await witnessing.compare(self.session, params)

    async def _pack(self, params: protocol.PackParams) -> protocol.Packed:
        return await self._packing.make(self.session, params)

    async def _pack_look(self, _params: protocol.Nothing) -> protocol.PackLook:
        return await packing.look(self.session)

    async def _stop_pack(self, params: protocol.Nothing) -> protocol.Nothing:
        self._packing.stop()
        return params

    async def _read_marks(self, params: protocol.ReadMarksParams) -> protocol.MarksRead:
        return await self._marks.read(params, self._session)

    async def _stop_reading_marks(self, params: protocol.Nothing) -> protocol.Nothing:
        self._marks.stop()
        return params

    # what changes what stands at the gate

    async def _set_name(self, params: protocol.SetNameParams) -> protocol.Names:
        names = await self._house.set_name(params)
        self._gatekeeper.look_again(words=True)
        return names

    async def _remove_name(self, params: protocol.RemoveNameParams) -> protocol.Names:
        names = await self._house.remove_name(params)
        self._gatekeeper.look_again(words=True)
        return names

    async def _choose_policy(self, params: protocol.ChoosePolicyParams) -> protocol.Policies:
        policies = await self._house.choose_policy(params)
        self._gatekeeper.look_again()
        return policies

    async def _attest(self, params: protocol.AttestParams) -> protocol.Attested:
        attested = await self._hosts.attest(params)
        self._gatekeeper.look_again()
        return attested

    async def _revoke(self, params: protocol.RevokeParams) -> protocol.Nothing:
        await self._hosts.revoke(params)
        self._gatekeeper.look_again()
        return protocol.Nothing()

    # internals

    def _doer(self, name: str) -> Callable[[Any], Awaitable[Value]]:
        """What does a call: a method of this class, or of one of its parts."""
        found = getattr(self, name, None)
        sides = (self.boards, self.producing, self.cutting)
        for part in (
            self._house,
            self._hosts,
            self._gatekeeper,
            *(one for side in sides for one in side.parts),
        ):
            found = found or getattr(part, name[1:], None)
        assert found is not None, f"nobody does {name}"
        return found

    def _forget_backends(self) -> None:
        self._backends = None

    async def _look_here(self, port: int, path: str) -> bytes | None:
        return await self._transport.look(port, path)

    def _local_model(self) -> str | None:
        infos = self.backends().infos()
        return next(
            (info.id for info in infos if info.stays_here and info.ready and "text" in info.kinds), None
        )

    def _open_session(self) -> Session:
        if self._session is None:
            raise no_project()
        return self._session

    async def _ready(self, person: Person) -> Session:
        """The open project, once the key of who answers for what comes next is there."""
        session = self._open_session()
        if not session.read_only and not session.is_altered:
            await session.ready(person)
        return self._open_session()

    async def _warm_soon(self) -> None:
        await asyncio.sleep(WARM_AFTER_S)
        with seldom_collected():
            await asyncio.to_thread(load_modules)
        await self.generation.warm(self.tasks())

    async def _leave(self) -> None:
        self._packing.stop()
        if self._session:
            await self.generation.close()
            await self.cutting.close()
            await self.producing.close()
            await self.boards.close()
            self._gatekeeper.leave_project()
            await self._session.close()
            self._session = None
            # Its own hosts go with it.
            self._backends = None

    def create(
        self, path: Path, title: str, policy: str, script: bytes, person: Person, *, sample: bool
    ) -> None:
        """Make a project's folder and begin its record, both or neither.

        Raises:
            BadInput: something stands there already, or there is no such policy.
        """
        pin = pin_of(policy, self._home)
        with made_whole(path) as making:
            folder = ProjectFolder.create(making, title=title, policy=policy, script=script)
            with Ledger.open(folder.ledger_path) as ledger:
                ledger.append_many(
                    [
                        (record.ProjectCreated(title=title, policy=policy, sample=sample), person.id),
                        (pin, person.id),
                    ],
                    at=self._clock(),
                    durable=True,
                )
