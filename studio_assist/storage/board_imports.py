"""imports/boards.json: which shot an imported board became, so that the file updates it the next time."""

from __future__ import annotations

import json
from typing import Final, Literal

from studio_assist.domain.storyboard import Panel, Shot, ShotId
from studio_assist.domain.values import EntryNumber, Sha256, Value
from studio_assist.storage.atomic import read_bytes, write_atomic
from studio_assist.storage.faults import disk
from studio_assist.storage.project import ProjectFolder

#: The folder beside the script, and the file in it.
FOLDER: Final = "imports"
_NAME: Final = "boards.json"


class ImportedBoard(Value):
    """A board as it came in last. What differs from this by now was changed by people, and is theirs.

    Attributes:
        source: of its pictures as they were in the file; "" where it had none.
        entry, picture, canvas: what the import left in the panel; None where it left it empty.
        offered: its picture waits, or waited, for a decision: it was marked as AI.
    """

    shot: ShotId
    source: str = ""
    entry: EntryNumber | None = None
    picture: Sha256 | None = None
    canvas: Sha256 | None = None
    offered: bool = False
    duration_ms: int
    action: str = ""
    dialogue: str = ""
    notes: str = ""

    def is_in(self, panel: Panel) -> bool:
        """Whether a panel still holds exactly what the import left there."""
        picture = panel.picture.sha256 if panel.picture else None
        return (panel.entry, picture, panel.canvas) == (self.entry, self.picture, self.canvas)

    def with_panel(self, shot: Shot) -> ImportedBoard:
        """The same with the panel that a shot has now."""
        picture = shot.panel.picture.sha256 if shot.panel.picture else None
        return self.model_copy(
            update={"entry": shot.panel.entry, "picture": picture, "canvas": shot.panel.canvas}
        )


class BoardImports(Value):
    """By the name of the file or folder, then by what its program names the board by."""

    version: Literal[1] = 1
    files: dict[str, dict[str, ImportedBoard]] = {}

    def of(self, file: str) -> dict[str, ImportedBoard]:
        """The boards of one file."""
        return self.files.get(file, {})

    def with_boards(self, file: str, boards: dict[str, ImportedBoard]) -> BoardImports:
        """With these of one file; those of it that are not among them stay."""
        return self.model_copy(update={"files": {**self.files, file: {**self.of(file), **boards}}})


def load_board_imports(folder: ProjectFolder) -> BoardImports:
    """What is known; nothing where there was no import. Blocking. Raises as `ProjectFolder.load_json`."""
    path = folder.path / FOLDER / _NAME
    if not path.exists():
        return BoardImports()
    try:
        # Board by board: thousands of them at once would hold up every other thread.
        document = json.loads(read_bytes(path))
        files = {
            file: {uid: ImportedBoard.model_validate(one) for uid, one in boards.items()}
            for file, boards in document.pop("files").items()
        }
        return BoardImports.model_validate({**document, "files": files})
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        # It says what is wrong, and sets a copy aside.
        return folder.load_json(path, BoardImports) or BoardImports()


def save_board_imports(folder: ProjectFolder, imports: BoardImports) -> None:
    """Write it. Blocking. Raises `Unavailable` where the disk does not take it."""
    path = folder.path / FOLDER / _NAME
    with disk(path.parent, "made"):
        path.parent.mkdir(exist_ok=True)
    files = ",\n".join(
        f"{json.dumps(file)}:{{\n{_lines(boards)}\n}}" for file, boards in imports.files.items()
    )
    write_atomic(path, f'{{"version":{imports.version},\n"files":{{\n{files}\n}}}}\n'.encode())


def _lines(boards: dict[str, ImportedBoard]) -> str:
    return ",\n".join(f"{json.dumps(uid)}:{one.model_dump_json()}" for uid, one in boards.items())
