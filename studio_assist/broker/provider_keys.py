"""Providers' keys: in the keychain, by the backend's id and the origin that each was given for.

The item's name holds the origin ("https://api.example.com"), so that a key never follows a backend whose
address was edited. Where no keychain keeps a key, it lives as long as this program runs, and whoever gave it
is told. No key is ever logged, printed or written to a file, and no error quotes one.
"""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Final

from studio_assist.broker.keys import NO_KEYCHAIN, Keychain, Keys
from studio_assist.domain.errors import BadInput
from studio_assist.domain.generation import HostSettings
from studio_assist.storage.hosts_file import KeyVariables

#: The longest key, in characters; the longest ones known have about 200.
LONGEST: Final = 512
#: A key that was read is kept in memory for so long, in seconds: each choice of a request needs it anew, and
#: a keychain may take tens of milliseconds.
REMEMBERED_S: Final = 60.0

#: One line of printable ASCII without spaces.
_KEY: Final = re.compile(rf"[\x21-\x7e]{{1,{LONGEST}}}")


def sane_key(given: str, place: str) -> str:
    """A key as it was given, without the spaces that came along in copying.

    Raises `BadInput`, which does not quote it, for what cannot be one.
    """
    key = given.strip()
    if not _KEY.fullmatch(key):
        raise BadInput(
            f"That is not a key: a key is one line of plain characters without spaces, at most {LONGEST}.",
            remedy="Copy it once more from the provider's page.",
            place=place,
        )
    return key


class ProviderKeys:
    """The keys of one broker's backends.

    Args:
        keys: holds the keychain, with its limits.
        home: the user's own folder.
    """

    def __init__(self, keys: Keys, home: Path) -> None:
        self._keys: Final = keys
        self._variables: Final = KeyVariables(home)
        #: What no keychain keeps, by item.
        self._of_session: Final[dict[str, str]] = {}
        #: What was read, and until when (monotonic clock) it counts.
        self._read: Final[dict[str, tuple[float, str | None]]] = {}

    async def get(self, settings: HostSettings) -> str | None:
        """The key that was given for this backend at this origin; None where there is none to be had.

        Raises `BadInput` where the variable that was named for it holds what is no key.
        """
        if settings.key_env:
            key = os.environ.get(settings.key_env, "") if self._may_use(settings) else ""
            return sane_key(key, settings.key_env) if key.strip() else None
        item = _item(settings)
        if item in self._of_session:
            return self._of_session[item]
        until, known = self._read.get(item, (0.0, None))
        if time.monotonic() < until:
            return known
        found = await self._keys.asked(lambda keychain: _key_in(keychain.read(item)), lambda _why: None)
        self._read[item] = (time.monotonic() + REMEMBERED_S, found)
        return found

    def has(self, settings: HostSettings) -> bool:
        """Whether there is one, as far as it was looked for; no keychain is asked now."""
        if settings.key_env:
            return self._may_use(settings) and bool(os.environ.get(settings.key_env, "").strip())
        item = _item(settings)
        return item in self._of_session or self._read.get(item, (0.0, None))[1] is not None

    async def put(self, settings: HostSettings, key: str) -> tuple[bool, str]:
        """Keep a key (see `sane_key`). Gives whether a keychain keeps it, and a sentence for the person."""
        item = _item(settings)

        def kept(keychain: Keychain) -> tuple[bool, str]:
            # One that hangs does so here, before anything is written that the person is told is not kept.
            keychain.read(item)
            if _key_in(keychain.keep(item, json.dumps({"v": 1, "key": key}))) != key:
                return False, "The keychain did not keep the key that it was given."
            return True, ""

        is_kept, why = await self._keys.asked(kept, lambda why: (False, why))
        if is_kept:
            self._of_session.pop(item, None)
            self._read[item] = (time.monotonic() + REMEMBERED_S, key)
            return True, "The key is kept in this machine's keychain, for this address alone."
        self._of_session[item] = key
        return False, f"{why} The key is kept until the program ends, and nowhere else."

    def name_variable(self, settings: HostSettings) -> None:
        """A person named the variable of these settings as the key for their origin."""
        if settings.key_env:
            self._variables.add(origin(settings), settings.key_env)

    async def remove(self, settings: HostSettings) -> str:
        """Take a key away. Gives "" or why one may still be in the keychain, in a sentence."""
        item = _item(settings)
        self._of_session.pop(item, None)
        self._read[item] = (time.monotonic() + REMEMBERED_S, None)

        def removed(keychain: Keychain) -> str:
            keychain.remove(item)
            return ""

        why = await self._keys.asked(removed, lambda why: why)
        # Where there is no keychain, there is no key in one.
        return "" if why == NO_KEYCHAIN else why

    def _may_use(self, settings: HostSettings) -> bool:
        return self._variables.has(origin(settings), settings.key_env)


def origin(settings: HostSettings) -> str:
    """What a key is given for: "https://api.example.com"."""
    return f"{settings.url.partition('://')[0]}://{settings.authority}"


def _item(settings: HostSettings) -> str:
    return f"backend/{settings.id}@{origin(settings)}"


def _key_in(item: str | None) -> str | None:
    """The key that an item holds; None for what this program did not write."""
    if item is None:
        return None
    try:
        key = json.loads(item)["key"]
    except (ValueError, KeyError, TypeError):
        return None
    return key if isinstance(key, str) and _KEY.fullmatch(key) else None
