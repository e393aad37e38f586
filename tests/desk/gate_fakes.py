"""Sheets as the broker makes them, and a window over a broker that answers as told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from studio_assist import protocol
from studio_assist.desk.broker_client import BrokerClient, Operation
from studio_assist.desk.gate.control import GateControl
from studio_assist.desk.gate.sheet import LeavingSheet
from studio_assist.desk.theme import Theme
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person, new_person
from studio_assist.domain.values import EntryNumber, RequestId, sha256_of
from studio_assist.gate.rules import Check
from studio_assist.protocol import (
    GateSheet,
    Passage,
    PictureSeen,
    Piece,
    ProviderFact,
    PurposeSeen,
    QuestionSeen,
    SwapSeen,
    Tag,
)

OKAFOR = new_person("R. Okafor")
LIND = new_person("M. Lind", "approver")
REQUEST = RequestId("req-1")
NOW = datetime(2026, 11, 22, 14, 31, tzinfo=UTC)

_NAMES = (
    SwapSeen(name="Project Larkspur", token="TITLE_1"),
    SwapSeen(name="MAYA", token="CHARACTER_1"),
    SwapSeen(name="ILSE", token="CHARACTER_2"),
    SwapSeen(name="Skerra Point", token="PLACE_1"),
)
_TEXT = (
    "Write three colder versions of this line from ",
    0,
    ", Ep 103.\n\n",
    1,
    "\n(not turning)\nIt's not static. Somebody out there is counting.\n\nContext: ",
    2,
    " stands in the doorway of the radio room, ",
    3,
    ".",
)


def passage(label: str, *, sent: bool) -> Passage:
    """The sample's text, as it was written or as it is sent."""
    pieces: list[Piece] = []
    for part in _TEXT:
        if isinstance(part, str):
            pieces.append(Piece(text=part))
        else:
            swap = _NAMES[part]
            text = swap.token if sent else swap.name
            pieces.append(Piece(text=text, kind="token" if sent else "name", link=part))
    return Passage(label=label, pieces=tuple(pieces))


def _rules(*, blocked: bool) -> tuple[Check, ...]:
    kept = ("30 days kept", "Provider keeps prompts 30 days.") if blocked else ("0 days kept", "")
    signed = ("None", "Nobody has attested it.") if blocked else ("Valid, 73 days left", "")
    rows = (
        ("keeps-nothing", "Provider keeps nothing after it answers", not blocked, *kept),
        ("attested", "Attestation signed and in date", not blocked, *signed),
        ("may-leave", "This classification may leave the machine", True, "With pseudonyms", ""),
        ("marked", "Result can be marked and tracked as TEMP", True, "Yes", ""),
    )
    return tuple(
        Check(rule=rule, sentence=sentence, holds=holds, found=found, headline=True, why=why)
        for rule, sentence, holds, found, why in rows
    )


def _purposes(*, blocked: bool) -> tuple[PurposeSeen, ...]:
    return (
        PurposeSeen(question="Could the result copy a work we do not own?", answer="No", good=True),
        PurposeSeen(
            question="Can the tool keep or train on what we send?",
            answer="Yes" if blocked else "No",
            good=not blocked,
        ),
        PurposeSeen(
            question="Is it a secured, company-approved service?",
            answer="Unsure" if blocked else "Yes",
            good=not blocked,
        ),
        PurposeSeen(question="Will the result stay temporary?", answer="Yes", good=True),
        PurposeSeen(question="Does it touch a performer or union work?", answer="No", good=True),
    )


_BODY = '{"model":"north-1","input":"Write three colder versions","store":false,"temperature":0.8}'

