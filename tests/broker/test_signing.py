"""Whoever decides signs, with a key that the record names; heads are signed when a group of decisions is over."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from broker_work import OTHER, WRITER, new_project, opened
from keychains import Hanging, InMemory

from studio_assist import protocol
from studio_assist.broker import signing
from studio_assist.broker.keys import Keys
from studio_assist.domain.candidate import State
from studio_assist.domain.people import AUTOMATED
from studio_assist.domain.record import CertificateAdded
from studio_assist.ledger import Ledger, verify


def reject_all(folder: Path, *texts: str, keys: Keys | None = None, pause: float = 0.0) -> None:
    async def run() -> None:
        async with opened(folder, keys=keys) as project:
            await project.broker.handle(protocol.VERIFY_LEDGER, protocol.VerifyParams())
            for candidate in project.offer(*texts):
                await project.present(candidate)
                await project.decide(candidate, State.REJECTED)
            await asyncio.sleep(pause)

    asyncio.run(run())


def test_every_decision_carries_its_persons_signature_and_the_key_is_named_once(fresh: Path) -> None:
    keys = Keys(InMemory())
    reject_all(fresh, "One.", "Two.", keys=keys)
    reject_all(fresh, "Three.", keys=keys)
    with Ledger.open(fresh / "ledger.sqlite", read_only=True) as ledger:
        (named,) = ledger.entries(type="key_added")
        decisions = ledger.entries(type="decision")
        assert named.number < decisions[0].number
        assert len(decisions) == 3
        for entry in decisions:
            signature = ledger.signature(entry.number)
            assert signature is not None
            assert ledger.keys()[signature.key].person == WRITER.id
        (public,) = ledger.keys()
        assert not ledger.keys()[public].session_only
    assert verify(fresh).ok


def test_what_only_the_program_writes_needs_no_key(fresh: Path) -> None:
    keychain = InMemory()

    async def run() -> None:
        async with opened(fresh, keys=Keys(keychain)) as project:
            project.offer("One.")

    asyncio.run(run())
    with Ledger.open(fresh / "ledger.sqlite", read_only=True) as ledger:
        assert ledger.keys() == {}
        assert ledger.checkpoints() == []


def test_closing_signs_the_head_and_opening_again_signs_no_second_one(fresh: Path) -> None:
    keys = Keys(InMemory())
    reject_all(fresh, "One.", keys=keys)
    found = verify(fresh)
    assert found.checkpoint is not None
    assert (found.checkpoint.size, found.checkpoint.person) == (found.size, WRITER.id)
    assert found.unsigned_tail == 0

    async def again() -> None:
        async with opened(fresh, keys=keys) as project:
            await project.broker.handle(protocol.VERIFY_LEDGER, protocol.VerifyParams())

    asyncio.run(again())
    with Ledger.open(fresh / "ledger.sqlite", read_only=True) as ledger:
        assert len(ledger.checkpoints()) == 1


def test_a_group_of_decisions_is_signed_when_its_person_pauses(
    fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "PAUSE_S", 0.2)

    async def run() -> None:
        async with opened(fresh) as project:
            await project.state_now(state="intact")
            for candidate in project.offer("One.", "Two.", "Three."):
                await project.present(candidate)
                await project.decide(candidate, State.REJECTED)
                assert project.broker.session.ledger_state().checkpoint is None
            size = project.broker.session.ledger.size
            await asyncio.sleep(0.4)
            seen = project.broker.session.ledger_state().checkpoint
            assert seen is not None
            assert (seen.size, seen.who, seen.session_only) == (size, "R. Okafor", True)
            assert len(project.broker.session.ledger.checkpoints()) == 1

    asyncio.run(run())


def test_sixteen_decisions_are_signed_without_a_pause(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            await project.state_now(state="intact")
            for candidate in project.offer(*[f"Line {number}." for number in range(17)]):
                await project.present(candidate)
                await project.decide(candidate, State.REJECTED)
            assert len(project.broker.session.ledger.checkpoints()) == 1

    asyncio.run(run())


def test_two_people_sign_with_their_own_keys(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            first, second = project.offer("One.", "Two.")
            for candidate, person in ((first, WRITER), (second, OTHER)):
                await project.present(candidate, person)
                await project.decide(candidate, State.REJECTED, person=person)
            keys = project.broker.session.ledger.keys()
            assert {key.person for key in keys.values()} == {WRITER.id, OTHER.id}

    asyncio.run(run())
    assert verify(fresh).ok


def test_the_window_is_told_which_key_signs_and_opening_waits_for_none(fresh: Path) -> None:
    keychain = Hanging()

    async def run() -> None:
        async with opened(fresh, keys=Keys(keychain, limit_s=6.0)) as project:
            assert project.state.ledger.key == "none"
            began = time.monotonic()
            (candidate,) = project.offer("One.")
            await project.present(candidate)
            assert time.monotonic() - began < 5.0, "what nobody signs does not wait"
            await project.decide(candidate, State.REJECTED)
            state = await project.state_now(key="session")
            assert "in time" in state.key_note
        keychain.let_go.set()

    asyncio.run(run())

    async def kept() -> None:
        async with opened(fresh, keys=Keys(InMemory())) as project:
            state = await project.state_now(key="kept")
            assert "keychain" in state.key_note
            told = [event.ledger.key for event in project.events if isinstance(event, protocol.LedgerChanged)]
            assert told[-1] == "kept"
        async with opened(fresh, read_only=True) as project:
            assert (await project.state_now(state="intact")).key == "none"

    asyncio.run(kept())


def test_an_automat_signs_with_a_key_of_its_own_that_no_keychain_sees(tmp_path: Path) -> None:
    folder = tmp_path / "Tour.studio"
    keychain = InMemory()

    async def run() -> None:
        await new_project(folder)
        async with opened(folder, AUTOMATED, keys=Keys(keychain)) as project:
            (candidate,) = project.offer("One.")
            await project.present(candidate, AUTOMATED)
            await project.decide(candidate, State.REJECTED, person=AUTOMATED)
            (key,) = project.broker.session.ledger.keys().values()
            assert (key.person, key.session_only) == ("automated", True)

    asyncio.run(run())
    assert keychain.items == {}
    assert verify(folder).ok


def test_no_head_is_signed_before_the_record_was_checked_nor_on_an_altered_one(fresh: Path) -> None:
    keys = Keys(InMemory())
    # An opening looks at the last entries by itself; the altered one has to stand before those.
    reject_all(fresh, *[f"Line {number}." for number in range(40)], keys=keys)
    before = _checkpoints(fresh)
    _alter(fresh, 3)

    async def run() -> None:
        async with opened(fresh, keys=keys) as project:
            assert project.broker.session.checkpoint_now() is None
            (candidate,) = project.offer("Two.")
            await project.present(candidate)
            await project.decide(candidate, State.REJECTED)
            state = await project.state_now(state="altered")
            assert project.broker.session.checkpoint_now() is None
            assert "altered" in state.claim
            assert (state.key, project.broker.session.is_altered) == ("none", True)

    asyncio.run(run())
    assert _checkpoints(fresh) == before


def test_the_claim_says_no_more_than_the_signatures_show(fresh: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            assert "being checked" in project.state.ledger.claim
            claim = (await project.state_now(state="intact")).claim
            assert "Nobody has signed it yet" in claim
            assert "Nobody else has witnessed it" in claim
            (candidate,) = project.offer("One.")
            await project.present(candidate)
            await project.decide(candidate, State.REJECTED)
            project.broker.session.checkpoint_now()
            project.offer("Two.")
            claim = project.broker.session.ledger_state().claim
            assert "Intact since the checkpoint that R. Okafor signed at" in claim
            assert "over the first 10" in claim
            assert "kept for that session only; 3 came later" in claim

    asyncio.run(run())


def test_a_further_key_in_somebodys_name_is_told(fresh: Path) -> None:
    reject_all(fresh, "One.", keys=Keys(InMemory()))
    # Another machine, or somebody who says they are the same person: the record cannot tell which.
    reject_all(fresh, "Two.", keys=Keys(InMemory()))

    async def run() -> None:
        async with opened(fresh) as project:
            state = await project.state_now(state="intact")
            number = project.broker.session.ledger.entries(type="key_added")[1].number
            assert f"Entry {number} gives somebody a further key" in state.claim

    asyncio.run(run())


def test_what_signs_manifests_is_named_in_the_record_and_its_certificates_are_kept(fresh: Path) -> None:
    keys = Keys(InMemory())

    async def run() -> bytes:
        async with opened(fresh, keys=keys) as project:
            first = await project.broker.session.identity()
            assert await project.broker.session.identity(WRITER) == first
            assert project.types().count("certificate_added") == 1
            return first.chain_pem

    chain = asyncio.run(run())
    assert asyncio.run(run()) == chain
    (file,) = (fresh / "certificates").iterdir()
    assert file.read_bytes() == chain
    with Ledger.open(fresh / "ledger.sqlite", read_only=True) as ledger:
        (body,) = [entry.body for entry in ledger.entries(type="certificate_added")]
        assert isinstance(body, CertificateAdded)
        assert (file.stem, body.session_only) == (body.root, False)


# internals ----------------------------------------------------------------------------------------------


def _checkpoints(folder: Path) -> list[object]:
    with Ledger.open(folder / "ledger.sqlite", read_only=True) as ledger:
        return list(ledger.checkpoints())


def _alter(folder: Path, number: int) -> None:
    """Change an early entry behind the program's back; the end of the record still fits."""
    import sqlite3

    with sqlite3.connect(folder / "ledger.sqlite") as connection:
        connection.execute(
            "UPDATE entries SET entry = replace(entry, 'Okafor', 'Okefor') WHERE number = ?", (number,)
        )
    connection.close()
