"""Invitations between machines: two small files by which two public keys come to know of each other.

The invitation goes out, signed by whoever invites. The answer comes back, signed by the new person's key, so
that nobody can answer with a key that they do not hold. Neither holds a secret or a word of the script;
nothing is sent by this program, the files go by hand or by mail. Anybody who catches an invitation on its way
can answer it: that is why the key is compared aloud before the answer is taken in.

An invitation is for one project, one answer and fourteen days. The answer names the invitation's own number
(nonce) and the hash of everything it said, so that an answer to another invitation, or to a changed one, does
not fit. Whoever invited keeps the invitation until it is answered; an answer that fits none that is kept is
refused, and a second answer to the same one is too.

What is signed is a line that names the kind of file, then the file's values in canonical JSON (RFC 8785)
without the signature. Signatures are Ed25519 (RFC 8032).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, Self, TypeVar

import rfc8785
from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from studio_assist.domain.errors import BadInput, Refusal
from studio_assist.domain.people import AUTOMATED, Person, Role
from studio_assist.domain.ports import Signer
from studio_assist.domain.record_types import EntryTime
from studio_assist.domain.values import PersonId, Sha256, Value, sha256_of

#: For how long an invitation can be answered.
DAYS: Final = 14
#: No file of ours comes near it; more is not read.
MOST_BYTES: Final = 16_000
#: A machine's clock may be a little fast without anybody's fault.
CLOCK: Final = timedelta(minutes=10)

#: Whether a key (32 bytes) made a signature (64 bytes) over a message.
IsGood = Callable[[bytes, bytes, bytes], bool]

_AGAIN: Final = "Ask for the file again, as it was made."
_INVITE_AGAIN: Final = "Invite them again, and have the new invitation answered."
#: Every encoding of the eight points of small order of edwards25519 (eight times each is the neutral
#: element): for such a key signatures can be had without a secret, so that one proves nothing.
_WEAK: Final = frozenset(
    (
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    )
)


def _plain_line(text: str) -> str:
    """A name as people read it: nothing in it that turns text round, hides it or breaks the line."""
    joins = ("\u200c", "\u200d")
    if any(unicodedata.category(sign)[0] in "CZ" and sign not in (" ", *joins) for sign in text):
        raise ValueError("a name holds letters and spaces, and no signs that are not seen")
    if text != text.strip():
        raise ValueError("a name begins and ends with what can be seen")
    return text


def _of_a_person(person: PersonId) -> PersonId:
    if person == AUTOMATED.id:
        raise ValueError("the automated tour joins no project")
    return person


def _strong_key(public: str) -> str:
    if public in _WEAK:
        raise ValueError("this is no key of a person")
    return public


NameLine = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(_plain_line)]
PublicKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$"), AfterValidator(_strong_key)]
Signature = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]
#: A project's tag (16 digits, see `ledger.seals`) and the number that only one invitation has.
ProjectTag = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Nonce = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
#: As `people.new_person` makes them.
ProfileId = Annotated[
    PersonId, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$"), AfterValidator(_of_a_person)
]
#: Any person's on the project: a command line's too may invite.
AnyId = Annotated[PersonId, StringConstraints(min_length=1, max_length=120)]


class Invitation(Value):
    """What goes out.

    Attributes:
        by, by_name, key: who invites, and the public key that signs this.
        name: who is invited, as the inviter knows them; the answer says what they are called.
        project, title: the project's tag and what it is called.
    """

    by: AnyId
    by_name: NameLine
    key: PublicKey
    made: EntryTime
    name: NameLine
    nonce: Nonce
    project: ProjectTag
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=4)]
    signature: Signature = "0" * 128
    title: NameLine
    type: Literal["studio-assist invitation"] = "studio-assist invitation"
    until: EntryTime
    v: Literal[1] = 1

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        if not timedelta(0) < self.until - self.made <= timedelta(days=DAYS):
            raise ValueError("an invitation holds for fourteen days at most")
        if len(set(self.roles)) != len(self.roles):
            raise ValueError("a role is given once")
        return self


class Answer(Value):
    """What comes back.

    Attributes:
        invitation: SHA-256 of what the invitation signed.
        public: the new person's public key, which signs this; `session_only` where no keychain keeps it.
    """

    invitation: Sha256
    made: EntryTime
    name: NameLine
    nonce: Nonce
    person: ProfileId
    project: ProjectTag
    public: PublicKey
    session_only: bool
    signature: Signature = "0" * 128
    type: Literal["studio-assist answer to an invitation"] = "studio-assist answer to an invitation"
    v: Literal[1] = 1


_Exchanged = TypeVar("_Exchanged", Invitation, Answer)
_WHAT: Final[dict[type[Value], str]] = {Invitation: "an invitation", Answer: "an answer to an invitation"}


# making


def invite(
    *,
    project: str,
    title: str,
    name: str,
    roles: tuple[Role, ...],
    by: Person,
    signer: Signer,
    nonce: str,
    now: datetime,
) -> Invitation:
    """A signed invitation. Raises `BadInput` where a name or a role will not do.

    Args:
        nonce: 32 hexadecimal digits of chance.
    """
    unsigned = _made(
        Invitation,
        by=by.id,
        by_name=by.name,
        key=signer.public.hex(),
        made=now,
        name=name,
        nonce=nonce,
        project=project,
        roles=roles,
        title=title,
        until=now + timedelta(days=DAYS),
    )
    return unsigned.model_copy(update={"signature": signer.sign(message_of(unsigned)).hex()})


def answer(invitation: Invitation, person: Person, signer: Signer, now: datetime) -> Answer:
    """A signed answer to an invitation that was read and holds.

    Raises:
        Refusal: the invitation ran out, or is one's own.
        BadInput: one's name is none that can be written down.
    """
    require_in_time(invitation, now)
    if person.automated:
        raise Refusal("An automated run joins no project.", remedy="Have a named person answer it.")
    if person.id == invitation.by or signer.public.hex() == invitation.key:
        raise Refusal(
            "You made this invitation yourself.",
            remedy="Give it to the person it is for; it is answered on their machine.",
        )
    unsigned = _made(
        Answer,
        invitation=sha256_of(message_of(invitation)),
        made=now,
        name=person.name,
        nonce=invitation.nonce,
        person=person.id,
        project=invitation.project,
        public=signer.public.hex(),
        session_only=signer.session_only,
    )
    return unsigned.model_copy(update={"signature": signer.sign(message_of(unsigned)).hex()})


def message_of(value: Invitation | Answer) -> bytes:
    """What is signed: the kind of file in a line of its own, then its values in canonical JSON."""
    values = value.model_dump(mode="json", exclude={"signature"})
    return f"{value.type} {value.v}\n".encode() + rfc8785.dumps(values)


def file_of(value: Invitation | Answer) -> bytes:
    """The file as it goes from hand to hand."""
    return (
        json.dumps(value.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    ).encode()


# reading


def read_invitation(data: bytes, place: str, is_good: IsGood) -> Invitation:
    """An invitation that is whole and signed by the key in it. Raises `BadInput` with the place."""
    return _read(Invitation, data, place, is_good)


def read_answer(data: bytes, place: str, is_good: IsGood) -> Answer:
    """An answer that is whole and signed by the key it brings. Raises `BadInput` with the place."""
    return _read(Answer, data, place, is_good)


def require_in_time(invitation: Invitation, now: datetime) -> None:
    """Raises `Refusal` where an invitation cannot be answered any more, or not yet."""
    if now > invitation.until:
        raise Refusal(
            f"This invitation ran out on {_day(invitation.until)}.",
            remedy="Ask for a new one: each holds for fourteen days.",
            rule="invitation-days",
        )
    if now < invitation.made - CLOCK:
        raise Refusal(
            f"This invitation was made on {_day(invitation.made)}, which has not come yet here.",
            remedy="Set the clock of this machine, or of the one that it was made on.",
            rule="invitation-days",
        )


def require_fit(
    answer: Answer, invitation: Invitation | None, project: str, place: str, now: datetime
) -> None:
    """Raise where an answer is none to this very invitation of this very project.

    Args:
        invitation: the one of that number that is kept here, waiting; None where there is none.
    """
    if answer.project != project:
        raise BadInput(
            "This answers an invitation to another project.", remedy="Open that project first.", place=place
        )
    if invitation is None or invitation.project != project:
        raise Refusal(
            "No invitation waits for this answer: it was answered before, ran out, or was made on another "
            "machine.",
            remedy=f"Take it in where the invitation was made. {_INVITE_AGAIN}",
            place=place,
            rule="invitation-once",
        )
    if answer.invitation != sha256_of(message_of(invitation)):
        raise Refusal(
            "This answers another invitation than the one that was made here: something in it was changed.",
            remedy=_INVITE_AGAIN,
            place=place,
            rule="invitation-same",
        )
    if answer.person == invitation.by or answer.public == invitation.key:
        raise Refusal(
            "This answer names whoever made the invitation as its new person.",
            remedy=_INVITE_AGAIN,
            place=place,
            rule="invitation-other",
        )
    require_in_time(invitation, now)


# internals


def _made(kind: type[_Exchanged], **values: object) -> _Exchanged:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        said = str(first["msg"]).removeprefix("Value error, ")
        raise BadInput(
            f"{_WHAT[kind].capitalize()} cannot be made: {field.replace('_', ' ')}: {said}.",
            remedy="Correct it, and try again.",
            place=field or None,
        ) from error


def _read(kind: type[_Exchanged], data: bytes, place: str, is_good: IsGood) -> _Exchanged:
    what = _WHAT[kind]
    if len(data) > MOST_BYTES:
        raise BadInput(f"This file is too long for {what}.", remedy="Choose another file.", place=place)
    try:
        found = kind.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        where = f"{place}: {field}" if field.isidentifier() else place
        raise BadInput(f"This file is not {what}.", remedy=_AGAIN, place=where) from error
    key = found.key if isinstance(found, Invitation) else found.public
    if not is_good(bytes.fromhex(key), bytes.fromhex(found.signature), message_of(found)):
        raise BadInput(
            f"This is not {what} as it was made: its signature does not hold.", remedy=_AGAIN, place=place
        )
    return found


def _day(moment: datetime) -> str:
    local = moment.astimezone()
    return f"{local.day} {local:%b %Y}"
