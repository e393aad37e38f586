"""A Clear desk over a broker that keeps requests in memory, under the policy that comes with the program."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from studio_assist import protocol
from studio_assist.desk.clear.desk import ClearDesk
from studio_assist.desk.clear.room import ClearRoom
from studio_assist.desk.guard import guard_overrides
from studio_assist.desk.kit import Label, Sheet
from studio_assist.desk.theme import Theme
from studio_assist.domain.clearance import (
    ClearanceRequest,
    ClearanceSeen,
    Consent,
    ConsentSeen,
    Evidence,
    Reference,
    Scope,
)
from studio_assist.domain.clearing import all_uses, notice_rule_of, questions_of, triggers_of
from studio_assist.domain.errors import BadInput
from studio_assist.domain.people import Person, new_person
from studio_assist.domain.policy import policy_of
from studio_assist.domain.values import EntryNumber, PersonId, sha256_of
from studio_assist.paths import resource
from studio_assist.protocol import LedgerState, ProjectState, Stamp
from tests.desk.record_fakes import FakeBroker

OKAFOR = new_person("R. Okafor")
LINDQVIST = new_person("J. Lindqvist")
ADEYEMI = new_person("P. Adeyemi")
MARSH = Person(id=PersonId("d-marsh"), name="D. Marsh", role="approver")
NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = date.today()
POLICY = policy_of(
    tomllib.loads(resource("policies", "netflix-2025.toml").read_text("utf-8")), "netflix-2025"
)
WANTED = {one.id: one.wanted for one in POLICY.principles}


def file(name: str, size: int) -> Evidence:
    return Evidence(added=NOW, by="R. Okafor", name=name, sha256=sha256_of(name), size=size)


def request(number: int, title: str, by: Person, days_ago: int, **more: Any) -> ClearanceRequest:
    when = NOW - timedelta(days=days_ago)
    return ClearanceRequest(
        id=f"c-{number}",
        number=number,
        made=when,
        changed=when,
        by=by,
        title=title,
        policy="netflix-2025",
        **{"use": POLICY.uses[0].id if POLICY.uses else "", "answers": dict(WANTED), **more},
    )


def seen(state: Any, one: ClearanceRequest, **more: Any) -> ClearanceSeen:
    stood: tuple[tuple[str, str, datetime], ...] = (("drafted", one.by.name, one.made),)
    if state != "draft":
        stood += (("sent", one.by.name, one.made + timedelta(hours=1)),)
    if state in ("approved", "refused", "expired"):
        kind = "refused" if state == "refused" else "approved"
        stood += ((kind, "J. Lindqvist", one.made + timedelta(hours=5)),)
        more = {"given_by": "D. Marsh", "answered_by": "J. Lindqvist", **more}
    return ClearanceSeen(request=one, state=state, stood=stood, **more)


def use_like(word: str) -> str:
    """The id of the policy's use that is called so."""
    return next((use.id for use in POLICY.uses if word in use.title.casefold()), POLICY.uses[0].id)


def requests() -> tuple[ClearanceSeen, ...]:
    """The six of the design."""
    voice = use_like("voice")
    answers = WANTED | {list(WANTED)[-1]: "unsure"}
    until = TODAY + timedelta(days=73)
    scope = Scope(scenes=("14",), since=TODAY, until=until)
    return (
        seen(
            "draft",
            request(
                19,
                "Temp voice, VOICE (FILTERED), sc 14",
                OKAFOR,
                0,
                use=voice,
                answers=answers,
                names=("VOICE (FILTERED)",),
                scope=Scope(scenes=("14",)),
                approver="D. Marsh, studio production legal",
                needed_by=TODAY + timedelta(days=5),
                evidence=(file("Scene 14 sides.pdf", 84_000), file("Tool settings, voice off.png", 212_000)),
            ),
        ),
        seen("sent", request(18, "Mood boards from location photos", LINDQVIST, 2)),
        seen(
            "approved", request(16, "Temp storyboards, ep 103", LINDQVIST, 10), approved=scope, days_left=73
        ),
        seen(
            "approved",
            request(15, "Northlight for alt lines, EU region", OKAFOR, 18),
            approved=scope,
            days_left=73,
            names=("Hopper",),
            answer_words="Only with the region set to the EU.",
        ),
        seen("refused", request(12, "Aged double of lead actor", ADEYEMI, 23), answer_words="Not this year."),
        seen("expired", request(9, "Temp translation, NO to EN", OKAFOR, 81), approved=scope),
    )


