"""Storyboard book figures: 500 panels, drawn, signed and read back, in every layout asked for.

Half of the pictures are as the built-in drawer makes them (720p with grain), half as the canvas does (1080p).

Run it by itself: `python -m tests.bench.bench_boards_pdf`. BENCH_PANELS sets how many, BENCH_LAYOUTS which
layouts ("1,6,9"). What one thread needs to decode the pictures alone is printed beside it.
"""

from __future__ import annotations

import hashlib
import os
import random
import resource as usage
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from studio_assist import protocol
from studio_assist.broker.export_boards import make_boards_pdf
from studio_assist.broker.export_source import Source
from studio_assist.broker.vouching import Vouching
from studio_assist.domain.animatic import Animatic
from studio_assist.domain.marking import MarkFacts, SourceType
from studio_assist.domain.storyboard import Media, Panel, Shot, ShotId
from studio_assist.domain.timebase import rate_named
from studio_assist.domain.timeline import Timeline
from studio_assist.domain.values import EntryNumber
from studio_assist.interchange.openraster import png_of
from studio_assist.marks.certificates import make_identity
from studio_assist.storage.project import ProjectFolder

#: Seconds and bytes that a book of 500 panels may take.
TARGET_S = 15.0
TARGET_BYTES = 60_000_000
TAG = "3f2a9c0d11e87b64"


def _drawing(seed: int, grain: np.ndarray) -> tuple[bytes, tuple[int, int]]:
    chance = random.Random(seed)
    image = Image.new("RGB", (1920, 1080), (211, 214, 218))
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = chance.randrange(1800), chance.randrange(900)
        tone = chance.choice((60, 102, 151, 189, 233))
        box = (x, y, x + chance.randrange(20, 500), y + chance.randrange(20, 400))
        draw.rectangle(box, fill=(tone, tone + 3, tone + 8), outline=(31, 34, 38), width=5)
    for _ in range(120):
        points = [(chance.randrange(1920), chance.randrange(1080)) for _ in range(3)]
        draw.line(points, fill=(31, 34, 38), width=4)
    draw.rectangle((0, 1010, 1920, 1080), fill=(0xF2, 0xB7, 0x05))
    if seed % 2:
        return png_of(image), image.size
    image = image.resize((1280, 720))
    pixels = np.asarray(image).astype(np.int16) + grain[..., None]
    return png_of(Image.fromarray(pixels.clip(0, 255).astype(np.uint8))), image.size


def _shots(folder: ProjectFolder, count: int) -> list[Shot]:
    grain = np.random.default_rng(1).integers(-3, 4, (720, 1280), dtype=np.int16)
    shots: list[Shot] = []
    for place in range(count):
        png, (width, height) = _drawing(place, grain)
        media = Media(sha256=folder.put_media(png, ".png"), suffix=".png", width=width, height=height)
        panel = Panel(
            state="temp",
            picture=media,
            shown=media,
            entry=EntryNumber(place + 1),
            by="P. Adeyemi",
            made_by="SD-Turbo on this machine",
            source=SourceType.GENERATED,
        )
        shots.append(
            Shot(
                id=ShotId(hashlib.sha256(str(place).encode()).hexdigest()[:12]),
                number=f"{place // 10 + 1}{chr(65 + place % 10)}",
                scene=str(place // 10 + 1),
                action="She turns the dial with two fingers, slow, as if it could break." * 2,
                dialogue="MARA: And what do they do when they get to ten?",
                panel=panel,
            )
        )
    return shots


def main() -> None:
    """Make the pictures, then measure."""
    count = int(os.environ.get("BENCH_PANELS", "500"))
    layouts = [int(one) for one in os.environ.get("BENCH_LAYOUTS", "6,1").split(",")]
    with tempfile.TemporaryDirectory() as where:
        folder = ProjectFolder.create(Path(where) / "Bench.studio", title="Bench")
        shots = _shots(folder, count)
        started = time.perf_counter()
        for shot in shots[:20]:
            assert shot.panel.shown is not None
            path = folder.media(shot.panel.shown.sha256, ".png")
            assert path is not None
            with Image.open(path) as image:
                image.load()
        decoding = (time.perf_counter() - started) * count / 20
        now = datetime.now(UTC)
        identity = make_identity("Bench", TAG, "P. Adeyemi", now)
        facts = MarkFacts(
            project="Bench", tag=TAG, entry=EntryNumber(count), label="b", source=SourceType.COMPOSITE
        )
        script = "\n\n".join(
            f"INT. ROOM {number} - DAY\n\nShe waits." for number in range(1, count // 10 + 2)
        )
        print(f"  decoding the pictures in one thread: {decoding:.1f} s")
        for layout in layouts:
            source = Source(
                folder=folder,
                title="Bench",
                aspect="16:9",
                format="boards-pdf",
                options=protocol.ExportOptions.model_validate({"panels": layout}),
                script=script,
                spans=(),
                timeline=Timeline.of(shots, rate_named("24")),
                shots=frozenset(shot.id for shot in shots),
                undecided=frozenset(),
                temp_words=frozenset(),
                animatic=Animatic(),
                final=False,
                vouching=Vouching(facts, identity, (identity.root_pem,), now),
                secret="0" * 32,
                entry=EntryNumber(count),
                tag=TAG,
                on=date(2026, 11, 23),
            )
            gaps, last = [0.0], time.perf_counter()

            def told(_share: float, gaps: list[float] = gaps) -> None:
                nonlocal last
                here = time.perf_counter()
                gaps.append(here - last)
                last = here

            started = last = time.perf_counter()
            worked = time.process_time()
            made = make_boards_pdf(source, told)
            making = time.perf_counter() - started
            started = time.perf_counter()
            wrong = made.wrong(made.data)
            reading = time.perf_counter() - started
            worked = time.process_time() - worked
            reached = making + reading <= TARGET_S and len(made.data) <= TARGET_BYTES
            print(
                f"  {count} panels, {layout} a page: {making:.1f} s and {reading:.1f} s to read back,"
                f" {worked:.1f} s of processor, {(making + reading) / decoding:.2f} × the decoding, {len(made.data) / 1e6:.1f} MB,"
                f" longest without a word {max(gaps):.2f} s, {wrong or 'right'};"
                f" target {'reached' if reached else 'missed'}"
            )
        print(f"  memory at most {usage.getrusage(usage.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