ASK = GateSheet(
    request=REQUEST,
    backend="northlight",
    digest=sha256_of("ask"),
    size=214_000,
    times=1,
    asked_by="R. Okafor",
    desk="Write",
    scene="14",
    sensitivity="Production-confidential",
    verdict="ask",
    why="All four rules pass. It still needs you: nothing goes until you press Send.",
    remedy="",
    entry=EntryNumber(1279),
    to="Northlight",
    provider="Northlight Inference",
    facts=(
        ProviderFact(label="Host", value="eu.northlight.example", mono=True),
        ProviderFact(label="Retention", value="0 days"),
        ProviderFact(label="Trains on it", value="No"),
        ProviderFact(label="Attested by", value="M. Castellan, InfoSec, 3 Nov 2026"),
        ProviderFact(label="Expires", value="3 Feb 2027 (73 days)"),
        ProviderFact(label="Region", value="EU, Dublin"),
    ),
    purpose="temp brainstorm, alt lines",
    purposes=_purposes(blocked=False),
    before=(passage("Your text", sent=False),),
    after=(passage("Your text", sent=True),),
    fields=("model: north-1", "store: false", "temperature: 0.8", "max_output_tokens: 400"),
    raw=f"POST /v1/responses HTTP/1.1\nhost: eu.northlight.example\ncontent-length: 214000\n\n{_BODY}",
    names=_NAMES,
    questions=(),
    pictures=(),
    rules=_rules(blocked=False),
    policy="netflix-2025",
    local="smollm2",
)

BLOCKED = ASK.model_copy(
    update={
        "request": RequestId("req-2"),
        "digest": sha256_of("blocked"),
        "verdict": "blocked",
        "why": "Provider keeps prompts 30 days.",
        "remedy": "Use the model on this machine, or ask for clearance.",
        "to": "OpenAI",
        "provider": "OpenAI",
        "facts": (
            ProviderFact(label="Host", value="api.openai.com", mono=True),
            ProviderFact(label="Retention", value="30 days", bad=True),
            ProviderFact(label="Trains on it", value="Not ruled out", bad=True),
            ProviderFact(label="Attested by", value="No attestation on file", bad=True),
            ProviderFact(label="Expires", value="n/a"),
            ProviderFact(label="Region", value="US"),
        ),
        "purposes": _purposes(blocked=True),
        "rules": _rules(blocked=True),
    }
)

_HELD = Passage(
    label="Your text",
    pieces=(
        *passage("Your text", sent=True).pieces,
        Piece(text=" Then "),
        Piece(text="Hope", kind="question", link=0),
        Piece(text=" comes in with a letter for "),
        Piece(text="Brannoch", kind="question", link=1),
        Piece(text="."),
    ),
)

HOLD = ASK.model_copy(
    update={
        "digest": sha256_of("hold"),
        "verdict": "hold",
        "why": "2 words may be names. Somebody has to say.",
        "remedy": "Answer each one: is this a name?",
        "before": (passage("Your text", sent=False),),
        "after": (_HELD,),
        "questions": (
            QuestionSeen(
                id="q1",
                word="Hope",
                where="Your text",
                question="Is this a name?",
                answers=("name", "no-name"),
                known_as="HOPE",
            ),
            QuestionSeen(
                id="q2",
                word="Brannoch",
                where="Your text",
                question="Is this a name?",
                answers=("name", "no-name"),
                lasting=True,
            ),
        ),
        "rules": (
            *_rules(blocked=False),
            Check(
                rule="names-answered",
                sentence="Every word that may be a name was answered for",
                holds=False,
                found="2 open",
                asks=True,
            ),
        ),
    }
)


def with_picture(sheet: GateSheet, was: str = "", sent: str = "", bad: str = "") -> GateSheet:
    """The same with a picture."""
    picture = PictureSeen(
        name="14C_ref.jpg",
        size_bytes=3_100_000,
        width=4032,
        height=2268,
        tags=(
            Tag(label="GPS", value="58.6411, -3.0702"),
            Tag(label="Camera serial", value="30114728"),
            Tag(label="Author", value="J. Lindqvist"),
            Tag(label="Taken", value="18 Nov 2026 21:14"),
        ),
        more_tags=10,
        sent_name="image_1.png",
        sent_bytes=213_000,
        sent_width=1024,
        sent_height=576,
        done=(
            "EXIF removed, 14 tags",
            "Re-encoded from pixels",
            "File name replaced",
            "Drawing, no real face",
        ),
        was=was,
        sent=sent,
        bad=bad,
    )
    return sheet.model_copy(update={"pictures": (picture,)})


def changed(sheet: GateSheet, **values: Any) -> GateSheet:
    """The sheet with other values; another digest unless one is given."""
    digest = values.pop("digest", None) or sha256_of(f"{sheet.digest}+")
    return sheet.model_copy(update={"digest": digest, **values})


