"""People, keys and invitations: two machines that exchange files, and what is refused on the way."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from broker_work import WRITER, new_project
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from keychains import InMemory, Missing

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.broker.keys import Keys
from studio_assist.broker.people_invitations import new_file
from studio_assist.domain import invitations
from studio_assist.domain.errors import BadInput, Refusal, StudioError
from studio_assist.domain.people import AUTOMATED, Person
from studio_assist.domain.values import PersonId
from studio_assist.ledger import verify
from studio_assist.ledger.signatures import is_good

TANAKA = Person(id=PersonId("tanaka-7"), name="S. Tanaka", role="writer")
STRANGER = Person(id=PersonId("stranger-9"), name="S. Tanaka", role="approver")
NOW = datetime(2027, 2, 3, 9, tzinfo=UTC)


class Machine:
    """A machine with its own home, keychain and clock."""

    def __init__(self, folder: Path, name: str, *, keychain: bool = True) -> None:
        self.home = folder / name
        self.home.mkdir()
        self.keys = Keys(InMemory() if keychain else Missing())
        self.now = NOW
        self.events: list[protocol.Event] = []

    @asynccontextmanager
    async def broker(self, project: Path | None = None, person: Person = WRITER) -> AsyncGenerator[Broker]:
        broker = Broker(self.events.append, home=self.home, keys=self.keys, clock=lambda: self.now)
        try:
            if project is not None:
                opening = protocol.OpenProjectParams(path=str(project), person=person)
                await broker.handle(protocol.OPEN_PROJECT, opening)
            yield broker
        finally:
            await broker.close()


class Exchange:
    """Two machines, a project on the first, and the two files between them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first, self.second = Machine(folder, "first"), Machine(folder, "second")
        self.project = folder / "Larkspur.studio"
        self.invitation, self.answer = folder / "invitation.json", folder / "answer.json"

    async def invite(self, broker: Broker, *roles: Any, name: str = "S. Tanaka") -> protocol.Invited:
        params = protocol.InviteParams(
            out=str(self.invitation), name=name, roles=roles or ("approver",), person=WRITER
        )
        return await broker.handle(protocol.INVITE, params)

    async def join(self, person: Person = TANAKA, machine: Machine | None = None) -> protocol.Joined:
        params = protocol.JoinParams(invitation=str(self.invitation), out=str(self.answer), person=person)
        async with (machine or self.second).broker() as broker:
            return await broker.handle(protocol.JOIN, params)

    async def admit(self, broker: Broker, *, look_only: bool = False) -> protocol.Admitted:
        params = protocol.AdmitParams(answer=str(self.answer), person=WRITER, look_only=look_only)
        return await broker.handle(protocol.ADMIT, params)

    def rewrite(self, file: Path, **values: object) -> None:
        file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


@pytest.fixture
def exchange(tmp_path: Path) -> Exchange:
    made = Exchange(tmp_path)
    asyncio.run(new_project(made.project))
    return made


def member(people: protocol.People, who: Person) -> protocol.MemberSeen:
    return next(one for one in people.members if one.id == who.id)


async def people_in(broker: Broker) -> protocol.People:
    return await broker.handle(protocol.LIST_PEOPLE, protocol.Nothing())