CONSENTS = (
    ConsentSeen(
        consent=Consent(
            id="con-1",
            made=NOW,
            by=LINDQVIST,
            person="Ida Berg",
            kinds=("voice",),
            uses="Temp voice for the filtered line in scene 14, replaced before the mix.",
            representation="Equity, through her agent",
            scope=Scope(scenes=("14",), since=TODAY, until=TODAY + timedelta(days=100)),
            document=file("Berg voice consent.pdf", 120_000),
        ),
        state="valid",
        days_left=100,
    ),
    ConsentSeen(
        consent=Consent(
            id="con-2",
            made=NOW,
            by=LINDQVIST,
            person="Anders Vik",
            kinds=("likeness", "performance"),
            uses="Aged double in the boards.",
            representation="none",
            deceased=True,
            estate="Vik estate, M. Vik",
            scope=Scope(until=TODAY - timedelta(days=3)),
            document=file("Vik estate.pdf", 88_000),
        ),
        state="no document",
        days_left=0,
    ),
)
REFERENCES = (
    Reference(text="Edward Hopper", kind="artist", aliases=("Hopper",), note="Look reference, ep 101"),
    Reference(text="Nighthawks", kind="work"),
)


def picture(**more: Any) -> protocol.ClearDesk:
    given: dict[str, Any] = {
        "policy": POLICY.id,
        "policy_title": POLICY.title,
        "disclaimer": POLICY.disclaimer,
        "uses": all_uses([POLICY]),
        "questions": questions_of([POLICY]),
        "triggers": triggers_of([POLICY]),
        "requests": requests(),
        "consents": CONSENTS,
        "wants_contact": True,
        "notice_rule": notice_rule_of([POLICY]),
        "contact": protocol.ContactSeen(
            contact="D. Marsh",
            how="mail",
            told=NOW - timedelta(hours=1),
            by="R. Okafor",
            uses=(POLICY.uses[0].id,),
            entry=EntryNumber(1250),
        ),
        "people": (
            protocol.PersonSeen(id=OKAFOR.id, name=OKAFOR.name, roles=("writer",), may_answer=False),
            protocol.PersonSeen(id=MARSH.id, name=MARSH.name, roles=("approver",), may_answer=True),
        ),
        "reminders": (
            protocol.Reminder(
                kind="clearance",
                about="c-15",
                words="C-015 expires 3 Feb 2027. You will be asked to renew 14 days before.",
                until=date(2027, 2, 3),
            ),
        ),
        "references": REFERENCES,
        "version": 1,
    }
    return protocol.ClearDesk(**{**given, **more})


