"""Clearance, consents and the contact, for a report: by the record, with what of their words is held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from pydantic import ValidationError

from studio_assist.broker.report_tally import Tally
from studio_assist.domain import clearance as words
from studio_assist.domain import record
from studio_assist.domain.policy import Policy
from studio_assist.domain.record import Commitment, Entry
from studio_assist.domain.report import ClearanceHeld, ConsentHeld, Notice, Step
from studio_assist.domain.values import Value
from studio_assist.ledger import Ledger

_V = TypeVar("_V", bound=Value)

_STEPS: Final = {
    "clearance_drafted": "drafted",
    "clearance_sent": "sent",
    "clearance_approved": "approved",
    "clearance_refused": "refused",
    "clearance_withdrawn": "withdrawn",
}


@dataclass(frozen=True)
class Clearing:
    """What a report says of clearing.

    Args:
        drafts: requests as their files have them; what was sent is read from the record.
        today: whether an approval or consent is over.
    """

    tally: Tally
    ledger: Ledger
    drafts: Mapping[str, words.ClearanceRequest]
    policies: Sequence[Policy]
    today: date

    def requests(self) -> tuple[ClearanceHeld, ...]:
        """Every request that somebody did something about in the period, or that is approved today."""
        steps: dict[str, list[Entry]] = {}
        for entry in sorted(
            (one for kind in _STEPS for one in self.tally.kept[kind]), key=lambda entry: entry.number
        ):
            steps.setdefault(_clearance_of(entry), []).append(entry)
        every = ((self._request(identifier, entries), entries) for identifier, entries in steps.items())
        return tuple(
            held
            for held, entries in every
            if held.state == "approved" or any(self.tally.window.holds(entry.at) for entry in entries)
        )

    def covering(self, backend: str) -> tuple[str, ...]:
        """Labels of approvals that hold today and cover a backend."""
        found: list[str] = []
        for held in self.requests():
            if held.state != "approved":
                continue
            for entry in self.tally.kept["clearance_approved"]:
                body = entry.body
                if not isinstance(body, record.ClearanceApproved) or body.clearance != held.id:
                    continue
                if not body.backends or backend in body.backends:
                    found.append(held.label)
        return tuple(dict.fromkeys(found))

    def consents(self) -> tuple[ConsentHeld, ...]:
        """Every consent that was recorded in the period, or that is valid today."""
        revoked = {
            entry.body.consent
            for entry in self.tally.kept["consent_revoked"]
            if isinstance(entry.body, record.ConsentRevoked)
        }
        found: list[ConsentHeld] = []
        for entry in self.tally.kept["consent_recorded"]:
            body = entry.body
            if not isinstance(body, record.ConsentRecorded):
                continue
            held = self._content(words.Consent, body.content)
            until = date.fromisoformat(body.until)
            state = "expired" if until < self.today else "valid"
            if body.consent in revoked:
                state = "revoked"
            if state != "valid" and not self.tally.window.holds(entry.at):
                continue
            found.append(
                ConsentHeld(
                    id=body.consent,
                    entry=entry.number,
                    at=entry.at,
                    by=self.tally.who(entry.person),
                    person=held.person if held else None,
                    kinds=body.kinds,
                    representation=held.representation if held else "",
                    until=until,
                    state=state,
                    document=body.document,
                )
            )
        return tuple(found)

    def notices(self) -> tuple[Notice, ...]:
        """When the contact was told, and of which uses."""
        found: list[Notice] = []
        for entry in self.tally.of("contact_told"):
            body = entry.body
            if not isinstance(body, record.ContactTold):
                continue
            told = self._content(words.Notice, body.content)
            found.append(
                Notice(
                    entry=entry.number,
                    at=entry.at,
                    told=body.told,
                    by=self.tally.who(entry.person),
                    contact=told.contact if told else None,
                    how=told.how if told else None,
                    uses=tuple(self.use(use) for use in body.uses),
                )
            )
        return tuple(found)

    def use(self, identifier: str) -> str:
        """A use's title; its id where the policy knows it no more."""
        found = next((use for policy in self.policies if (use := policy.use(identifier))), None)
        return found.title if found else identifier

    def use_of_task(self, task: str) -> str:
        """The use that a task is, or ""."""
        uses = (use for policy in self.policies for use in policy.uses if task in use.tasks)
        found = next(uses, None)
        return found.title if found else ""

    # internals

    def _request(self, identifier: str, entries: Sequence[Entry]) -> ClearanceHeld:
        sent = _last(entries, record.ClearanceSent)
        approved = _last(entries, record.ClearanceApproved)
        refused = _last(entries, record.ClearanceRefused)
        asked = self._content(words.ClearanceRequest, sent.content) if sent else self.drafts.get(identifier)
        given = self._content(words.Approval, approved.content) if approved else None
        last = entries[-1].body
        until = date.fromisoformat(approved.until) if approved else None
        state: str = _STEPS[last.type].replace("drafted", "draft")
        if state == "approved" and until and until < self.today:
            state = "expired"
        use = asked.use if asked else ""
        drafted = _last(entries, record.ClearanceDrafted)
        return ClearanceHeld.model_validate(
            {
                "id": identifier,
                "label": asked.label if asked else identifier,
                "title": asked.title if asked else "",
                "use": self.use(use) if use else "",
                "verdict": next((one.verdict for policy in self.policies if (one := policy.use(use))), ""),
                "state": state,
                "rule": (asked.rule if asked else "") or (drafted.rule if drafted else ""),
                "answers": tuple(self._answers(asked)) if asked else (),
                "triggers": tuple(self._triggers(asked)) if asked else (),
                "steps": tuple(
                    Step(
                        what=_STEPS[one.body.type],
                        by=self.tally.who(one.person),
                        at=one.at,
                        entry=one.number,
                    )
                    for one in entries
                ),
                "scope": _scope_words(approved) if approved else "",
                "until": until,
                "given_by": (given.by if given else None) if approved else "",
                "evidence": approved.evidence if approved else refused.evidence if refused else (),
            }
        )

    def _answers(self, asked: words.ClearanceRequest) -> Iterable[tuple[str, str]]:
        principles = (one for policy in self.policies for one in policy.principles)
        questions = {one.id: one.question or one.sentence for one in principles}
        for identifier, answer in asked.answers.items():
            yield questions.get(identifier, identifier), answer

    def _triggers(self, asked: words.ClearanceRequest) -> Iterable[str]:
        rules = {rule.id: rule.trigger or rule.sentence for policy in self.policies for rule in policy.rules}
        for identifier in asked.triggers:
            yield rules.get(identifier, identifier)

    def _content(self, kind: type[_V], commitment: Commitment) -> _V | None:
        """What a commitment was made over; None where it was forgotten or is of an older form."""
        held = self.ledger.content(commitment)
        if held is None:
            return None
        try:
            return kind.model_validate_json(held)
        except ValidationError:
            return None


def _clearance_of(entry: Entry) -> str:
    match entry.body:
        case (
            record.ClearanceDrafted()
            | record.ClearanceSent()
            | record.ClearanceApproved()
            | record.ClearanceRefused()
            | record.ClearanceWithdrawn()
        ) as body:
            return body.clearance
        case _:
            raise ValueError(f"{entry.body.type} is not about a clearance")


_B = TypeVar("_B")


def _last(entries: Sequence[Entry], kind: type[_B]) -> _B | None:
    return next((one.body for one in reversed(entries) if isinstance(one.body, kind)), None)


def _scope_words(body: record.ClearanceApproved) -> str:
    def listed(what: str, names: Sequence[str]) -> str:
        return f"{what} {', '.join(names)}" if names else f"every {what.rstrip('s')}"

    parts = (listed("scenes", body.scenes), listed("tasks", body.tasks), listed("models", body.backends))
    return f"{'; '.join(parts)}; {body.since} to {body.until}"
