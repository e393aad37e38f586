"""The exact bytes of one request: what is shown, approved, hashed and sent is this value and nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from studio_assist.domain.errors import Refusal
from studio_assist.domain.ports import Call
from studio_assist.domain.values import Sha256, Value

#: Headers that may leave, by their lower-case names. Every other one is dropped, whoever set it.
_PLAIN: Final = frozenset({"content-type", "accept", "anthropic-version"})
#: What may stand in those that an approval does not name one by one: nothing that could hold words.
_VALUES: Final = {
    "accept": re.compile(r"(application/json|text/event-stream|\*/\*|, ?|; ?q=[01](\.[0-9])?){1,6}"),
    "anthropic-version": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}
#: Headers that hold a key. They leave, and are neither shown, hashed nor recorded.
_SECRET: Final = frozenset({"authorization", "x-api-key", "api-key", "x-goog-api-key"})
#: What we say ourselves in every request. Nothing comes back compressed: a bomb has no fuse then.
_OURS: Final = (("accept-encoding", "identity"), ("user-agent", "studio-assist"))

_URL: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?(?:\?(?P<query>[^#\s]*))?"
)
_METHODS: Final = frozenset({"GET", "POST", "DELETE"})
_USUAL: Final = {"http": 80, "https": 443}


class Envelope(Value):
    """One request, complete but for its key.

    Attributes:
        host: lower case, without the brackets of an IPv6 address.
        port: None for the scheme's usual one.
        path: begins with a slash; `query` is what stands behind the question mark.
        headers: what leaves, in a fixed order, keys left out.
        keys: names of the headers that carry a key.
    """

    method: str
    scheme: str
    host: str
    port: int | None
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]
    body: bytes

    @property
    def authority(self) -> str:
        """Host, and port where it is not the usual one: "127.0.0.1:8080"."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port is None else f"{name}:{self.port}"

    @property
    def origin(self) -> str:
        """Where it goes: "https://api.example.com"."""
        return f"{self.scheme}://{self.authority}"

    @property
    def target(self) -> str:
        """Path and query, as they stand in the request's first line."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def content_type(self) -> str:
        """The body's type, or ""."""
        return next((value for name, value in self.headers if name == "content-type"), "")

    @property
    def body_sha256(self) -> Sha256:
        """The digest of the body alone."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def sha256(self) -> Sha256:
        """The digest that an approval is given for: every part that carries meaning, each with its length."""
        parts = (self.method, self.origin, self.target, self.content_type)
        digest = hashlib.sha256(b"studio-assist envelope v1\n")
        for part in (*(part.encode() for part in parts), self.body):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
        return digest.hexdigest()


def seal(call: Call) -> tuple[Envelope, Mapping[str, str]]:
    """A call as it may leave: its address read strictly, its headers built anew; and the keys beside it.

    Raises:
        Refusal: an address that could be read in two ways, or a method that nobody needs.
    """
    found = _URL.fullmatch(call.url)
    if found is None:
        raise _refusal("The address of the request is not one that can be read in one way only.")
    if call.method not in _METHODS:
        raise _refusal(f"{call.method} requests are not sent.")
    path = found["path"] or "/"
    parts = path.split("/")[1:]
    if any(part in (".", "..") for part in parts) or "" in parts[:-1]:
        raise _refusal("The path of the request leads up or holds an empty part.")
    if re.search("%(2e|2f|5c|25|00|0a|0d)", path, re.IGNORECASE):
        raise _refusal("The path of the request hides characters that separate paths.")
    scheme = found["scheme"]
    port = int(found["port"]) if found["port"] else None
    if port is not None and not 0 < port < 65536:
        raise _refusal("The address of the request names a port that there is not.")
    headers: list[tuple[str, str]] = []
    keys: dict[str, str] = {}
    for name, value in call.headers:
        lower = name.lower()
        if lower not in _PLAIN | _SECRET:
            continue
        if not re.fullmatch(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?", value):
            raise _refusal(f"The header {lower} holds characters that no header may hold.")
        if lower in _VALUES and not _VALUES[lower].fullmatch(value):
            continue
        if lower in keys or any(lower == other for other, _value in headers):
            raise _refusal(f"The header {lower} stands in the request twice.")
        if lower in _SECRET:
            keys[lower] = value
        else:
            headers.append((lower, value))
    envelope = Envelope(
        method=call.method,
        scheme=scheme,
        host=found["host"].lower().rstrip(".").removeprefix("[").removesuffix("]"),
        port=None if port == _USUAL[scheme] else port,
        path=path,
        query=found["query"] or "",
        headers=tuple(sorted((*headers, *_OURS))),
        keys=tuple(sorted(keys)),
        body=call.body,
    )
    return envelope, keys


def _refusal(message: str) -> Refusal:
    return Refusal(
        f"{message} Nothing was sent.",
        remedy="Check the host's address; add the host once more under the same id.",
        rule="address",
    )
