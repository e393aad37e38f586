"""An attestation counts as a named person made it, on that evidence, for that host, until that day; else not."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from broker_work import OTHER, WRITER
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hosts_work import NORTHLIGHT, OPENAI, OWN, UNTIL, Working, working

from studio_assist import protocol
from studio_assist.domain.attestation import SignedAttestation
from studio_assist.domain.errors import BadInput, Refusal, StudioError
from studio_assist.domain.generation import HostSettings
from studio_assist.domain.people import AUTOMATED
from studio_assist.gate.case import Attested
from studio_assist.ledger.verify import verify
from studio_assist.storage.evidence import MOST_EVIDENCE


def run(tmp_path: Path, home: Path, story: Callable[[Working], Awaitable[None]]) -> None:
    """A story on a project with one attested host."""

    async def go() -> None:
        async with working(tmp_path, home) as work:
            await work.add(NORTHLIGHT)
            await work.attest()
            await story(work)

    asyncio.run(go())


def file_of(work: Working) -> Path:
    (path,) = (work.folder / "clearance" / "attestations").iterdir()
    return path


def evidence_of(work: Working) -> Path:
    (path,) = (work.folder / "clearance" / "evidence").iterdir()
    return path


def found(work: Working) -> Attested:
    attested = work.attested()
    assert attested is not None
    return attested


async def state(work: Working) -> str:
    listed = await work.hosts.list_attestations(protocol.Nothing())
    return listed.attestations[0].state


def test_what_a_person_attests_is_signed_recorded_and_kept_with_its_evidence(
    tmp_path: Path, home: Path
) -> None:
    async def story(work: Working) -> None:
        attested = found(work)
        assert (attested.is_signed, attested.has_evidence, attested.revoked) == (True, True, False)
        attestation = attested.signed.attestation
        assert (attestation.host, attestation.card) == ("api.northlight.example", "other-host")
        assert (attestation.models, attestation.by) == (("nl-large",), WRITER.id)
        assert "POST /v1/chat/completions" in attestation.paths
        assert evidence_of(work).name == f"{attestation.evidence.sha256}.pdf"
        (body,) = work.bodies("attestation_made")
        assert body.until == UNTIL.isoformat()
        assert await state(work) == "valid"
        assert work.attested(host="eu.northlight.example") is None
        assert work.attested(backend="other") is None

    run(tmp_path, home, story)
    report = verify(tmp_path / "Larkspur.studio" / "ledger.sqlite")
    assert report.ok, report.why


def _changed(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(kept: dict[str, Any]) -> None:
        kept["attestation"][name] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _changed("until", "2027-11-01"),
        _changed("models", ["*"]),
        _changed("paths", ["POST /v1/files"]),
        _changed("by", OTHER.id),
        _changed("made", "2026-01-01T00:00:00Z"),
        _changed("region", "EU"),
        lambda kept: kept.update(signature="0" * 128),
    ],
)
def test_a_changed_attestation_is_not_signed(
    tmp_path: Path, home: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    async def story(work: Working) -> None:
        assert found(work).is_signed
        kept = json.loads(file_of(work).read_text())
        change(kept)
        file_of(work).write_text(json.dumps(kept))
        assert not found(work).is_signed
        assert await state(work) == "not signed"
        standing = work.standing("northlight")
        assert standing.blocked
        assert "Attested to" not in standing.state

    run(tmp_path, home, story)


def test_a_signature_by_another_key_does_not_count_whoever_holds_it(tmp_path: Path, home: Path) -> None:
    async def story(work: Working) -> None:
        signed = found(work).signed
        canonical = signed.attestation.canonical()
        stranger = Ed25519PrivateKey.generate()
        other = await work.session.introduced(OTHER)
        for public, signature in (
            (stranger.public_key().public_bytes_raw(), stranger.sign(canonical)),
            (other.public, other.sign(canonical)),
        ):
            forged = SignedAttestation(
                attestation=signed.attestation, id=signed.id, key=public.hex(), signature=signature.hex()
            )
            file_of(work).write_text(forged.model_dump_json())
            assert not found(work).is_signed
        wider = signed.attestation.model_copy(update={"models": ("*",)})
        key = await work.session.introduced(WRITER)
        again = SignedAttestation(
            attestation=wider, id=signed.id, key=signed.key, signature=key.sign(wider.canonical()).hex()
        )
        file_of(work).write_text(again.model_dump_json())
        assert not found(work).is_signed, "what the record has not seen does not count, whoever signed it"
        file_of(work).write_text(signed.model_dump_json())
        assert found(work).is_signed

    run(tmp_path, home, story)


def test_a_file_that_the_record_does_not_name_is_not_there(tmp_path: Path, home: Path) -> None:
    """Signed by the right person and all: it came from another project, or from before an entry was undone."""

    async def story(work: Working) -> None:
        signed = found(work).signed
        key = await work.session.introduced(WRITER)
        longer = signed.attestation.model_copy(
            update={"until": UNTIL + timedelta(days=200), "host": "api.openai.com", "backend": "openai"}
        )
        free = SignedAttestation(
            attestation=longer, id="free", key=signed.key, signature=key.sign(longer.canonical()).hex()
        )
        (work.folder / "clearance" / "attestations" / "free.json").write_text(free.model_dump_json())
        assert work.attested("openai", "api.openai.com") is None

    run(tmp_path, home, story)


@pytest.mark.parametrize("spoil", ["", "{}", "[" * 100_000, "\xff\x00", "x" * 1_000_000])
def test_an_attestation_that_cannot_be_read_is_not_there_and_breaks_nothing(
    tmp_path: Path, home: Path, spoil: str
) -> None:
    async def story(work: Working) -> None:
        file_of(work).write_bytes(spoil.encode("latin-1"))
        assert work.attested() is None
        assert await state(work) == "not signed"
        assert work.standing("northlight").needs is not None
        file_of(work).unlink()
        assert work.attested() is None

    run(tmp_path, home, story)


def test_changed_or_missing_evidence_counts_as_none(tmp_path: Path, home: Path) -> None:
    async def story(work: Working) -> None:
        path = evidence_of(work)
        assert found(work).has_evidence
        data = path.read_bytes()
        times = path.stat()
        path.write_bytes(data.replace(b"nothing", b"all of!"))
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert not found(work).has_evidence, "a time of modification that was set back hides nothing"
        assert await state(work) == "no evidence"
        path.write_bytes(data)
        assert found(work).has_evidence
        path.unlink()
        assert not found(work).has_evidence
        assert found(work).is_signed

    run(tmp_path, home, story)


def test_an_attestation_ends_and_can_be_taken_back(tmp_path: Path, home: Path) -> None:
    async def story(work: Working) -> None:
        work.clock.go(days=100)
        assert await state(work) == "expired"
        assert work.standing("northlight").state == "Attestation ended 3 Feb 2027"
        again = await work.attest(until=UNTIL + timedelta(days=100))
        assert await state(work) == "valid"
        assert found(work).signed.id == again.attestation, "the newest one speaks"
        taking_back = protocol.RevokeParams(
            attestation=again.attestation, why="The plan changed.", person=OTHER
        )
        await work.hosts.revoke(taking_back)
        assert found(work).revoked
        assert await state(work) == "revoked"
        assert work.standing("northlight").state == "Attestation taken back"
        with pytest.raises(BadInput):
            await work.hosts.revoke(taking_back)

    run(tmp_path, home, story)
    report = verify(tmp_path / "Larkspur.studio" / "ledger.sqlite")
    assert report.ok, report.why


def test_a_clock_that_was_set_back_shuts_the_gate(tmp_path: Path, home: Path) -> None:
    async def story(work: Working) -> None:
        await work.hosts.set_key(protocol.SetKeyParams(backend="northlight", key="k", person=WRITER))
        assert not work.standing("northlight").blocked
        work.clock.go(days=-30)
        assert "clock" in work.standing("northlight").blocked

    run(tmp_path, home, story)


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "https://eu.northlight.example/v1"},
        {"url": "https://api.northlight.example:8443/v1"},
        {"model": "nl-huge"},
        {"type": "openai"},
    ],
)
def test_an_attestation_does_not_follow_a_changed_host_model_or_type(
    tmp_path: Path, home: Path, changes: dict[str, Any]
) -> None:
    async def story(work: Working) -> None:
        assert not work.standing("northlight").blocked
        await work.add(HostSettings.model_validate(NORTHLIGHT.model_dump() | changes))
        assert work.standing("northlight").blocked
        assert work.hosts.described(work.info("northlight")).retention_days is None
        await work.add(NORTHLIGHT)
        assert not work.standing("northlight").blocked

    run(tmp_path, home, story)


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"evidence": "/nowhere/letter.pdf"}, BadInput, "no such file"),
        ({"evidence": "EMPTY"}, BadInput, "empty"),
        ({"evidence": "LARGE"}, BadInput, "50 MB"),
        ({"evidence": "FOLDER"}, BadInput, "no file"),
        ({"until": UNTIL - timedelta(days=90)}, BadInput, "not in the future"),
        ({"until": UNTIL + timedelta(days=400)}, BadInput, "366"),
        ({"backend": "embedded"}, BadInput, "embedded"),
        ({"backend": "stability"}, Refusal, "no way|no terms"),
        ({"person": AUTOMATED}, Refusal, "named person"),
        ({"models": ("qwen:cloud",), "backend": "own"}, Refusal, "qwen:cloud"),
        ({"plan": "two\nlines"}, BadInput, "plan|cannot be made"),
    ],
)
def test_what_nobody_can_answer_for_is_refused(
    tmp_path: Path, home: Path, changes: dict[str, Any], error: type[StudioError], says: str
) -> None:
    empty, large, folder = tmp_path / "empty.txt", tmp_path / "large.bin", tmp_path / "folder"
    empty.write_text(" \n")
    folder.mkdir()
    with large.open("wb") as file:
        file.truncate(MOST_EVIDENCE + 1)
    places = {"EMPTY": str(empty), "LARGE": str(large), "FOLDER": str(folder)}

    async def story(work: Working) -> None:
        await work.add(OWN)
        stability = {"id": "stability", "url": "https://api.stability.ai/v1", "model": "sd"}
        await work.add(HostSettings.model_validate(NORTHLIGHT.model_dump() | stability))
        given = dict(changes)
        if "evidence" in given:
            given["evidence"] = places.get(given["evidence"], given["evidence"])
        with pytest.raises(error, match=says):
            await work.attest(**given)
        assert len(work.bodies("attestation_made")) == 1

    run(tmp_path, home, story)


def test_the_gate_reads_an_attestation_in_a_blink(tmp_path: Path, home: Path) -> None:
    async def story(work: Working) -> None:
        await work.add(OPENAI)
        await work.attest("openai")
        assert found(work).is_signed
        began = time.perf_counter()
        for _ in range(100):
            assert work.attested() is not None
        assert time.perf_counter() - began < 0.2, "2 ms each, at most"

    run(tmp_path, home, story)


def test_a_project_that_was_handed_on_keeps_its_attestations(tmp_path: Path, home: Path) -> None:
    run(tmp_path, home, lambda _work: asyncio.sleep(0))
    moved = tmp_path / "elsewhere"
    shutil.copytree(tmp_path / "Larkspur.studio", moved / "Larkspur.studio")

    async def go() -> None:
        async with working(moved, home) as work:
            attested = found(work)
            assert (attested.is_signed, attested.has_evidence) == (True, True)

    asyncio.run(go())
