"""kill -9 in the middle of an import: a whole board, an intact record, and the next import goes on."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from PIL import Image, ImageDraw

from studio_assist import protocol
from studio_assist.broker.broker import Broker
from studio_assist.broker.importing import digest_of
from studio_assist.domain.people import Person
from studio_assist.domain.values import PersonId
from studio_assist.ledger import verify

ROOT: Final = Path(__file__).parents[2]
WRITER: Final = Person(id=PersonId("okafor-1"), name="R. Okafor")
NAMES: Final = ("one", "two", "three")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")


def storyboard(folder: Path) -> Path:
    images = folder / "images"
    images.mkdir(parents=True)
    for place, name in enumerate(NAMES):
        image = Image.new("RGBA", (100, 56))
        ImageDraw.Draw(image).line((10 + 9 * place, 10, 80, 46), fill=(20, 20, 24, 255), width=3)
        image.save(images / f"{name}.png")
    boards = [
        {"uid": name, "duration": 1000, "layers": {"ink": {"url": f"{name}.png", "opacity": 1}}}
        for name in NAMES
    ]
    whole = {
        "version": "3.0.0",
        "aspectRatio": 1.777,
        "fps": 24,
        "defaultBoardTiming": 1500,
        "boards": boards,
    }
    file = folder / "Ferry.storyboarder"
    file.write_text(json.dumps(whole), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "point",
    [
        "before an imported shot is filled",
        "after the drawing is recorded",
        "before an import is recorded",
    ],
)
def test_the_next_import_goes_on_where_one_was_killed(tmp_path: Path, point: str) -> None:
    folder, file, marker = tmp_path / "Ferry.studio", storyboard(tmp_path / "board"), tmp_path / "died"
    opening = protocol.OpenProjectParams(path=str(folder), person=WRITER)
    taking = protocol.TakeInParams(file=str(file), digest=digest_of(file), person=WRITER)

    async def make() -> None:
        broker = Broker(lambda _event: None)
        making = protocol.CreateProjectParams(path=str(folder), title="The Ferry", person=WRITER)
        await broker.handle(protocol.CREATE_PROJECT, making)
        await broker.close()

    asyncio.run(make())
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.broker_with", "dies", point, str(marker)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert process.stdin
    process.stdin.write(protocol.encode_call(1, protocol.OPEN_PROJECT, opening))
    process.stdin.write(protocol.encode_call(2, protocol.TAKE_IN, taking))
    process.stdin.flush()
    assert process.wait(60) == -signal.SIGKILL
    process.stdin.close()
    assert marker.exists()

    async def again() -> None:
        broker = Broker(lambda _event: None)
        try:
            await broker.handle(protocol.OPEN_PROJECT, opening)
            assert (await broker.handle(protocol.TAKE_IN, taking)).panels == 3
            page = await broker.handle(protocol.LIST_SHOTS, protocol.ListShotsParams())
            assert [one.shot.panel.state for one in page.shots] == ["drawn"] * 3
        finally:
            await broker.close()

    asyncio.run(again())
    assert verify(folder).ok