def test_two_machines_exchange_files_and_the_new_person_is_known(exchange: Exchange) -> None:
    async def run() -> None:
        async with exchange.first.broker(exchange.project) as broker:
            invited = await exchange.invite(broker, "approver", "producer")
            assert "compare its key" in invited.words
            sent = exchange.invitation.read_bytes()
            assert b"Maya" not in sent
            joined = await exchange.join()
            assert (joined.title, joined.session_only) == ("Larkspur", False)
            before = broker.session.ledger.size
            seen = await exchange.admit(broker, look_only=True)
            assert (seen.short, seen.entry, broker.session.ledger.size) == (joined.short, None, before)
            done = await exchange.admit(broker)
            assert (done.who, done.name, done.roles) == (TANAKA.id, "S. Tanaka", ("producer", "approver"))
            there = member(await people_in(broker), TANAKA)
            assert (there.roles, there.roles_from) == (("producer", "approver"), "R. Okafor")
            assert [(key.known, key.vouched_by) for key in there.keys] == [(True, "R. Okafor")]
            told = [event for event in exchange.first.events if isinstance(event, protocol.PeopleChanged)]
            assert member(told[-1].people, TANAKA) == there
            entry = broker.session.ledger.entry(done.entry or 0)
            assert (entry.person, entry.body.type) == (WRITER.id, "key_vouched")
            assert broker.session.ledger.signature(entry.number) is not None
        copy = Path(shutil.copytree(exchange.project, exchange.folder / "Copy.studio"))
        async with exchange.second.broker(copy, TANAKA) as broker:
            # As who they were admitted, whatever their profile says; and with the key that was vouched for.
            key = await broker.session.introduced(TANAKA)
            assert not key.session_only
            people = await people_in(broker)
            mine = member(people, TANAKA)
            assert (mine.roles, mine.here, mine.unknown_signed) == (("producer", "approver"), True, 0)
            assert [key.known for key in mine.keys] == [True]
            params = protocol.GiveRolesParams(who=WRITER.id, roles=("artist",), person=TANAKA)
            changed = await broker.handle(protocol.GIVE_ROLES, params)
            assert member(changed, WRITER).roles == ("artist",)
            assert member(changed, TANAKA).signed == 1
        assert verify(copy).ok

    asyncio.run(run())


def test_another_key_under_the_same_name_and_id_shows_as_unknown_until_somebody_vouches(
    exchange: Exchange,
) -> None:
    async def run() -> None:
        async with exchange.first.broker(exchange.project) as broker:
            await exchange.invite(broker, "writer")
            await exchange.join()
            await exchange.admit(broker)
        # A third machine, with another key for somebody who says that they are the same.
        third = Machine(exchange.folder, "third", keychain=False)
        async with third.broker(exchange.project, TANAKA) as broker:
            key = await broker.session.introduced(TANAKA)
            witness = protocol.GiveRolesParams(who=TANAKA.id, roles=("writer", "artist"), person=TANAKA)
            people = await broker.handle(protocol.GIVE_ROLES, witness)
            theirs = member(people, TANAKA)
            assert theirs.unknown_signed == theirs.signed == 1
            assert [
                (one.known, one.session_only) for one in theirs.keys if one.public == key.public.hex()
            ] == [(False, True)]
            vouching = protocol.VouchParams(who=TANAKA.id, public=key.public.hex(), person=TANAKA)
            with pytest.raises(Refusal, match="your own key") as refused:
                await broker.handle(protocol.VOUCH, vouching)
            assert refused.value.rule == "known-key"
        async with exchange.first.broker(exchange.project) as broker:
            vouching = protocol.VouchParams(who=TANAKA.id, public=key.public.hex(), person=WRITER)
            people = await broker.handle(protocol.VOUCH, vouching)
            assert member(people, TANAKA).unknown_signed == 0
            with pytest.raises(BadInput, match="known already"):
                await broker.handle(protocol.VOUCH, vouching)
            nobodys = vouching.model_copy(update={"public": "ab" * 32})
            with pytest.raises(BadInput, match="no such key"):
                await broker.handle(protocol.VOUCH, nobodys)

    asyncio.run(run())


