"""A project's files: byte for byte, never over what someone else wrote, and damage is set aside."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
import storage_work

from studio_assist.domain.errors import BadInput, Conflict, Damaged, StudioError, Unavailable
from studio_assist.domain.people import new_person
from studio_assist.domain.temp import TempFile, TempSpan
from studio_assist.storage import atomic
from studio_assist.storage.journal import Journal
from studio_assist.storage.project import PREVIOUS_VERSIONS, ProjectFolder, ProjectInfo, ScriptChanged


@pytest.fixture
def project(tmp_path):
    return ProjectFolder.create(tmp_path / "Larkspur.studio", title="Larkspur", script=b"INT. LAMP ROOM\n")


def span(start: int = 0) -> TempSpan:
    return TempSpan(
        id="t7",
        entry=7,
        request="r",
        candidate="c",
        task="alt-lines",
        person="p",
        person_name="R. Okafor",
        at=datetime(2026, 3, 2, tzinfo=UTC),
        outcome="edited",
        model="SmolLM2-135M on this machine",
        start=start,
        length=4,
        quote="ab" * 32,
        edited=0.38,
    )


def test_a_project_is_the_folder_that_was_promised_and_opens_again(project):
    found = sorted(file.name for file in project.path.iterdir())
    assert found == [
        "boards.json",
        "clearance",
        "media",
        "names.toml",
        "project.toml",
        "recovery",
        "script.fountain",
        "temp.json",
    ]
    again = ProjectFolder.open(project.path)
    assert again.info == project.info
    assert again.info.policy == "stays-here"
    assert again.read_script()[0] == b"INT. LAMP ROOM\n"
    assert again.load_temp(TempFile) == TempFile()


def test_info_is_saved_beside_a_persons_own_comments(project):
    file = project.path / "project.toml"
    file.write_text("# ours, ask Jo\n" + file.read_text() + 'studio_code = "L-12"\n')
    info = ProjectFolder.open(project.path).info
    people = (new_person("R. Okafor"),)
    changed = {"title": "Larkspur II", "frame_rate": 23.976, "people": people}
    project.save_info(info.model_copy(update=changed))
    text = file.read_text()
    assert "# ours, ask Jo" in text
    assert 'studio_code = "L-12"' in text
    again = ProjectFolder.open(project.path).info
    assert (again.title, again.frame_rate, again.people) == ("Larkspur II", 23.976, people)


def test_a_place_that_is_taken_is_left_alone(tmp_path, project):
    for taken in (project.path, project.script_path, project.script_path / "below"):
        with pytest.raises(BadInput):
            ProjectFolder.create(taken, title="Other")
    (tmp_path / "empty").mkdir()
    ProjectFolder.create(tmp_path / "empty", title="Other")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["Larkspur.studio", "empty"]
    with pytest.raises(BadInput):
        ProjectFolder.create(tmp_path / "odd", title="Other", aspect="wide")


def test_a_full_disk_leaves_no_half_of_a_new_project(tmp_path, monkeypatch):
    def full(_handle, _data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(Unavailable, match="disk is full"):
        ProjectFolder.create(tmp_path / "new", title="New", script=b"words")
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []


def test_any_bytes_come_back_byte_for_byte(project):
    line = "MARA\r\nWe hold – é \u2028 \u0085 the light.\r\n\n\r".encode()
    script = b"\xef\xbb\xbf" + line * (2_000_000 // len(line)) + b"\xff\xfe\x00 no newline"
    _, stamp = project.read_script()
    project.save_script(script, stamp)
    assert project.read_script()[0] == script
    assert project.previous_scripts()[-1].read_bytes() == b"INT. LAMP ROOM\n"


def test_a_script_that_changed_on_disk_is_not_written_over(project):
    _, stamp = project.read_script()
    project.script_path.write_bytes(b"theirs")
    with pytest.raises(Conflict) as changed:
        project.save_script_and_temp(b"mine", TempFile(spans=(span(),)), stamp)
    assert isinstance(changed.value, ScriptChanged)
    assert changed.value.theirs == project.script_path.read_bytes() == b"theirs"
    assert project.load_temp(TempFile) == TempFile()
    copy = project.save_copy(b"mine")
    assert copy.parent == project.path
    assert copy.read_bytes() == b"mine"
    assert project.save_copy(b"mine") != copy
    # Keeping one's own leaves theirs among the previous versions.
    project.save_script(b"mine", changed.value.stamp)
    assert project.script_path.read_bytes() == b"mine"
    assert project.previous_scripts()[-1].read_bytes() == b"theirs"


def test_a_change_while_the_script_is_being_written_is_noticed(project, monkeypatch):
    _, stamp = project.read_script()
    stage = atomic._stage

    def meanwhile(target, data):
        if target == project.script_path.resolve():
            project.script_path.write_bytes(b"theirs")
        return stage(target, data)

    monkeypatch.setattr(atomic, "_stage", meanwhile)
    with pytest.raises(ScriptChanged):
        project.save_script_and_temp(b"mine", TempFile(spans=(span(),)), stamp)
    assert project.script_path.read_bytes() == b"theirs"
    assert project.load_temp(TempFile) == TempFile()


def test_a_touched_script_and_a_deleted_one_can_be_saved(project):
    data, stamp = project.read_script()
    os.utime(project.script_path, (1, 1))
    stamp = project.save_script(data + b"more", stamp)
    project.script_path.unlink()
    assert project.script_stamp() is None
    project.save_script(b"again", stamp)
    assert project.read_script()[0] == b"again"


def test_a_writer_may_delete_everything_and_get_it_back(project):
    stamp = project.save_script(b"", project.script_stamp())
    assert project.read_script()[0] == b""
    for number in range(PREVIOUS_VERSIONS + 5):
        stamp = project.save_script(f"draft {number}".encode(), stamp)
    assert len(project.previous_scripts()) == PREVIOUS_VERSIONS


def test_temp_spans_come_back_as_they_were(project):
    file = TempFile(spans=(span(3), span(40)))
    project.save_script_and_temp(b"words", file, project.script_stamp())
    assert project.load_temp(TempFile) == file


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"version": 1, "spans": [{"id": 1}]}'])
def test_a_damaged_temp_file_is_set_aside_and_not_deleted(project, content):
    project.temp_path.write_bytes(content)
    with pytest.raises(Damaged) as damaged:
        project.load_temp(TempFile)
    copies = list(project.path.glob("temp.json.damaged-*"))
    assert [copy.read_bytes() for copy in copies] == [content]
    assert copies[0].name in damaged.value.remedy
    assert project.temp_path.read_bytes() == content
    project.save_temp(TempFile(spans=(span(),)))
    assert copies[0].exists()


def test_a_newer_project_is_named_and_left_alone(project):
    project.temp_path.write_bytes(b'{"version": 2, "spans": [], "more": 1}')
    with pytest.raises(BadInput, match="newer Studio Assist"):
        project.load_temp(TempFile)
    file = project.path / "project.toml"
    file.write_text(file.read_text().replace("format_version = 1", "format_version = 2"))
    with pytest.raises(BadInput, match="newer Studio Assist"):
        ProjectFolder.open(project.path)
    assert not list(project.path.glob("*.damaged-*"))


@pytest.mark.parametrize(
    "content", [b"title = ", b"\xff", b"format_version = 1\n", b'title = 3\npolicy = "x"\n']
)
def test_a_damaged_project_file_is_set_aside_and_can_be_mended(project, content):
    file = project.path / "project.toml"
    file.write_bytes(content)
    with pytest.raises(Damaged):
        ProjectFolder.open(project.path)
    assert [copy.read_bytes() for copy in project.path.glob("project.toml.damaged-*")] == [content]
    ProjectFolder.repair(project.path, ProjectInfo(title="Larkspur", policy="stays-here"))
    again = ProjectFolder.open(project.path)
    assert again.info.title == "Larkspur"
    assert again.read_script()[0] == b"INT. LAMP ROOM\n"


def test_no_project_is_named(tmp_path):
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(BadInput, match="no Studio Assist project"):
            ProjectFolder.open(path)


def test_media_stand_by_their_content_and_a_missing_one_is_none(project):
    digest = project.put_media(b"picture")
    assert project.put_media(b"picture") == digest
    path = project.media(digest)
    assert path == project.media_path / digest[:2] / f"{digest}.png"
    path.write_bytes(b"torn")
    project.put_media(b"picture")
    assert path.read_bytes() == b"picture"
    assert project.media("0" * 64) is None
    for name in ("../../../etc/passwd", digest.upper()):
        with pytest.raises(BadInput):
            project.media(name)
    with pytest.raises(BadInput):
        project.media(digest, "/../x")


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX matter")
def test_twenty_kills_while_saving_leave_whole_files(tmp_path):
    path = tmp_path / "p"
    project = ProjectFolder.create(path, title="P", script=storage_work.script(0))
    chance = random.Random(9)
    for _ in range(20):
        worker = subprocess.Popen([sys.executable, storage_work.__file__, str(path)], stdout=subprocess.PIPE)
        assert worker.stdout is not None
        told = [worker.stdout.readline()]
        time.sleep(chance.random() * 0.06)
        worker.send_signal(signal.SIGKILL)
        told += worker.stdout.read().splitlines(keepends=True)
        worker.stdout.close()
        worker.wait()
        acknowledged = int([line for line in told if line.endswith(b"\n")][-1])
        data, _ = project.read_script()
        version = int(data.split()[1])
        assert data == storage_work.script(version)
        assert version >= acknowledged
        assert project.load_temp(TempFile) == TempFile()
        with Journal(project.recovery_path / "journal.jsonl") as journal:
            assert f"job-{acknowledged}" in journal.states()
            assert journal.skipped == 0
        for kept in project.previous_scripts():
            assert kept.read_bytes() == storage_work.script(int(kept.read_bytes().split()[1]))
    project.sweep()
    assert not list(path.rglob("*.partial"))


def test_errors_of_the_project_say_what_to_do(project):
    project.script_path.unlink()
    with pytest.raises(StudioError) as missing:
        project.read_script()
    assert missing.value.remedy


def test_a_project_places_its_marks_by_a_secret_of_its_own(project, tmp_path):
    other = ProjectFolder.create(tmp_path / "Other.studio", title="Other")
    assert len(project.mark_secret()) == 32
    assert project.mark_secret() == ProjectFolder.open(project.path).mark_secret() != other.mark_secret()


def test_an_older_project_gets_its_secret_when_it_first_marks_and_keeps_its_comments(project):
    file = project.path / "project.toml"
    lines = [line for line in file.read_text().splitlines() if not line.startswith("mark_secret")]
    older = "# the producer's own words\n" + "\n".join(lines) + '\nvendor = "kept"\n'
    file.write_text(older)
    opened, meanwhile = ProjectFolder.open(project.path), ProjectFolder.open(project.path)
    assert opened.info.mark_secret is None
    assert file.read_text() == older
    made = opened.mark_secret()
    assert file.read_text().startswith(older)
    assert file.read_text().replace(f'mark_secret = "{made}"\n', "") == older
    assert meanwhile.mark_secret() == made
