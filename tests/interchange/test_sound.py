"""Sound files of strangers and our own: brought to one form, drawn, cut, mended, and refused where they lie."""

from __future__ import annotations

import os
import struct
import time
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio_assist.domain.errors import BadInput, Unavailable
from studio_assist.interchange import sound
from studio_assist.interchange.sound_wav import read_form

SECONDS = 1.0


def write(
    path: Path, codec: str, rate: int, layout: str, kind: str, *, picture: bool = False, late: int = 0
) -> Path:
    """A tone of 440 Hz at half of the top, by another program's encoder."""
    with av.open(str(path), "w") as out:
        film = out.add_stream("mpeg4", rate=24) if picture else None
        stream = out.add_stream(codec, rate=rate, layout=layout)
        if film is not None:
            film.width, film.height, film.pix_fmt = 64, 48, "yuv420p"
            for _ in range(24):
                black = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
                out.mux(film.encode(black))
            out.mux(film.encode())
        if codec == "vorbis":
            stream.codec_context.options = {"strict": "-2"}
        channels = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
        tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(rate * SECONDS)) / rate)
        top, dtype = {"s16": (32767, "<i2"), "s32": (2147483647, "<i4")}.get(kind[:3], (1, "<f4"))
        data = np.tile((tone * top).astype(dtype), (channels, 1))
        for at in range(0, data.shape[1], 1024):
            part = data[:, at : at + 1024]
            if not kind.endswith("p"):
                part = part.T.reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part), format=kind, layout=layout)
            frame.sample_rate, frame.pts = rate, at + late
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def converted(path: Path, out: Path) -> tuple[sound.Converted, np.ndarray]:
    told: list[float] = []
    made = sound.convert(path, out, told.append)
    assert told[-1] == 1.0
    return made, np.asarray(sound.open_pcm(out))


@pytest.mark.parametrize(
    ("name", "codec", "rate", "layout", "kind"),
    [
        ("a.wav", "pcm_s24le", 44_100, "mono", "s32"),
        ("a.wav", "pcm_f32le", 96_000, "5.1", "flt"),
        ("a.aiff", "pcm_s16be", 44_100, "stereo", "s16"),
        ("a.mp3", "libmp3lame", 44_100, "stereo", "s16p"),
        ("a.m4a", "aac", 48_000, "mono", "fltp"),
        ("a.flac", "flac", 32_000, "mono", "s16"),
        ("a.ogg", "vorbis", 44_100, "stereo", "fltp"),
        ("a.opus", "libopus", 48_000, "mono", "s16"),
    ],
)
def test_a_sound_of_any_kind_becomes_48_khz_of_16_bits(
    tmp_path: Path, name: str, codec: str, rate: int, layout: str, kind: str
) -> None:
    file = write(tmp_path / name, codec, rate, layout, kind)
    assert not sound.is_ready(file)
    made, pcm = converted(file, tmp_path / "out.wav")
    assert sound.is_ready(tmp_path / "out.wav")
    assert made == sound.Converted(len(pcm), 1 if layout == "mono" else 2)
    assert abs(len(pcm) - 48_000) <= 1_100, "an encoder may add its own block at the ends"
    strength = np.abs(np.fft.rfft(pcm[4_800:43_200, 0].astype(float)))
    assert abs(np.argmax(strength) * 48_000 / 38_400 - 440) < 3
    assert 7_000 < np.sqrt(np.mean(pcm[4_800:43_200].astype(float) ** 2)) < 14_000


@pytest.mark.parametrize(("name", "late"), [("film.mov", 0), ("film.mp4", 0), ("film.mov", 24_000)])
def test_the_sound_of_a_film_is_taken_and_stays_in_step_with_its_picture(
    tmp_path: Path, name: str, late: int
) -> None:
    file = write(
        tmp_path / name,
        "pcm_s16le" if late else "aac",
        48_000,
        "stereo",
        "s16" if late else "fltp",
        picture=True,
        late=late,
    )
    made, pcm = converted(file, tmp_path / "out.wav")
    assert made.channels == 2
    loud = np.flatnonzero(np.abs(pcm[:, 0]) > 2_000)
    assert abs(loud[0] - late) < 200


