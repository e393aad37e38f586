"""Follow-ups: small calls that belong to a request that a person has sent, and that pass without a sheet.

Nobody reads a thousand times that it is asked whether a picture is done. A follow-up passes where nothing in
it is new to the host: its shape is one of a closed list (`resources/follow-ups`), it goes to the origin that
was approved, the request is still under way, and whatever stands in its slots is, letter for letter, a whole
value of bytes that were approved for this request or of what the host itself answered to it. The bytes are
made here: a backend names a shape and hands over values.

Two kinds of slot need no such past, for they are closed lists: the name of a node that is known to work on
the machine itself, and ComfyUI's three folders.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Annotated, Final, Literal, cast
from urllib.parse import quote

from pydantic import Field, StringConstraints, ValidationError

from studio_assist.domain.errors import Damaged, Refusal
from studio_assist.domain.following import FollowUp
from studio_assist.domain.generation import Where
from studio_assist.domain.policy import PolicySource
from studio_assist.domain.ports import Call
from studio_assist.domain.provider import where_is
from studio_assist.domain.values import Value
from studio_assist.gate.envelope import Envelope, seal
from studio_assist.gate.form_parts import form_fields, is_form
from studio_assist.gate.graphs import local_nodes
from studio_assist.paths import resource

FORMAT: Final = 1
RULE: Final = "follow-up"
#: The longest answer that is looked through for ids and names of files, in bytes.
LONGEST_ANSWER: Final = 4 * 2**20
#: A longer value than this is no id and no name of a file, in characters.
_LONGEST: Final = 300
#: The most values that are kept of one request's answers, the newest: a history with its graph has a few
#: hundred, and a line with other people's graphs in it many.
_MOST: Final = 50_000
_DEEPEST: Final = 60

_SLOT: Final = re.compile(r"\{(id|file|folder|kind|number|node)\}")
_FITS: Final = {
    "id": re.compile(r"[A-Za-z0-9_-]{1,100}"),
    "file": re.compile(r"[\w .()\[\]-]{1,200}", re.ASCII),
    "folder": re.compile(r"([\w .()\[\]-]{1,100}(/[\w .()\[\]-]{1,100}){0,5})?", re.ASCII),
    "kind": re.compile(r"input|output|temp"),
    "number": re.compile(r"-?[0-9]{1,9}"),
    "node": re.compile(r"\w{1,80}", re.ASCII),
}


class Shape(Value):
    """One kind of follow-up.

    Attributes:
        request: method and target, with slots: "GET /history/{id}".
        body: JSON with slots, or "".
        socket: it becomes a websocket on which only the host speaks.
        before: of a host on this machine it may be asked before anything was sent.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z-]{1,40}$")]
    request: Annotated[
        str,
        StringConstraints(
            pattern=r"^(GET|POST) /[A-Za-z0-9_/\{\}-]*(\?[A-Za-z_]+=\{[a-z]+\}(&[A-Za-z_]+=\{[a-z]+\})*)?$"
        ),
    ]
    body: Annotated[str, StringConstraints(max_length=200)] = ""
    socket: bool = False
    before: bool = False


class FollowUps(Value):
    """What may follow requests of one type of backend.

    Attributes:
        unnamed: requests in which no model is named: it is the one that the host was set up with, and
            whoever attests the host answers for that one.
    """

    format: Literal[1]
    type: str
    source: PolicySource
    unnamed: tuple[str, ...] = ()
    follow: Annotated[tuple[Shape, ...], Field(min_length=1)]

    def shape(self, name: str) -> Shape | None:
        """The shape of this id, or None."""
        return next((one for one in self.follow if one.id == name), None)


@cache
def follow_ups(kind: str) -> FollowUps | None:
    """What may follow requests of a type of backend; None for a type whose requests are one call.

    Raises:
        Damaged: the file is not the one that came with the program.
    """
    if not re.fullmatch(r"[a-z0-9-]{1,40}", kind):
        return None
    file = resource("follow-ups", f"{kind}.toml")
    if not file.is_file():
        return None
    try:
        found = FollowUps.model_validate(_tuples(tomllib.loads(file.read_text(encoding="utf-8"))))
        if found.type != kind:
            raise ValueError("another type")
    except (OSError, ValueError, ValidationError) as error:
        raise Damaged(
            "The list of what may follow a request cannot be read.",
            remedy="Install Studio Assist again.",
            place=str(file),
        ) from error
    return found


