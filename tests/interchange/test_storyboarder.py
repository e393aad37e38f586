"""Projects of Storyboarder and folders of pictures, as files are found in the world: whole, old and broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from studio_assist.domain.errors import BadInput
from studio_assist.domain.incoming import IncomingBoards
from studio_assist.interchange.picture_folder import natural_key, read_pictures, shot_named
from studio_assist.interchange.reading import format_of, read
from studio_assist.interchange.storyboarder import read_storyboarder

SIZE = (320, 180)


def picture(path: Path, colour: tuple[int, int, int, int] = (20, 20, 20, 255)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGBA", SIZE, colour).convert("RGB" if path.suffix == ".jpg" else "RGBA").save(path)
    return path


def project(folder: Path, boards: list[object], **more: object) -> Path:
    file = folder / "Larkspur.storyboarder"
    folder.mkdir(parents=True, exist_ok=True)
    whole = {"version": "3.0.0", "aspectRatio": 1.777, "fps": 24, "defaultBoardTiming": 1500} | more
    file.write_text(json.dumps(whole | {"boards": boards}), encoding="utf-8")
    return file


def board(uid: str, *layers: str, **more: object) -> dict[str, object]:
    named = {layer: {"url": f"board-1-{uid}-{layer}.png"} for layer in layers}
    return {"uid": uid, "url": f"board-1-{uid}.png", "newShot": False, "layers": named} | more


def opened(file: Path) -> IncomingBoards:
    found = read(file, lambda: None)
    assert isinstance(found, IncomingBoards)
    return found


def test_layers_lie_as_the_program_stacks_them_and_each_board_has_its_time(tmp_path: Path) -> None:
    layers = ("notes", "ink", "reference", "pencil", "fill")
    one = board(
        "AAAAA", *layers, newShot=True, duration=2400, dialogue="Not static.", action="Dials.", notes="n"
    )
    one["layers"]["reference"]["opacity"] = 0.5  # pyright: ignore[reportIndexIssue]
    two = board("BBBBB", "ink", audio={"filename": "b.wav"})
    three = board("CCCCC", "ink", newShot=True, link="c.psd", sg={"data": {}})
    file = project(tmp_path, [one, two, three])
    for uid, names in (("AAAAA", layers), ("BBBBB", ("ink",)), ("CCCCC", ("ink",))):
        for layer in names:
            picture(tmp_path / "images" / f"board-1-{uid}-{layer}.png")
    picture(tmp_path / "images" / "board-1-AAAAA-posterframe.jpg")
    (tmp_path / "images" / "b.wav").write_bytes(b"RIFF")
    for way in (file, tmp_path):
        found = opened(way)
        assert (found.format, found.width, found.height) == ("storyboarder", *SIZE)
        assert found.rate is not None
        assert found.rate.name == "24"
        first, second, third = found.boards
        assert [(layer.name, layer.opacity) for layer in first.layers] == [
            ("reference", 0.5),
            ("fill", 1.0),
            ("pencil", 1.0),
            ("ink", 1.0),
            ("notes", 1.0),
        ]
        assert (first.duration_ms, second.duration_ms) == (2400, 1500)
        assert (first.dialogue, first.action, first.notes) == ("Not static.", "Dials.", "n")
        assert [one.name for one in found.boards] == ["1A", "1B", "2A"]
        assert first.preview
        assert second.audio == str(tmp_path / "images" / "b.wav")
        assert all(layer.file for layer in third.layers)
        said = " ".join(line.what for line in found.report)
        assert "3 boards of 2 shots" in said
        assert "shot generator" in said
        assert "linked to c.psd" in said


def test_an_old_board_is_its_own_picture(tmp_path: Path) -> None:
    old = board("AAAAA", "reference", number=1, shot="1A")
    file = project(tmp_path, [old], version="1.3.0", aspectRatio="1.7777777777777777", fps=23.976)
    for name in ("", "-reference"):
        picture(tmp_path / "images" / f"board-1-AAAAA{name}.png")
    found = opened(file)
    assert [layer.name for layer in found.boards[0].layers] == ["main", "reference"]
    assert found.rate is not None
    assert found.rate.name == "23.976"
    assert not found.report


def test_what_is_missing_broken_or_outside_is_named_by_its_board_and_the_rest_comes_in(
    tmp_path: Path,
) -> None:
    outside = picture(tmp_path / "secret.png")
    boards: list[object] = [
        board("GONE1", "ink"),
        board("BAD22", "ink"),
        board("OUT33", layers={"ink": {"url": "../secret.png"}}),
        board("ABS44", layers={"ink": {"url": str(outside)}}),
        board("LINK5", "ink"),
        board("WEB66", layers={"ink": {"url": "https://a.test/b.png"}}, audio={"filename": "../../x.wav"}),
        "no board",
        board("FINE7", "ink", duration=-4),
        board("DEEP8", layers={"ink": {"url": "..\\secret.png"}}),
    ]
    file = project(tmp_path / "p", boards)
    images = tmp_path / "p" / "images"
    picture(images / "board-1-FINE7-ink.png")
    (images / "board-1-BAD22-ink.png").write_bytes(b"no picture")
    (images / "board-1-LINK5-ink.png").symlink_to(outside)
    found = opened(file)
    assert [board.uid for board in found.boards if board.layers[0].file] == ["FINE7"]
    assert found.boards[-2].duration_ms == 1500
    told = {line.where.split()[1]: line for line in found.report if line.where.startswith("board")}
    assert set(told) == {str(place) for place in range(1, 10)}
    assert "missing" in told["1"].what
    assert all(line.remedy for place, line in told.items() if place not in ("7", "8"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"boards": {}}',
        b'{"version": "2.0.0"}',
        b"{",
        b'{"boards": [], "fps": NaN}',
        b"\xff\xff",
    ],
)
def test_no_project_is_told_from_one_without_boards(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadInput) as told:
        read_storyboarder(tmp_path / "x.storyboarder", data)
    assert told.value.remedy
    assert "x.storyboarder" in (told.value.place or "")


def test_names_of_files_name_their_shots() -> None:
    named = {name: shot_named(name)[1] for name in NAMES}
    assert named == NAMES
    assert sorted(["b10", "b9", "B2", "a"], key=natural_key) == ["a", "B2", "b9", "b10"]


NAMES = {
    "14A": "14A",
    "0003_14C": "14C",
    "sc14_sh02": "14B",
    "Scene 14 Shot C": "14C",
    "s014_sh020": "14B",
    "s014_sh025": "",
    "102AB": "102AB",
    "14-A": "14A",
    "IMG_2041": "",
    "Screenshot 2026-11-23": "",
    "board-1-XCAKU": "",
}


def test_a_folder_is_read_in_the_order_that_people_count(tmp_path: Path) -> None:
    for name in ("14B.png", "14A.jpg", "14J.webp", "extra.png", "copy 14B.png"):
        picture(tmp_path / name)
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n cut")
    (tmp_path / "notes.docx").write_bytes(b"PK")
    (tmp_path / "inner").mkdir()
    (tmp_path / ".hidden.png").write_bytes(b"")
    (tmp_path / "link.png").symlink_to(tmp_path / "14B.png")
    assert format_of(tmp_path) == "pictures"
    found = opened(tmp_path)
    assert [(one.name, one.number) for one in found.boards] == [
        ("14A.jpg", "14A"),
        ("14B.png", "14B"),
        ("14J.webp", "14J"),
        ("copy 14B.png", ""),
        ("extra.png", ""),
    ]
    assert {line.where for line in found.report} == {
        "broken.png",
        "copy 14B.png",
        "inner",
        "link.png",
        "notes.docx",
    }
    assert len(opened(tmp_path / "14A.jpg").boards) == 1
    empty = tmp_path / "inner"
    with pytest.raises(BadInput, match="no picture"):
        read_pictures(empty)
