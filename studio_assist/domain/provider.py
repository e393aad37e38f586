"""Provider cards: what is known of how a provider handles what it is sent, by endpoint and plan.

A card is a TOML file in `resources/providers`, or in the user's own folder, that people may read and replace.
What is unknown counts as kept and trained on. A card opens no door: it says under which terms one could be
opened, and somebody has to attest that this account has them. Pure: files are read elsewhere.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Final, Literal, cast

from pydantic import Field, StringConstraints, ValidationError

from studio_assist.domain.errors import BadInput
from studio_assist.domain.generation import Where
from studio_assist.domain.policy import Plain, PolicySource, Slug
from studio_assist.domain.values import Value

#: The version of the file format that this program reads.
FORMAT: Final = 1

#: "api.example.com"; "*.example.com" for every name below it; "runtime.*.example.com", where a star that
#: does not begin the pattern is one label or a piece of one; "*" for every host that no other card names.
HostPattern = Annotated[
    str, StringConstraints(pattern=r"^(\*|(\*\.)?[a-z0-9*-]+(\.[a-z0-9*-]+)+|[a-z0-9-]+)$")
]
#: "POST /v1/responses"; a star stands for one part of the path, or for a piece of one.
PathPattern = Annotated[str, StringConstraints(pattern=r"^(GET|POST|PUT|DELETE) /[A-Za-z0-9._:*/-]*$")]
#: A field of the request's JSON body, by its path: "provider.zdr".
FieldPath = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$")]
#: "gpt-*": a star stands for anything.
ModelPattern = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Scalar = bool | int | str

#: What somebody has to do so that nothing is kept: nothing, a switch of their own, the provider's approval, a
#: contract; or it cannot be had.
Zero = Literal["default", "self-serve", "approval", "contract", "none"]
ZERO_WORDS: Final[dict[Zero, str]] = {
    "default": "Nothing is kept by default",
    "self-serve": "Nothing is kept once the account says so",
    "approval": "Nothing is kept once the provider has approved it for this account",
    "contract": "Nothing is kept under a contract that says so",
    "none": "There is no way to have nothing kept",
}


class RequiredField(Value):
    """A field that a request must hold. Without `equals` it must be there and not be empty."""

    field: FieldPath
    equals: Scalar | None = None

    def holds(self, body: Mapping[str, object]) -> bool:
        """Whether this body holds it."""
        found = value_at(body, self.field)
        if self.equals is None:
            return found not in (None, False, "", [], {})
        return type(found) is type(self.equals) and found == self.equals

    @property
    def words(self) -> str:
        """As a person reads it: `store: false`."""
        return self.field if self.equals is None else f"{self.field}: {_json(self.equals)}"


class ForbiddenField(Value):
    """A field that a request must not hold; with `equals`, not with that value."""

    field: FieldPath
    equals: Scalar | None = None

    def holds(self, body: Mapping[str, object]) -> bool:
        """Whether this body keeps away from it."""
        found = value_at(body, self.field)
        if self.equals is None:
            return found in (None, False, [], {})
        return found != self.equals

    @property
    def words(self) -> str:
        """As a person reads it."""
        return self.field if self.equals is None else f"{self.field}: {_json(self.equals)}"


class Terms(Value):
    """What holds for some endpoints on one plan.

    Attributes:
        plan: what the customer has ("API, approved organisation").
        paths: the only requests that these terms cover.
        models, refused_models: which models they cover; one that is refused is never covered.
        retention_days: how long what is sent is kept where nobody has arranged anything.
        trains: whether it is trained on then; "unknown" counts as yes.
        zero: how nothing is kept.
        required, forbidden: what a request must and must not hold so that it stays so.
        residual: what is kept even so, a sentence each; shown to whoever attests and whoever sends.
    """

    id: Slug
    plan: Plain
    paths: Annotated[tuple[PathPattern, ...], Field(min_length=1)]
    models: Annotated[tuple[ModelPattern, ...], Field(min_length=1)] = ("*",)
    refused_models: tuple[ModelPattern, ...] = ()
    kinds: Annotated[tuple[Literal["text", "pictures"], ...], Field(min_length=1)]
    retention_days: Annotated[int, Field(ge=0)] | Literal["unknown"]
    trains: Literal["no", "yes", "unknown"]
    zero: Zero
    required: tuple[RequiredField, ...] = ()
    forbidden: tuple[ForbiddenField, ...] = ()
    residual: tuple[Plain, ...] = ()

    def covers(self, method: str, path: str) -> bool:
        """Whether a request of this method and path (without its query) is one of these."""
        return any(_path(pattern).fullmatch(f"{method} {path}") for pattern in self.paths)

    def serves(self, model: str) -> bool:
        """Whether this model is covered. Case does not count; a name with spaces around it is no name."""
        if not model or model != model.strip() or any(ord(letter) < 33 for letter in model):
            return False
        if any(_model(pattern).fullmatch(model) for pattern in self.refused_models):
            return False
        return any(_model(pattern).fullmatch(model) for pattern in self.models)


class ProviderCard(Value):
    """One provider, complete.

    Attributes:
        hosts: where it is reached; see `card_for`.
        own: it runs on the production's own machines; whoever runs the host attests it.
        expires_on: the last day on which this card may be relied on.
    """

    id: Slug
    name: Plain
    hosts: Annotated[tuple[HostPattern, ...], Field(min_length=1)]
    own: bool = False
    source: PolicySource
    expires_on: date
    about: Plain | None = None
    terms: Annotated[tuple[Terms, ...], Field(min_length=1)]

    def terms_for(self, method: str, path: str, model: str) -> Terms | None:
        """The terms that cover this request, or None: what no terms cover is not sent."""
        return next((one for one in self.terms if one.covers(method, path) and one.serves(model)), None)


def card_of(content: Mapping[str, object], place: str) -> ProviderCard:
    """Read a card from what its TOML file holds.

    Raises:
        BadInput: another format, or a field that is missing, wrong or unknown; `place` is the file.
    """
    if content.get("format") != FORMAT:
        raise BadInput(
            f"This provider card is of format {content.get('format')!r}; this program reads format {FORMAT}.",
            remedy="Use a card made for this version, or install a newer Studio Assist.",
            place=place,
        )
    fields = {key: value for key, value in content.items() if key != "format"}
    try:
        # Strict: only TOML's lists become tuples, and nothing else is bent to fit.
        card = ProviderCard.model_validate(_tuples(fields))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            f"This provider card cannot be read: {where}: {first['msg']}.",
            remedy="Correct the file, or restore the one that came with the program.",
            place=place,
        ) from error
    ids = [one.id for one in card.terms]
    if len(set(ids)) != len(ids):
        raise BadInput(
            "This provider card uses an id of its terms twice.",
            remedy="Give all terms ids of their own.",
            place=place,
        )
    return card


def card_for(host: str, cards: Iterable[ProviderCard]) -> ProviderCard | None:
    """The card that speaks of a host most exactly: its name before a pattern, a long pattern before a short.

    Cards of own servers speak of hosts on this machine and in the studio's network alone.
    """
    host = host.lower().rstrip(".")
    inside = where_is(host) is not Where.OUTSIDE
    found = [
        (len(pattern) + 1000 * ("*" not in pattern), card)
        for card in cards
        for pattern in card.hosts
        if _fits(pattern, host) and (inside or not card.own)
    ]
    return max(found, key=lambda one: (one[0], one[1].own), default=(0, None))[1]


def where_is(host: str) -> Where:
    """Where a host is, by its name or address alone; nothing is looked up.

    This machine: loopback addresses and `localhost`. The studio's network: private and link-local addresses,
    names without a dot, and the endings that never are in the public DNS (RFC 6761, RFC 6762, RFC 9476, and
    `.internal` by ICANN's resolution of 2024-07-29). Everything else is outside.
    """
    name = host.lower().rstrip(".").removeprefix("[").removesuffix("]")
    if name == "localhost" or name.endswith(".localhost"):
        return Where.HERE
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        own = "." not in name or name.endswith(_OWN_ENDINGS)
        return Where.STUDIO if own and re.fullmatch(r"[a-z0-9.-]+", name) else Where.OUTSIDE
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_loopback:
        return Where.HERE
    if address.is_unspecified or address.is_multicast:
        return Where.OUTSIDE
    return Where.STUDIO if address.is_private or address.is_link_local else Where.OUTSIDE


def value_at(body: Mapping[str, object], path: str) -> object:
    """What stands at a dotted path of a JSON body; None where nothing does."""
    found: object = body
    for part in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


_OWN_ENDINGS: Final = (".local", ".internal", ".home.arpa", ".lan", ".intranet", ".corp", ".private")


def _fits(pattern: str, host: str) -> bool:
    return pattern == "*" or _host(pattern).fullmatch(host) is not None


@cache
def _host(pattern: str) -> re.Pattern[str]:
    below = pattern.startswith("*.")
    labels = "[a-z0-9-]+".join(re.escape(part) for part in pattern[2 * below :].split("*"))
    return re.compile(rf"([a-z0-9-]+\.)+{labels}" if below else labels)


@cache
def _path(pattern: str) -> re.Pattern[str]:
    return re.compile("[A-Za-z0-9._~%-]+".join(re.escape(part) for part in pattern.split("*")))


@cache
def _model(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.IGNORECASE)


def _json(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _tuples(value: object) -> object:
    if isinstance(value, list):
        return tuple(_tuples(part) for part in cast("list[object]", value))
    if isinstance(value, dict):
        return {key: _tuples(part) for key, part in cast("dict[str, object]", value).items()}
    return value
