"""Bad input as a person at the window meets it: a message with a remedy, nothing lost, and the window goes on."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel

from studio_assist.domain.candidate import OPEN, State
from studio_assist.ledger import verify
from tests.desk.studio_driver import CTRL, SCRIPT, Driver
from tests.models import model_file as model_file

LINE = "The last boat left an hour ago."


@pytest.fixture
def driver(qapp: object, home: Path) -> Iterator[Driver]:
    made = Driver(home).begin()
    yield made
    made.close()


@pytest.fixture(scope="module")
def project_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made by the command line, once."""
    folder = tmp_path_factory.mktemp("made") / "Ferry.studio"
    source = folder.with_name("source.fountain")
    source.write_text(SCRIPT, encoding="utf-8")
    making = ["new", str(folder), "--title", "The Ferry", "--script", str(source)]
    environment = os.environ | {"STUDIO_ASSIST_HOME": str(folder.with_name("home"))}
    subprocess.run(
        [sys.executable, "-m", "studio_assist", *making], check=True, capture_output=True, env=environment
    )
    return folder


@pytest.fixture
def project(project_once: Path, tmp_path: Path) -> Path:
    """A project that nobody has open."""
    return Path(shutil.copytree(project_once, tmp_path / "Ferry.studio"))


# scripts that are none


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"INT. HOUSE - DAY\n\nCaf\xe9 \xff\xfe.\n", "UTF-8"),
        (bytes(range(256)) * 40, ""),
        (b"%PDF-1.7\n\x00\x01\x02\x03" * 10, ""),
    ],
)
def test_what_is_no_script_makes_no_project(driver: Driver, tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "strange.fountain"
    file.write_bytes(data)
    folder = tmp_path / "Strange.studio"
    driver.studio.create_project(folder, "Strange", "netflix-2025", file)
    shown = _error(driver)
    assert said in shown
    assert "strange.fountain" in shown
    assert not folder.exists()
    assert file.read_bytes() == data
    _window_goes_on(driver, tmp_path)


def test_an_empty_script_makes_an_empty_project_that_can_be_written_in(
    driver: Driver, tmp_path: Path
) -> None:
    (tmp_path / "empty.fountain").write_bytes(b"")
    driver.studio.create_project(tmp_path / "E.studio", "E", "netflix-2025", tmp_path / "empty.fountain")
    driver.wait(lambda: driver.studio.state is not None, "the project")
    driver.settle(100)
    QTest.keyClicks(driver.editor, "INT. HOUSE - DAY")
    QTest.keyClick(driver.studio.shell, Qt.Key.Key_S, CTRL)
    driver.saved()
    assert (tmp_path / "E.studio" / "script.fountain").read_text(encoding="utf-8") == "INT. HOUSE - DAY"


@pytest.mark.timeout(240)
@pytest.mark.parametrize("kind", ["one line of 5 MB", "200,000 lines"])
def test_a_huge_script_comes_in_can_be_typed_in_and_comes_back_byte_for_byte(
    driver: Driver, tmp_path: Path, kind: str
) -> None:
    text = (
        "word " * 1_000_000
        if kind == "one line of 5 MB"
        else "INT. ROOM - DAY\n\nMAYA\nHello there.\n" * 50_000
    )
    source = tmp_path / "huge.fountain"
    source.write_text(text, encoding="utf-8")
    folder = tmp_path / "Huge.studio"
    driver.studio.create_project(folder, "Huge", "netflix-2025", source)
    driver.wait(lambda: driver.studio.state is not None, "the project", seconds=90)
    # Saving before the whole is in the editor saves the whole.
    driver.studio.save()
    driver.wait(lambda: not driver.write.document.is_loading, "the editor", seconds=90)
    driver.settle(200)
    assert (folder / "script.fountain").read_bytes() == text.encode()
    driver.editor.select_range(0, 0)
    driver.editor.setFocus()
    QTest.keyClicks(driver.editor, "X")
    driver.studio.save()
    driver.saved()
    assert (folder / "script.fountain").read_text(encoding="utf-8") == "X" + text
    assert driver.studio.shell.sheet() is None


# projects that are damaged


def test_a_project_of_a_newer_version_is_left_alone(driver: Driver, project: Path, tmp_path: Path) -> None:
    file = project / "project.toml"
    file.write_text(file.read_text("utf-8").replace("format_version = 1", "format_version = 99"), "utf-8")
    before = _bytes_of(project)
    driver.studio.open_project(project)
    shown = _error(driver)
    assert "newer" in shown
    assert "Update" in shown
    assert _bytes_of(project) == before
    _window_goes_on(driver, tmp_path)


def test_a_project_file_that_is_none_is_said_and_a_copy_is_kept(
    driver: Driver, project: Path, tmp_path: Path
) -> None:
    (project / "project.toml").write_bytes(b"title = [broken")
    driver.studio.open_project(project)
    assert "project.toml" in _error(driver)
    (copy,) = project.glob("project.toml.damaged-*")
    assert copy.read_bytes() == b"title = [broken"
    assert (project / "script.fountain").read_text("utf-8") == SCRIPT
    _window_goes_on(driver, tmp_path)


def test_a_missing_script_is_said_with_where_older_versions_are(
    driver: Driver, project: Path, tmp_path: Path
) -> None:
    (project / "script.fountain").unlink()
    driver.studio.open_project(project)
    shown = _error(driver)
    assert "script.fountain" in shown
    assert "recovery" in shown
    _window_goes_on(driver, tmp_path)
    # Put back, it opens, and nobody holds it.
    (project / "script.fountain").write_text(SCRIPT, encoding="utf-8")
    driver.studio.open_project(project)
    driver.wait(lambda: driver.studio.state is not None and driver.studio.state.path == str(project), "it")
    assert driver.studio.state is not None
    assert driver.studio.state.read_only is None


def test_a_corrupt_temp_file_costs_no_mark(driver: Driver, project: Path, model_file: object) -> None:
    driver.studio.open_project(project)
    driver.wait_open()
    (card, *_) = driver.ask(LINE, count=2, least=1)
    driver.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    offered = driver.offered(card)
    _close(driver)
    broken = b"\x00\xff{ not json"
    (project / "temp.json").write_bytes(broken)
    driver.studio.open_project(project)
    driver.wait_open()
    assert driver.spans() == [offered]
    assert any("temp.json" in text for text in _notices(driver))
    assert [copy.read_bytes() for copy in project.glob("temp.json.damaged-*")] == [broken]
    driver.studio.save()
    driver.saved()
    assert card in (project / "temp.json").read_text("utf-8")


@pytest.mark.parametrize("damage", ["random bytes", "cut short", "empty", "gone"])
def test_a_ledger_that_is_none_leaves_the_script_within_reach(
    driver: Driver, project: Path, tmp_path: Path, damage: str
) -> None:
    ledger = project / "ledger.sqlite"
    data = ledger.read_bytes()
    match damage:
        case "random bytes":
            ledger.write_bytes(random.Random(4).randbytes(len(data)))
        case "cut short":
            ledger.write_bytes(data[: len(data) // 2])
        case "empty":
            ledger.write_bytes(b"")
        case _:
            ledger.unlink()
    before = _bytes_of(project)
    driver.studio.open_project(project)
    driver.wait(
        lambda: driver.studio.state is not None or driver.studio.shell.sheet() is not None, "an answer"
    )
    if driver.studio.state is not None:
        # It opens to be written in, without a record: asking is shut.
        driver.wait(lambda: driver.studio.model.ledger == "altered", "the check")
        button = driver.write.tray.findChild(QAbstractButton, "ask_button")
        assert button is not None
        assert not button.isEnabled()
        assert driver.text() == SCRIPT
    else:
        shown = _error(driver)
        assert "ledger" in shown or "record" in shown
        assert "script" in shown
    after = _bytes_of(project)
    assert after["script.fountain"] == before["script.fountain"]
    if damage != "empty":
        assert after.get("ledger.sqlite") == before.get("ledger.sqlite")
    # The script is a plain file: it can be taken into a new project.
    if driver.studio.state is not None:
        _close(driver)
    driver.studio.create_project(tmp_path / "New.studio", "New", "netflix-2025", project / "script.fountain")
    driver.wait_open()
    assert driver.text() == SCRIPT


def test_a_project_that_cannot_be_opened_leaves_the_open_one_as_it_is(
    driver: Driver, project: Path, tmp_path: Path
) -> None:
    driver.studio.open_project(project)
    driver.wait_open()
    newer = Path(shutil.copytree(project, tmp_path / "Newer.studio"))
    file = newer / "project.toml"
    file.write_text(file.read_text("utf-8").replace("format_version = 1", "format_version = 99"), "utf-8")
    for folder in (newer, tmp_path / "nowhere.studio"):
        driver.studio.open_project(folder)
        _error(driver)
        driver.caret_on("Tom sits")
        QTest.keyClicks(driver.editor, "Slowly, ")
        driver.studio.save()
        driver.saved()
    assert "Slowly, Slowly, Tom sits." in (project / "script.fountain").read_text("utf-8")
    assert driver.studio.shell.sheet() is None


# disks that say no


def test_a_folder_nobody_can_write_makes_no_project_and_opens_to_read(
    driver: Driver, project: Path, tmp_path: Path
) -> None:
    with _unwritable(tmp_path / "fixed", project) as fixed:
        driver.studio.create_project(fixed / "New.studio", "New", "netflix-2025")
        shown = _error(driver)
        assert "protected" in shown or "read-only" in shown.lower()
        assert "Save a copy" in shown or "Choose" in shown
        driver.studio.open_project(fixed / project.name)
        driver.wait(
            lambda: driver.studio.state is not None or driver.studio.shell.sheet() is not None, "an answer"
        )
        if driver.studio.state is None:
            shown = _error(driver)
            assert "protected" in shown
            _window_goes_on(driver, tmp_path)
        else:
            assert driver.studio.model.read_only
            assert driver.text() == SCRIPT
            _close(driver)


@pytest.mark.timeout(240)
def test_a_full_disk_refuses_a_decision_and_keeps_what_is_typed(
    driver: Driver, project: Path, tmp_path: Path, model_file: object
) -> None:
    with _small_disk(tmp_path / "small") as small:
        folder = Path(shutil.copytree(project, small / "Ferry.studio"))
        driver.studio.open_project(folder)
        driver.wait_open()
        first, *_ = driver.ask(LINE, count=2, least=1)
        saved = (folder / "script.fountain").read_bytes()
        _fill(small)

        driver.caret_on("Tom sits")
        QTest.keyClicks(driver.editor, "Slowly, ")
        QTest.keyClick(driver.studio.shell, Qt.Key.Key_S, CTRL)
        shown = _error(driver)
        assert "disk is full" in shown
        assert "Free some space" in shown
        assert (folder / "script.fountain").read_bytes() == saved
        assert "Slowly, Tom sits." in driver.text()

        driver.press(first, Qt.Key.Key_A)
        driver.wait(lambda: not driver.write.asking.waiting, "the answer")
        driver.settle(150)
        card = driver.write.cards.card(first)  # type: ignore[arg-type]  # ids are strings at heart
        assert card is not None
        if card.state in OPEN:
            assert card.error is not None
            assert "full" in card.error[0]
            assert driver.spans() == []
        _dismiss(driver)

        (small / "filler").unlink()
        if card.state in OPEN:
            driver.decide(first, Qt.Key.Key_A, State.ACCEPTED)
        driver.studio.save()
        driver.saved()
        assert driver.spans() == [driver.offered(first)]
        assert (folder / "script.fountain").read_bytes() == driver.text().encode()
        assert verify(folder / "ledger.sqlite").ok
        _close(driver)


def test_a_window_with_words_that_no_disk_takes_asks_before_it_closes(
    driver: Driver, project: Path, tmp_path: Path
) -> None:
    with _small_disk(tmp_path / "small") as small:
        folder = Path(shutil.copytree(project, small / "Ferry.studio"))
        driver.studio.open_project(folder)
        driver.wait_open()
        driver.caret_on("Tom sits")
        QTest.keyClicks(driver.editor, "Slowly, ")
        _fill(small)
        driver.studio.shell.close()
        shown = _error(driver, dismiss=False)
        assert driver.studio.shell.isVisible()
        assert "disk is full" in shown
        assert "this window alone" in shown
        QTest.keyClick(driver.studio.shell.sheet(), Qt.Key.Key_Escape)
        assert "Slowly, Tom sits." in driver.text()
        driver.studio.shell.close()
        driver.wait(lambda: driver.studio.shell.sheet() is not None, "the question")
        button = driver.studio.shell.findChild(QAbstractButton, "error_close")
        assert button is not None
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        driver.wait(lambda: not driver.studio.shell.isVisible(), "the window to close")


# leaving


def test_closing_while_the_model_writes_and_while_it_saves_loses_nothing(
    driver: Driver, project: Path, model_file: object
) -> None:
    driver.studio.open_project(project)
    driver.wait_open()
    driver.begin_asking(LINE, count=8)
    driver.wait(lambda: bool(driver.cards()), "the first card")
    driver.editor.setFocus()
    driver.caret_on("Tom sits")
    QTest.keyClicks(driver.editor, "Slowly, ")
    driver.studio.save()
    QTest.keyClicks(driver.editor, "very slowly, ")
    driver.studio.shell.close()
    driver.wait(lambda: not driver.studio.shell.isVisible(), "the window to close")
    assert "Slowly, very slowly, Tom sits." in (project / "script.fountain").read_text("utf-8")
    checked = verify(project / "ledger.sqlite")
    assert checked.ok


def test_another_project_opens_once_the_words_of_this_one_are_saved(
    driver: Driver, project: Path, tmp_path: Path
) -> None:
    driver.studio.open_project(project)
    driver.wait_open()
    driver.caret_on("Tom sits")
    QTest.keyClicks(driver.editor, "Slowly, ")
    driver.studio.create_project(tmp_path / "Other.studio", "Other", "netflix-2025")
    driver.wait(lambda: driver.studio.model.project == "Other", "the other project")
    assert "Slowly, Tom sits." in (project / "script.fountain").read_text("utf-8")
    assert driver.text() == ""


# internals ----------------------------------------------------------------------------------------------


def _error(driver: Driver, *, dismiss: bool = True) -> str:
    """All that the error sheet says, which is then closed."""
    driver.wait(lambda: driver.studio.shell.sheet() is not None, "an error sheet")
    sheet = driver.studio.shell.sheet()
    assert sheet is not None
    assert sheet.objectName() == "error_sheet"
    said = " ".join(label.text() for label in sheet.findChildren(QLabel))
    if dismiss:
        _dismiss(driver)
    return said


def _dismiss(driver: Driver) -> None:
    while (sheet := driver.studio.shell.sheet()) is not None:
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
        driver.settle(60)


def _notices(driver: Driver) -> list[str]:
    return [label.text() for label in driver.studio.shell.notices.strip.findChildren(QLabel)]


def _close(driver: Driver) -> None:
    driver.studio.close_project()
    driver.wait(lambda: driver.studio.state is None, "the project to close")


def _window_goes_on(driver: Driver, tmp_path: Path) -> None:
    """After all that, a new project can be made and written in."""
    folder = tmp_path / "After.studio"
    driver.studio.create_project(folder, "After", "netflix-2025")
    driver.wait(lambda: driver.studio.state is not None, "a new project")
    driver.settle(100)
    QTest.keyClicks(driver.editor, "Still here.")
    driver.studio.save()
    driver.saved()
    assert (folder / "script.fountain").read_text(encoding="utf-8") == "Still here."


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != ".lock"
    }


@contextmanager
def _mounted(place: Path, options: str) -> Iterator[Path]:
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    tried = subprocess.run(mount, capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"no small disk here: {tried.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@contextmanager
def _small_disk(place: Path) -> Iterator[Path]:
    with _mounted(place, "size=2m") as small:
        yield small


@contextmanager
def _unwritable(place: Path, project: Path) -> Iterator[Path]:
    """A folder with a project in it that nothing can be written to, not even by root."""
    if sys.platform == "linux" and os.geteuid() == 0:
        with _mounted(place, "size=4m") as fixed:
            shutil.copytree(project, fixed / project.name)
            subprocess.run(["mount", "-o", "remount,ro", str(fixed)], check=True)
            yield fixed
        return
    if os.name != "posix":
        pytest.skip("folders are protected otherwise here")
    place.mkdir()
    copy = Path(shutil.copytree(project, place / project.name))
    folders = [place, copy, *(path for path in copy.rglob("*") if path.is_dir())]
    for path in folders:
        path.chmod(0o555)
    try:
        yield place
    finally:
        for path in folders:
            path.chmod(0o755)


def _fill(disk: Path) -> None:
    """Leave no byte free."""
    with (disk / "filler").open("wb", buffering=0) as filler:
        for size in (65536, 4096, 1):
            try:
                while True:
                    filler.write(b"\0" * size)
            except OSError:
                continue