class Desk:
    """The desk in a window of its own, over a broker that keeps what it is told."""

    def __init__(
        self,
        home: Path,
        shown: protocol.ClearDesk | None = None,
        *,
        person: Person = OKAFOR,
        mode: str = "dark",
        size: tuple[int, int] = (1440, 824),
        read_only: str | None = None,
    ) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        guard_overrides()
        self.shown = shown or picture()
        self.theme = Theme("light" if mode == "light" else "dark")
        self.theme.apply(application)
        self.broker = FakeBroker()
        self.broker.answers |= self.answers()
        layout = QSettings(str(home / "layout.ini"), QSettings.Format.IniFormat)
        self.desk = ClearDesk(self.theme, self.broker, layout)
        self.errors: list[object] = []
        self.desk.error.connect(self.errors.append)
        self.desk.set_person(person)
        self.desk.set_scenes(("12", "14", "15"))
        self.desk.set_project(project(home, read_only))
        self.window = QMainWindow()
        self.window.setCentralWidget(self.desk)
        self.window.resize(*size)
        self.window.show()
        self.window.activateWindow()
        self.wait(lambda: self.room.book.shown is not None, "the picture")

    @property
    def room(self) -> ClearRoom:
        return self.desk.room

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        self.broker.deleteLater()

    def wait(self, ready: Callable[[], bool], what: str, most_ms: int = 3000) -> None:
        until = time.monotonic() + most_ms / 1000
        while not ready():
            assert time.monotonic() < until, f"waited for {what}"
            QTest.qWait(2)

    def part(self, name: str) -> Any:
        found = self.window.findChild(QWidget, name)
        assert found is not None, name
        return found

    def click(self, name: str) -> None:
        QTest.mouseClick(self.part(name), Qt.MouseButton.LeftButton)
        QApplication.processEvents()

    def press(self, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for key in keys:
            there = QApplication.focusWidget()
            assert there is not None
            QTest.keyClick(there, key, held)
            QApplication.processEvents()

    def type(self, text: str) -> None:
        there = QApplication.focusWidget()
        assert there is not None
        QTest.keyClicks(there, text)

    def tab_to(self, name: str) -> None:
        for _ in range(80):
            there = QApplication.focusWidget()
            if there is not None and there.objectName() == name:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not reach {name}")

    def open_sheets(self) -> list[Sheet]:
        return [one for one in self.window.findChildren(Sheet) if one.isVisible()]

    def sheet(self) -> Sheet:
        return self.open_sheets()[-1]

    def said(self, widget: QWidget | None = None) -> str:
        where = widget or self.window
        # A part that was put into a layout is shown with the next events.
        QApplication.processEvents()
        return "\n".join(label.plain for label in where.findChildren(Label) if label.isVisible())

    # the broker's side

    def tell(self) -> None:
        """As the broker tells of every change."""
        self.shown = self.shown.model_copy(update={"version": self.shown.version + 1})
        self.broker.told.emit(protocol.ClearanceChanged(desk=self.shown))
        self.desk.take(protocol.ClearanceChanged(desk=self.shown))

    def answers(self) -> dict[str, Any]:
        return {
            "show_clear": lambda _params: self.shown,
            "list_tasks": protocol.Tasks(tasks=()),
            "list_backends": protocol.Backends(backends=(), found=(), standings=(), servers=()),
            "save_clearance": self._save,
            "discard_clearance": protocol.Nothing(),
            "attach_evidence": self._attach,
            "detach_evidence": self._detach,
            "send_clearance": self._send,
            "clearance_letter": protocol.Letter(subject="C-019", text="Dear D. Marsh"),
            "answer_clearance": self._answer,
            "withdraw_clearance": self._withdraw,
            "tell_contact": self._told,
            "contact_letter": lambda params: protocol.Letter(
                subject="Generative tools", text=f"We mean to use: {', '.join(params.uses)}"
            ),
            "add_consent": lambda _params: self.shown,
            "revoke_consent": lambda _params: self.shown,
            "set_reference": lambda params: self._picture(references=(*REFERENCES, params.reference)),
            "remove_reference": lambda _params: self._picture(references=REFERENCES[1:]),
        }

    def of(self, request_id: str) -> ClearanceSeen:
        return next(one for one in self.shown.requests if one.request.id == request_id)

    def _picture(self, **changed: Any) -> protocol.ClearDesk:
        update = {"version": self.shown.version + 1, **changed}
        self.shown = self.shown.model_copy(update=update)
        return self.shown

    def _put(self, one: ClearanceSeen) -> ClearanceSeen:
        others = tuple(other for other in self.shown.requests if other.request.id != one.request.id)
        self._picture(requests=(*others, one))
        return one

    def _save(self, params: protocol.SaveClearanceParams) -> ClearanceSeen:
        fields = {
            name: getattr(params, name) for name in type(params).model_fields if name not in ("id", "person")
        }
        if params.id is None:
            number = max((one.request.number for one in self.shown.requests), default=0) + 1
            made = request(number, "", params.person, 0).model_copy(update=fields)
            return self._put(seen("draft", made))
        kept = self.of(params.id)
        return self._put(kept.model_copy(update={"request": kept.request.model_copy(update=fields)}))

    def _attach(self, params: protocol.AttachParams) -> Any:
        path = Path(params.path)
        if not path.is_file():
            return BadInput("This file cannot be read.", remedy="Choose another.", place=path.name)
        kept = self.of(params.id)
        evidence = (*kept.request.evidence, file(path.name, path.stat().st_size))
        changed = kept.request.model_copy(update={"evidence": evidence})
        return self._put(kept.model_copy(update={"request": changed}))

    def _detach(self, params: protocol.DetachParams) -> ClearanceSeen:
        kept = self.of(params.id)
        evidence = tuple(one for one in kept.request.evidence if one.sha256 != params.sha256)
        changed = kept.request.model_copy(update={"evidence": evidence})
        return self._put(kept.model_copy(update={"request": changed}))

    def _send(self, params: protocol.SendClearanceParams) -> protocol.ClearanceSentTo:
        sent = self._put(seen("sent", self.of(params.id).request))
        return protocol.ClearanceSentTo(
            seen=sent,
            pdf=f"clearance/sent/{sent.request.label}.pdf",
            to=sent.request.approver,
            subject=f"{sent.request.label}: clearance asked for",
            text="Dear D. Marsh,\nplease answer the request in the PDF.",
            entry=EntryNumber(1291),
        )

    def _answer(self, params: protocol.AnswerClearanceParams) -> ClearanceSeen:
        answered = seen(params.answer, self.of(params.id).request, answer_words=params.words)
        scope = params.scope if params.answer == "approved" else None
        update = {"approved": scope, "given_by": params.given_by, "answered_by": params.person.name}
        return self._put(answered.model_copy(update=update))

    def _withdraw(self, params: protocol.WithdrawClearanceParams) -> ClearanceSeen:
        return self._put(seen("withdrawn", self.of(params.id).request))

    def _told(self, params: protocol.TellContactParams) -> protocol.ClearDesk:
        told = protocol.ContactSeen(
            contact=params.contact,
            how=params.how,
            told=params.told,
            by=params.person.name,
            uses=params.uses,
            words=params.words,
            entry=EntryNumber(1292),
        )
        return self._picture(contact=told)


def project(home: Path, read_only: str | None = None) -> ProjectState:
    return ProjectState(
        path=str(home),
        session="s",
        title="Project Larkspur",
        draft="",
        policy="netflix-2025",
        script="",
        stamp=Stamp(mtime_ns=1, size=0, sha256=sha256_of("")),
        spans=(),
        boards_temp=0,
        read_only=read_only,
        ledger=LedgerState(size=0, root=sha256_of(""), state="intact", checked_at=NOW, key="kept"),
        open_requests=(),
        recovery=(),
        warnings=(),
        backend=None,
    )
