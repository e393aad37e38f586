"""Policies and tools, for a report: what the project is held to, and which models and hosts were asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from studio_assist.broker.cards_seen import card_seen
from studio_assist.broker.policies import Held, Shelf
from studio_assist.broker.report_clearing import Clearing
from studio_assist.broker.report_tally import Asked, Sent, Tally
from studio_assist.broker.story import BOARD
from studio_assist.domain import record
from studio_assist.domain.attestation import SignedAttestation
from studio_assist.domain.generation import HostSettings, Where
from studio_assist.domain.policy import Policy
from studio_assist.domain.provider import ProviderCard, card_for, where_is
from studio_assist.domain.report import AttestationHeld, CardHeld, PolicyChange, PolicyHeld, Sending, Tool
from studio_assist.domain.staging import PREVIS_NAME
from studio_assist.domain.values import Sha256
from studio_assist.storage.project_file import ProjectInfo

#: What people call the backends that come with the program.
_OWN: Final = {"embedded": "Model on this machine", "previs": PREVIS_NAME}
_PREVIS: Final = "previs"
_PLACES: Final[Mapping[Where, record.Where]] = {
    Where.HERE: "here",
    Where.STUDIO: "studio",
    Where.OUTSIDE: "outside",
}


def policies_held(info: ProjectInfo, shelf: Shelf[Policy], tally: Tally) -> tuple[PolicyHeld, ...]:
    """The policies that project.toml names, as their files read now and as the record names them."""
    pinned: dict[str, Sha256] = {}
    for entry in tally.kept["policy_chosen"]:
        if isinstance(entry.body, record.PolicyChosen):
            pinned = {pin.id: pin.sha256 for pin in (entry.body.policy, *entry.body.overlays)}
    return tuple(
        _policy(name, shelf.held.get(name), pinned.get(name), overlay=name != info.policy)
        for name in (info.policy, *info.overlays)
    )


def policy_changes(tally: Tally) -> tuple[PolicyChange, ...]:
    """Every time that somebody put the project under policies, in the whole record."""
    return tuple(
        PolicyChange(
            entry=entry.number,
            at=entry.at,
            by=tally.who(entry.person),
            material=entry.body.material,
            policies=tuple((pin.id, pin.sha256) for pin in (entry.body.policy, *entry.body.overlays)),
        )
        for entry in tally.kept["policy_chosen"]
        if isinstance(entry.body, record.PolicyChosen)
    )


def _policy(name: str, held: Held[Policy] | None, pinned: Sha256 | None, *, overlay: bool) -> PolicyHeld:
    if held is None:
        return PolicyHeld(
            id=name,
            title=name,
            version="",
            overlay=overlay,
            source="",
            checked_on=None,
            disclaimer="",
            sha256=None,
            pinned=pinned,
            sentences=0,
        )
    policy = held.value
    parts = [(one.sentence, one.source) for one in (*policy.principles, *policy.rules)]
    parts += [(one.title, one.source) for one in policy.uses]
    return PolicyHeld(
        id=name,
        title=policy.title,
        version=policy.version,
        overlay=overlay,
        source=policy.source.name,
        checked_on=policy.source.checked_on,
        disclaimer=policy.disclaimer,
        sha256=held.sha256,
        pinned=pinned,
        sentences=len(parts),
        unverified=tuple((words, source.name) for words, source in parts if not source.verified),
    )


@dataclass(frozen=True)
class Tools:
    """Models and hosts, as the record and the settings know them.

    Args:
        settings: hosts that are set up now. attested: attestations whose files are there, by id.
    """

    tally: Tally
    clearing: Clearing
    cards: Sequence[ProviderCard]
    settings: Sequence[HostSettings]
    attested: Mapping[str, SignedAttestation]
    today: date

    def all(self) -> tuple[Tool, ...]:
        """Every tool that was asked in the period or is set up now: those that got most first."""
        asked: dict[str, list[Asked]] = defaultdict(list)
        for one in self.tally.asked_in_time():
            asked[one.body.backend].append(one)
        sent: dict[str, list[Sent]] = defaultdict(list)
        for one in self.tally.sent:
            if self.tally.window.holds(one.entry.at):
                sent[one.asked.body.backend if one.asked else one.body.origin].append(one)
        names = dict.fromkeys((*asked, *sent, *self._set_up(), *(one.id for one in self.settings)))
        tools = [self._tool(name, asked[name], sent[name]) for name in names]
        return tuple(sorted(tools, key=lambda tool: (-tool.bytes, -tool.asks, tool.backend)))

    def sendings(self) -> tuple[Sending, ...]:
        """Everything that left in the period, in order."""
        return tuple(
            Sending(
                entry=one.entry.number,
                at=one.entry.at,
                backend=one.asked.body.backend if one.asked else "",
                origin=one.body.origin,
                bytes=one.body.bytes,
                approved_by=self.tally.who(one.approved_by),
                seconded_by=self.tally.who(one.seconded_by) if one.seconded_by else "",
                sensitivity=one.asked.sensitivity if one.asked else "",
            )
            for one in self.tally.sent
            if self.tally.window.holds(one.entry.at)
        )

    # internals

    def _set_up(self) -> Iterable[str]:
        removed = {
            (entry.body.backend, entry.number)
            for entry in self.tally.kept["backend_removed"]
            if isinstance(entry.body, record.BackendRemoved)
        }
        for entry in self.tally.kept["backend_added"]:
            body = entry.body
            if isinstance(body, record.BackendAdded):
                gone = any(name == body.backend and number > entry.number for name, number in removed)
                if not gone:
                    yield body.backend

    def _tool(self, name: str, asked: Sequence[Asked], sent: Sequence[Sent]) -> Tool:
        tally = self.tally
        settings = next((one for one in self.settings if one.id == name), None)
        added = self._added(name)
        host = settings.authority if settings else added.host if added else _host_of(sent)
        decisions = [one for one in tally.standing() if one.asked and one.asked.body.backend == name]
        known = _PLACES[where_is(host.partition(":")[0])] if host else "outside"
        where = asked[-1].body.where if asked else added.where if added else known
        card = card_for(host.partition(":")[0], self.cards) if host else None
        times = [one.at for one in asked] + [one.entry.at for one in sent]
        models = dict.fromkeys(one.body.model for one in asked if one.body.model)
        set_up = settings.model if settings else added.model if added else ""
        return Tool(
            backend=name,
            name=_OWN.get(name) or (settings.name if settings else "") or _named(card) or name,
            models=tuple(models) or ((set_up,) if set_up else ()),
            ai=name != _PREVIS,
            where=where,
            host=host,
            region=(settings.region if settings else "") or (added.region if added else ""),
            kinds=tuple(dict.fromkeys("pictures" if one.body.task == BOARD else "text" for one in asked)),
            asks=len(asked),
            offered=sum(one.offered for one in asked),
            kept=sum(1 for one in decisions if one.body.outcome != "rejected"),
            rejected=sum(1 for one in decisions if one.body.outcome == "rejected"),
            blocked=sum(1 for one in asked if one.blocked),
            sends=len(sent),
            bytes=sum(one.body.bytes for one in sent),
            names_replaced=sum(one.names or 0 for one in sent),
            unread=sum(1 for one in sent if one.names is None),
            first_at=min(times, default=None),
            last_at=max(times, default=None),
            card=self._card(card) if card else None,
            attestations=tuple(self._attestations(name)),
            approvals=self.clearing.covering(name) if where != "here" else (),
        )

    def _added(self, name: str) -> record.BackendAdded | None:
        for entry in reversed(self.tally.kept["backend_added"]):
            if isinstance(entry.body, record.BackendAdded) and entry.body.backend == name:
                return entry.body
        return None

    def _card(self, card: ProviderCard) -> CardHeld:
        seen = card_seen(card, card.terms, Where.OUTSIDE)
        terms = (f"{one.plan}: {one.retention}. {one.trains}. {one.zero}" for one in seen.terms)
        return CardHeld(
            id=card.id,
            name=card.name,
            source=card.source.name,
            checked_on=card.source.checked_on,
            expires_on=card.expires_on,
            verified=card.source.verified,
            lines=tuple(dict.fromkeys(terms)),
            residual=tuple(dict.fromkeys(line for one in card.terms for line in one.residual)),
        )

    def _attestations(self, name: str) -> Iterable[AttestationHeld]:
        revoked = {
            entry.body.attestation
            for entry in self.tally.kept["attestation_revoked"]
            if isinstance(entry.body, record.AttestationRevoked)
        }
        for entry in self.tally.kept["attestation_made"]:
            body = entry.body
            if not isinstance(body, record.AttestationMade) or body.backend != name:
                continue
            signed = self.attested.get(body.attestation)
            until = date.fromisoformat(body.until)
            if body.attestation in revoked:
                state = "taken back"
            elif until < self.today:
                state = "ended"
            else:
                state = "holds" if signed else "file missing"
            yield AttestationHeld(
                id=body.attestation,
                entry=entry.number,
                by=self.tally.who(entry.person),
                made=entry.at,
                until=until,
                evidence=body.evidence,
                state=state,
                plan=signed.attestation.plan if signed else None,
                region=signed.attestation.region if signed else None,
            )


def _named(card: ProviderCard | None) -> str:
    """The provider's name; "" for the card of every host that no other card names."""
    return "" if card is None or "*" in card.hosts else card.name


def _host_of(sent: Sequence[Sent]) -> str:
    return sent[-1].body.origin.partition("://")[2] if sent else ""
