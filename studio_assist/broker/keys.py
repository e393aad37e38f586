"""People's keys, and the only place that opens the system's keychain.

A person has one Ed25519 key in each project. The keychain keeps its seed; without a keychain that answers
and keeps what it is given, the key lives as long as this program runs, and everybody who reads a signature
of it is told. No key is ever logged, printed or written to a file.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, cast

from studio_assist.broker.once import Once
from studio_assist.domain.people import Person
from studio_assist.ledger.notes import key_name

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from studio_assist.marks.certificates import Identity

#: What the keychain's items stand under.
SERVICE: Final = "studio-assist"
#: How long the keychain may take, in seconds. Behind it may stand a dialog that nobody sees.
LIMIT_S: Final = 5.0
#: Windows keeps 2,560 bytes of UTF-16 in one item.
LONGEST_ITEM: Final = 1280

T = TypeVar("T")

#: Finds the certificates under a root, by the root's SHA-256: the bytes of the project's file, or None.
Chains = Callable[[str], bytes | None]


class Backend(Protocol):
    """A keychain, as keyring's backends have it."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A person's key in one project; a `Signer`.

    Attributes:
        note: what a person should know of where it is kept, in a sentence.
    """

    name: str
    public: bytes
    session_only: bool
    note: str
    _private: Ed25519PrivateKey = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the Ed25519 signature (RFC 8032)."""
        return self._private.sign(message)


@dataclass(frozen=True, slots=True)
class KeptIdentity:
    """What signs a project's manifests, and whether it ends with this program.

    Attributes:
        root: SHA-256 of its root certificate in DER form, in hexadecimal.
    """

    identity: Identity
    root: str
    session_only: bool


class Keys:
    """Fetches keys, or makes them, each once while the program runs. Any thread may call.

    Args:
        backend: the keychain; None asks keyring for the system's own when the first key is wanted.
    """

    def __init__(self, backend: Backend | None = None, *, limit_s: float = LIMIT_S) -> None:
        self._backend = backend
        self._limit_s: Final = limit_s
        self._keys: Final[dict[str, Once[PersonKey]]] = {}
        self._identities: Final[dict[str, KeptIdentity]] = {}
        #: Whether it once hung: the next project is not made to wait for it.
        self._hangs = False

    # methods

    async def signer(self, tag: str, person: Person) -> PersonKey:
        """A person's key: one that a keychain keeps or, where none does, one that ends with the program.

        Args:
            tag: the project's.
        """
        return await self._key(tag, person).result()

    def signer_now(self, tag: str, person: Person) -> PersonKey:
        """The same, waited for here: at most as long as the keychain is given."""
        return self._key(tag, person).wait()

    def at_hand(self, tag: str, person: Person) -> PersonKey | None:
        """A person's key, where it was fetched before."""
        fetch = self._keys.get(f"{tag}/{person.id}")
        return fetch.peek() if fetch else None

    async def identity(
        self, tag: str, person: Person, *, title: str, chains: Chains, now: datetime
    ) -> KeptIdentity:
        """What a person signs manifests with in one project; made new where no good one is left.

        Args:
            title: the project's; it stands in a new certificate.
            chains: finds the certificates of an earlier one.
        """
        user = f"{tag}/{person.id}/certificate"
        known = self._identities.get(user)
        if known is None or chains(known.root) != known.identity.chain_pem:

            def fetched(keychain: Keychain) -> KeptIdentity:
                found = _identity_in(keychain.read(user), chains)
                if found is None:
                    found = _new_identity(title, tag, person, now)
                    keychain.keep(user, _identity_item(found))
                return _kept(found, session_only=False)

            def made(_why: str) -> KeptIdentity:
                return _kept(_new_identity(title, tag, person, now), session_only=True)

            known = await self._begin(fetched, made, automated=person.automated).result()
            self._identities[user] = known
        return known

    async def asked(self, work: Callable[[Keychain], T], otherwise: Callable[[str], T]) -> T:
        """What the keychain gives for other keys than people's (see `provider_keys`), within the same time.

        Args:
            work: what is done with it, in a thread.
            otherwise: what is made instead where it fails or is late; it is given the reason in words.
        """
        return await self._begin(work, otherwise, automated=False).result()

    # internals

    def _key(self, tag: str, person: Person) -> Once[PersonKey]:
        user = f"{tag}/{person.id}"
        if user not in self._keys:

            def fetched(keychain: Keychain) -> PersonKey:
                stored = keychain.read(user)
                # What reads back counts: another window may have made a key in the same moment.
                seed = _seed_in(stored if stored is not None else keychain.keep(user, _seed_item()))
                note = "Your key for this project is kept in this machine's keychain."
                return _person_key(user, seed, note, session_only=False)

            def made(why: str) -> PersonKey:
                note = f"{why} What is signed now is signed with a key of this session only."
                return _person_key(user, None, note, session_only=True)

            self._keys[user] = self._begin(fetched, made, automated=person.automated)
        return self._keys[user]

    def _begin(
        self, fetched: Callable[[Keychain], T], made: Callable[[str], T], *, automated: bool
    ) -> Once[T]:
        """Ask the keychain in a thread; what it does not give in time is `made`, with the reason in words."""

        def late() -> T:
            self._hangs = True
            return made(_SLOW)

        once = Once(late, self._limit_s)
        if automated or self._hangs:
            once.settle(made(_AUTOMATED if automated else _SLOW))
            return once

        def work() -> None:
            try:
                found = fetched(Keychain(self._opened(), once))
            except Exception as error:  # noqa: BLE001  # a keychain of any make may fail in any way
                found = made(_words(error))
            once.settle(found)

        threading.Thread(target=work, name="keychain", daemon=True).start()
        return once

    def _opened(self) -> Backend:
        if self._backend is None:
            # It looks for every kind of keychain there is, which would cost the program's start.
            import keyring

            self._backend = cast("Backend", keyring.get_keyring())
        return self._backend


