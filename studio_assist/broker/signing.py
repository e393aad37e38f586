"""Who signs in an open project, with which key, and when its head is signed.

The key is fetched while the window opens. Whatever is signed waits for it; nothing else does. Heads
(checkpoints) are signed when a group of decisions is over, and when something leaves the project; and only
once the whole record was checked, for a signature on an altered record would vouch for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

from studio_assist.broker.keys import Chains, KeptIdentity, Keys, PersonKey
from studio_assist.domain.errors import StudioError
from studio_assist.domain.people import Person
from studio_assist.domain.record import KeyAdded
from studio_assist.ledger import Ledger
from studio_assist.ledger.seals import StoredCheckpoint

#: A group of decisions is over when nobody decided for so long, in seconds, or when it holds so many.
PAUSE_S: Final = 2.0
MOST: Final = 16
#: The keychain is looked for when the first picture of the window stands, in seconds.
BEGIN_AFTER_S: Final = 0.3


class Signing:
    """The signatures of one open project.

    Args:
        may_sign: whether the record was checked and holds.
        trouble: told why a head could not be signed.
        signed: told the head that was signed; None when a key was fetched.
    """

    def __init__(
        self,
        ledger: Ledger,
        keys: Keys,
        clock: Callable[[], datetime],
        *,
        may_sign: Callable[[], bool],
        trouble: Callable[[StudioError], None],
        signed: Callable[[StoredCheckpoint | None], None],
    ) -> None:
        self._ledger: Final = ledger
        self._keys: Final = keys
        self._clock: Final = clock
        self._may_sign: Final = may_sign
        self._trouble: Final = trouble
        self._told: Final = signed
        self._waiting: asyncio.TimerHandle | None = None
        self._fetching: asyncio.Task[None] | None = None
        #: How many decisions no head covers yet, and who made the last of them.
        self._open = 0
        self._last: Person | None = None

    # keys

    def begin(self, person: Person) -> None:
        """Fetch a person's key in the background."""

        async def fetch() -> None:
            await asyncio.sleep(BEGIN_AFTER_S)
            await self.ready(person)
            self._told(None)

        self._fetching = asyncio.create_task(fetch(), name="keychain")

    async def ready(self, person: Person) -> PersonKey:
        """A person's key, once it is there."""
        return await self._keys.signer(self._ledger.tag, person)

    def signer(self, person: Person) -> PersonKey:
        """The same, waited for here."""
        return self._keys.signer_now(self._ledger.tag, person)

    def at_hand(self, person: Person) -> PersonKey | None:
        """A person's key where it was fetched already."""
        return self._keys.at_hand(self._ledger.tag, person)

    def introduction(self, person: Person, key: PersonKey) -> KeyAdded | None:
        """The entry that has to stand before this key's first signature; None where the record has it."""
        known = self._ledger.key(key.public.hex())
        if known is not None and known.person == person.id:
            return None
        return KeyAdded(public=key.public.hex(), session_only=key.session_only)

    async def identity(self, person: Person, title: str, chains: Chains) -> KeptIdentity:
        """What a person signs manifests with."""
        return await self._keys.identity(
            self._ledger.tag, person, title=title, chains=chains, now=self._clock()
        )

    # heads

    def decided(self, person: Person) -> None:
        """Somebody decided: the head is signed when they pause, or after so many decisions."""
        self._open += 1
        self._last = person
        self._rest()
        if self._open >= MOST:
            self.try_checkpoint(person)
        else:
            self._waiting = asyncio.get_running_loop().call_later(PAUSE_S, self.try_checkpoint, person)

    def resume(self) -> None:
        """The record was checked: sign what was decided meanwhile."""
        if self._open and self._last and self._waiting is None:
            self.try_checkpoint(self._last)

    def checkpoint(self, person: Person) -> StoredCheckpoint | None:
        """Sign the head as it stands.

        None before the record was checked, and where it does not know this person's key: who has answered
        for nothing in it signs no head either.

        Raises:
            StudioError: it could not be written.
        """
        self._rest()
        key = self.at_hand(person)
        if key is None or not self._may_sign() or self.introduction(person, key) is not None:
            return None
        head = self._ledger.checkpoint(key, self._clock())
        self._open = 0
        self._told(head)
        return head

    def try_checkpoint(self, person: Person) -> StoredCheckpoint | None:
        """The same, where nothing depends on it: what it would have covered, the next one covers."""
        try:
            return self.checkpoint(person)
        except StudioError as error:
            self._trouble(error)
            return None

    def close(self, person: Person) -> None:
        """Sign the head once more where the key is at hand, and wait for nothing."""
        if self._fetching:
            self._fetching.cancel()
        self.try_checkpoint(self._last or person)

    # internals

    def _rest(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
