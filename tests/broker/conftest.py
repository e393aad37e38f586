"""Projects that the broker's tests start from."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from broker_work import new_project, opened


@pytest.fixture(scope="session")
def asked_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one request's candidates, all undecided, made by the real model."""
    folder = tmp_path_factory.mktemp("asked") / "Larkspur.studio"

    async def make() -> None:
        await new_project(folder)
        async with opened(folder) as project:
            assert len(await project.ask(count=3)) >= 2

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_ASSIST_HOME", str(folder.parent / "home"))
        asyncio.run(make())
    return folder


@pytest.fixture
def asked(asked_once: Path, tmp_path: Path) -> Path:
    """The same, to do with as one likes."""
    return Path(shutil.copytree(asked_once, tmp_path / "Larkspur.studio"))


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A project that nothing was asked in."""
    folder = tmp_path / "Fresh.studio"
    asyncio.run(new_project(folder))
    return folder
