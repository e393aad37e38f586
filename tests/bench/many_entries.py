"""A project with very many entries, made through the real append path; the same at every call.

`python tests/bench/many_entries.py N DIR` makes a whole project folder that a window can open. Six people ask,
decide, draw, send and export over months of working days; what they read and write are texts in the ledger,
so that a search has words to find.
"""

from __future__ import annotations

import hashlib
import hmac
import random
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from studio_assist.domain import record
from studio_assist.domain.marking import SourceType
from studio_assist.domain.people import Person
from studio_assist.domain.record import Body, CandidateMade, Commitment, DecisionMade, Placement, Requested
from studio_assist.domain.storyboard import Media, PictureContent, ShotId
from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, RequestId
from studio_assist.ledger import Contents, Ledger, notes
from studio_assist.storage.project import ProjectFolder

PEOPLE: Final = (
    Person(id=PersonId("r-okafor-1a2b3c4d"), name="R. Okafor", role="writer"),
    Person(id=PersonId("j-lindqvist-5e6f7a8b"), name="J. Lindqvist", role="artist"),
    Person(id=PersonId("s-tanaka-9c0d1e2f"), name="S. Tanaka", role="writer"),
    Person(id=PersonId("a-petrov-0f1e2d3c"), name="A. Petrov", role="artist"),
    Person(id=PersonId("m-adeyemi-4b5a6978"), name="M. Adeyemi", role="producer"),
    Person(id=PersonId("k-silva-8796a5b4"), name="K. Silva", role="approver"),
)
_WRITERS: Final = (PEOPLE[0], PEOPLE[0], PEOPLE[0], PEOPLE[2])
_ARTISTS: Final = (PEOPLE[1], PEOPLE[1], PEOPLE[3])
_PRODUCER, _APPROVER = PEOPLE[4], PEOPLE[5]
#: Backend, model, where it runs.
_TEXT_TOOLS: Final = (
    ("embedded", "SmolLM2-135M-Instruct", "here"),
    ("embedded", "SmolLM2-135M-Instruct", "here"),
    ("ollama", "llama3.2:3b", "here"),
    ("llama-server", "Qwen2.5-7B", "studio"),
)
_PICTURE_TOOLS: Final = (
    ("comfyui", "SD-Turbo", "studio"),
    ("comfyui", "SD-Turbo", "studio"),
    ("blockout", "Block-out", "here"),
)
_OUTSIDE: Final = ("northlight", "northlight-large", "outside")
_HOST: Final = "https://api.northlight.example"
_TASKS: Final = ("alt-lines", "alt-lines", "alt-lines", "beats", "continue-scene", "describe-shot", "logline")
_SYLLABLES: Final = re.findall("..", "bacedifogulamenirusatevixohamitovegalin")
#: The day the work begins, and how many working hours a day has.
_BEGIN: Final = datetime(2026, 1, 5, 8, tzinfo=UTC)
_HOURS: Final = 10
_SHOTS: Final = 60


