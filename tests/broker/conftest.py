"""Projects that the broker's tests start from."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from broker_work import new_project, opened

from studio_assist.broker import board_drawing


@pytest.fixture(scope="session")
def asked_once(once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """A project with one request's candidates, all undecided, made by the real model."""

    async def ask(folder: Path) -> None:
        await new_project(folder)
        async with opened(folder) as project:
            assert len(await project.ask(count=3)) >= 2

    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("STUDIO_ASSIST_HOME", str(folder / "home"))
            asyncio.run(ask(folder / "Larkspur.studio"))

    return once("asked", make) / "Larkspur.studio"


@pytest.fixture
def asked(asked_once: Path, tmp_path: Path) -> Path:
    """The same, to do with as one likes."""
    return Path(shutil.copytree(asked_once, tmp_path / "Larkspur.studio"))


@pytest.fixture(scope="session")
def fresh_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fresh") / "Fresh.studio"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_ASSIST_HOME", str(folder.with_name("home")))
        asyncio.run(new_project(folder))
    return folder


@pytest.fixture
def fresh(fresh_once: Path, tmp_path: Path) -> Path:
    """A project that nothing was asked in."""
    return Path(shutil.copytree(fresh_once, tmp_path / "Fresh.studio"))


@pytest.fixture
def small_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames half as wide, where their size says nothing: each is drawn, marked and packed several times."""
    monkeypatch.setattr(board_drawing, "WIDTH", 640)