def test_a_file_that_is_ready_is_known_as_such(tmp_path: Path) -> None:
    file = write(tmp_path / "a.wav", "pcm_s16le", 48_000, "stereo", "s16")
    assert sound.is_ready(file)
    assert sound.open_pcm(file).shape == (48_000, 2)


def test_a_conversion_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    file = write(tmp_path / "a.flac", "flac", 48_000, "mono", "s16")

    def stop(_share: float) -> None:
        raise Unavailable("Stopped.", remedy="")

    with pytest.raises(Unavailable):
        sound.convert(file, tmp_path / "out.wav", stop)
    assert not (tmp_path / "out.wav").exists()


def test_peaks_are_the_lowest_and_highest_of_each_part(tmp_path: Path) -> None:
    values = np.random.default_rng(3).integers(-32768, 32768, (48_000 * 3 + 77, 2), np.int16)
    with sound.WavWriter(tmp_path / "a.wav", 2) as out:
        out.write(values.tobytes())
    found = sound.peaks(tmp_path / "a.wav", 100)
    assert found.shape == (301, 2)
    for place in (0, 150, 300):
        part = values[place * 480 : (place + 1) * 480]
        assert tuple(found[place]) == (round(part.min() / 258), round(part.max() / 258))


# what a crash leaves ------------------------------------------------------------------------------------


def test_a_recording_that_was_cut_off_plays_and_is_mended(tmp_path: Path) -> None:
    file = tmp_path / "recording.wav"
    writer = sound.WavWriter(file)
    second = np.arange(48_000, dtype="<i2").tobytes()
    for _ in range(2):
        writer.write(second)
    writer.write(second[:40_001])
    left = tmp_path / "left.wav"
    writer._file.flush()
    left.write_bytes(file.read_bytes())
    assert len(sound.open_pcm(left)) == 96_000, "the header is true up to the last second"
    assert sound.mend(left) == 96_000 + 20_000
    assert len(sound.open_pcm(left)) == 116_000
    writer.close()


def test_nothing_recorded_is_no_recording(tmp_path: Path) -> None:
    sound.WavWriter(tmp_path / "empty.wav").close()
    with pytest.raises(BadInput, match="holds no recording"):
        sound.mend(tmp_path / "empty.wav")
    assert not sound.is_ready(tmp_path / "empty.wav")


def test_a_part_is_cut_out(tmp_path: Path) -> None:
    values = np.arange(30_000, dtype=np.int16)
    with sound.WavWriter(tmp_path / "a.wav") as out:
        out.write(values.tobytes())
    assert sound.cut(tmp_path / "a.wav", tmp_path / "b.wav", 10_000) == 20_000
    assert np.array_equal(sound.open_pcm(tmp_path / "b.wav")[:, 0], values[10_000:])


# hostile ------------------------------------------------------------------------------------------------


def wav(
    rate: int = 48_000, channels: int = 1, bits: int = 16, claim: int = 1_000, riff: int | None = None
) -> bytes:
    wide = max(1, channels * bits // 8)
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", min(36 + claim, 0xFFFFFFFE) if riff is None else riff, b"WAVE", b"fmt ", 16, 1, channels),
        *(rate, min(rate * wide, 0xFFFFFFFF), wide & 0xFFFF, bits, b"data", claim),
    ) + bytes(1_000)


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def film(tracks: int, count: int) -> bytes:
    """A QuickTime file whose sounds claim so many pieces."""
    table = box(b"stsz", struct.pack(">III", 0, 2, count))
    media = box(b"mdia", box(b"minf", box(b"stbl", table)))
    return box(b"ftyp", b"qt  \0\0\0\0") + box(b"moov", *[box(b"trak", media)] * tracks)


