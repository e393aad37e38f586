"""A writer's work as the ledger sees it, for the tests beside this file and the processes they kill."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from studio_assist.domain.record import (
    Anchor,
    AttestationMade,
    AttestationRevoked,
    BackendAdded,
    BackendRemoved,
    BoardsImported,
    CandidateMade,
    CertificateAdded,
    ClearanceApproved,
    ClearanceDrafted,
    ClearanceRefused,
    ClearanceSent,
    ClearanceWithdrawn,
    ConsentRecorded,
    ConsentRevoked,
    ContactTold,
    DecisionMade,
    DecisionUndone,
    Dropped,
    Exported,
    HandedOver,
    Judged,
    KeyAdded,
    KeyVouched,
    MarkedFresh,
    MarkedStale,
    NamesAnswered,
    NamesChanged,
    NamesRestored,
    PackMade,
    PanelCleared,
    PanelDrawn,
    PanelReplaced,
    PanelRestored,
    PersonAdded,
    Placed,
    Placement,
    PolicyChosen,
    PolicyPin,
    Presented,
    ProjectCreated,
    Recovered,
    ReferencesChanged,
    Replaced,
    Requested,
    RequestEnded,
    RolesGiven,
    ScriptImported,
    SendApproved,
    SendRefused,
    SendSeconded,
    Sent,
    SoundAdded,
    SoundMarked,
    SpanDeleted,
    SpanLost,
    VerdictGiven,
)
from studio_assist.domain.values import CandidateId, EntryNumber, PersonId, RequestId
from studio_assist.ledger import Contents, Ledger, notes, witness

WRITER = PersonId("r-okafor-1a2b3c4d")
OTHER = PersonId("j-lind-5e6f7a8b")
HOST = "https://api.northlight.example"
#: A panel's picture as the record commits to it.
PICTURE = '{"sha256":"00","suffix":".png","width":1280,"height":720}'
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class PersonKey:
    """A person's key in one project; the same seed gives the same key."""

    def __init__(self, tag: str, person: PersonId, seed: int = 1, *, session_only: bool = False) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.name = notes.key_name(tag, person)
        self.public = self._key.public_key().public_bytes_raw()
        self.session_only = session_only

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


