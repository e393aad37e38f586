"""The invisible mark against the libraries there are, on the same pictures in one run.

Rows are attacks, columns libraries; a cell is the share of the 48 bits that came back, on boards and on
photographs' likes (half is chance; where a library finds nothing or refuses, half is what it gets). Below
stand decibels, and seconds to embed and to read.

The others are no dependencies, and a column without its library says so. invisible-watermark asks for torch,
for a method that is not tried here, so:

    pip install --no-deps invisible-watermark blind-watermark && pip install opencv-python-headless PyWavelets
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import time
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np

from studio_assist.marks.invisible import embed, mark_key, read
from tests.marks.attacks import ATTACKS
from tests.marks.pictures import BOARDS, PHOTOS, Picture, banded

_PAYLOAD: Final = 0xA5C3_0F96_71E8
_BITS: Final = [_PAYLOAD >> 47 - place & 1 for place in range(48)]
_SIZE: Final = (1280, 720)
_PICTURES: Final = {"boards": ("line", "hatched"), "photos": ("landscape", "texture")}


class Peer(Protocol):
    """One way to mark a picture with 48 bits."""

    def embed(self, picture: Picture, band: int) -> Picture: ...
    def read(self, picture: Picture) -> list[int] | None: ...


class Ours:
    """This product's own."""

    _key = mark_key("bench")

    def embed(self, picture: Picture, band: int) -> Picture:
        """With the band's height, as an export does."""
        return embed(picture, _PAYLOAD, self._key, band_rows=band)

    def read(self, picture: Picture) -> list[int] | None:
        """With the whole search."""
        found = read(picture, [self._key])
        return [found.payload >> 47 - place & 1 for place in range(48)] if found else None


class InvisibleWatermark:
    """invisible-watermark, one of its two methods."""

    def __init__(self, method: str) -> None:
        # Its package imports torch for a third method; an empty module in torch's place is enough for these.
        sys.modules.setdefault("torch", types.ModuleType("torch"))
        self._library = importlib.import_module("imwatermark")
        self._method = method

    def embed(self, picture: Picture, band: int) -> Picture:
        """It knows of no band."""
        encoder = self._library.WatermarkEncoder()
        encoder.set_watermark("bits", _BITS)
        return encoder.encode(picture[..., ::-1].copy(), self._method)[..., ::-1]

    def read(self, picture: Picture) -> list[int] | None:
        """As many bits as were put in."""
        decoder = self._library.WatermarkDecoder("bits", len(_BITS))
        return [int(bit) for bit in decoder.decode(picture[..., ::-1].copy(), self._method)]


class BlindWatermark:
    """blind-watermark, as its readme uses it."""

    def __init__(self) -> None:
        self._library = importlib.import_module("blind_watermark")
        self._library.bw_notes.close()

    def _mark(self) -> Any:
        return self._library.WaterMark(password_img=1, password_wm=1)

    def embed(self, picture: Picture, band: int) -> Picture:
        """It knows of no band."""
        mark = self._mark()
        mark.read_img(img=picture[..., ::-1].copy())
        mark.read_wm([bool(bit) for bit in _BITS], mode="bit")
        return np.clip(np.rint(mark.embed()), 0, 255).astype(np.uint8)[..., ::-1]

    def read(self, picture: Picture) -> list[int] | None:
        """Told how many bits there are."""
        bits = self._mark().extract(embed_img=picture[..., ::-1].copy(), wm_shape=len(_BITS), mode="bit")
        return [int(bit >= 0.5) for bit in bits]


PEERS: Final[dict[str, Callable[[], Peer]]] = {
    "Studio Assist": Ours,
    "dwtDct": lambda: InvisibleWatermark("dwtDct"),
    "dwtDctSvd": lambda: InvisibleWatermark("dwtDctSvd"),
    "blind-watermark": BlindWatermark,
}


@dataclass
class Column:
    """What one library did: for each attack and sort of picture, the share of bits; decibels; seconds."""

    bits: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    decibels: dict[str, list[float]] = field(default_factory=dict)
    embedding: list[float] = field(default_factory=list)
    reading: list[float] = field(default_factory=list)


def _measured(peer: Peer) -> Column:
    column = Column()
    for sort, names in _PICTURES.items():
        for name in names:
            picture, band = banded({**BOARDS, **PHOTOS}[name](*_SIZE, 3))
            began = time.perf_counter()
            marked = peer.embed(picture, band)
            column.embedding.append(time.perf_counter() - began)
            error = float(np.mean(np.square(picture.astype(np.float64) - marked)))
            column.decibels.setdefault(sort, []).append(10 * np.log10(255**2 / error))
            for attack, change in ATTACKS.items():
                attacked = np.ascontiguousarray(change(np.ascontiguousarray(marked)))
                began = time.perf_counter()
                bits: list[int] | None = None
                # They were not made for every size and say so in errors of many kinds.
                with contextlib.suppress(Exception):
                    bits = peer.read(attacked)
                if attack == "PNG":
                    column.reading.append(time.perf_counter() - began)
                share = float(np.mean(np.array(bits) == _BITS)) if bits else 0.5
                column.bits.setdefault((attack, sort), []).append(share)
    return column


def _columns() -> Iterator[tuple[str, Column | None]]:
    for name, make in PEERS.items():
        try:
            peer = make()
        except ImportError:
            yield name, None
        else:
            yield name, _measured(peer)


def _row(title: str, cells: list[str]) -> None:
    print(f"{title:30}" + "".join(f"{cell:>18}" for cell in cells), flush=True)


def main() -> None:
    """Print the table."""
    columns = dict(_columns())
    print(f"{_SIZE[0]} x {_SIZE[1]}, share of 48 bits on boards / photographs' likes")
    _row("", list(columns))
    absent = "not installed"
    for attack in ATTACKS:
        cells: list[str] = []
        for column in columns.values():
            shares = [100 * np.mean(column.bits[attack, sort]) for sort in _PICTURES] if column else []
            cells.append(" / ".join(f"{share:.0f}" for share in shares) + " %" if shares else absent)
        _row(attack, cells)
    _row(
        "decibels",
        [
            " / ".join(f"{np.mean(c.decibels[sort]):.1f}" for sort in _PICTURES) if c else absent
            for c in columns.values()
        ],
    )
    _row("seconds to embed", [f"{np.median(c.embedding):.3f}" if c else absent for c in columns.values()])
    _row("seconds to read", [f"{np.median(c.reading):.3f}" if c else absent for c in columns.values()])


if __name__ == "__main__":
    main()
