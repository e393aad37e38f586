"""Names, policies and gate sheets as a broker would tell of them, and a window to show them in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from record_fakes import INTACT, FakeStudio

from studio_assist import protocol
from studio_assist.desk.names.control import NamesControl
from studio_assist.desk.policy.control import PolicyControl
from studio_assist.desk.record.sent import SentControl
from studio_assist.domain.names import NameKind, NameTerm
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import EntryNumber, RequestId, sha256_of
from studio_assist.gate.rules import Check
from studio_assist.protocol import GateSheet, Names, Policies, PolicySeen

NORA = NameTerm(text="NORA", kind=NameKind.CHARACTER, source="script")
TOM = NameTerm(text="TOM", kind=NameKind.CHARACTER, source="script")
FERRY = NameTerm(text="The Ferry", kind=NameKind.TITLE, aliases=("Project Larkspur",), source="person")
NAMES = Names(
    names=(
        NORA,
        FERRY,
        TOM,
        NameTerm(text="SKERRA POINT", kind=NameKind.PLACE, aliases=("Skerra",), source="script"),
        NameTerm(text="Ruth Adeyemi", kind=NameKind.PERSON, aliases=("Ruthie",), source="person"),
    ),
    no_names=("Hope", "the Wolf"),
)

_OWN = "Netflix Partner Help Centre: Using Generative AI in Content Production"
NETFLIX = PolicySeen(
    id="netflix-2025",
    title="Netflix partner guidance, November 2025",
    version="2025-11-11",
    about="Five principles, each answered yes, no or unsure. Any no or unsure: ask before going on.",
    disclaimer="A reading of public guidance, in our own words. Not legal advice.",
    overlay=False,
    allows="outside",
    sentences=(
        ("The tools do not store, reuse or train on what goes in or what comes out.", _OWN, True),
        ("What is made is temporary and is no part of what is finally delivered.", _OWN, True),
        ("Where it can be done, the tools run in an environment that the company has secured.", _OWN, True),
        ("Tell the studio contact about any generative AI that you mean to use.", _OWN, True),
        ("Putting in material that the studio owns needs written approval.", _OWN, True),
    ),
)
LOCAL = PolicySeen(
    id="local-only",
    title="Nothing leaves this machine",
    version="1",
    about="Only models on this machine are asked.",
    disclaimer="This program's own rule.",
    overlay=False,
    allows="here",
    sentences=(("Only models that run on this machine are asked.", "Studio Assist", True),),
)
WRITERS = PolicySeen(
    id="writers-agreement",
    title="Writers' agreement",
    version="2023",
    about="What a writers' agreement asks for.",
    disclaimer="Not legal advice.",
    overlay=True,
    allows="outside",
    sentences=(("A writer is told which material was generated.", "A summary in the trade press", False),),
)
POLICIES = Policies(
    policies=(NETFLIX, LOCAL, WRITERS),
    chosen="netflix-2025",
    overlays=(),
    material=Sensitivity.CONFIDENTIAL,
    pinned=True,
)

BLOCKED_WHY = "Northlight keeps prompts for 30 days."
REMEDY = "Use the model on this machine, or ask for clearance."
RULE = "Provider keeps nothing after it answers"


def gate_sheet(request: str = "r1", verdict: str = "ask", **more: Any) -> GateSheet:
    """A sheet as the gate would make it, without its texts."""
    blocked = verdict == "blocked"
    values: dict[str, Any] = {
        "request": RequestId(request),
        "backend": "northlight",
        "digest": sha256_of("bytes"),
        "size": 4213,
        "times": 1,
        "asked_by": "R. Okafor",
        "desk": "Write",
        "scene": "14",
        "sensitivity": "Production-confidential",
        "verdict": verdict,
        "why": BLOCKED_WHY if blocked else "",
        "remedy": REMEDY if blocked else "",
        "entry": EntryNumber(1285),
        "to": "Northlight",
        "provider": "Northlight",
        "facts": (),
        "purpose": "Alternative lines",
        "purposes": (),
        "before": (),
        "after": (),
        "fields": (),
        "raw": "",
        "names": (),
        "questions": (),
        "pictures": (),
        "rules": (
            Check(rule="attested", sentence="Attestation signed and in date", holds=True, found="3 Feb 2027"),
            Check(rule="keeps-nothing", sentence=RULE, holds=not blocked, found="30 days"),
        ),
        "policy": "Netflix partner guidance, November 2025",
    }
    return GateSheet(**(values | more))


class Window(FakeStudio):
    """The whole window over a broker that answers as told, with what this issue adds to it."""

    def __init__(self, home: Path, mode: str = "dark") -> None:
        super().__init__(home, INTACT, mode)
        studio: Any = self.studio
        self.names: NamesControl = getattr(studio, "names", None) or NamesControl(self.theme, self.studio)
        self.policies: PolicyControl = getattr(studio, "policies", None) or PolicyControl(
            self.theme, self.studio
        )
        self.sent: SentControl = getattr(studio, "sent", None) or SentControl(self.theme, self.studio)
        self.broker.answers |= {"list_names": NAMES, "list_policies": POLICIES}

    def event(self, event: protocol.Event) -> None:
        """The broker says something without being asked."""
        self.broker.told.emit(event)
