"""How each backend handles data, in the few words that lists have room for.

What keeps a host out is asked of the gate's own rules, so that a list never promises what the gate refuses.
Only those rules are asked that need no request: nothing is built, and nothing is sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from studio_assist import protocol
from studio_assist.broker.attesting import day, endpoints, terms_used
from studio_assist.domain.generation import BackendInfo, HostSettings, Where
from studio_assist.domain.policy import Policy
from studio_assist.domain.provider import ProviderCard, Terms
from studio_assist.domain.sensitivity import Sensitivity
from studio_assist.domain.values import PersonId
from studio_assist.gate.case import Attested, Case
from studio_assist.gate.rules import RULES
from studio_assist.gate.verdict import Verdict, judge

#: What the host is known to do, and who answers for it.
_ATTESTED: Final = frozenset({"keeps-nothing", "attested", "covered", "card"})
#: And what the project lays down.
_BEFORE_ANY_REQUEST: Final = _ATTESTED | {"policy", "may-leave", "encrypted"}

Badges = tuple[protocol.Badge, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one backend at a host.

    Attributes:
        settings: None for a plugin that brings a host of its own.
        has_project: a project is open; attestations are made in one.
        policies: the project's, or the default; empty where none could be read.
        removable: somebody added it here.
    """

    info: BackendInfo
    settings: HostSettings | None
    card: ProviderCard | None
    attested: Attested | None
    policies: tuple[Policy, ...]
    policies_pinned: bool
    sensitivity: Sensitivity
    now: datetime
    latest: datetime | None
    has_project: bool
    has_key: bool
    removable: bool

    @property
    def terms(self) -> Terms | None:
        """The terms for what this backend sends, or None."""
        if self.card is None or self.settings is None:
            return None
        used = terms_used(self.card, self.settings, self.info.kinds)
        return next((terms for terms in used if terms.serves(self.info.model)), used[0] if used else None)


def standing_here(info: BackendInfo) -> protocol.Standing:
    """A model that runs in this program: it has no way to send."""
    return protocol.Standing(
        backend=info.id,
        state="Ready" if info.ready else info.why or "Not ready",
        badges=(protocol.Badge(text="Nothing leaves", icon="stays"),),
    )


def standing_of(known: Known) -> protocol.Standing:
    """A backend at a host."""
    info, settings = known.info, known.settings
    verdict = _verdict(known, _BEFORE_ANY_REQUEST)
    may_ask = verdict is not None and verdict.verdict == "ask"
    if verdict is None:
        blocked = f"Nothing is known of what {info.name} sends to {info.host}."
    else:
        blocked = "" if may_ask else verdict.why
    counts = is_attested(known)
    wants_key = info.where is Where.OUTSIDE and not known.has_key
    named = settings is None or bool(settings.model)
    if not named:
        needs = "model"
    elif wants_key and settings is not None:
        needs = "key"
    elif known.has_project and not counts and _could_be_attested(known):
        needs = "attestation"
    else:
        needs = None
    return protocol.Standing(
        backend=info.id,
        state=_state(known, counts=counts, wants_key=wants_key, named=named),
        badges=_badges(known, may_ask=may_ask, counts=counts),
        blocked=blocked,
        needs=needs,
        has_key=known.has_key,
        removable=known.removable,
    )


def described(known: Known) -> BackendInfo:
    """The info with what is kept: nothing where that is attested, else what the provider's card says."""
    if is_attested(known):
        return known.info.model_copy(update={"retention_days": 0, "trains": False})
    terms = known.terms
    if terms is None:
        return known.info.model_copy(update={"retention_days": None, "trains": None})
    days = None if terms.retention_days == "unknown" else terms.retention_days
    trains = {"no": False, "yes": True, "unknown": None}[terms.trains]
    return known.info.model_copy(update={"retention_days": days, "trains": trains})


def is_attested(known: Known) -> bool:
    """Whether an attestation speaks for this host, endpoint and model now."""
    verdict = _verdict(known, _ATTESTED)
    return verdict is not None and verdict.verdict == "ask"


# What it says -----------------------------------------------------------------------------------------------


def _state(known: Known, *, counts: bool, wants_key: bool, named: bool) -> str:
    info = known.info
    if not named:
        return "No model"
    if not info.ready and known.settings is None:
        return info.why or "Not ready"
    if known.attested is not None and known.has_project:
        attestation = known.attested.signed.attestation
        if counts:
            return f"Attested to {day(attestation.until)}"
        if known.attested.revoked:
            return "Attestation taken back"
        if attestation.days_left(known.now) < 0:
            return f"Attestation ended {day(attestation.until)}"
        return "Attestation does not hold"
    if wants_key:
        return "No key"
    return "No attestation" if known.has_project else "Attested by project"


def _badges(known: Known, *, may_ask: bool, counts: bool) -> Badges:
    place = {Where.HERE: "On this machine", Where.STUDIO: "Studio network", Where.OUTSIDE: "Off machine"}
    where = place[known.info.where]
    if may_ask:
        first = protocol.Badge(text=f"{where}, asks first", icon="leaves")
        return (first, protocol.Badge(text="0 days kept", icon="kept"))
    first = protocol.Badge(text=where, icon="leaves")
    return (first, protocol.Badge(text=_why_not(known, counts=counts), tone="bad", icon="blocked"))


def _why_not(known: Known, *, counts: bool) -> str:
    if counts:
        # All is well with the host: it is the project that keeps everything here.
        return "0 days kept, blocked"
    terms = known.terms
    if terms is None or terms.retention_days == "unknown":
        return "Retention unknown, blocked"
    if terms.retention_days:
        return f"{terms.retention_days} day{'s' * (terms.retention_days != 1)} kept, blocked"
    return "Not attested, blocked"


def _could_be_attested(known: Known) -> bool:
    terms = known.terms
    return terms is not None and terms.zero != "none" and terms.trains != "yes"


# What the gate says -----------------------------------------------------------------------------------------


def _verdict(known: Known, asked: frozenset[str]) -> Verdict | None:
    """What some of the gate's rules say of a request that this backend would make; None without one."""
    case = _case(known)
    if case is None:
        return None
    return judge(case, tuple(rule for rule in RULES if rule.id in asked))


def _case(known: Known) -> Case | None:
    info, settings = known.info, known.settings
    if settings is None or info.host is None:
        return None
    paths = endpoints(settings)
    if not paths and known.card is not None:
        # A plugin's own type: any endpoint that the card knows stands for the one it will use.
        listed = (path for terms in terms_used(known.card, settings, info.kinds) for path in terms.paths)
        paths = tuple(path.partition(" ")[2].replace("*", "x") for path in listed if path.startswith("POST"))
    if not paths:
        return None
    found = re.search(r":(\d{1,5})$", settings.authority)
    return Case(
        backend=info.id,
        scheme=settings.url.partition("://")[0],
        host=settings.authority.removesuffix(found[0]) if found else settings.authority,
        port=int(found[1]) if found else None,
        method="POST",
        path=paths[0],
        query="",
        body={},
        model=settings.model,
        card=known.card,
        attested=known.attested,
        policies=known.policies,
        policies_pinned=known.policies_pinned,
        sensitivity=known.sensitivity,
        left=0,
        questions=0,
        replaced=0,
        now=known.now,
        latest=known.latest,
        where=info.where,
        asked_by=PersonId("nobody"),
    )
