"""Rights by role, asked before a call is done: one table of calls, one place where they are held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from weakref import WeakKeyDictionary

from studio_assist import protocol
from studio_assist.broker.open_record import OpenRecord
from studio_assist.domain.errors import Refusal
from studio_assist.domain.known_keys import SigningKey
from studio_assist.domain.people import AUTOMATED, Person, Role
from studio_assist.domain.project_roles import ROLE_ENTRIES, ProjectRoles
from studio_assist.domain.rights import RIGHTS, WORDS, Right, holders
from studio_assist.domain.values import PersonId, Value
from studio_assist.ledger.known_keys import keys_of

#: What an automated run may do on a project whatever its people are: the tour shows how it is done, and the
#: sample is made of it. For everything else it is a writer like any other.
AUTOMATED_MAY: Final = frozenset((Right.ASK, Right.DECIDE, Right.REPLACE, Right.CLEAR))

#: Which right a call needs, by the call's name. What is not here is everybody's: to write, to draw, to look,
#: to keep something from being sent. Saving a script is never refused, whatever it takes out of it: the words
#: are the writer's.
RIGHT_OF: Final[Mapping[str, Right]] = {
    protocol.ASK.name: Right.ASK,
    protocol.ASK_BOARD.name: Right.ASK,
    protocol.APPROVE_SEND.name: Right.ASK,
    protocol.DECIDE.name: Right.DECIDE,
    protocol.UNDO_DECISION.name: Right.DECIDE,
    protocol.DECIDE_PICTURE.name: Right.DECIDE,
    protocol.UNDO_PICTURE.name: Right.DECIDE,
    protocol.REPLACE_SPAN.name: Right.REPLACE,
    protocol.REPLACE_PANEL.name: Right.REPLACE,
    protocol.DRAFT_CLEARANCE.name: Right.CLEAR,
    protocol.SAVE_CLEARANCE.name: Right.CLEAR,
    protocol.SEND_CLEARANCE.name: Right.CLEAR,
    protocol.DISCARD_CLEARANCE.name: Right.CLEAR,
    protocol.ATTACH_EVIDENCE.name: Right.CLEAR,
    protocol.DETACH_EVIDENCE.name: Right.CLEAR,
    protocol.WITHDRAW_CLEARANCE.name: Right.CLEAR,
    protocol.TELL_CONTACT.name: Right.CLEAR,
    # What is taken off that list is not noticed any more, which opens tasks.
    protocol.SET_REFERENCE.name: Right.CLEAR,
    protocol.REMOVE_REFERENCE.name: Right.CLEAR,
    protocol.ANSWER_CLEARANCE.name: Right.APPROVE,
    protocol.ADD_CONSENT.name: Right.CONSENT,
    protocol.REVOKE_CONSENT.name: Right.CONSENT,
    protocol.ATTEST.name: Right.ATTEST,
    protocol.REVOKE.name: Right.ATTEST,
    protocol.CHOOSE_POLICY.name: Right.POLICY,
    protocol.FORGET.name: Right.FORGET,
    protocol.GIVE_ROLES.name: Right.PEOPLE,
    protocol.VOUCH.name: Right.PEOPLE,
    protocol.INVITE.name: Right.PEOPLE,
}


def right_for(method: str, params: Value) -> Right | None:
    """The right that a call needs, or None where it is everybody's."""
    if isinstance(params, protocol.ExportParams | protocol.ExportPanelParams):
        return Right.EXPORT_FINAL if params.final else None
    if isinstance(params, protocol.MarkSoundParams):
        # To say that something is temp is never refused.
        return None if params.temp else Right.REPLACE
    # To look first changes nothing.
    if isinstance(params, protocol.AdmitParams):
        return None if params.look_only else Right.PEOPLE
    if isinstance(params, protocol.ForgetParams) and params.look_only:
        return None
    return RIGHT_OF.get(method)


class Rights:
    """Who may do what on one open project; see `domain.project_roles` for whose word counts."""

    def __init__(self, session: OpenRecord) -> None:
        self._session: Final = session
        self._roles: Final = ProjectRoles()
        self._seen = 0

    # what the record says

    @property
    def roles(self) -> ProjectRoles:
        """The roles as the record has them now; it only ever grows."""
        ledger = self._session.ledger
        while page := ledger.entries(self._seen, 500, type=ROLE_ENTRIES):
            for entry in page:
                self._roles.note(entry)
            self._seen = page[-1].number
        return self._roles

    def may(self, person: PersonId, right: Right) -> bool:
        """Whether somebody has a right, by the record alone."""
        return self.roles.may(right, person)

    def members(self) -> tuple[tuple[PersonId, str, tuple[Role, ...]], ...]:
        """Everybody whom the record names, with their roles, but for the automated tour."""
        roles = self.roles
        named = ((who, name) for who, name in roles.names.items() if who != AUTOMATED.id)
        return tuple((who, name, roles.roles_of(who)) for who, name in named)

    def signed_by_known(self, entry: int) -> bool:
        """Whether an entry carries the signature of a key that somebody stands behind."""
        beside = self._session.ledger.signature(entry)
        key = known_in(self._session).get(beside.key) if beside is not None else None
        return key is not None and key.is_known

    # calls

    def allows(self, right: Right, person: Person) -> bool:
        """Whether somebody who calls now has a right, as who they say they are."""
        if person.automated and right in AUTOMATED_MAY:
            return True
        return self.roles.with_word_of(person).may(right, person.id)

    def require(self, right: Right, person: Person) -> None:
        """Raise `Refusal` where somebody does not have a right, with who has it and what to do."""
        if self.allows(right, person):
            return
        roles = self.roles.with_word_of(person)
        named: list[Role] = [role for role in person.roles if role in RIGHTS[right]]
        others = ((role, roles.holder_of(role, but=person.id)) for role in named)
        taken = next((f"{roles.names.get(who, who)} is {role} here" for role, who in others if who), "")
        if taken:
            why = f"{taken}, so that role has to be given to you."
            remedy = "Have it given to you under People."
        else:
            why = f"On this project that is for {holders(right)}."
            remedy = "Ask somebody with that role, or have it given to you under People."
        raise Refusal(f"{WORDS[right]}: {why}", remedy=remedy, rule=f"right-{right.value}")


#: What was read of the keys of a record that is open, with how long it was then.
_KEYS: Final[WeakKeyDictionary[OpenRecord, tuple[int, dict[str, SigningKey]]]] = WeakKeyDictionary()


def known_in(session: OpenRecord) -> dict[str, SigningKey]:
    """Every key that an open project's record names; see `domain.known_keys`. Read anew once it grew."""
    size = session.ledger.size
    kept = _KEYS.get(session)
    if kept is None or kept[0] != size:
        kept = _KEYS[session] = (size, keys_of(session.ledger))
    return kept[1]
