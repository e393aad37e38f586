"""A pack handed out of a project: whole or not at all, recorded, and checked by the guide's own steps."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from broker_work import WRITER, Opened, new_project, opened
from keychains import InMemory
from marking_work import a_job, export
from sending_work import send_something
from test_witnessing import make_authority, stamp

from studio_assist import protocol
from studio_assist.broker.keys import Keys
from studio_assist.broker.marking import export_picture
from studio_assist.cli import main
from studio_assist.domain import record
from studio_assist.domain.candidate import State
from studio_assist.domain.errors import BadInput, Refusal, StudioError, Unavailable
from studio_assist.domain.values import EntryNumber
from studio_assist.ledger import Ledger, verify
from studio_assist.paths import resource

EXPORTS = ("Larkspur, day 1.fountain", "Larkspur.pdf", "14C.png")


async def work_in(project: Opened, folder: Path) -> None:
    """Decide, export three kinds of file, and have the record stamped."""
    first, second, _ = project.offer("It breathes.", "Somebody is there.", "Listen.")
    await project.present(first)
    decided = await project.decide(first)
    await project.save(decided, first.text)
    await project.present(second)
    await project.decide(second, State.REJECTED)
    await project.broker.session.ready(WRITER)
    send_something(project.broker.session, WRITER)
    for name in EXPORTS[:2]:
        await export(project, folder / name)
    await export_picture(project.broker.session, a_job(folder / EXPORTS[2]), project.events.append)
    if shutil.which("openssl"):
        authority = make_authority(folder / "authority")
        request, answer = folder / "r.tsq", folder / "r.tsr"
        out = protocol.WitnessOutParams(out=str(request), person=WRITER)
        await project.broker.handle(protocol.WITNESS_OUT, out)
        stamp(authority, request, answer)
        root = str(authority / "root.pem")
        taken = protocol.WitnessInParams(file=str(answer), person=WRITER, authority=root)
        await project.broker.handle(protocol.WITNESS_IN, taken)


def entry_of(ledger: Ledger, kind: str) -> EntryNumber:
    return ledger.entries(type=kind, limit=1)[0].number


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a project, its exports, and the pack of it. Nobody has the project open."""
    folder = tmp_path_factory.mktemp("handed-out")

    async def make() -> None:
        await new_project(folder / "Larkspur.studio")
        async with opened(folder / "Larkspur.studio", keys=Keys(InMemory())) as project:
            await work_in(project, folder)
            candidate = entry_of(project.broker.session.ledger, "candidate")
            params = protocol.PackParams(
                out=str(folder / "pack"),
                disclose=(candidate,),
                files=tuple(str(folder / name) for name in EXPORTS),
                person=WRITER,
            )
            await project.broker.handle(protocol.PACK, params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_ASSIST_HOME", str(folder / "home"))
        asyncio.run(make())
    return folder


# The guide -----------------------------------------------------------------------------------------------

GUIDE = resource("pack", "GUIDE.txt").read_text(encoding="ascii")
PROGRAMS = ("sqlite3", "sha256sum", "openssl", "exiftool", "xxd", "base64", "python3", "bash")


def steps() -> dict[int, str]:
    """The commands of each numbered step, as they stand in the guide."""
    found = re.split(r"^(\d+)\. ", GUIDE, flags=re.MULTILINE)[1:]
    told = zip(found[::2], found[1::2], strict=True)
    return {
        int(number): "\n".join(line[4:] for line in text.splitlines() if line.startswith("    "))
        for number, text in told
    }


def same(lines: list[str]) -> bool:
    return len(lines) == 2 and lines[0] == lines[1] and re.fullmatch("[0-9a-f]{64}", lines[0]) is not None


EXPECTED: dict[int, Callable[[list[str]], bool]] = {
    1: lambda lines: json.loads(lines[0])["body"]["type"] in {"candidate", "decision", "policy_chosen"},
    2: lambda lines: len(lines) > 10 and all(line.endswith(": OK") for line in lines),
    3: lambda lines: lines == ["1", "1", "1"],
    4: lambda lines: (
        sum("/trainedAlgorithmicMedia" in line for line in lines) == 1
        and sum("/compositeWithTrainedAlgorithmicMedia" in line for line in lines) == 1
    ),
    5: same,
    6: same,
    7: same,
    8: lambda lines: lines == ["Signature Verified Successfully"],
    9: lambda lines: lines == ["Signature Verified Successfully"],
    10: same,
    11: lambda lines: lines == ["Verification: OK"],
    12: lambda lines: (
        len(lines) == 1 and "|512 bytes|https://api.northlight.example|send_approved|" in lines[0]
    ),
    13: lambda lines: lines == ["found"],
    14: lambda lines: lines == ["found"],
    15: lambda lines: lines == ["found"],
    16: lambda lines: lines == ["found"],
}


def test_every_step_of_the_guide_is_run_here():
    assert list(steps()) == list(EXPECTED)


@pytest.mark.parametrize("step", EXPECTED)
@pytest.mark.parametrize("which", ["the first", "a decision"])
def test_a_step_of_the_guide_by_hand(handed_out, tmp_path, step, which):
    written = steps()
    missing = [
        name
        for name in PROGRAMS
        if re.search(rf"\b{name}\b", written[1] + written[step]) and not shutil.which(name)
    ]
    if missing or not shutil.which("bash"):
        pytest.skip(f"the step needs {', '.join(missing or ['bash'])}, which this machine does not have")
    pack = Path(shutil.copytree(handed_out / "pack", tmp_path / "pack"))
    env = os.environ | {"LEDGER": str(handed_out / "Larkspur.studio" / "ledger.sqlite")}
    with Ledger.open(
        handed_out / "Larkspur.studio" / "ledger.sqlite", read_only=True, at_rest=True
    ) as ledger:
        decision = entry_of(ledger, "decision")
    if which == "a decision":
        env["N"] = str(decision)
    elif step == 9:
        # The guide says so: the first is what nobody signed, from before there was a key, or a model's offer.
        return
    before = {file: file.read_bytes() for file in pack.rglob("*") if file.is_file()}
    begin = "" if step == 1 else f"({written[1]}) >/dev/null\n{written[1]}\necho ---\n"
    done = subprocess.run(
        ["bash", "-c", f"set -e\n{begin}{written[step]}"], cwd=pack, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    lines = (done.stdout.split("---\n")[-1] + done.stderr * (step == 11)).splitlines()
    lines = [line for line in lines if not line.startswith("Using configuration from")]
    assert EXPECTED[step](lines), done.stdout + done.stderr
    assert {file: file.read_bytes() for file in pack.rglob("*") if file.is_file()} == before


def test_the_script_that_comes_with_it_says_that_all_holds(handed_out):
    command = [sys.executable, "-I", "-S", str(handed_out / "pack" / "verify.py")]
    done = subprocess.run(command, cwd="/", env={}, capture_output=True, text=True)
    assert done.returncode == (0 if shutil.which("openssl") else 3), done.stdout + done.stderr
    assert verify(handed_out / "pack").ok


# The record ----------------------------------------------------------------------------------------------


def test_the_pack_is_recorded_after_it_and_the_record_goes_on(handed_out):
    path = handed_out / "Larkspur.studio" / "ledger.sqlite"
    manifest = (handed_out / "pack" / "manifest.json").read_bytes()
    with Ledger.open(path, read_only=True, at_rest=True) as ledger:
        (entry,) = ledger.entries(type="pack_made")
        body = entry.body
        assert isinstance(body, record.PackMade)
        assert body.manifest == sha256(manifest).hexdigest()
        assert (body.size, body.root) == (entry.number - 1, ledger.root_at(entry.number - 1))
        assert body.disclosed == (entry_of(ledger, "candidate"),)
        assert ledger.signature(entry.number) is not None
        checkpoint = ledger.last_checkpoint()
        assert checkpoint is not None
        assert checkpoint.size >= entry.number
    assert verify(path).ok


def test_no_words_go_along_but_those_that_were_named(handed_out):
    whole = b"".join(file.read_bytes() for file in (handed_out / "pack").glob("*.json*"))
    assert b"It breathes." in whole
    assert b"Somebody is there." not in whole
    assert b"breathing" not in whole


def test_what_a_pack_would_hold_is_told_before(handed_out):
    async def run() -> None:
        async with opened(handed_out / "Larkspur.studio", read_only=True) as project:
            look = await project.broker.handle(protocol.PACK_LOOK, protocol.Nothing())
            assert look.entries == project.broker.session.ledger.size
            assert set(look.exported) == set(EXPORTS)
            assert look.checkpoints >= 1
            assert look.certificates == 1
            words = {text.words for text in look.texts}
            assert {"It breathes.", "Somebody is there.", "Listen."} <= words
            assert "Who worked on it: R. Okafor." in look.discloses
            assert any("https://api.northlight.example" in sentence for sentence in look.discloses)
            assert "No words of the script, of a question or of a candidate." in look.discloses

    asyncio.run(run())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"disclose": (EntryNumber(9999),)}, "no entry 9999"),
        ({"disclose": (EntryNumber(1),)}, "Entry 1 has no text"),
        ({"out": "Fresh.studio/pack"}, "does not go into the project's own folder"),
        ({"out": "taken"}, "something in that place"),
        ({"files": ("stranger.pdf",)}, "stranger.pdf is not a file that this record names"),
        ({"files": ("nowhere.pdf",)}, "no such file"),
    ],
)
def test_what_cannot_be_handed_out_is_refused_and_nothing_is_left(fresh, tmp_path, changes, says):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("x")
    (tmp_path / "stranger.pdf").write_text("x")
    before = sorted(path.name for path in tmp_path.iterdir())
    changes = {
        name: tuple(str(tmp_path / file) for file in value) if name == "files" else value
        for name, value in changes.items()
    }

    async def run() -> None:
        async with opened(fresh) as project:
            out = str(tmp_path / changes.pop("out", "pack"))
            params = protocol.PackParams(out=out, person=WRITER, **changes)
            with pytest.raises(BadInput) as refused:
                await project.broker.handle(protocol.PACK, params)
            assert says in refused.value.message
            assert "pack_made" not in project.types()

    asyncio.run(run())
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_pack_that_is_stopped_or_cannot_be_recorded_is_not_there(fresh, tmp_path, monkeypatch):
    params = protocol.PackParams(out=str(tmp_path / "pack"), person=WRITER)

    async def run() -> None:
        async with opened(fresh) as project:
            making = asyncio.create_task(project.broker.handle(protocol.PACK, params))
            await asyncio.sleep(0)
            with pytest.raises(Refusal):
                await project.broker.handle(protocol.PACK, params)
            await project.broker.handle(protocol.STOP_PACK, protocol.Nothing())
            with pytest.raises(Unavailable, match="stopped"):
                await making
            assert "pack_made" not in project.types()
            session = project.broker.session
            append = session.append

            def full(body, **more):
                if isinstance(body, record.PackMade):
                    raise Unavailable("The disk is full.", remedy="Free some space.")
                return append(body, **more)

            monkeypatch.setattr(session, "append", full)
            with pytest.raises(Unavailable, match="disk is full"):
                await project.broker.handle(protocol.PACK, params)
            # A window that goes away in the middle takes the pack with it.
            monkeypatch.setattr(session, "append", append)
            making = asyncio.create_task(project.broker.handle(protocol.PACK, params))
            # It has begun and cannot have ended: a pause by the clock would let a fast machine finish it.
            for _ in range(3):
                await asyncio.sleep(0)
            making.cancel()
            with pytest.raises((asyncio.CancelledError, StudioError)):
                await making

    asyncio.run(run())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Fresh.studio"]


def test_the_command_line_makes_a_pack_and_checks_it(fresh, tmp_path, capsys):
    assert main(["ledger", "pack", str(fresh), "--out", str(tmp_path / "pack"), "--by", "J. Lind"]) == 0
    said = capsys.readouterr()
    assert "The project's title: Larkspur." in said.out
    assert "No words of the script" in said.out
    assert main(["ledger", "verify", str(tmp_path / "pack"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"]
    assert found["checkpoint"]["size"] == found["size"]
    assert main(["ledger", "pack", str(fresh), "--out", str(tmp_path / "pack")]) == 2
    with (tmp_path / "pack" / "entries.jsonl").open("ab") as file:
        file.write(b"{}\n")
    assert main(["ledger", "verify", str(tmp_path / "pack")]) == 1
