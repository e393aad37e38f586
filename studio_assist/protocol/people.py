"""What desk and broker say about the people of a project: roles, rights, keys and invitations."""

from __future__ import annotations

from typing import Literal

from studio_assist.domain.people import Person, Role
from studio_assist.domain.rights import Right
from studio_assist.domain.values import EntryNumber, PersonId, UtcTime, Value


class PublicKeySeen(Value):
    """A public key that the record names for somebody.

    Attributes:
        public: 64 hexadecimal digits; `short` as people compare it, in groups.
        vouched_by: whose word it rests on; "" where nobody has vouched for it. The project's first key needs
            nobody's word.
    """

    public: str
    short: str
    since: UtcTime
    session_only: bool
    known: bool
    vouched_by: str = ""


class MemberSeen(Value):
    """Somebody on the project.

    Attributes:
        roles_from: who gave the roles; "" where they came along with the profile.
        signed: how many entries carry their signature; `unknown_signed` with a key nobody vouched for.
    """

    id: PersonId
    name: str
    roles: tuple[Role, ...]
    roles_from: str = ""
    rights: tuple[Right, ...]
    keys: tuple[PublicKeySeen, ...] = ()
    automated: bool = False
    here: bool = False
    signed: int = 0
    unknown_signed: int = 0


class People(Value):
    """Everybody on the project, and the table of rights.

    Attributes:
        open_rights: rights that everybody has, for nobody has the role for them.
    """

    members: tuple[MemberSeen, ...]
    open_rights: tuple[Right, ...]
    can_change: bool = True
    why_not: str = ""


class GiveRolesParams(Value):
    """Give somebody roles in place of those they had."""

    who: PersonId
    roles: tuple[Role, ...]
    person: Person


class VouchParams(Value):
    """Say that a public key is somebody's, having compared it with them."""

    who: PersonId
    public: str
    person: Person


class InviteParams(Value):
    """Write an invitation: a file for somebody on another machine. It holds no secret and no project text."""

    out: str
    name: str
    roles: tuple[Role, ...]
    person: Person


class Invited(Value):
    path: str
    words: str


class JoinParams(Value):
    """On the other machine: answer an invitation with a public key. No project needs to be open."""

    invitation: str
    out: str
    person: Person


class Joined(Value):
    """`short`: the new key as people compare it; `session_only`: no keychain keeps it."""

    path: str
    title: str
    short: str
    session_only: bool


class AdmitParams(Value):
    """Back on the first machine: take the answer in; the person is on the project, their key is vouched for.

    `look_only` reads the answer and changes nothing, so that the key can be compared first.
    """

    answer: str
    person: Person
    look_only: bool = False


class Admitted(Value):
    who: PersonId
    name: str
    roles: tuple[Role, ...]
    public: str
    short: str
    entry: EntryNumber | None


class SwitchPersonParams(Value):
    """Somebody else is at the keyboard from now on, and has confirmed it."""

    person: Person


class PeopleChanged(Value):
    """Who is on the project, or what they may, has changed."""

    event: Literal["people"] = "people"
    people: People
