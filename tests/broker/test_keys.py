"""A person's key is kept in the keychain, or ends with the session and says so. It is never shown."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from broker_work import OTHER, WRITER
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from keychains import Foreign, Forgetful, Full, Hanging, InMemory, Locked, Missing

from studio_assist.broker.keys import SERVICE, Backend, Keys, PersonKey
from studio_assist.domain.people import AUTOMATED, Person

TAG = "0123456789abcdef"
NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)


def key_of(keys: Keys, person: Person = WRITER, tag: str = TAG) -> PersonKey:
    return asyncio.run(keys.signer(tag, person))


def test_a_kept_key_is_the_same_in_the_next_run_of_the_program() -> None:
    keychain = InMemory()
    first, again = key_of(Keys(keychain)), key_of(Keys(keychain))
    assert not first.session_only
    assert first.public == again.public
    assert first.name == f"studio-assist/{TAG}/okafor-1"
    Ed25519PublicKey.from_public_bytes(first.public).verify(again.sign(b"a head"), b"a head")


def test_every_person_has_a_key_of_their_own_in_every_project() -> None:
    keys = Keys(InMemory())
    publics = {key_of(keys, person, tag).public for person in (WRITER, OTHER) for tag in (TAG, TAG[::-1])}
    assert len(publics) == 4


@pytest.mark.parametrize(
    ("keychain", "why"),
    [
        (Missing(), "no keychain"),
        (Locked(), "locked"),
        (Full(), "failed (PasswordSetError)"),
        (Forgetful(), "did not keep"),
        (Foreign(), "not a key of Studio Assist"),
    ],
)
def test_without_a_keychain_the_key_ends_with_the_session_and_says_why(keychain: Backend, why: str) -> None:
    keys = Keys(keychain)
    key = key_of(keys)
    assert key.session_only
    assert why in key.note
    assert "session" in key.note
    assert key_of(keys).public == key.public, "one session has one key"
    assert key_of(Keys(keychain)).public != key.public
    assert Foreign().get_password("", "") not in (key.note, repr(key))


def test_the_machine_of_the_tests_has_no_keychain() -> None:
    assert "no keychain" in key_of(Keys()).note


def test_a_keychain_that_hangs_costs_the_limit_once_and_its_late_answer_changes_nothing() -> None:
    keychain = Hanging()
    keys = Keys(keychain, limit_s=0.3)
    began = time.monotonic()
    key = key_of(keys)
    assert time.monotonic() - began >= 0.3
    assert key.session_only
    assert "in time" in key.note
    keychain.let_go.set()
    assert keychain.answered.wait(5)
    assert key_of(keys) is key
    other = key_of(keys, OTHER)
    assert other.session_only, "one that hung is not asked again"
    assert (keychain.asked, keychain.items) == (1, {}), "and nothing is written that nobody waits for"


def test_a_key_can_be_waited_for_where_no_loop_runs() -> None:
    keychain = Hanging()
    keys = Keys(keychain, limit_s=10)
    threading.Timer(0.1, keychain.let_go.set).start()
    assert keys.at_hand(TAG, WRITER) is None
    key = keys.signer_now(TAG, WRITER)
    assert not key.session_only
    assert keys.at_hand(TAG, WRITER) is key


def test_an_automat_never_touches_the_keychain() -> None:
    keychain = InMemory()
    key = key_of(Keys(keychain), AUTOMATED)
    assert key.session_only
    assert keychain.items == {}


def test_a_key_is_never_in_what_is_printed() -> None:
    keychain = InMemory()
    key = key_of(Keys(keychain))
    (item,) = keychain.items.values()
    secret = json.loads(item)["ed25519"]
    assert secret not in repr(key)
    assert "_private" not in repr(key)


def test_an_identity_for_manifests_comes_back_with_the_projects_certificates() -> None:
    keychain = InMemory()
    chains: dict[str, bytes] = {}

    def identity(keys: Keys) -> tuple[bytes, bool]:
        kept = asyncio.run(keys.identity(TAG, WRITER, title="Larkspur", chains=chains.get, now=NOW))
        chains[kept.root] = kept.identity.chain_pem
        return kept.identity.key_pem, kept.session_only

    keys = Keys(keychain)
    first = identity(keys)
    assert first == identity(keys) == identity(Keys(keychain))
    assert not first[1]
    assert (SERVICE, f"{TAG}/{WRITER.id}/certificate") in keychain.items
    chains.clear()
    assert identity(Keys(keychain)) != first, "without its certificates a key signs nothing"
    without = Keys(Missing())
    assert identity(without)[1]
    assert identity(without) == identity(without)


def test_keyring_is_loaded_by_the_first_who_needs_a_key_and_not_before() -> None:
    loads = "import sys, studio_assist.broker.broker; print('keyring' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    room = Path(__file__).parents[2] / "studio_assist"
    users = {file.name for file in room.rglob("*.py") if "import keyring" in file.read_text("utf-8")}
    assert users == {"keys.py"}