def of_no_end(rate: int = 8_000) -> bytes:
    """FLAC of six minutes that says it holds a second."""
    import io

    held = io.BytesIO()
    with av.open(held, "w", format="flac") as out:
        stream = out.add_stream("flac", rate=rate, layout="mono")
        quiet = np.zeros((1, rate * 60), np.int16)
        for minute in range(6):
            frame = av.AudioFrame.from_ndarray(quiet, format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, minute * rate * 60
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    data = bytearray(held.getvalue())
    data[22:26] = struct.pack(">I", rate)
    return bytes(data)


RF64 = b"RF64" + struct.pack("<I4s4sI3QI", 0xFFFFFFFF, b"WAVE", b"ds64", 28, 10**10, 10**10, 10**10, 0)
HOSTILE = {
    "claims 10 GB.wav": wav(claim=0xFFFFFFF0),
    "says 10 GB in RF64.wav": RF64 + wav(claim=0xFFFFFFFF)[12:],
    "one sample a second.wav": wav(rate=1),
    "four billion a second.wav": wav(rate=0xFFFFFFFF),
    "65535 channels.wav": wav(channels=65_535),
    "no channel.wav": wav(channels=0),
    "no bits.wav": wav(bits=0),
    "nothing.wav": b"",
    "words.mp3": b"It's somebody breathing.\n" * 2_000,
    "noughts.mp3": bytes(2_000_000),
    "noise.flac": b"fLaC" + os.urandom(300_000),
    "noise.m4a": box(b"ftyp", b"M4A \0\0\0\0") + os.urandom(300_000),
    "a list.m3u8": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n",
    "a list.wav": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "10000 tracks.mov": film(10_000, 10),
    "900 tracks.mov": film(900, 10),
    "two billion pieces.mov": film(1, 0x7FFFFFFF),
    "longer than it says.flac": of_no_end(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(HOSTILE[name])
    began = time.monotonic()
    with pytest.raises(BadInput) as refused:
        sound.convert(tmp_path / name, tmp_path / "out.wav", lambda _share: None)
    assert time.monotonic() - began < 2
    assert refused.value.remedy
    assert refused.value.place == str(tmp_path / name)
    assert not (tmp_path / "out.wav").exists()
    assert not sound.is_ready(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("cover.mp3", b"ID3\4\0\0" + bytes([0x60, 0, 0, 0])),
        ("cover.flac", b"fLaC"),
        ("cover.wav", b"RIFF\0\0\0\0WAVEID3 " + (200_000_000).to_bytes(4, "little")),
        ("cover.aiff", b"FORM\0\0\0\0AIFFID3 " + (200_000_000).to_bytes(4, "big")),
        ("cover.m4a", box(b"ftyp", b"M4A \0\0\0\0") + struct.pack(">I4s", 200_000_000, b"moov")),
    ],
)
def test_what_is_no_sound_may_not_be_large(tmp_path: Path, name: str, head: bytes) -> None:
    file = tmp_path / name
    with file.open("wb") as out:
        out.write(head)
        if name == "cover.flac":
            for number in range(5):
                out.seek(4 + number * (4 + 0xFFFFFF))
                out.write(b"\6\xff\xff\xff")
        # Of this size, and nothing of it on the disk.
        out.truncate(210_000_000)
    began = time.monotonic()
    with pytest.raises(BadInput, match="titles and pictures"):
        sound.convert(file, tmp_path / "out.wav", lambda _share: None)
    assert time.monotonic() - began < 1


def test_pictures_without_sound_and_folders_and_pipes_are_refused(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "silent.mp4"), "w") as out:
        stream = out.add_stream("mpeg4", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        black = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
        out.mux([*stream.encode(black), *stream.encode()])
    with pytest.raises(BadInput, match="pictures and no sound"):
        sound.convert(tmp_path / "silent.mp4", tmp_path / "out.wav", lambda _share: None)
    with pytest.raises(BadInput, match="is not a file"):
        sound.convert(tmp_path, tmp_path / "out.wav", lambda _share: None)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.wav")
        with pytest.raises(BadInput, match="is not a file"):
            sound.convert(tmp_path / "pipe.wav", tmp_path / "out.wav", lambda _share: None)


def test_our_own_form_is_believed_no_further_than_the_file_goes(tmp_path: Path) -> None:
    for name, data in (
        ("more.wav", wav(claim=2_000)),
        ("riff.wav", wav(riff=5_000)),
        ("rf64.wav", RF64 + wav()[12:]),
        ("rate.wav", wav(rate=44_100)),
        ("bits.wav", wav(bits=8)),
        ("none.wav", b"RIFF"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(BadInput) as refused:
            sound.open_pcm(tmp_path / name)
        assert refused.value.remedy


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=120), st.integers(0, 43))
def test_no_header_makes_reading_fail_otherwise(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "noise.wav"
    data = bytearray(wav())
    data[at : at + len(noise)] = noise
    file.write_bytes(data)
    try:
        form = read_form(file)
    except BadInput:
        return
    assert form.offset + form.length <= len(data)