class _Key:
    """A person's key; the same in every project of these."""

    session_only = False

    def __init__(self, tag: str, person: PersonId, seed: int) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.name = notes.key_name(tag, person)
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Ed25519."""
        return self._key.sign(message)


class _Texts(Contents):
    """As `Contents`, with salts that are the same at every call."""

    count = 0

    def add(self, text: str | bytes) -> Commitment:
        content = text.encode() if isinstance(text, str) else text
        _Texts.count += 1
        salt = hashlib.sha256(b"salt%d" % _Texts.count).digest()
        commitment = hmac.digest(salt, content, "sha256").hex()
        self[commitment] = (salt, content)
        return commitment


class ManyEntries:
    """Adds to a ledger until it holds as many entries as are wanted, or a few more.

    Args:
        pause: seconds from one asking to the next, on average.
    """

    def __init__(self, ledger: Ledger, pause: float, seed: int = 6) -> None:
        self._ledger = ledger
        self._pause = pause
        self._chance = random.Random(seed)
        self._clock = _BEGIN
        self._keys: dict[PersonId, _Key] = {}
        self._round = 0
        self._standing: dict[ShotId, EntryNumber] = {}
        self._panel_before: tuple[ShotId, EntryNumber] | None = None
        words = {
            "".join(self._chance.choices(_SYLLABLES, k=self._chance.choice((2, 3)))) for _ in range(5000)
        }
        self._words = sorted(words)
        self._weights = [1 / (place + 8) for place in range(len(self._words))]
        self._kinds: tuple[tuple[int, Callable[[], None]], ...] = (
            (560, self._write),
            (310, self._draw),
            (80, self._send),
            (14, self._blocked),
            (8, self._refused),
            (10, self._export),
            (2, self._clear),
            (1, self._keep),
        )

    # methods

    def begin(self, title: str) -> None:
        """The project's first entries: its making, people, keys, policy and the host outside."""
        self._put(record.ProjectCreated(policy="netflix-2025", sample=False, title=title), PEOPLE[0])
        for number, person in enumerate(PEOPLE, 1):
            self._put(record.PersonAdded(name=person.name, person=person.id, role=person.role), person)
            key = _Key(self._ledger.tag, person.id, number)
            self._put(record.KeyAdded(public=key.public.hex(), session_only=False), person)
            self._keys[person.id] = key
        pin = record.PolicyPin(id="netflix-2025", sha256="a" * 64)
        chosen = record.PolicyChosen(material="production-confidential", overlays=(), policy=pin)
        self._put(chosen, _PRODUCER)
        self._put(
            record.BackendAdded(
                backend=_OUTSIDE[0],
                host="api.northlight.example",
                kind="openai-compatible",
                model=_OUTSIDE[1],
                region="eu",
                where="outside",
            ),
            _PRODUCER,
        )
        texts = _Texts()
        content = texts.add('{"to":"The studio\'s contact","how":"mail"}')
        told = record.ContactTold(content=content, told=self._clock, uses=("ideation",))
        self._put(told, _PRODUCER, texts)

    def fill(self, entries: int, told: Callable[[int], None] | None = None) -> None:
        """Go on until the ledger holds `entries` entries; the last two askings wait for somebody."""
        kinds = [kind for _, kind in self._kinds]
        weights = [weight for weight, _ in self._kinds]
        while self._ledger.size < entries:
            self._round += 1
            self._pass(self._chance.expovariate(1 / self._pause))
            self._chance.choices(kinds, weights)[0]()
            if told and self._round % 2000 == 0:
                told(self._ledger.size)
        for person in _WRITERS[-2:]:
            self._round += 1
            request = self._request(_TEXT_TOOLS[0], person)
            self._offered(request, person, verdict=True, decided=False)
        self._ledger.checkpoint(self._keys[PEOPLE[0].id], self._clock)

    # what people do

    def _write(self) -> None:
        person = self._chance.choice(_WRITERS)
        request = self._request(self._chance.choice(_TEXT_TOOLS), person)
        self._offered(request, person, verdict=True)

    def _send(self) -> None:
        person = self._chance.choice(_WRITERS)
        request = self._request(_OUTSIDE, person)
        texts = _Texts()
        judged = self._judged(request, "ask", texts)
        self._many([(judged, None)], texts)
        self._put(
            record.SendApproved(
                bytes=judged.bytes,
                envelope=judged.envelope,
                origin=judged.origin,
                request=request,
                scope="once",
                sensitivity=judged.sensitivity,
                times=1,
            ),
            person,
        )
        sent = record.Sent(
            approval=EntryNumber(self._ledger.size),
            bytes=judged.bytes,
            envelope=judged.envelope,
            origin=judged.origin,
            request=request,
        )
        self._put(sent)
        self._offered(request, person)

    def _blocked(self) -> None:
        request = self._request(_OUTSIDE, self._chance.choice(_WRITERS))
        texts = _Texts()
        ended = record.RequestEnded(dropped=(), request=request, state="failed", why="Blocked.")
        self._many([(self._judged(request, "blocked", texts), None), (ended, None)], texts)

    def _refused(self) -> None:
        person = self._chance.choice(_WRITERS)
        request = self._request(_OUTSIDE, person)
        texts = _Texts()
        judged = self._judged(request, "ask", texts)
        self._many([(judged, None)], texts)
        self._put(record.SendRefused(envelope=judged.envelope, request=request), person)
        self._put(record.RequestEnded(dropped=(), request=request, state="stopped", why=None))

    def _draw(self) -> None:
        person = self._chance.choice(_ARTISTS)
        place = self._chance.randrange(_SHOTS)
        shot = ShotId(hashlib.sha256(b"shot%d" % place).hexdigest()[:12])
        before = self._standing.pop(shot, None)
        if before is not None:
            self._take_off(shot, before, person)
        scene, letter = divmod(place, 6)
        number = f"{scene + 11}{'ABCDEF'[letter]}"
        request = RequestId(f"r{self._round:015d}")
        backend, model, where = self._chance.choice(_PICTURE_TOOLS)
        texts = _Texts()
        asked = Requested(
            anchor=None,
            backend=backend,
            count=3,
            model=model,
            note=texts.add(self._line(6)),
            prompt=texts.add(self._line(20)),
            request=request,
            scene=str(scene + 11),
            seed=self._round,
            settings={"lens_mm": 35, "number": number, "shot": shot, "size": "MS"},
            task="board",
            where=where,  # pyright: ignore[reportArgumentType]  # one of the three
        )
        bodies: list[tuple[Body, PersonId | None]] = [(asked, person.id)]
        bodies.append((record.VerdictGiven(request=request, rules=("stays-here",), verdict="here"), None))
        offered = self._pictures(request, shot, bodies, texts)
        bodies.append((record.RequestEnded(dropped=(), request=request, state="done", why=None), None))
        self._many(bodies, texts)
        self._pass(40)
        bodies = [(record.Presented(candidate=name, content=content), person.id) for name, content in offered]
        taken = self._chance.randrange(len(offered) + 1)
        for index, (name, content) in enumerate(offered):
            outcome = "accepted" if index == taken else "rejected"
            kind = Placement(kind="panel", length=0, start=0) if outcome == "accepted" else None
            bodies.append((self._decision(name, content, outcome, kind, None), person.id))
        size = self._ledger.size
        self._many(bodies, _Texts(), person)
        if taken < len(offered):
            decision = EntryNumber(size + len(offered) + 1 + taken)
            self._put(record.Placed(decision=decision, script="0" * 64))
            self._standing[shot] = decision

    def _take_off(self, shot: ShotId, decision: EntryNumber, person: Person) -> None:
        texts = _Texts()
        media = Media(sha256=self._digest(), width=1280, height=720)
        if self._chance.random() < 0.3:
            self._put(record.PanelCleared(automated=False, decision=decision, shot=shot), person)
            return
        body = record.PanelReplaced(
            automated=False,
            decision=decision,
            human_permille=self._chance.randint(600, 1000),
            picture=texts.add(media.model_dump_json()),
            shot=shot,
        )
        self._put(body, person, texts)

    def _export(self) -> None:
        kind = self._chance.choice(("pdf", "fdx", "fountain", "csv"))
        body = record.Exported(
            automated=False,
            final=False,
            format=kind,
            name=f"Larkspur draft {self._round % 40}.{kind}",
            sha256=self._digest(),
            temp_items=self._chance.randint(0, 40),
        )
        self._put(body, self._chance.choice((*_WRITERS, _PRODUCER)))

    def _clear(self) -> None:
        texts = _Texts()
        name = f"q{self._round}"
        content = texts.add(f'{{"use":"{self._line(3)}"}}')
        self._put(
            record.ClearanceSent(clearance=name, content=content, document=self._digest()), _PRODUCER, texts
        )
        texts = _Texts()
        body = record.ClearanceApproved(
            backends=("northlight",),
            clearance=name,
            content=texts.add(f'{{"words":"{self._line(4)}"}}'),
            evidence=(self._digest(),),
            rules=(),
            scenes=("14",),
            since="2026-01-01",
            tasks=("alt-lines",),
            until="2027-01-01",
            uses=("ideation",),
        )
        self._put(body, _APPROVER, texts)

    def _keep(self) -> None:
        self._put(
            record.Recovered(what="Left aside: text that was typed before the program ended."), PEOPLE[0]
        )

    # parts of it

    def _request(self, tool: tuple[str, str, str], person: Person) -> RequestId:
        backend, model, where = tool
        task = self._chance.choice(_TASKS)
        request = RequestId(f"r{self._round:015d}")
        texts = _Texts()
        quote = self._line(9)
        body = Requested(
            anchor=record.Anchor(length=len(quote), quote=texts.add(quote), start=self._round),
            backend=backend,
            count=3,
            model=model,
            note=texts.add(self._line(5)) if self._chance.random() < 0.4 else None,
            prompt=texts.add(f"INT. LAMP ROOM - NIGHT\n\nMARA\n{quote}\n"),
            request=request,
            scene=None if task == "logline" else str(self._chance.randint(1, 120)),
            seed=self._round,
            settings={"max_tokens": 48, "temperature": "0.8"},
            task=task,
            where=where,  # pyright: ignore[reportArgumentType]  # one of the three
        )
        self._put(body, person, texts)
        return request

    def _offered(
        self, request: RequestId, person: Person, *, verdict: bool = False, decided: bool = True
    ) -> None:
        texts = _Texts()
        bodies: list[tuple[Body, PersonId | None]] = []
        if verdict:
            bodies.append((record.VerdictGiven(request=request, rules=("stays-here",), verdict="here"), None))
        offered: list[tuple[CandidateId, Commitment]] = []
        for index in range(self._chance.choice((2, 3, 3))):
            name = CandidateId(f"{request}-{index}")
            content = texts.add(self._line(self._chance.randint(6, 24)))
            offered.append((name, content))
            bodies.append((self._candidate(request, name, content, index, "ready"), None))
        if self._chance.random() < 0.03:
            name = CandidateId(f"{request}-f")
            bodies.append((self._candidate(request, name, texts.add(""), 9, "failed"), None))
        bodies.append((record.RequestEnded(dropped=(), request=request, state="done", why=None), None))
        self._many(bodies, texts)
        if not decided or self._chance.random() < 0.0005:
            return
        self._pass(35)
        texts = _Texts()
        bodies = [(record.Presented(candidate=name, content=content), person.id) for name, content in offered]
        placed: list[EntryNumber] = []
        taken = self._chance.randrange(len(offered) + 1)
        for index, (name, content) in enumerate(offered):
            outcome, place, result = "rejected", None, None
            if index == taken:
                outcome = self._chance.choice(("accepted", "accepted", "edited"))
                place = Placement(kind="replace", length=30, start=self._round)
                result = content if outcome == "accepted" else texts.add(self._line(12))
                placed.append(EntryNumber(self._ledger.size + len(bodies) + 1))
            bodies.append((self._decision(name, content, outcome, place, result), person.id))
        self._many(bodies, texts, person)
        for decision in placed:
            self._after(decision, person)

    def _after(self, decision: EntryNumber, person: Person) -> None:
        """What becomes of words that went in: placed, and now and then taken back or rewritten."""
        self._pass(8)
        self._put(record.Placed(decision=decision, script="0" * 64))
        fate = self._chance.random()
        if fate < 0.02:
            self._put(record.DecisionUndone(automated=False, decision=decision), person)
            # Nobody comes back to it.
            _, undone = self._ledger.decision(decision)
            texts = _Texts()
            self._many(
                [(self._decision(undone.candidate, undone.content, "rejected", None, None), person.id)],
                texts,
                person,
            )
        elif fate < 0.25:
            texts = _Texts()
            body = record.Replaced(
                automated=False,
                decision=decision,
                how="rewritten",
                result=texts.add(self._line(10)),
                span=f"t{decision}",
            )
            self._put(body, person, texts)

    def _pictures(
        self,
        request: RequestId,
        shot: ShotId,
        bodies: list[tuple[Body, PersonId | None]],
        texts: _Texts,
    ) -> list[tuple[CandidateId, Commitment]]:
        offered: list[tuple[CandidateId, Commitment]] = []
        for index in range(3):
            media = Media(sha256=self._digest(), width=1280, height=720)
            content = PictureContent(picture=media, shot=shot, source=SourceType.GENERATED)
            name = CandidateId(f"{request}-{index}")
            offered.append((name, texts.add(content.text())))
            bodies.append((self._candidate(request, name, offered[-1][1], index, "ready"), None))
        return offered

    def _candidate(
        self, request: RequestId, name: CandidateId, content: Commitment, index: int, state: str
    ) -> CandidateMade:
        return CandidateMade(
            candidate=name,
            content=content,
            index=index,
            ms=self._chance.randint(200, 4000),
            request=request,
            seed=index,
            state=state,  # pyright: ignore[reportArgumentType]  # one of the three
            tokens=14,
            why="The model ended." if state == "failed" else None,
        )

    def _decision(
        self,
        name: CandidateId,
        content: Commitment,
        outcome: str,
        place: Placement | None,
        result: Commitment | None,
    ) -> DecisionMade:
        if outcome == "accepted":
            result = content
        kept = {"accepted": 1000, "rejected": 0}.get(outcome, self._chance.randint(200, 950))
        return DecisionMade(
            automated=False,
            candidate=name,
            content=content,
            kept_permille=kept,
            outcome=outcome,  # pyright: ignore[reportArgumentType]  # one of the three
            placement=place,
            redo_of=None,
            result=result,
        )

    def _judged(self, request: RequestId, verdict: str, texts: _Texts) -> record.Judged:
        return record.Judged(
            backend=_OUTSIDE[0],
            bytes=self._chance.randint(700, 9000),
            envelope=texts.add(f"POST /v1/chat\n\n{request}"),
            origin=_HOST,
            policy="netflix-2025",
            request=request,
            rules=("attested",),
            sensitivity=self._chance.choice(("production-confidential", "internal")),
            verdict=verdict,  # pyright: ignore[reportArgumentType]  # one of the three
        )

    def _line(self, words: int) -> str:
        return " ".join(self._chance.choices(self._words, self._weights, k=words)).capitalize() + "."

    def _digest(self) -> str:
        return self._chance.randbytes(32).hex()

    def _put(self, body: Body, person: Person | None = None, texts: _Texts | None = None) -> None:
        self._many([(body, person.id if person else None)], texts or _Texts(), person)

    def _many(
        self, bodies: list[tuple[Body, PersonId | None]], texts: _Texts, signer: Person | None = None
    ) -> None:
        key = self._keys.get(signer.id) if signer else None
        self._ledger.append_many(bodies, at=self._clock, contents=texts, durable=False, signer=key)

    def _pass(self, seconds: float) -> None:
        """Time goes by; nights and week-ends are nobody's."""
        self._clock += timedelta(seconds=round(seconds, 3))
        if self._clock.hour >= _BEGIN.hour + _HOURS:
            day = self._clock.replace(hour=_BEGIN.hour, minute=0, second=0, microsecond=0) + timedelta(days=1)
            while day.weekday() >= 5:
                day += timedelta(days=1)
            self._clock = day


def make_project(folder: Path, entries: int, told: Callable[[int], None] | None = None) -> ProjectFolder:
    """A whole project with about that many entries."""
    from tests.bench.feature import feature

    _Texts.count = 0
    project = ProjectFolder.create(
        folder,
        title="Larkspur",
        policy="netflix-2025",
        script=feature().encode(),
        people=PEOPLE,
    )
    with Ledger.open(project.ledger_path) as ledger:
        many = ManyEntries(ledger, pause=max(30.0, 6_200_000 * 11 / max(entries, 100_000)))
        many.begin("Larkspur")
        many.fill(entries, told)
    return project


def main() -> None:
    """`N DIR`."""
    if len(sys.argv) != 3:
        raise SystemExit("usage: python tests/bench/many_entries.py N DIR")
    make_project(Path(sys.argv[2]), int(sys.argv[1]), lambda size: print(f"{size:,}", flush=True))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main()