# The keychain -------------------------------------------------------------------------------------------

_AUTOMATED: Final = "No person decides here."
NO_KEYCHAIN: Final = "This machine has no keychain that can be used."
_SLOW: Final = "The keychain did not answer in time."


class _NotKeptError(Exception):
    """The keychain took an item and does not have it."""


class _NotRemovedError(Exception):
    """The keychain was to let an item go and has it still."""


class _NotOursError(Exception):
    """The keychain's item is none that this program wrote."""


class _TooLateError(Exception):
    """Nobody waits any more; nothing may be written now."""


class Keychain:
    """The keychain for one fetch: it changes nothing once nobody waits for the fetch any more."""

    def __init__(self, backend: Backend, fetch: Once[T]) -> None:
        self._backend: Final = backend
        self._is_late: Final = fetch.is_late

    def read(self, user: str) -> str | None:
        return self._backend.get_password(SERVICE, user)

    def keep(self, user: str, item: str) -> str:
        """Write an item, and give what reads back: some backends forget at once what they are given."""
        if len(item) > LONGEST_ITEM:
            raise ValueError("an item of the keychain is too long for Windows")
        if self._is_late():
            raise _TooLateError
        self._backend.set_password(SERVICE, user, item)
        kept = self._backend.get_password(SERVICE, user)
        if kept is None:
            raise _NotKeptError
        return kept

    def remove(self, user: str) -> None:
        """Take an item away, where there is one."""
        if self._backend.get_password(SERVICE, user) is None:
            return
        if self._is_late():
            raise _TooLateError
        self._backend.delete_password(SERVICE, user)
        if self._backend.get_password(SERVICE, user) is not None:
            raise _NotRemovedError


def _words(error: Exception) -> str:
    """Why there is no key from the keychain. Only the error's kind: its message may hold what was stored."""
    kind = type(error).__name__
    known = {
        "NoKeyringError": NO_KEYCHAIN,
        "KeyringLocked": "The keychain is locked.",
        _NotKeptError.__name__: "The keychain did not keep the key that it was given.",
        _NotRemovedError.__name__: "The keychain did not let the key go.",
        _NotOursError.__name__: "What the keychain holds for this project is not a key of Studio Assist.",
        _TooLateError.__name__: _SLOW,
    }
    return known.get(kind, f"The keychain failed ({kind}).")


# What the items hold ------------------------------------------------------------------------------------


def _seed_item() -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    seed = Ed25519PrivateKey.generate().private_bytes_raw()
    return json.dumps({"v": 1, "ed25519": base64.b64encode(seed).decode()})


def _seed_in(item: str) -> bytes:
    try:
        seed = base64.b64decode(json.loads(item)["ed25519"], validate=True)
    except (ValueError, KeyError, TypeError) as error:
        raise _NotOursError from error
    if len(seed) != 32:
        raise _NotOursError
    return seed


def _person_key(user: str, seed: bytes | None, note: str, *, session_only: bool) -> PersonKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(seed) if seed else Ed25519PrivateKey.generate()
    name = key_name(*user.split("/", 1))
    return PersonKey(name, private.public_key().public_bytes_raw(), session_only, note, private)


def _identity_item(identity: Identity) -> str:
    """The private key and its root's hash. The certificates are public, and stand in the project."""
    from studio_assist.marks.certificates import root_fingerprint

    return json.dumps(
        {"v": 1, "root": root_fingerprint(identity.root_pem), "key": identity.key_pem.decode("ascii")}
    )


def _identity_in(item: str | None, chains: Chains) -> Identity | None:
    """What an item and the project's certificates make together; None where a part is missing or foreign."""
    from studio_assist.marks.certificates import Identity, root_fingerprint

    if item is None:
        return None
    try:
        stored = json.loads(item)
        root, key = str(stored["root"]), str(stored["key"])
        chain = chains(root)
        found = Identity.of(key.encode("ascii"), chain) if chain is not None else None
    except (ValueError, KeyError, TypeError):
        return None
    return found if found is not None and root_fingerprint(found.root_pem) == root else None


def _new_identity(title: str, tag: str, person: Person, now: datetime) -> Identity:
    from studio_assist.marks.certificates import make_identity

    return make_identity(title, tag, person.name, now)


def _kept(identity: Identity, *, session_only: bool) -> KeptIdentity:
    from studio_assist.marks.certificates import root_fingerprint

    return KeptIdentity(identity, root_fingerprint(identity.root_pem), session_only)
