"""The record through the window with the broker behind it: broken, witnessed, forgotten, asked about."""

from __future__ import annotations

import asyncio
import io
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.broker.marking import PictureJob, export_picture
from studio_assist.desk.kit import Label
from studio_assist.domain.candidate import State
from studio_assist.domain.marking import SourceType
from studio_assist.domain.people import Person, new_person
from studio_assist.domain.values import EntryNumber
from tests.desk.studio_driver import CTRL, Driver
from tests.desk.test_record import button, click, part, words_of
from tests.desk.test_where_from import drag

LINE = "The last boat left an hour ago."


@pytest.fixture
def driver(qapp: object, home: Path) -> Iterator[Driver]:
    made = Driver(home)
    yield made
    made.close()


def checked(driver: Driver, state: str = "intact") -> None:
    driver.wait(lambda: driver.studio.model.ledger == state, f"the check to say {state}")


def sheet(driver: Driver, name: str) -> QWidget:
    driver.wait(lambda: driver.studio.shell.sheet() is not None, name)
    found = driver.studio.shell.sheet()
    assert found is not None
    assert found.objectName() == name
    return found


def says(driver: Driver, widget: QWidget, words: str) -> None:
    try:
        driver.wait(lambda: words in words_of(widget), words)
    except AssertionError as error:
        raise AssertionError(f"not said: {words!r}\n{words_of(widget)}") from error