def long_sheet(lines: int = 6_000) -> GateSheet:
    """Some 120 pages."""
    pieces: list[Piece] = []
    for number in range(lines):
        pieces.append(Piece(text=f"{number} counts the coins under the lamp with "))
        pieces.append(Piece(text="CHARACTER_KXQP", kind="token", link=1))
        pieces.append(Piece(text=".\n"))
    text = Passage(label="Your text", pieces=tuple(pieces))
    raw = ASK.raw + "x" * 300_000
    return ASK.model_copy(
        update={"after": (text,), "before": (text,), "raw": raw, "digest": sha256_of("long")}
    )


class FakeBroker(BrokerClient):
    """Keeps what it was asked for, and answers each call with what `answers` holds for its name."""

    def __init__(self) -> None:
        super().__init__(["nothing"])
        self.asked: list[tuple[str, Any]] = []
        self.answers: dict[str, Any] = {}

    def call(self, method: Any, params: Any, owner: QObject | None = None) -> Operation[Any]:
        operation: Operation[Any] = Operation(method, params)
        if owner is not None:
            owner.destroyed.connect(operation.let_go)
        self.asked.append((method.name, params))
        answer = self.answers.get(method.name)
        if isinstance(answer, StudioError):
            QTimer.singleShot(0, self, lambda: operation.fail(answer))
        elif answer is not None:
            QTimer.singleShot(0, self, lambda: operation.finish(answer))
        return operation

    def params_of(self, method: str) -> list[Any]:
        """What was asked for by this method, in order."""
        return [params for name, params in self.asked if name == method]


class GateWindow:
    """A window with something to type into, the control, and a broker that answers as told."""

    def __init__(self, mode: str = "dark", size: tuple[int, int] = (1440, 900)) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self.theme = Theme("light" if mode == "light" else "dark")
        self.theme.apply(application)
        self.window = QWidget()
        self.window.resize(*size)
        self.behind = QPushButton("Behind", self.window)
        QVBoxLayout(self.window).addWidget(self.behind)
        self.broker = FakeBroker()
        self.person: Person | None = OKAFOR
        self.control = GateControl(self.theme, self.broker, self.window, lambda: self.person)
        self.broker.answers |= {
            name: protocol.Recorded(entry=EntryNumber(1280), at=NOW)
            for name in ("approve_send", "refuse_send", "second_send")
        }
        self.broker.answers |= {"answer_names": protocol.Nothing(), "stop": protocol.Nothing()}
        self.window.show()
        self.behind.setFocus()
        self.settle()

    def tell(self, event: protocol.Event) -> None:
        """The broker says something."""
        self.broker.told.emit(event)
        self.settle()

    def ask(self, sheet: GateSheet) -> LeavingSheet:
        """A request stands at the gate."""
        self.tell(protocol.GateAsked(sheet=sheet))
        return self.sheet

    @property
    def sheet(self) -> LeavingSheet:
        """The sheet that is open."""
        found = [one for one in self.window.findChildren(LeavingSheet) if one.isVisible()]
        assert len(found) == 1, f"{len(found)} sheets are open"
        return found[0]

    @property
    def is_open(self) -> bool:
        return any(one.isVisible() for one in self.window.findChildren(LeavingSheet))

    def part(self, name: str) -> QWidget:
        """A part of the sheet by its name."""
        found = self.sheet.findChild(QWidget, name)
        assert isinstance(found, QWidget), name
        return found

    def has(self, name: str) -> bool:
        return self.sheet.findChild(QObject, name) is not None

    def click(self, name: str) -> None:
        """Press a part with the mouse."""
        QTest.mouseClick(self.part(name), Qt.MouseButton.LeftButton)
        self.settle()

    def press(self, key: Qt.Key, *, ctrl: bool = False) -> None:
        """Press a key where the focus is."""
        target = QApplication.focusWidget()
        assert target is not None
        held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(target, key, held)
        self.settle()

    def settle(self) -> None:
        for _ in range(3):
            QApplication.sendPostedEvents()
            QApplication.processEvents()

    def close(self) -> None:
        self.control.forget()
        self.settle()
        self.window.close()
        self.window.deleteLater()
        self.control.deleteLater()
        self.broker.deleteLater()
        self.settle()