class Trail:
    """What one request has sent with a person's yes and what its host answered, and what may follow from it.

    Args:
        base: the address that the backend was set up with, without a slash at its end.
        allowed: whether the host's card lets a request of this method and path be made at all.
    """

    def __init__(self, kind: str, base: str, allowed: Callable[[str, str], bool]) -> None:
        self._shapes: Final = follow_ups(kind)
        self._base: Final = base.rstrip("/")
        self._allowed: Final = allowed
        self._approved: Final[set[str]] = set()
        #: In the order in which they were heard last.
        self._heard: Final[dict[str, None]] = {}
        self._origins: Final[set[str]] = set()
        self._over = False
        #: How many follow-ups have left, and how many bytes: first lines and bodies.
        self.count = 0
        self.bytes = 0

    def sent(self, envelope: Envelope) -> None:
        """These bytes left, with a person's yes."""
        self._origins.add(envelope.origin)
        kind = envelope.content_type
        form = is_form(kind)
        self._approve(_strings(form_fields(envelope.body, kind) if form else _json(envelope.body)))

    def recalled(self, origin: str, body: str | None) -> None:
        """These bytes left before the program was started anew, as the record has it."""
        self._origins.add(origin)
        if body:
            self._approve(_strings(_json(body.encode("utf-8", "surrogatepass"))))

    def heard(self, content_type: str, answer: bytes) -> None:
        """The host answered this to something of the request."""
        if "json" in content_type.lower() and len(answer) <= LONGEST_ANSWER:
            self._hear(_strings(_json(answer)))

    def end(self) -> None:
        """The request is over: nothing follows any more."""
        self._over = True
        self._approved.clear()
        self._heard.clear()

    def envelope(self, follow_up: FollowUp, *, socket: bool = False) -> tuple[Envelope, Mapping[str, str]]:
        """The bytes of a follow-up, and its key.

        Raises:
            Refusal: it does not belong to this request.
        """
        shape = self._shapes.shape(follow_up.shape) if self._shapes else None
        if shape is None or shape.socket is not socket:
            raise _refusal("It is of no kind that may follow.")
        if self._over:
            raise _refusal("The request is over.")
        method, _, target = shape.request.partition(" ")
        slots = [found[1] for found in _SLOT.finditer(target + shape.body)]
        if len(slots) != len(follow_up.values):
            raise _refusal("It holds more or less than its kind has room for.")
        for slot, value in zip(slots, follow_up.values, strict=True):
            self._hold(slot, value)
        values = iter(follow_up.values)
        # A value has no quotation mark and no backslash in it: in JSON it stands as it is.
        target = _SLOT.sub(lambda _found: quote(next(values), safe=""), target)
        body = _SLOT.sub(lambda _found: next(values), shape.body)
        headers = [("accept", "application/json, */*")]
        if body:
            headers.append(("content-type", "application/json"))
        if follow_up.key:
            headers.append(("authorization", follow_up.key))
        envelope, keys = seal(
            Call(method=method, url=f"{self._base}{target}", headers=tuple(headers), body=body.encode())
        )
        asked_here = shape.before and not self._origins and where_is(envelope.host) is Where.HERE
        if envelope.origin not in self._origins and not asked_here:
            raise _refusal(
                "Nothing was sent to this host that it could follow."
                if not self._origins
                else "It would go to another host than the request."
            )
        if not self._allowed(method, envelope.path):
            raise _refusal(
                f"The card of {envelope.host} does not allow {method} {envelope.path.split('/')[1]}."
            )
        return envelope, keys

    def left(self, envelope: Envelope) -> None:
        """A follow-up leaves."""
        self.count += 1
        self.bytes += len(envelope.target) + len(envelope.body)

    # internals

    def _hold(self, slot: str, value: str) -> None:
        if not _FITS[slot].fullmatch(value) or any(part in (".", "..") for part in value.split("/")):
            raise _refusal("It holds what is no id and no name of a file.")
        if slot == "kind" or (slot == "folder" and not value):
            return
        if slot == "node":
            if value not in local_nodes():
                raise _refusal("It names a node that is not known.")
        elif value not in self._approved and value not in self._heard:
            raise _refusal("It holds what this host was neither sent in the request nor answered.")

    def _approve(self, values: Iterator[str]) -> None:
        self._approved.update(value for value in values if len(value) <= _LONGEST)

    def _hear(self, values: Iterator[str]) -> None:
        for value in values:
            if len(value) <= _LONGEST:
                self._heard.pop(value, None)
                self._heard[value] = None
        while len(self._heard) > _MOST:
            del self._heard[next(iter(self._heard))]


def _refusal(why: str) -> Refusal:
    return Refusal(
        f"Something wanted to follow a request that it does not belong to. {why} Nothing was sent.",
        remedy="Ask again. If it comes again, tell the people who made the backend.",
        rule=RULE,
    )


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        # A picture, or nothing at all: there is no id in it.
        return None


def _strings(value: object, depth: int = 0) -> Iterator[str]:
    """Every string and whole number of a document, its keys too: ComfyUI answers with ids as keys."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[object, object]", value).items():
            yield str(key)
            yield from _strings(inner, depth + 1)
    elif isinstance(value, (list, tuple)):
        for inner in cast("list[object]", value):
            yield from _strings(inner, depth + 1)


def _tuples(value: object) -> object:
    if isinstance(value, list):
        return tuple(_tuples(part) for part in cast("list[object]", value))
    if isinstance(value, dict):
        return {key: _tuples(part) for key, part in cast("dict[str, object]", value).items()}
    return value