def choose(monkeypatch: pytest.MonkeyPatch, *, open_: Path | None = None, save: Path | None = None) -> None:
    """What the person picks in the system's dialogs from here on."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args, **_more: (str(open_ or ""), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (str(save or ""), ""))


def accept_one(driver: Driver, words: str = LINE) -> tuple[int, str]:
    """Accept a candidate on these words; the entry of the decision, and the words that went in."""
    card = driver.ask(words)[0]
    driver.decide(card, Qt.Key.Key_A, State.ACCEPTED)
    found = driver.write.cards.card(card)  # type: ignore[arg-type]  # ids are strings at heart
    assert found is not None
    assert found.decision is not None
    return found.decision.entry, driver.spans()[0]


def rewrite(ledger: Path, entry: int, old: bytes, new: bytes) -> None:
    """Change an entry on disk, as somebody with a hex editor would."""
    with sqlite3.connect(ledger) as database:
        tables = [
            row[0] for row in database.execute("select name from sqlite_master where name like 'entr%'")
        ]
        columns = [row[1] for row in database.execute(f"pragma table_info({tables[0]})")]
        body = next(name for name in columns if name in ("entry", "json", "body", "canonical", "bytes"))
        (text,) = database.execute(f"select {body} from {tables[0]} where rowid = ?", (entry,)).fetchone()
        raw = text if isinstance(text, bytes) else text.encode()
        assert old in raw
        changed = raw.replace(old, new, 1)
        database.execute(
            f"update {tables[0]} set {body} = ? where rowid = ?",
            (changed if isinstance(text, bytes) else changed.decode(), entry),
        )
    database.close()


def test_a_tampered_project_shows_the_banner_and_the_script_goes_on(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, copy = tmp_path / "Ferry.studio", tmp_path / "Copy.studio"
    driver.make(folder)
    entry, _words = accept_one(driver)
    checked(driver)
    driver.studio.close_project()
    driver.wait(lambda: driver.studio.state is None, "the project to close")
    shutil.copytree(folder, copy)
    rewrite(folder / "ledger.sqlite", entry, b'"kept_permille":1000', b'"kept_permille":900')
    before = (folder / "ledger.sqlite").read_bytes()

    driver.studio.open_project(folder)
    driver.wait_open()
    checked(driver, "altered")
    shell = driver.studio.shell
    banner = part(shell, "ledger_banner")
    assert banner.accessibleName().startswith(f"Ledger broken at entry {entry}.")
    assert not button(driver.write.tray, "ask_button").isEnabled()
    # Cards that come onto the screen are not noted in it, and no sheet stands in the writer's way for that.
    driver.settle(600)
    assert driver.cards()
    assert shell.sheet() is None

    # Typing and saving go on.
    driver.caret_on("Tom sits")
    QTest.keyClicks(driver.editor, "Slowly, ")
    QTest.keyClick(driver.editor, Qt.Key.Key_S, CTRL)
    driver.saved()
    assert b"Slowly, Tom sits." in (folder / "script.fountain").read_bytes()

    # A copy shows what stood there; the check alone did not say.
    click(shell, "ledger_differs")
    differs = sheet(driver, "differs_sheet")
    says(driver, differs, f"Everything up to {entry - 1} still checks out.")
    assert "900" not in words_of(differs)
    choose(monkeypatch, open_=copy / "project.toml")
    click(differs, "compare_copy")
    driver.wait(lambda: differs.findChild(QWidget, "difference_table") is not None, "the comparison")
    table = words_of(part(differs, "difference_table"))
    assert "1000" in table
    assert "900" in table
    says(driver, differs, "The copy by itself passes a check.")

    # The evidence is the ledger as it stands, and nobody wrote into it.
    out = tmp_path / "evidence.zip"
    choose(monkeypatch, save=out)
    click(differs, "save_evidence")
    says(driver, differs, "SHA-256")
    assert (folder / "ledger.sqlite").read_bytes() == before
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)

    # An export is a copy that says so.
    QTest.keyClick(shell, Qt.Key.Key_E, CTRL)
    export = sheet(driver, "export_sheet")
    says(driver, export, "is a copy that says so")
    button(export, "export_fountain").click()
    click(export, "export_go")
    says(driver, export, "No ledger entry")
    written = (tmp_path / "The Ferry.fountain").read_text("utf-8")
    assert "record" in written.lower() or "ledger" in written.lower()


def test_a_witness_round_trip_between_two_copies_through_their_windows(
    driver: Driver, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, copy = tmp_path / "Ferry.studio", tmp_path / "lind" / "Ferry.studio"
    lind = new_person("M. Lind", "producer")
    driver.make(folder)
    checked(driver)
    driver.studio.close_project()
    driver.wait(lambda: driver.studio.state is None, "the project to close")
    # She has worked in the project before the copy is made, and no card waits in it: opening her copy then
    # writes nothing into it, which would make it a fork.
    Driver(home / "before", lind).begin(folder).close()
    shutil.copytree(folder, copy)
    driver.studio.open_project(folder)
    driver.wait_open()
    checked(driver)
    offer, answer = tmp_path / "offer.json", tmp_path / "answer.json"

    driver.studio.shell.commands.run("ledger.witness")
    mine = sheet(driver, "witness_sheet")
    choose(monkeypatch, save=offer)
    click(mine, "witness_out")
    says(driver, mine, "nothing is witnessed before the answer is taken in")
    assert offer.is_file()

    other = Driver(home / "lind", lind)
    other.begin(copy)
    try:
        checked(other)
        other.studio.shell.commands.run("ledger.witness")
        theirs = sheet(other, "witness_sheet")
        choose(monkeypatch, open_=offer, save=answer)
        click(theirs, "witness_cosign")
        says(other, theirs, "Your own copy agrees with it.")
        theirs.dismiss()  # type: ignore[attr-defined]
    finally:
        other.close()

    # The offer itself is no answer, whoever signed it.
    choose(monkeypatch, open_=offer)
    click(mine, "witness_in")
    driver.wait(lambda: button(mine, "witness_in").isEnabled(), "the refusal")
    assert "Witnessed by" not in words_of(mine)
    choose(monkeypatch, open_=answer)
    click(mine, "witness_in")
    says(driver, mine, "Witnessed by M. Lind")
    mine.dismiss()  # type: ignore[attr-defined]
    driver.wait(lambda: "M. Lind" in driver.studio.model.ledger_why, "the status to say so")
    driver.studio.shell.commands.run("ledger.state")
    card = part(driver.studio.shell, "ledger_card")
    assert "M. Lind" in words_of(card)
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()


def test_forgetting_through_the_window_takes_the_text_and_says_who_did_it(
    driver: Driver, tmp_path: Path
) -> None:
    folder = tmp_path / "Ferry.studio"
    driver.make(folder)
    entry, accepted = accept_one(driver)
    checked(driver)
    shell = driver.studio.shell

    # From the card beside the words, by its link.
    driver.write.show_entry(entry)
    story = sheet(driver, "entry_sheet")
    click(story, "entry_forget_link")
    ask = sheet(driver, "forget_sheet")
    says(driver, ask, "The record still verifies.")
    says(driver, ask, "script.fountain")
    QTest.keyClicks(part(ask, "forget_why"), "Asked for by the writer")
    click(ask, "forget_go")
    last = sheet(driver, "forget_confirm")
    click(last, "forget_confirm_go")
    says(driver, ask, "forgotten. Ledger entry")
    outcome = words_of(ask)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)

    # Not a byte of it is left in the record, and the record still checks out.
    driver.write.show_entry(entry)
    told = sheet(driver, "entry_sheet")
    said = told.findChild(Label, "entry_forgotten")
    assert said is not None
    assert "forgotten by R. Okafor on" in said.plain
    assert "Asked for by the writer" in said.plain
    assert accepted not in words_of(told)
    told.dismiss()  # type: ignore[attr-defined]
    folded = [card for card in driver.write.cards.cards() if card.decision and card.decision.entry == entry]
    driver.wait(
        lambda: "forgotten by R. Okafor" in driver.write.cards.cards()[folded[0].candidate.index].forgotten,
        "the card to say so",
    )
    QTest.keyClick(shell, Qt.Key.Key_F9)
    driver.wait(lambda: driver.studio.model.ledger != "intact", "the check to begin")
    checked(driver)
    # The script is the writer's: the words stand there still.
    assert accepted in driver.text()
    if "is reading the ledger" in outcome:
        # A reader was in the way just then, and the sheet said so: the text goes when the project is closed.
        driver.studio.close_project()
        driver.wait(lambda: driver.studio.state is None, "the start page")
    stored = b"".join(path.read_bytes() for path in folder.glob("ledger.sqlite*"))
    assert accepted.encode() not in stored


def board_of(project: Path, entry: int, out: Path, person: Person) -> Path:
    """A picture that answers to an entry, marked by the broker and with every layer on."""
    plain = io.BytesIO()
    Image.linear_gradient("L").resize((800, 450)).convert("RGB").save(plain, "PNG")

    async def make() -> None:
        broker = Broker(lambda _event: None)
        try:
            opening = protocol.OpenProjectParams(path=str(project), person=person)
            await broker.handle(protocol.OPEN_PROJECT, opening)
            job = PictureJob(plain.getvalue(), EntryNumber(entry), "14C", SourceType.GENERATED, out, person)
            await export_picture(broker.session, job, lambda _event: None)
        finally:
            await broker.close()

    asyncio.run(make())
    return out


def test_a_marked_picture_is_known_when_it_is_dropped_and_its_entry_opens(
    driver: Driver, tmp_path: Path
) -> None:
    folder = tmp_path / "Ferry.studio"
    driver.make(folder)
    entry, accepted = accept_one(driver)
    checked(driver)
    driver.studio.close_project()
    driver.wait(lambda: driver.studio.state is None, "the project to close")
    picture = board_of(folder, entry, tmp_path / "14C.png", driver.person)
    driver.studio.open_project(folder)
    driver.wait_open()
    checked(driver)
    assert drag(driver.editor.viewport(), str(picture))
    findings = sheet(driver, "where_from_sheet")
    says(driver, findings, f"Made here: TEMP AI, ledger entry {entry}, accepted by R. Okafor on")
    for words in (
        "TEMP AI along the lower edge.",
        f"Names ledger entry {entry}",
        "Says made by a trained model (trainedAlgorithmicMedia).",
        "Holds, signed by",
        "This very file was exported in entry",
    ):
        assert words in words_of(findings)
    click(findings, "where_from_entry")
    driver.wait(lambda: part_shown(driver, "entry_sheet"), "the entry")
    assert accepted in driver.text()
    sheet(driver, "entry_sheet").dismiss()  # type: ignore[attr-defined]

    # Saved again by another program: the marks in the pixels still say where it comes from.
    resaved = tmp_path / "resaved.jpg"
    Image.open(picture).convert("RGB").save(resaved, quality=70)
    assert drag(driver.studio.shell, str(resaved))
    again = sheet(driver, "where_from_sheet")
    says(driver, again, f"Names ledger entry {entry}")
    assert part(again, "where_from_verdict").accessibleName().startswith(f"Points to ledger entry {entry}")
    again.dismiss()  # type: ignore[attr-defined]

    # A picture that nobody here made.
    Image.effect_noise((640, 360), 60).save(tmp_path / "other.png")
    assert drag(driver.studio.shell, str(tmp_path / "other.png"))
    nothing = sheet(driver, "where_from_sheet")
    says(driver, nothing, "No mark found: that proves nothing")
    nothing.dismiss()  # type: ignore[attr-defined]


def part_shown(driver: Driver, name: str) -> bool:
    found = driver.studio.shell.sheet()
    return found is not None and found.objectName() == name


def test_a_file_that_was_exported_here_is_known_when_it_is_dropped(driver: Driver, tmp_path: Path) -> None:
    driver.make(tmp_path / "Ferry.studio")
    accept_one(driver)
    checked(driver)
    shell = driver.studio.shell
    for kind in ("pdf", "fountain"):
        QTest.keyClick(shell, Qt.Key.Key_E, CTRL)
        export = sheet(driver, "export_sheet")
        button(export, f"export_{kind}").click()
        click(export, "export_go")
        says(driver, export, "is written. Ledger entry")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
        file = tmp_path / f"The Ferry.{kind}"
        assert drag(driver.editor.viewport(), str(file))
        findings = sheet(driver, "where_from_sheet")
        driver.wait(lambda: findings.findChild(QWidget, "where_from_verdict") is not None, "the findings")  # noqa: B023  # waited for at once
        said = part(findings, "where_from_verdict").accessibleName()
        assert said.startswith("Made here: TEMP AI, exported as ledger entry"), words_of(findings)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
        # One byte more, and the record does not know it.
        file.write_bytes(file.read_bytes() + b"\n")
        assert drag(driver.editor.viewport(), str(file))
        changed = sheet(driver, "where_from_sheet")
        driver.wait(lambda: changed.findChild(QWidget, "where_from_verdict") is not None, "the findings")  # noqa: B023  # waited for at once
        said = part(changed, "where_from_verdict").accessibleName()
        assert not said.startswith("Made here"), words_of(changed)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