def test_an_answer_counts_once_and_on_the_machine_that_invited(exchange: Exchange) -> None:
    async def run() -> None:
        async with exchange.first.broker(exchange.project) as broker:
            await exchange.invite(broker, "writer")
            await exchange.join()
            kept = exchange.answer.read_bytes()
            await exchange.admit(broker)
            with pytest.raises(Refusal, match="answered before"):
                await exchange.admit(broker)
            # Somebody who caught the invitation on its way answers it too, later.
            exchange.answer.unlink()
            await exchange.join(STRANGER)
            with pytest.raises(Refusal) as refused:
                await exchange.admit(broker)
            assert refused.value.rule == "invitation-once"
            # Somebody who is there already is not invited over again, with a key of whoever's making.
            exchange.invitation.unlink()
            await exchange.invite(broker, "writer")
            exchange.answer.unlink()
            await exchange.join(TANAKA, Machine(exchange.folder, "third"))
            with pytest.raises(Refusal, match="on this project already"):
                await exchange.admit(broker)
        exchange.answer.write_bytes(kept)
        copy = Path(shutil.copytree(exchange.project, exchange.folder / "Copy.studio"))
        async with exchange.second.broker(copy, TANAKA) as broker:
            with pytest.raises(Refusal, match="on another machine"):
                await exchange.admit(broker, look_only=True)

    asyncio.run(run())


def test_an_answer_to_another_projects_invitation_is_refused(exchange: Exchange) -> None:
    other = exchange.folder / "Other.studio"

    async def run() -> None:
        async with exchange.first.broker(exchange.project) as broker:
            await exchange.invite(broker)
        await exchange.join()
        exchange.first.now += timedelta(hours=1)
        making = protocol.CreateProjectParams(path=str(other), title="Other", person=WRITER)
        async with exchange.first.broker() as broker:
            await broker.handle(protocol.CREATE_PROJECT, making)
            with pytest.raises(BadInput, match="another project") as refused:
                await exchange.admit(broker)
            assert refused.value.place == str(exchange.answer)

    asyncio.run(run())


def test_forged_and_changed_files_are_refused(exchange: Exchange) -> None:
    async def run() -> None:
        async with exchange.first.broker(exchange.project) as broker:
            await exchange.invite(broker, "writer")
            whole = exchange.invitation.read_bytes()
            # More roles than were offered: the signature does not hold.
            exchange.rewrite(exchange.invitation, roles=["producer"])
            with pytest.raises(BadInput, match="signature does not hold"):
                await exchange.join()
            # Signed anew with another key: that holds in itself, and is answered, but is none of ours.
            forger = Ed25519PrivateKey.generate()
            exchange.rewrite(exchange.invitation, key=forger.public_key().public_bytes_raw().hex())
            values = json.loads(exchange.invitation.read_text())
            message = invitations.message_of(invitations.Invitation.model_validate_json(json.dumps(values)))
            exchange.rewrite(exchange.invitation, signature=forger.sign(message).hex())
            await exchange.join()
            with pytest.raises(Refusal, match="something in it was changed"):
                await exchange.admit(broker)
            exchange.invitation.write_bytes(whole)
            exchange.answer.unlink()
            await exchange.join()
            good = json.loads(exchange.answer.read_text())
            # Another's key put in place of the one that signed: nobody answers with a key they do not hold.
            mine = forger.public_key().public_bytes_raw().hex()
            for change in ({"public": mine}, {"name": "R. Okafor"}, {"signature": "00" * 64}):
                exchange.rewrite(exchange.answer, **{**good, **change})
                with pytest.raises(BadInput, match="signature does not hold"):
                    await exchange.admit(broker)
            assert "key_vouched" not in {
                entry.body.type for entry in broker.session.ledger.entries(limit=500)
            }
            exchange.rewrite(exchange.answer, **good)
            assert (await exchange.admit(broker)).entry is not None

    asyncio.run(run())


def test_a_place_that_no_file_can_have_is_said() -> None:
    for path in ("x" * 300, "a\0b"):
        with pytest.raises(BadInput):
            new_file(path)


def test_an_invitation_runs_out_after_fourteen_days(exchange: Exchange) -> None:
    async def run() -> None:
        async with exchange.first.broker(exchange.project) as broker:
            await exchange.invite(broker)
            exchange.second.now = NOW - timedelta(days=1)
            with pytest.raises(Refusal, match="has not come yet"):
                await exchange.join()
            exchange.second.now = NOW + timedelta(days=13)
            await exchange.join()
            exchange.first.now = NOW + timedelta(days=14, hours=1)
            with pytest.raises(Refusal, match="ran out on 17 Feb 2027"):
                await exchange.admit(broker)
            exchange.second.now = exchange.first.now
            exchange.answer.unlink()
            with pytest.raises(Refusal, match="ran out"):
                await exchange.join()

    asyncio.run(run())


