"""Hosts are set up by named persons; a key goes to the address that it was given for, and nowhere else."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from broker_work import WRITER
from hosts_work import KEY, NORTHLIGHT, OPENAI, OWN, working
from keychains import Forgetful, Hanging, InMemory, Locked, Missing

from studio_assist import protocol
from studio_assist.broker.keys import Backend
from studio_assist.cli import main
from studio_assist.domain.errors import BadInput, Refusal, Unavailable
from studio_assist.domain.generation import HostSettings
from studio_assist.storage.hosts_file import HostsFile


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def with_url(settings: HostSettings, url: str, **more: Any) -> HostSettings:
    return HostSettings.model_validate(settings.model_dump() | {"url": url} | more)


def set_key(backend: str, key: str | None) -> protocol.SetKeyParams:
    return protocol.SetKeyParams(backend=backend, key=key, person=WRITER)


# the file ------------------------------------------------------------------------------------------------


def test_comments_and_hosts_that_a_person_wrote_stay(tmp_path: Path) -> None:
    path = tmp_path / "backends.toml"
    path.write_text(
        '# Ours.\nformat_version = 1\n\n# The contract is in the safe.\n[[backend]]\nid = "own"\n'
        'type = "openai-compatible"  # llama.cpp\nurl = "http://127.0.0.1:8080/v1"\nmodel = "old"\n'
    )
    file = HostsFile(tmp_path)
    routed = with_url(
        NORTHLIGHT, "https://openrouter.ai/api/v1", fields={"provider.zdr": True, "provider.only": ("a", "b")}
    )
    file.put(OWN)
    file.put(routed)
    text = path.read_text()
    assert "# The contract is in the safe." in text
    assert "# llama.cpp" in text
    assert HostsFile(tmp_path).load() == file.load() == (OWN, routed)
    file.remove("own")
    assert HostsFile(tmp_path).load() == (routed,)
    assert "# Ours." in path.read_text()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("format_version = 1\n[[backend]\n", "line 2"),
        ("format_version = 2\n", "format 2"),
        ("[[backend]]\n", "format None"),
        ("format_version = 1\nkeys = 1\n", "'keys'"),
        ('format_version = 1\n[[backend]]\nid = "a"\n', "host 1, type"),
        ('format_version = 1\n[[backend]]\nid = "a"\ntype = "x"\nurl = "https://a/v1"\nkey = "s"\n', "key"),
        ('format_version = 1\n[[backend]]\nid = "a"\ntype = "x"\nurl = "https://a:0443/v1"\n', "port"),
        ('format_version = 1\n[[backend]]\nid = "a"\ntype = "x"\nurl = "http://127.1/v1"\n', "address"),
        ('format_version = 1\n[[backend]]\nid = "a"\ntype = "x"\nurl = "https://a/v1/../x"\n', "leads up"),
        (
            "format_version = 1\n" + '[[backend]]\nid = "a"\ntype = "x"\nurl = "https://a/v1"\n' * 2,
            "another one has",
        ),
    ],
)
def test_a_bad_file_says_what_is_wrong_and_where(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "backends.toml").write_text(text)
    with pytest.raises(BadInput) as told:
        HostsFile(tmp_path).load()
    assert says in told.value.message
    assert told.value.place == str(tmp_path / "backends.toml")


def test_a_bad_file_takes_no_other_backend_along_and_is_not_written_over(tmp_path: Path, home: Path) -> None:
    async def go() -> None:
        async with working(tmp_path, home) as work:
            await work.add(OWN, for_project=False)
            (work.folder / "backends.toml").write_text("format_version = 1\n[[backend]\n")
            work.forget()
            assert work.info("embedded").id == "embedded"
            assert work.info("own").host == "127.0.0.1:8080"
            (problem,) = work.hosts.problems()
            assert problem.place == str(work.folder / "backends.toml")
            with pytest.raises(BadInput, match="line 2"):
                await work.add(NORTHLIGHT)

    run(go())


# setting up and taking away --------------------------------------------------------------------------------


def test_a_host_is_added_recorded_and_taken_away_with_its_key(tmp_path: Path, home: Path) -> None:
    keychain = InMemory()

    async def go() -> None:
        async with working(tmp_path, home, keychain=keychain) as work:
            added = await work.add(NORTHLIGHT, f" {KEY}\n")
            assert (added.info.id, added.info.host, added.info.where) == (
                "northlight",
                "api.northlight.example",
                "outside",
            )
            assert "keychain" in added.key_note
            assert await work.hosts.key_of("northlight") == KEY
            (body,) = work.bodies("backend_added")
            assert (body.host, body.kind, body.model, body.where) == (
                "api.northlight.example",
                "openai-compatible",
                "nl-large",
                "outside",
            )
            assert [item for item in keychain.items if "northlight" in item[1]]
            await work.hosts.remove_backend(protocol.RemoveBackendParams(backend="northlight", person=WRITER))
            assert not [item for item in keychain.items if "northlight" in item[1]]
            assert await work.hosts.key_of("northlight") is None
            assert [body.backend for body in work.bodies("backend_removed")] == ["northlight"]
            with pytest.raises(BadInput):
                work.info("northlight")

    run(go())


def test_the_projects_host_wins_over_the_users_own_of_its_id(tmp_path: Path, home: Path) -> None:
    async def go() -> None:
        async with working(tmp_path, home) as work:
            await work.add(NORTHLIGHT, for_project=False)
            await work.add(with_url(NORTHLIGHT, "https://eu.northlight.example/v1"))
            assert work.info("northlight").host == "eu.northlight.example"
            removing = protocol.RemoveBackendParams(backend="northlight", person=WRITER)
            await work.hosts.remove_backend(removing)
            assert work.info("northlight").host == "api.northlight.example"
            # The record was told that it is gone, and is not told again.
            await work.hosts.remove_backend(removing)
            assert len(work.bodies("backend_removed")) == 1
            assert not work.hosts.settings()

    run(go())


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"id": "embedded"}, BadInput, "already"),
        ({"type": "telepathy"}, BadInput, "'telepathy'"),
        ({"url": "http://api.northlight.example/v1"}, BadInput, "not encrypted"),
        ({"url": "https://api.northlight.example:70000/v1"}, BadInput, "port"),
        ({"url": "http://127.0.0.1:11434/v1", "model": "qwen3:480b-cloud"}, Refusal, "refused"),
        ({"url": "https://openrouter.ai/api/v1", "model": "x/y:free"}, Refusal, "refused"),
        ({"model": "two\nlines"}, BadInput, "one line"),
        ({"key_env": "NORTHLIGHT_KEY"}, BadInput, "NORTHLIGHT_KEY"),
    ],
)
def test_what_cannot_be_set_up_is_refused_and_leaves_nothing(
    tmp_path: Path, home: Path, changes: dict[str, Any], error: type[Exception], says: str
) -> None:
    async def go() -> None:
        keychain = InMemory()
        async with working(tmp_path, home, keychain=keychain) as work:
            settings = HostSettings.model_validate(NORTHLIGHT.model_dump() | changes)
            with pytest.raises(error, match=says) as told:
                await work.add(settings, KEY)
            assert KEY not in str(told.value)
            assert not (work.folder / "backends.toml").exists()
            assert not work.bodies("backend_added")
            assert not [item for item in keychain.items if item[1].startswith("backend/")]
            assert [info.id for info in work.made().infos() if not info.stays_here] == []

    run(go())


# keys ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["", "two words", "two\nlines", "schlüssel", "k" * 513, "tab\tbed"])
def test_what_is_no_key_is_not_taken_and_not_said_again(tmp_path: Path, home: Path, key: str) -> None:
    async def go() -> None:
        async with working(tmp_path, home) as work:
            await work.add(NORTHLIGHT)
            with pytest.raises(BadInput) as told:
                await work.hosts.set_key(set_key("northlight", key))
            assert not key or key not in str(told.value)

    run(go())


@pytest.mark.parametrize(
    ("keychain", "why"), [(Missing(), "no keychain"), (Locked(), "locked"), (Forgetful(), "did not keep")]
)
def test_without_a_keychain_the_key_ends_with_the_session_and_says_so(
    tmp_path: Path, home: Path, keychain: Backend, why: str
) -> None:
    async def go() -> None:
        async with working(tmp_path, home, keychain=keychain) as work:
            await work.add(NORTHLIGHT)
            told = await work.hosts.set_key(set_key("northlight", KEY))
            assert not told.kept
            assert why in told.note
            assert "until the program ends" in told.note
            assert await work.hosts.key_of("northlight") == KEY
            assert work.standing("northlight").has_key
        async with working(tmp_path, home, keychain=keychain) as work:
            assert work.info("northlight")
            assert await work.hosts.key_of("northlight") is None

    run(go())


def test_a_keychain_that_hangs_costs_its_limit_once(tmp_path: Path, home: Path) -> None:
    async def go() -> None:
        keychain = Hanging()
        async with working(tmp_path, home, keychain=keychain, limit_s=0.2) as work:
            async with asyncio.timeout(3):
                added = await work.add(NORTHLIGHT, KEY)
                assert "in time" in added.key_note
                assert await work.hosts.key_of("northlight") == KEY
            keychain.let_go.set()
        assert not [item for item in keychain.items if item[1].startswith("backend/")]

    run(go())


def test_a_key_never_follows_an_edited_address(tmp_path: Path, home: Path) -> None:
    """Whoever can edit the project's file must not have the key sent to a host of theirs."""

    async def go() -> None:
        async with working(tmp_path, home) as work:
            await work.add(NORTHLIGHT, KEY)
            file = work.folder / "backends.toml"
            good = file.read_text()
            keys = work.hosts.keys_for(work.hosts.settings())
            for url in (
                "https://api.northlight.example.evil.example/v1",
                "https://api.northlight.example:8443/v1",
                "http://api.northlight.example/v1",
            ):
                file.write_text(good)
                work.forget()
                assert work.info("northlight")
                file.write_text(good.replace(NORTHLIGHT.url, url))
                assert await work.hosts.key_of("northlight") == KEY, "the backends still have the old address"
                work.forget()
                assert work.info("northlight").host == HostsFile(work.folder).load()[0].authority
                assert await work.hosts.key_of("northlight") is None
                assert not work.standing("northlight").has_key
                assert await keys("northlight") == KEY
            # And a key that is given for the new address does not go to a request that has the old one.
            await work.hosts.set_key(set_key("northlight", "another-key"))
            assert await work.hosts.key_of("northlight") == "another-key"
            assert await keys("northlight") == KEY

    run(go())


