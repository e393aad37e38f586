"""What closes a task until clearance is given: the use that it is, and what a prompt names.

Asked while somebody types, before anything is recorded as asked, and again when a queued picture's turn
comes: an approval may have ended overnight. A model of this machine is no exception: what is copied or who is
imitated does not depend on where that happens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from studio_assist import protocol
from studio_assist.broker.attesting import day
from studio_assist.broker.clearances import Ask, Clearances, Opening, same_name, state_of
from studio_assist.broker.house import House
from studio_assist.broker.naming import saved_script
from studio_assist.broker.session import Session
from studio_assist.domain.clearance import Noticed, Reference
from studio_assist.domain.clearing import NAMED, closed_use, use_of
from studio_assist.domain.errors import Refusal
from studio_assist.domain.policy import Policy, PolicyRule
from studio_assist.domain.record import PolicyChosen, ReferencesChanged
from studio_assist.domain.references import NO_PATTERNS, notice, patterns_of
from studio_assist.paths import resource
from studio_assist.storage.references_file import ReferencesFile, references_in

#: What the refusal of a closed task names as its rule.
CLOSED: Final = "clearance"


#: What a consent has to be to for a person to be named: data about somebody is not how they look or sound.
_THEMSELVES: Final = frozenset(("likeness", "voice", "performance"))


@dataclass(frozen=True)
class Wanted:
    """One ask, as far as clearance is about it.

    Attributes:
        text: what somebody typed; context: other words of the prompt.
        here: a model of this machine is asked; for any other the gate itself holds the policy to the record.
    """

    text: str
    context: str
    scene: str | None
    task: str
    backend: str
    here: bool = False


class Closing:
    """Says what is closed, for whichever project is open."""

    def __init__(self, house: House) -> None:
        self._house: Final = house
        self._book: Final = house.clearances
        # A list is compiled once, for as long as its file is the same.
        self._list: tuple[Session, ReferencesFile] | None = None
        self._merged: tuple[object, tuple[Reference, ...]] | None = None
        self._patterns: Final = patterns_of(resource("references", "patterns.toml").read_text("utf-8"))

    def list_of(self, session: Session) -> ReferencesFile:
        """The project's list of named works and people; one as long as the project is open."""
        if self._list is None or self._list[0] is not session:
            self._list = (session, ReferencesFile(session.folder.path))
        return self._list[1]

    async def notice(self, session: Session, params: protocol.NoticeParams) -> protocol.Noticing:
        """What a prompt names, and whether it may be asked.

        Raises:
            Damaged, BadInput: the list cannot be read.
        """
        wanted = Wanted(params.text, params.context, params.scene, params.task, params.backend)
        return await self.look(session, wanted)

    async def refusal(self, session: Session, wanted: Wanted) -> Refusal | None:
        """What to say where a task is closed; its place is the use to ask clearance for. None: it is open."""
        closed = (await self.look(session, wanted)).closed
        if closed is None:
            return None
        return Refusal(closed.why, remedy=closed.remedy, place=closed.use, rule=CLOSED)

    async def look(self, session: Session, wanted: Wanted) -> protocol.Noticing:
        """As `notice`."""
        policies, pinned = self._house.policies(session)
        if wanted.here and not pinned and (closed := _without_policy(session, policies)) is not None:
            return protocol.Noticing(closed=closed)
        rule = next((named for one in policies if (named := one.rule(NAMED)) is not None), None)
        found: tuple[Noticed, ...] = ()
        references = self._listed(session) if rule is not None else ()
        # Without a note and without a list there is nothing that could be found; most asks are such.
        if rule is not None and (wanted.text.strip() or references):
            # A long script is read and parsed beside the loop.
            script = await asyncio.to_thread(saved_script, session)
            known = tuple(
                word for term in self._house.terms(session, script) for word in (term.text, *term.aliases)
            )

            def search() -> tuple[Noticed, ...]:
                typed = notice(wanted.text, references, self._patterns, known)
                # Words of the script and of shots are the writers' own; only the list speaks about those.
                beside = notice(wanted.context, references, NO_PATTERNS, known) if wanted.context else ()
                return (*typed, *beside)

            found = await asyncio.to_thread(search)
        return self._judged(self._book.of(session), policies, rule, found, wanted)

    # internals

    def _listed(self, session: Session) -> tuple[Reference, ...]:
        """The list, with what was taken out of its file by hand: the record says what is on it still."""
        listed = self.list_of(session).read().references
        noted = session.ledger.entries(type="references_changed", newest_first=True, limit=1)
        body = noted[0].body if noted else None
        kept = session.ledger.content(body.content) if isinstance(body, ReferencesChanged) else None
        key = listed, kept
        if self._merged is None or self._merged[0] != key:
            there = {one.text.casefold() for one in listed}
            more = [one for one in references_in(kept or "") if one.text.casefold() not in there]
            # One object as long as nothing changes: it is compiled once.
            self._merged = key, (*listed, *more)
        return self._merged[1]

    def _judged(
        self,
        clearances: Clearances,
        policies: Sequence[Policy],
        rule: PolicyRule | None,
        found: tuple[Noticed, ...],
        wanted: Wanted,
    ) -> protocol.Noticing:
        ask = Ask(wanted.scene, wanted.task, wanted.backend)
        openings = list(clearances.openings(ask))
        cleared: list[str] = []
        use = closed_use(policies, wanted.task)
        if use is not None:
            opened = [one for one in openings if use.id in one.body.uses]
            cleared += [_words(clearances, one) for one in opened]
            if not opened:
                return protocol.Noticing(
                    found=found,
                    closed=protocol.Closed(
                        rule=use.clears[0] if use.clears else use.id,
                        use=use.id,
                        why=f"{use.title} needs written approval first. {use.why}",
                        remedy="Ask for clearance, or choose another task.",
                        request=self._waiting(clearances, use.id, wanted),
                    ),
                    cleared=tuple(cleared),
                )
        left: list[Noticed] = []
        for one in found:
            by = self._cleared_by(clearances, one, wanted)
            if by:
                cleared.append(by)
            else:
                left.append(one)
        if not left or rule is None:
            return protocol.Noticing(found=found, cleared=tuple(dict.fromkeys(cleared)))
        names = tuple(dict.fromkeys(one.name for one in left))
        listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        use = use_of(policies, left[0].use)
        return protocol.Noticing(
            found=found,
            closed=protocol.Closed(
                rule=rule.id,
                use=left[0].use,
                why=f"The prompt names {listed}. {rule.sentence}",
                remedy=(
                    f"Ask for clearance ({use.title}), or say it in your own words."
                    if use
                    else "Ask for clearance, or say it in your own words."
                ),
                names=names,
                request=self._waiting(clearances, left[0].use, wanted),
            ),
            cleared=tuple(dict.fromkeys(cleared)),
        )

    def _cleared_by(self, clearances: Clearances, noticed: Noticed, wanted: Wanted) -> str:
        """By which approval or consent something may be named, as people say it; "" where by none."""
        ask = Ask(wanted.scene, wanted.task, wanted.backend)
        for one in clearances.openings(ask):
            names = one.approval.names if one.approval else ()
            if NAMED in one.body.rules and any(same_name(noticed.name, name) for name in names):
                return _words(clearances, one)
        if noticed.kind in ("performer", "person", "artist"):
            for consent in clearances.consents_for(ask):
                if _THEMSELVES.isdisjoint(consent.kinds):
                    continue
                if any(same_name(noticed.name, name) for name in (consent.person, *consent.aliases)):
                    assert consent.scope.until
                    return f"Consent of {consent.person}, until {day(consent.scope.until)}"
        return ""

    def _waiting(self, clearances: Clearances, use: str, wanted: Wanted) -> str:
        """A request that was made for this already and waits, or ""."""
        requests = clearances.files.requests()
        for identifier, request in requests.items():
            stood = clearances.stood().get(identifier)
            state = state_of(stood, clearances.today()) if stood else "draft"
            fits = not request.scope.scenes or wanted.scene in request.scope.scenes
            if request.use == use and state in ("draft", "sent") and fits:
                return identifier
        return ""


def _without_policy(session: Session, policies: Sequence[Policy]) -> protocol.Closed | None:
    """Why nothing can be said about an ask: the policy that the record names is not the one that is read.

    A newer version of the same policy is read as it stands.
    """
    if policies:
        chosen = session.ledger.entries(type="policy_chosen", newest_first=True, limit=1)
        body = chosen[0].body if chosen else None
        if not isinstance(body, PolicyChosen):
            return None
        named = {body.policy.id, *(one.id for one in body.overlays)}
        if named <= {one.id for one in policies}:
            return None
    return protocol.Closed(
        rule=CLOSED,
        use="",
        why=(
            "The project's policy is not the one of its record, so nobody can say what needs clearance."
            if policies
            else "The project's policy cannot be read, so nobody can say what needs clearance."
        ),
        remedy="Choose the policy again.",
    )


def _words(clearances: Clearances, opening: Opening) -> str:
    """An approval as people say it: "C-016, until 3 Feb 2027"."""
    request = clearances.stood()[opening.clearance].request
    until = date.fromisoformat(opening.body.until)
    return f"{request.label if request else opening.clearance}, until {day(until)}"
