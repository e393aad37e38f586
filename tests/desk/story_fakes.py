"""A small record with a line and a panel that were worked on, and the pictures that belong to it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from PySide6.QtGui import QColor, QImage

from studio_assist.domain.marking import SourceType
from studio_assist.domain.record import (
    CandidateMade,
    DecisionMade,
    PanelReplaced,
    Placement,
    PolicyChosen,
    PolicyPin,
    Presented,
    Requested,
    VerdictGiven,
)
from studio_assist.domain.storyboard import Media, PictureContent, ShotId
from studio_assist.domain.values import CandidateId, EntryNumber, RequestId
from studio_assist.ledger import Contents, Ledger
from tests.ledger.ledger_work import WRITER, Work

OFFERED = (
    "The lamp flickers as the tower loses power. Downstairs, a door that was locked an hour ago swings open."
)
EDITED = (
    "The lamp dims as the tower draws its power. Two floors below, a door she locked an hour ago swings open."
)
SHOT = ShotId("0a1b2c3d4e5f")


class StoryRecord:
    """A project's ledger and media.

    Attributes:
        edited: the decision that edited a line. picture: the one that let a picture in. drawn: by which a
            person's drawing took its place.
    """

    def __init__(self, folder: Path) -> None:
        self.ledger = folder / "ledger.sqlite"
        self.media = folder / "media"
        self.own = Ledger.open(self.ledger)
        self.work = Work(self.own)
        self.work.create()
        self.work.meet()
        self.work.join()
        pin = PolicyPin(id="netflix-2025", sha256="a" * 64)
        chosen = PolicyChosen(material="production-confidential", overlays=(), policy=pin)
        self.work.put(chosen, WRITER)
        self.edited = self.line()
        self.picture = self.panel()
        self.drawn = self.replace()
        self.work.checkpoint()

    def close(self) -> None:
        self.own.close()

    def line(self, name: str = "k", edited: str = EDITED) -> int:
        """A scene is continued; the first of three candidates is edited, the others are rejected."""
        work, request = self.work, RequestId(f"{name}-r")
        texts = Contents()
        asked = Requested(
            anchor=None,
            backend="embedded",
            count=3,
            model="SmolLM2-135M",
            note=texts.add("Raise the dread, no dialogue."),
            prompt=texts.add("INT. LAMP ROOM"),
            request=request,
            scene="14",
            seed=7,
            settings={},
            task="continue-scene",
            where="here",
        )
        work.put(asked, WRITER, texts)
        work.put(VerdictGiven(request=request, rules=("stays-on-this-machine",), verdict="here"))
        for index in range(3):
            work.candidate(
                f"{name}-{index}", OFFERED if not index else f"Other {index}.", request, index=index
            )
            work.show(f"{name}-{index}")
        work.end(request)
        for index in (1, 2):
            work.decide(f"{name}-{index}", "rejected")
        decision = work.decide(f"{name}-0", "edited", edited=edited).number
        work.place(decision)
        return decision

    def panel(self) -> int:
        """Two pictures are made for 14C; the second is accepted."""
        work, request = self.work, RequestId("p-r")
        texts = Contents()
        asked = Requested(
            anchor=None,
            backend="comfyui",
            count=2,
            model="SD-Turbo",
            note=None,
            prompt=texts.add("a stair"),
            request=request,
            scene="14",
            seed=7,
            settings={"number": "14C", "shot": SHOT},
            task="board",
            where="here",
        )
        work.put(asked, WRITER, texts)
        work.put(VerdictGiven(request=request, rules=("stays-on-this-machine",), verdict="here"))
        for index, colour in enumerate(("#596273", "#7d8794")):
            texts = Contents()
            content = PictureContent(picture=self.put_picture(colour), shot=SHOT, source=SourceType.GENERATED)
            made = CandidateMade(
                candidate=CandidateId(f"p-{index}"),
                content=texts.add(content.text()),
                index=index,
                ms=100,
                request=request,
                seed=index,
                state="ready",
                tokens=0,
                why=None,
            )
            work.put(made, None, texts)
            committed = work.content_of(f"p-{index}")
            work.put(Presented(candidate=made.candidate, content=committed), WRITER)
        work.end(request)
        decided = DecisionMade(
            automated=False,
            candidate=CandidateId("p-1"),
            content=work.content_of("p-1"),
            kept_permille=1000,
            outcome="accepted",
            placement=Placement(kind="panel", length=0, start=0),
            redo_of=None,
            result=work.content_of("p-1"),
        )
        return work.put(decided, WRITER).number

    def replace(self) -> int:
        """A drawing of the person's own takes the picture's place."""
        texts = Contents()
        body = PanelReplaced(
            automated=False,
            decision=EntryNumber(self.picture),
            human_permille=620,
            picture=texts.add(self.put_picture("#e9ebed").model_dump_json()),
            shot=SHOT,
        )
        return self.work.put(body, WRITER, texts).number

    def put_picture(self, colour: str) -> Media:
        """A picture of one colour among the media."""
        image = QImage(320, 180, QImage.Format.Format_RGB32)
        image.fill(QColor(colour))
        self.media.mkdir(exist_ok=True)
        part = self.media / "part.png"
        assert image.save(str(part))
        digest = sha256(part.read_bytes()).hexdigest()
        (self.media / digest[:2]).mkdir(exist_ok=True)
        part.rename(self.media / digest[:2] / f"{digest}.png")
        return Media(sha256=digest, suffix=".png", width=320, height=180)