def test_a_variable_holds_a_key_only_where_a_person_here_named_it(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NORTHLIGHT_KEY", KEY)
    monkeypatch.setenv("CLOUD_SECRET", "not-yours")
    named = with_url(NORTHLIGHT, NORTHLIGHT.url, key_env="NORTHLIGHT_KEY")

    async def go() -> None:
        async with working(tmp_path, home) as work:
            await work.add(named)
            assert work.standing("northlight").has_key
            assert await work.hosts.key_of("northlight") == KEY
            with pytest.raises(BadInput, match="NORTHLIGHT_KEY"):
                await work.hosts.set_key(set_key("northlight", "other"))
            file = work.folder / "backends.toml"
            for old, new in (("NORTHLIGHT_KEY", "CLOUD_SECRET"), ("northlight.example", "evil.example")):
                good = file.read_text()
                file.write_text(good.replace(old, new))
                work.forget()
                assert work.info("northlight")
                assert await work.hosts.key_of("northlight") is None
                file.write_text(good)
            monkeypatch.setenv("NORTHLIGHT_KEY", "two words")
            work.forget()
            assert work.info("northlight")
            with pytest.raises(BadInput) as told:
                await work.hosts.key_of("northlight")
            assert "two words" not in str(told.value)

    run(go())


def test_no_key_is_in_any_file_log_error_or_repr(
    tmp_path: Path, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def go() -> None:
        for keychain in (InMemory(), Missing()):
            async with working(tmp_path, home, keychain=keychain) as work:
                added = await work.add(NORTHLIGHT, KEY)
                kept = await work.hosts.set_key(set_key("northlight", KEY))
                await work.attest()
                assert KEY not in repr((work.hosts, vars(work.hosts), added, kept, work.made()))
                params = protocol.AddBackendParams(settings=NORTHLIGHT, key=KEY, person=WRITER)
                assert KEY not in repr((params, set_key("northlight", KEY)))

    run(go())
    files = [path for folder in (home, tmp_path) for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 5
    assert not [path for path in files if KEY.encode() in path.read_bytes()]
    assert KEY not in caplog.text


# what lists say ----------------------------------------------------------------------------------------------


def badges(standing: protocol.Standing) -> list[tuple[str, str]]:
    return [(badge.text, badge.tone) for badge in standing.badges]


def test_lists_say_what_each_backend_does_with_data(tmp_path: Path, home: Path) -> None:
    async def go() -> None:
        async with working(tmp_path, home) as work:
            await work.add(OPENAI)
            await work.add(NORTHLIGHT, KEY)
            await work.add(OWN)
            await work.add(with_url(OWN, "http://render.lan:8000/v1", id="farm"))
            here = work.standing("embedded")
            assert badges(here) == [("Nothing leaves", "plain")]
            openai = work.standing("openai")
            assert (openai.state, openai.needs) == ("No key", "key")
            assert badges(openai) == [("Off machine", "plain"), ("30 days kept, blocked", "bad")]
            north = work.standing("northlight")
            assert (north.state, north.needs, north.has_key) == ("No attestation", "attestation", True)
            assert "attest" in north.blocked.lower() or "known" in north.blocked
            own = work.standing("own")
            assert badges(own) == [("On this machine", "plain"), ("Not attested, blocked", "bad")]
            described = work.hosts.described(work.info("openai"))
            assert (described.retention_days, described.trains) == (30, False)
            described = work.hosts.described(work.info("northlight"))
            assert (described.retention_days, described.trains) == (None, None)
            for backend in ("openai", "northlight", "own", "farm"):
                await work.attest(backend)
            north = work.standing("northlight")
            assert (north.state, north.needs, north.blocked) == ("Attested to 3 Feb 2027", None, "")
            assert badges(north) == [("Off machine, asks first", "plain"), ("0 days kept", "plain")]
            assert work.standing("openai").needs == "key"
            assert badges(work.standing("own"))[0] == ("On this machine, asks first", "plain")
            assert badges(work.standing("farm"))[0] == ("Studio network, asks first", "plain")
            described = work.hosts.described(work.info("northlight"))
            assert (described.retention_days, described.trains) == (0, False)

    run(go())


def test_a_strict_policy_blocks_attested_hosts_too(tmp_path: Path, home: Path) -> None:
    async def go() -> None:
        async with working(tmp_path, home) as work:
            await work.add(NORTHLIGHT, KEY)
            await work.attest()
            info = work.session.folder.info.model_copy(update={"policy": "local-only"})
            work.session.folder.save_info(info)
            standing = work.standing("northlight")
            assert "local-only" in standing.blocked or "does not allow" in standing.blocked
            assert badges(standing) == [("Off machine", "plain"), ("0 days kept, blocked", "bad")]

    run(go())


def test_a_card_is_told_in_plain_words(tmp_path: Path, home: Path) -> None:
    async def go() -> None:
        async with working(tmp_path, home) as work:
            seen = await work.hosts.describe_host(
                protocol.HostParams(url="https://api.openai.com/v1", type="openai")
            )
            (terms,) = seen.card.terms
            assert (terms.retention, terms.required) == ("Kept 30 days", ("store: false",))
            assert terms.can_be_attested
            assert seen.longest == work.clock().astimezone().date() + timedelta(days=366)
            gone = await work.hosts.describe_host(protocol.HostParams(url="https://api.stability.ai/v1"))
            assert not any(one.can_be_attested for one in gone.card.terms)
            for url in ("ftp://x", "https://a b/v1", "https://user@host/v1", "https://api..x/v1"):
                with pytest.raises(BadInput):
                    await work.hosts.describe_host(protocol.HostParams(url=url))

    run(go())


# servers on this machine -------------------------------------------------------------------------------------


def test_servers_on_this_machine_are_found_and_their_cloud_models_left_out(
    tmp_path: Path, home: Path
) -> None:
    listed = [
        {"name": "qwen3:8b"},
        {"name": "gpt-oss:120b-cloud"},
        {"name": "kimi:cloud"},
        {"name": "mine", "remote_host": "https://ollama.com"},
        {"name": "bad\u202ename"},
        {"name": "x" * 500},
        {"name": 7},
        "no table",
    ]

    async def go() -> None:
        async with working(tmp_path, home) as work:
            await work.add(OWN)
            work.answers = {
                (11434, "/api/tags"): json.dumps({"models": listed}).encode(),
                (8080, "/health"): b'{"status":"ok"}',
                (8000, "/v1/models"): b'{"data":' + b"[" * 100_000,
                (1234, "/v1/models"): b'{"data":[' + b'{"id":"m"},' * 200_000 + b'{"id":"m"}]}',
                (8188, "/system_stats"): b"<html>",
                (7860, "/sdapi/v1/options"): b'{"sd_model_checkpoint":"x"}',
            }
            found = {server.kind: server for server in await work.hosts.look_around()}
            assert found["Ollama"].models == ("qwen3:8b",)
            assert (found["Ollama"].url, found["Ollama"].type) == (
                "http://127.0.0.1:11434/v1",
                "openai-compatible",
            )
            assert found["llama.cpp"].running
            assert found["llama.cpp"].backend == "own"
            running = {kind for kind, server in found.items() if server.running}
            assert running == {"Ollama", "llama.cpp", "Stable Diffusion web UI"}
            assert (found["Stable Diffusion web UI"].type, found["Stable Diffusion web UI"].models) == (
                "a1111",
                ("x",),
            )

    run(go())


def test_a_server_that_drips_holds_nobody_up_for_more_than_its_second(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio_assist.broker.found_servers.LIMIT_S", 0.1)

    async def drip(port: int, _path: str) -> bytes | None:
        if port == 8188:
            raise RuntimeError("hostile")
        await asyncio.sleep(30)
        return None

    async def go() -> None:
        async with working(tmp_path, home) as work:
            work.look = drip  # pyright: ignore[reportAttributeAccessIssue]
            work.hosts._look = drip  # pyright: ignore
            async with asyncio.timeout(2):
                assert not [server for server in await work.hosts.look_around() if server.running]

    run(go())


# the command line --------------------------------------------------------------------------------------------


def command(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any, str]:
    code = main([*map(str, arguments), "--json"])
    told = capsys.readouterr()
    return code, json.loads(told.out), told.err


def test_a_host_is_added_attested_and_removed_on_the_command_line(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, letter = tmp_path / "P.studio", tmp_path / "letter.txt"
    letter.write_text("Nothing is kept.")
    command(capsys, "new", project, "--title", "P")
    add = ("backend", "add", project, "--id", "northlight", "--type", "openai-compatible", "--model", "nl")
    host = ("--host", NORTHLIGHT.url)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{KEY}\n"))
    code, added, notes = command(capsys, *add, *host, "--key", "-")
    assert (code, added["id"], added["where"], added["ready"], added["why"]) == (
        0,
        "northlight",
        "outside",
        True,
        None,
    )
    assert not added["has_key"], "no keychain keeps it here, and the command ends"
    assert "--key-env" in notes
    assert KEY not in notes
    code, told, notes = command(capsys, *add, *host, "--key", KEY)
    assert (code, told["error"]["kind"]) == (2, "bad_input")
    assert KEY not in json.dumps(told) + notes
    attest = ("attest", project, "--backend", "northlight", "--evidence", letter, "--by", "M. Castellan")
    until = (datetime.now().astimezone().date() + timedelta(days=60)).isoformat()
    code, done, _ = command(capsys, *attest, "--until", until)
    assert code == 0
    assert done["attestation"].startswith("northlight-")
    assert (project / "clearance" / "attestations" / f"{done['attestation']}.json").is_file()
    assert isinstance(done["entry"], int)
    code, told, _ = command(capsys, *attest, "--until", "tomorrow")
    assert (code, told["error"]["kind"]) == (2, "bad_input")
    code, _, _ = command(capsys, "backends", "--project", project)
    assert code == 0
    code, _, _ = command(capsys, "backend", "remove", project, "--id", "northlight")
    assert code == 0
    code, told, _ = command(capsys, "backend", "remove", project, "--id", "northlight")
    assert code == 2
    code, _, _ = command(capsys, "ledger", "verify", project)
    assert code == 0


def test_a_key_that_a_locked_keychain_may_still_hold_is_told(tmp_path: Path, home: Path) -> None:
    async def go() -> None:
        async with working(tmp_path, home, keychain=Locked()) as work:
            await work.add(NORTHLIGHT)
            with pytest.raises(Unavailable, match="may still be there"):
                await work.hosts.remove_backend(
                    protocol.RemoveBackendParams(backend="northlight", person=WRITER)
                )
            assert not work.hosts.settings()

    run(go())