class Work:
    """Appends one step after another, a second apart; signed once `join` gave a key."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.keys: dict[PersonId, PersonKey] = {}

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.ledger.size)

    def put(self, body, person=None, texts=None, durable=False):
        signer = self.keys.get(person)
        return self.ledger.append(
            body, at=self.now, person=person, contents=texts, durable=durable, signer=signer
        )

    def join(self, person=WRITER, seed=1, *, session_only=False):
        """From here on this person signs."""
        key = PersonKey(self.ledger.tag, person, seed, session_only=session_only)
        added = KeyAdded(public=key.public.hex(), session_only=session_only)
        entry = self.put(added, person)
        self.keys[person] = key
        return entry

    def checkpoint(self, person=WRITER):
        return self.ledger.checkpoint(self.keys[person], self.now)

    def witness(self, seed=9, own=None, name="J. Lind", before=None):
        """Hand the head to another person's machine and take its co-signature in; gives the reply."""
        offer = witness.offer(self.ledger, self.keys[WRITER], self.now)
        stranger = PersonKey("0" * 16, OTHER, seed)
        reply = witness.cosign(offer, own, stranger, self.now, name=name, before=before).reply
        witness.take_in(self.ledger, reply, self.now, WRITER, self.keys[WRITER])
        return reply

    def forget(self, entry, why="A name that must not stay."):
        return self.ledger.forget(entry, why=why, person=WRITER, at=self.now, signer=self.keys.get(WRITER))

    def meet(self):
        return self.put(PersonAdded(name="R. Okafor", person=WRITER, role="writer"), WRITER)

    def decided(self, name="c1", request="r1", *, place=True):
        """One request, one candidate, shown, accepted and placed; gives the decision."""
        self.request(request)
        self.candidate(name, request=request)
        self.show(name)
        decision = self.decide(name).number
        if place:
            self.place(decision)
        self.end(request)
        return decision

    def replace_panel(self, decision, shot):
        """A person's drawing stands in place of a panel's temp picture."""
        texts = Contents()
        body = PanelReplaced(
            automated=False, decision=decision, human_permille=620, picture=texts.add(PICTURE), shot=shot
        )
        return self.put(body, WRITER, texts)

    def sealed_day(self) -> None:
        """A day's work, and after it every kind of entry that has to do with keys."""
        self.day()
        self.join()
        self.put(CertificateAdded(root="c" * 64, session_only=False), WRITER)
        decision = self.decided("signed", "r9")
        self.checkpoint()
        self.witness()
        self.forget(decision)
        size, root = self.ledger.size, self.ledger.root
        self.put(
            PackMade(disclosed=(EntryNumber(decision),), manifest="d" * 64, root=root, size=size), WRITER
        )
        self.decided("later", "r10")
        self.checkpoint()

    def create(self):
        return self.put(ProjectCreated(policy="stays-here", sample=False, title="Larkspur"), WRITER)

    def request(self, name="r1", prompt="MARA\nWe hold.", *, anchor=True):
        texts = Contents()
        return self.put(
            Requested(
                anchor=Anchor(length=8, quote=texts.add("We hold."), start=120) if anchor else None,
                backend="embedded",
                count=4,
                model="SmolLM2-135M",
                note=texts.add("shorter, é \x01 \u2028") if anchor else None,
                prompt=texts.add(prompt),
                request=RequestId(name),
                scene="4A",
                seed=7,
                settings={"temperature": "0.8", "max_tokens": 40, "stop": True},
                task="alt-lines",
                where="here",
            ),
            WRITER,
            texts,
        )

    def candidate(self, name="c1", text="We keep the light.", request="r1", state="ready", index=0):
        texts = Contents()
        content = texts.add(text)
        body = CandidateMade(
            candidate=CandidateId(name),
            content=content,
            index=index,
            ms=120,
            request=RequestId(request),
            seed=7 + index,
            state=state,
            tokens=6,
            why="the model ended" if state == "failed" else None,
        )
        return self.put(body, None, texts)

    def content_of(self, candidate):
        return self.ledger.candidate(CandidateId(candidate)).body.content

    def show(self, name="c1", person=WRITER):
        return self.put(Presented(candidate=CandidateId(name), content=self.content_of(name)), person)

    def decide(self, name="c1", outcome="accepted", person=WRITER, edited=None, redo_of=None, durable=False):
        texts = Contents()
        content = self.content_of(name)
        result = {"accepted": content, "rejected": None, "edited": texts.add(edited or "")}[outcome]
        body = DecisionMade(
            automated=False,
            candidate=CandidateId(name),
            content=content,
            kept_permille={"accepted": 1000, "edited": 620, "rejected": 0}[outcome],
            outcome=outcome,
            placement=None if outcome == "rejected" else Placement(kind="replace", length=8, start=120),
            redo_of=redo_of,
            result=result,
        )
        return self.put(body, person, texts, durable)

    def undo(self, decision):
        return self.put(DecisionUndone(automated=False, decision=EntryNumber(decision)), WRITER)

    def stale(self, name="c1"):
        return self.put(MarkedStale(candidate=CandidateId(name), why="The line was changed."))

    def fresh(self, name="c1"):
        return self.put(MarkedFresh(candidate=CandidateId(name), why="The change was undone."))

    def place(self, decision):
        return self.put(Placed(decision=EntryNumber(decision), script="ab" * 32))

    def end(self, request="r1"):
        dropped = (Dropped(count=2, reason="empty"),)
        return self.put(RequestEnded(dropped=dropped, request=RequestId(request), state="done", why=None))

    # sending

    def judge(
        self,
        envelope=None,
        request="r1",
        verdict="ask",
        *,
        size=512,
        origin=HOST,
        sensitivity="production-confidential",
        text=b"\x00\xff{}",
    ):
        """What the gate says of bytes: new ones, or those of an envelope that was judged before."""
        texts = Contents()
        body = Judged(
            backend="northlight",
            bytes=size,
            envelope=envelope or texts.add(text),
            origin=origin,
            policy="netflix-2025",
            request=RequestId(request),
            rules=("attested",),
            sensitivity=sensitivity,
            verdict=verdict,
        )
        return self.put(body, None, texts)

    def approve(self, judged, person=WRITER, *, scope="once", times=1, **other):
        """A person's yes to what an entry judged; `other` fields say something else than it does."""
        same = {
            name: getattr(judged.body, name)
            for name in ("bytes", "envelope", "origin", "request", "sensitivity")
        }
        return self.put(SendApproved(**(same | {"scope": scope, "times": times} | other)), person)

    def second(self, judged, person=OTHER):
        return self.put(SendSeconded(envelope=judged.body.envelope, request=judged.body.request), person)

    def refuse(self, judged, person=WRITER):
        return self.put(SendRefused(envelope=judged.body.envelope, request=judged.body.request), person)

    def send(self, approval, judged, **other):
        same = {name: getattr(judged.body, name) for name in ("bytes", "envelope", "origin", "request")}
        return self.put(Sent(**({"approval": getattr(approval, "number", approval)} | same | other)))

    def sent(self, request="r1"):
        """Something is judged, approved and sent; gives what was sent."""
        judged = self.judge(request=request)
        return self.send(self.approve(judged), judged)

    def provide(self) -> None:
        """Everything about hosts, names and policies."""
        pin = PolicyPin(id="netflix-2025", sha256="a" * 64)
        self.put(PolicyChosen(material="production-confidential", overlays=(pin,), policy=pin), WRITER)
        self.put(
            BackendAdded(
                backend="northlight",
                host="api.northlight.example",
                kind="openai-compatible",
                model="m",
                region="eu",
                where="outside",
            ),
            WRITER,
        )
        self.put(
            AttestationMade(
                attestation="a1",
                backend="northlight",
                evidence="b" * 64,
                host="api.northlight.example",
                sha256="c" * 64,
                until="2027-02-03",
            ),
            WRITER,
        )
        self.put(AttestationRevoked(attestation="a1", why="The contract ended."), WRITER)
        self.put(BackendRemoved(backend="northlight"), WRITER)
        texts = Contents()
        self.put(NamesChanged(added=2, content=texts.add("[[name]]"), removed=0), WRITER, texts)
        self.clear()

    def clear(self) -> None:
        """Everything about clearing and people."""
        self.put(ClearanceDrafted(clearance="q1", request=None, rule="attested"), WRITER)
        texts = Contents()
        self.put(
            ContactTold(content=texts.add("D. Marsh"), told=self.now, uses=("temp-voice",)), WRITER, texts
        )
        self.send_clearance("q1")
        self.approve_clearance("q1")
        self.put(ClearanceWithdrawn(clearance="q1", why="The contract ended."), OTHER)
        self.send_clearance("q2")
        self.put(ClearanceRefused(clearance="q2", evidence=(), why="Not this time."), OTHER)
        texts = Contents()
        consent = ConsentRecorded(
            consent="k1",
            content=texts.add("P. Hall"),
            document="d" * 64,
            kinds=("voice",),
            until="2027-02-03",
        )
        self.put(consent, WRITER, texts)
        self.put(ConsentRevoked(consent="k1", why="Taken back."), WRITER)
        texts = Contents()
        self.put(ReferencesChanged(content=texts.add("[[reference]]")), WRITER, texts)
        texts = Contents()
        handed = HandedOver(kind="guild", name="a.pdf", recipient=texts.add("The guild"), sha256="e" * 64)
        self.put(handed, WRITER, texts)
        self.put(RolesGiven(person=OTHER, roles=("approver",)), WRITER)
        self.put(KeyVouched(person=OTHER, public="f" * 64), WRITER)
        texts = Contents()
        sound = SoundAdded(
            automated=False, content=texts.add('{"name": "Pier"}'), how="imported", sha256="c" * 64, temp=True
        )
        self.put(sound, WRITER, texts)
        self.put(SoundMarked(automated=False, sha256="c" * 64, temp=False), WRITER)
        texts = Contents()
        boards = BoardsImported(
            automated=False,
            format="storyboarder",
            items=12,
            sha256="d" * 64,
            source_name=texts.add("Larkspur.storyboarder"),
        )
        self.put(boards, WRITER, texts)

    def send_clearance(self, name, person=WRITER):
        texts = Contents()
        body = ClearanceSent(clearance=name, content=texts.add(f"{name}: asked"), document="a" * 64)
        return self.put(body, person, texts)

    def approve_clearance(self, name, person=OTHER, **other):
        texts = Contents()
        fields = {
            "backends": (),
            "clearance": name,
            "content": texts.add(f"{name}: yes"),
            "evidence": ("b" * 64,),
            "rules": ("named-references",),
            "scenes": ("14",),
            "since": "2026-11-22",
            "tasks": (),
            "until": "2027-02-03",
            "uses": ("temp-voice",),
        }
        return self.put(ClearanceApproved(**(fields | other)), person, texts)

    def day(self) -> None:
        """At least one entry of every kind."""
        self.create()
        self.put(PersonAdded(name="R. Okafor", person=WRITER, role="writer"), WRITER)
        texts = Contents()
        self.put(ScriptImported(content=texts.add("INT. LAMP ROOM"), source_name="a.fountain"), WRITER, texts)
        for number in range(1, 6):
            request = f"r{number}"
            self.request(request)
            self.put(VerdictGiven(request=RequestId(request), rules=("stays-here",), verdict="here"))
            for index, outcome in enumerate(("accepted", "edited", "rejected", None)):
                name = f"c{number}-{index}"
                state = "stopped" if index == 2 else "ready"
                self.candidate(name, f"Line {number}.{index}", request, index=index, state=state)
                self.show(name)
                if outcome:
                    decision = self.decide(name, outcome, edited="Line, changed.").number
                if outcome == "edited":
                    self.place(decision)
                if outcome == "accepted" and number == 1:
                    self.undo(decision)
                    self.place(self.decide(name, redo_of=decision).number)
            if number < 5:
                self.end(request)
        self.stale("c1-3")
        self.stale("c2-3")
        self.fresh("c2-3")
        self.provide()
        held = self.judge(request="r5", verdict="hold")
        texts = Contents()
        answers = NamesAnswered(answers=texts.add('{"Hope":"name"}'), count=1, request=RequestId("r5"))
        self.put(answers, WRITER, texts)
        self.second(held)
        self.refuse(held)
        self.sent("r5")
        self.put(NamesRestored(clean=3, mended=1, request=RequestId("r5"), unknown=0))
        texts = Contents()
        placed = next(
            e for e in self.ledger.entries(type="decision", limit=100) if e.body.outcome == "accepted"
        )
        live = self.ledger.unplaced()[0].number
        assert placed.number != live
        result = texts.add("We hold it, all of us.")
        self.put(
            Replaced(automated=False, decision=live, how="rewritten", result=result, span="t1"), WRITER, texts
        )
        self.put(SpanLost(decision=live, span="t1"))
        self.put(SpanDeleted(decision=live, span="t1"), WRITER)
        shot = "0a1b2c3d4e5f"
        texts = Contents()
        drawn = PanelDrawn(automated=False, how="drawn", picture=texts.add(PICTURE), shot=shot)
        self.put(drawn, WRITER, texts)
        taken = self.replace_panel(live, shot)
        self.put(PanelRestored(automated=False, decision=live, entry=taken.number, shot=shot), WRITER)
        self.put(PanelCleared(automated=False, decision=live, shot=shot), WRITER)
        self.put(
            Exported(automated=False, final=False, format="pdf", name="a.pdf", sha256="0" * 64, temp_items=2),
            WRITER,
        )
        self.put(Recovered(what="Taken back: text that was typed before the program ended."), WRITER)


def rounds(work: Work, first: int) -> Iterator[tuple[int, str]]:
    """Ask, show, decide, place, for ever; gives size and root after each durable append."""
    number = first
    while True:
        number += 1
        work.request(f"q{number}")
        work.candidate(f"d{number}", request=f"q{number}")
        work.show(f"d{number}")
        work.decide(f"d{number}", durable=True)
        yield work.ledger.size, work.ledger.root


if __name__ == "__main__":
    with Ledger.open(Path(sys.argv[1]), create=False) as opened:
        for size, root in rounds(Work(opened), opened.size):
            print(size, root, flush=True)