HOSTILE: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "empty": lambda _good: b"",
    "too long": lambda good: json.dumps({**good, "name": "A" * 20_000}).encode(),
    "not text": lambda _good: b"\xff\xfe\x00" * 40,
    "deep": lambda _good: b"[" * 8_000,
    "a list": lambda good: json.dumps([good]).encode(),
    "more fields": lambda good: json.dumps({**good, "path": "/etc/passwd"}).encode(),
    "a later version": lambda good: json.dumps({**good, "v": 2}).encode(),
    "another kind": lambda good: json.dumps({**good, "type": "studio-assist invitation"}).encode(),
    "a name that turns text round": lambda good: json.dumps({**good, "name": "S. \u202eTanaka"}).encode(),
    "a name of two lines": lambda good: json.dumps({**good, "name": "S.\nTanaka"}).encode(),
    "an id that is a path": lambda good: json.dumps({**good, "person": "../../x"}).encode(),
    "the tour's id": lambda good: json.dumps({**good, "person": AUTOMATED.id}).encode(),
    "a number that is a path": lambda good: json.dumps({**good, "nonce": "../" * 10 + "ab"}).encode(),
    "a key without a secret": lambda good: json.dumps({**good, "public": "01" + "00" * 31}).encode(),
    "a truth that is a word": lambda good: json.dumps({**good, "session_only": "no"}).encode(),
}


def test_hostile_files_are_refused_with_place_and_remedy(exchange: Exchange) -> None:
    async def run() -> None:
        async with exchange.first.broker(exchange.project) as broker:
            await exchange.invite(broker)
            await exchange.join()
            good = json.loads(exchange.answer.read_text())
            size = broker.session.ledger.size
            for name, made in HOSTILE.items():
                exchange.answer.write_bytes(made(good))
                with pytest.raises(BadInput) as refused:
                    await exchange.admit(broker)
                place = refused.value.place or ""
                assert str(exchange.answer) in place, name
                assert refused.value.remedy, name
                assert "passwd" not in str(refused.value)
            exchange.answer.unlink()
            if hasattr(os, "mkfifo"):
                os.mkfifo(exchange.answer)
                with pytest.raises(BadInput):
                    await exchange.admit(broker)
            for path in (str(exchange.folder), str(exchange.folder / "none"), "/\0"):
                params = protocol.AdmitParams(answer=path, person=WRITER)
                with pytest.raises(StudioError):
                    await broker.handle(protocol.ADMIT, params)
            assert broker.session.ledger.size == size

    asyncio.run(run())


def test_a_key_without_a_secret_signs_what_it_likes_and_is_refused_for_it() -> None:
    # Why the list is there: OpenSSL takes this signature by the neutral element for any message at all.
    neutral, signature = bytes([1, *bytes(31)]), bytes([1, *bytes(63)])
    assert is_good(neutral, signature, b"anything")


def test_who_works_without_a_keychain_is_told_and_one_does_not_invite_oneself(exchange: Exchange) -> None:
    async def run() -> None:
        async with exchange.first.broker(exchange.project) as broker:
            await exchange.invite(broker)
            with pytest.raises(BadInput, match="something in that place"):
                await exchange.invite(broker)
            with pytest.raises(Refusal, match="yourself"):
                await exchange.join(WRITER, exchange.first)
            with pytest.raises(Refusal, match="automated"):
                await exchange.join(AUTOMATED)
            joined = await exchange.join(machine=Machine(exchange.folder, "bare", keychain=False))
            assert joined.session_only
            exchange.invitation.unlink()
            with pytest.raises(BadInput, match="name") as refused:
                await exchange.invite(broker, name="S.\u202eTanaka")
            assert refused.value.place == "name"
            assert not exchange.invitation.exists()

    asyncio.run(run())
