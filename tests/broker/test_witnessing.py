"""A witness vouches for a head, and what was witnessed cannot be taken back without its showing."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from broker_work import OTHER, WRITER, Opened, new_project, opened
from keychains import InMemory

from studio_assist import protocol
from studio_assist.broker.keys import Keys
from studio_assist.domain.candidate import State
from studio_assist.domain.errors import BadInput, Damaged, Refusal
from studio_assist.ledger import verify


async def decided(project: Opened, *texts: str) -> None:
    for candidate in project.offer(*texts):
        await project.present(candidate)
        await project.decide(candidate, State.REJECTED)


async def hand_out(project: Opened, out: Path) -> protocol.WitnessOut:
    return await project.broker.handle(
        protocol.WITNESS_OUT, protocol.WitnessOutParams(out=str(out), person=WRITER)
    )


async def cosign(folder: Path, offer: Path, out: Path) -> protocol.Cosigned:
    async with opened(folder, OTHER, read_only=True, keys=Keys(InMemory())) as project:
        params = protocol.CosignParams(offer=str(offer), out=str(out), person=OTHER)
        return await project.broker.handle(protocol.COSIGN, params)


async def take_in(project: Opened, file: Path, authority: Path | None = None) -> protocol.WitnessIn:
    params = protocol.WitnessInParams(
        file=str(file), person=WRITER, authority=str(authority) if authority else None
    )
    return await project.broker.handle(protocol.WITNESS_IN, params)


def test_another_person_with_a_copy_vouches_and_the_record_says_so(fresh: Path, tmp_path: Path) -> None:
    offer, reply = tmp_path / "offer.json", tmp_path / "reply.json"

    async def run() -> None:
        async with opened(fresh) as project:
            await decided(project, "One.")
            asked = await hand_out(project, offer)
            assert asked.size == project.broker.session.ledger.size
            copy = Path(shutil.copytree(fresh, tmp_path / "Copy.studio"))
            answer = await cosign(copy, offer, reply)
            assert (answer.size, answer.compared, answer.session_only) == (asked.size, True, False)
            await decided(project, "Two.")
            taken = await take_in(project, reply)
            assert (taken.witness.name, taken.witness.size) == ("M. Lind", asked.size)
            state = project.broker.session.ledger_state()
            assert state.witness == taken.witness
            assert f"up to entry {asked.size} by" in state.claim
            assert project.types()[-1] == "witnessed"
            again = await project.broker.handle(protocol.VERIFY_LEDGER, protocol.VerifyParams())
            assert again.witness == taken.witness

    asyncio.run(run())
    found = verify(fresh)
    assert [(one.kind, one.name) for one in found.witnesses] == [("person", "M. Lind")]
    assert found.unsigned_tail == 0


def test_a_witness_whose_copy_says_otherwise_signs_nothing(fresh: Path, tmp_path: Path) -> None:
    async def run() -> None:
        copy = Path(shutil.copytree(fresh, tmp_path / "Copy.studio"))
        async with opened(copy, OTHER) as project:
            await decided(project, "Another one.")
        async with opened(fresh) as project:
            await decided(project, "One.")
            await hand_out(project, tmp_path / "offer.json")
        with pytest.raises(Refusal):
            await cosign(copy, tmp_path / "offer.json", tmp_path / "reply.json")

    asyncio.run(run())
    assert not (tmp_path / "reply.json").exists()


def test_a_record_that_was_rolled_back_does_not_take_its_witness_in(fresh: Path, tmp_path: Path) -> None:
    async def run() -> None:
        before = Path(shutil.copytree(fresh, tmp_path / "Before.studio"))
        async with opened(fresh) as project:
            await decided(project, "One.")
            await hand_out(project, tmp_path / "offer.json")
        await cosign(fresh, tmp_path / "offer.json", tmp_path / "reply.json")
        async with opened(before) as project:
            await decided(project, "A better one.", "And one more.")
            with pytest.raises(Damaged):
                await take_in(project, tmp_path / "reply.json")
            assert project.broker.session.ledger_state().witness is None

    asyncio.run(run())


def test_an_answer_for_another_project_or_from_nobody_is_refused(fresh: Path, tmp_path: Path) -> None:
    other = tmp_path / "Other.studio"
    junk = tmp_path / "junk.json"
    junk.write_text('{"note": "hello"}', encoding="utf-8")

    async def run() -> None:
        await new_project(other)
        async with opened(other) as project:
            await decided(project, "One.")
            await hand_out(project, tmp_path / "offer.json")
        answer = await cosign(fresh, tmp_path / "offer.json", tmp_path / "reply.json")
        assert not answer.compared, "a copy of another record vouches for nothing but the time"
        async with opened(fresh) as project:
            for file in (tmp_path / "reply.json", junk, tmp_path / "nowhere.json"):
                with pytest.raises(BadInput):
                    await take_in(project, file)
            with pytest.raises(BadInput):
                await hand_out(project, junk)
            assert "witnessed" not in project.types()

    asyncio.run(run())


def test_a_time_authority_stamps_a_head(fresh: Path, tmp_path: Path) -> None:
    authority = make_authority(tmp_path / "authority")
    request, response = tmp_path / "head.tsq", tmp_path / "head.tsr"

    async def run() -> None:
        async with opened(fresh) as project:
            await decided(project, "One.")
            asked = await hand_out(project, request)
            stamp(authority, request, response)
            with pytest.raises(BadInput):
                await take_in(project, response)
            with pytest.raises(BadInput):
                await take_in(project, response, make_authority(tmp_path / "stranger") / "root.pem")
            taken = await take_in(project, response, authority / "root.pem")
            assert (taken.witness.kind, taken.witness.size) == ("timestamp", asked.size)

    asyncio.run(run())
    (found,) = verify(fresh).witnesses
    assert found.kind == "timestamp"


def test_a_copy_shows_what_was_changed_and_nothing_is_guessed(fresh: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with opened(fresh) as project:
            await decided(project, "One.", "Two.")
        copy = Path(shutil.copytree(fresh, tmp_path / "Copy.studio"))
        number = _alter(fresh)
        async with opened(fresh) as project:
            params = protocol.CompareParams(copy_path=str(copy))
            found = await project.broker.handle(protocol.COMPARE_LEDGER, params)
            assert (found.relation, found.first_different, found.there_holds) == ("different", number, True)
            assert found.there_at is not None
            assert [(field.name, field.here, field.there) for field in found.fields] == [("Seed", "8", "1")]
            assert found.says

    asyncio.run(run())


# internals ----------------------------------------------------------------------------------------------


def _alter(folder: Path) -> int:
    """Change what was asked with, in the record's text alone."""
    with sqlite3.connect(folder / "ledger.sqlite") as connection:
        (number,) = connection.execute("SELECT number FROM entries WHERE type = 'requested'").fetchone()
        connection.execute(
            "UPDATE entries SET entry = replace(entry, '\"seed\":1', '\"seed\":8') WHERE number = ?",
            (number,),
        )
    connection.close()
    return number


def make_authority(folder: Path) -> Path:
    """A time authority of the test's own: a root and a certificate that may stamp, by openssl."""
    folder.mkdir()
    (folder / "leaf.cnf").write_text(
        "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
        "extendedKeyUsage=critical,timeStamping\n"
    )
    (folder / "tsa.cnf").write_text(
        "[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_cert=leaf.pem\nsigner_key=leaf.key\n"
        "signer_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256,sha384,sha512\n"
        "accuracy=secs:1\nordering=no\ntsa_name=yes\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n"
    )
    (folder / "serial").write_text("01\n")
    run(folder, "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout root.key",
        "-out root.pem -subj /CN=Test-root")  # fmt: skip
    run(folder, "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout leaf.key -out leaf.csr",
        "-subj /CN=Test-authority")  # fmt: skip
    run(folder, "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30",
        "-extfile leaf.cnf -out leaf.pem")  # fmt: skip
    return folder


def stamp(authority: Path, request: Path, response: Path) -> None:
    run(authority, f"ts -reply -config tsa.cnf -section t -queryfile {request} -out {response}")


def run(folder: Path, *words: str) -> None:
    command = ["openssl", *" ".join(words).split()]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
