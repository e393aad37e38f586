"""All marks of one 1080p picture: put on and read back, against Pillow's bare saving and opening of the same.

Run it by itself: `python -m tests.bench.bench_manifest`.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio_assist.domain.marking import MarkFacts, SourceType
from studio_assist.domain.values import EntryNumber
from studio_assist.marks import manifest
from studio_assist.marks.band import burn
from studio_assist.marks.band_reading import has_band
from studio_assist.marks.certificates import make_identity
from studio_assist.marks.invisible import mark_key
from studio_assist.marks.pictures import mark_picture
from studio_assist.marks.reading import read_marks_of
from studio_assist.paths import resource
from tests.marks.pictures import line_board, texture

T = TypeVar("T")

TAG = "0123456789abcdef"
KEY = mark_key("5f" * 16)
NOW = datetime.now(UTC)
FACTS = MarkFacts(
    project="Larkspur", tag=TAG, entry=EntryNumber(1281), label="14C", source=SourceType.GENERATED
)


def main() -> None:
    identity = make_identity("Larkspur", TAG, "J. Lindqvist", NOW)
    fonts = resource("fonts")
    for name, pixels in (("board", line_board(1920, 1080, 1)), ("photograph", texture(1920, 1080, 1))):
        original = saved(pixels, "PNG")
        ms("burn the band", partial(burn, pixels, FACTS, fonts), name)
        for kind in ("png", "jpeg"):
            bare, _ = best(partial(saved, pixels, kind))
            mark = partial(
                mark_picture,
                original,
                FACTS,
                mark_key=KEY,
                identity=identity,
                fonts=fonts,
                at=NOW,
                format=kind,
            )
            took, done = best(mark)
            print(
                f"{name}, {kind}: mark, all layers {took:.0f} ms (target 400; Pillow's bare saving {bare:.0f} ms)"
            )
            opening, _ = best(partial(opened, done.data))
            read = partial(read_marks_of, done.data, "14C", [KEY], [identity.root_pem])
            took, report = best(read)
            assert report.agree, report.findings
            print(
                f"{name}, {kind}: read, all layers {took:.0f} ms (target 400; Pillow's bare opening {opening:.0f} ms)"
            )
        ms("look for a band where none is", partial(has_band, pixels), name)
    data = saved(line_board(1920, 1080, 1), "png")
    took, signed = best(partial(manifest.sign, data, "png", FACTS, identity, NOW))
    print(f"manifest alone: sign {took:.1f} ms, +{len(signed) - len(data):,} bytes")
    took, _ = best(partial(manifest.read, signed, "png", [identity.root_pem]))
    peer = (
        ""
        if (other := second_verifier(signed, identity.root_pem)) is None
        else f" (encypher-c2pa {other:.1f} ms)"
    )
    print(f"manifest alone: read {took:.1f} ms{peer}")


def second_verifier(data: bytes, root: bytes) -> float | None:
    try:
        import encypher_c2pa
    except ImportError:
        return None
    verify = partial(
        encypher_c2pa.verify,
        data,
        "image/png",
        trust_pem=root.decode(),
        no_default_trust=True,
        telemetry=False,
        online=False,
    )
    return best(verify)[0]


def ms(what: str, work: Callable[[], object], name: str) -> None:
    print(f"{name}: {what} {best(work)[0]:.0f} ms")


def best(work: Callable[[], T]) -> tuple[float, T]:
    """The shortest of five runs, in milliseconds."""
    took: list[float] = []
    for _ in range(5):
        start = time.perf_counter()
        result = work()
        took.append(time.perf_counter() - start)
    return min(took) * 1000, result


def saved(pixels: NDArray[np.uint8], format: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format)
    return out.getvalue()


def opened(data: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


if __name__ == "__main__":
    main()
